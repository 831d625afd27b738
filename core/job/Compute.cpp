#include "core/job/Compute.h"
#include "core/job/Error.h"
#include "core/job/Parallel.h"
#include "core/job/TorchPch_p.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/core/version.hpp>
#include <set>
#include <sqlite3.h>
#include <thread>

#include <cblas.h>
#include <omp.h>
#include <openblas_config.h>
#include <sys/resource.h>

namespace semascope::core {

namespace {

constexpr const char* kBlasNames[] = {"libblas",  "liblapack", "libopenblas", "libcblas",
                                      "libatlas", "libmkl_rt", "libblis"};

std::set<std::string> loadedBlas()
{
    std::ifstream maps("/proc/self/maps");
    std::set<std::string> found;
    for (std::string line; std::getline(maps, line);) {
        const auto slash = line.find('/');
        if (slash == std::string::npos) {
            continue;
        }
        const std::string path = line.substr(slash);
        const std::string file = path.substr(path.rfind('/') + 1);
        for (const char* name : kBlasNames) {
            if (file.rfind(name, 0) == 0 && file.find(".so") != std::string::npos) {
                found.insert(path);
            }
        }
    }
    return found;
}

} // namespace

BlasReport blasReport()
{
    BlasReport report;
    const auto found = loadedBlas();
    report.libraries.assign(found.begin(), found.end());
    report.config = openblas_get_config();
    report.threads = openblas_get_num_threads();
    report.torchThreads = at::get_num_threads();
    const auto stray = std::find_if(report.libraries.begin(), report.libraries.end(), [](const std::string& path) {
        return path.find("/openblas-openmp/") == std::string::npos;
    });
    report.consistent = stray == report.libraries.end() && openblas_get_parallel() == OPENBLAS_OPENMP;
    if (!report.consistent) {
        report.problem =
            "The linear algebra library " + (stray == report.libraries.end() ? "OpenBLAS" : *stray) +
            " is not the OpenMP build of OpenBLAS, so embedding and training are several times slower; install "
            "libopenblas0-openmp and start without LD_LIBRARY_PATH.";
    }
    return report;
}

std::string Device::name() const
{
    return cuda ? "cuda:" + std::to_string(index) : "cpu";
}

Device chooseDevice(const std::string& word)
{
    const bool haveCuda = at::hasCUDA();
    if (word == "cpu") {
        return {};
    }
    if (word == "auto") {
        return {haveCuda, 0};
    }
    if (word == "cuda" || word.rfind("cuda:", 0) == 0) {
        int index = 0;
        if (word.size() > 5) {
            const std::string digits = word.substr(5);
            if (digits.size() > 3 || digits.find_first_not_of("0123456789") != std::string::npos) {
                throw Error(Code::Misuse, "\"" + word + "\" is no device; use auto, cpu, cuda or cuda:N.");
            }
            index = std::stoi(digits);
        }
        if (!haveCuda) {
            throw Error(Code::NotFound, "There is no CUDA device for this build of libtorch; use --device cpu.");
        }
        return {true, index};
    }
    throw Error(Code::Misuse, "\"" + word + "\" is no device; use auto, cpu, cuda or cuda:N.");
}

namespace {

/// libgomp's threads spin for milliseconds at every barrier, which starves the decoding threads on few cores (20 times
/// fewer pictures a second were measured). It spins briefly once it manages more threads than there are cores, so a
/// parked team of that size is kept. The environment variable for this (OMP_WAIT_POLICY) is read before main and would
/// cost a second start.
void keepBarriersShort()
{
    static std::once_flag once;
    std::call_once(once, [] {
        std::thread([] {
            const int team = omp_get_num_procs() + 1;
            std::atomic<int> members{0}; // an empty region would be optimised away
#pragma omp parallel num_threads(team)
            ++members;
            std::promise<void>().get_future().wait(); // the team lives as long as the thread that made it
        }).detach();
    });
}

} // namespace

void applyThreads()
{
    keepBarriersShort();
    const int n = threadCount();
    at::set_num_threads(n);
    openblas_set_num_threads(n);
    cv::setNumThreads(1); // decoding has threads of its own
}

std::vector<std::pair<std::string, std::string>> libraryVersions()
{
    std::vector<std::pair<std::string, std::string>> v;
    v.emplace_back("libtorch", TORCH_VERSION);
    const std::string config = openblas_get_config(); // begins with its own name
    v.emplace_back("OpenBLAS", config.substr(config.find(' ') + 1));
    v.emplace_back("OpenCV", CV_VERSION);
    v.emplace_back("SQLite", sqlite3_libversion());
    return v;
}

std::size_t peakMemory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

} // namespace semascope::core
