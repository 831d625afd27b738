#include "core/job/Compute.h"
#include "core/clip/Dnnl_p.h"
#include "core/job/Error.h"
#include "core/job/Parallel.h"
#include "core/job/TorchPch_p.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <fstream>
#include <future>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/core/version.hpp>
#include <set>
#include <sqlite3.h>
#include <thread>

#include <cblas.h>
#include <dlfcn.h>
#include <omp.h>
#include <openblas_config.h>
#include <sys/resource.h>
#include <unistd.h>

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

namespace {

/// Of "cuda" or "cuda:N"; -1 for any other word.
int gpuIndex(const std::string& word)
{
    if (word == "cuda") {
        return 0;
    }
    const std::string digits = word.rfind("cuda:", 0) == 0 ? word.substr(5) : std::string();
    const bool number =
        !digits.empty() && digits.size() <= 3 && digits.find_first_not_of("0123456789") == std::string::npos;
    return number ? std::stoi(digits) : -1;
}

int gpuCount()
{
    return at::hasCUDA() ? static_cast<int>(at::getNumGPUs()) : 0;
}

[[noreturn]] void refuseGpu(const std::string& word, int count)
{
    if (count > 0) {
        throw Error(Code::NotFound, "There is no " + word + " here: " +
                                        (count == 1 ? "the only GPU is cuda:0"
                                                    : "the GPUs are cuda:0 to cuda:" + std::to_string(count - 1)) +
                                        ". Choose one of them, or cpu.");
    }
    throw Error(Code::NotFound,
                at::globalContext().hasCUDART()
                    ? "There is no GPU that CUDA can use here (is its driver installed?); choose the device cpu."
                    : "This libtorch is built without CUDA, so no GPU can be used; choose the device cpu, or build "
                      "with a libtorch that has CUDA.");
}

std::mutex g_lostMutex;
std::set<std::string>& lostDevices()
{
    static std::set<std::string> lost;
    return lost;
}

} // namespace

Device chooseDevice(const std::string& word)
{
    const int count = gpuCount();
    if (word == "cpu") {
        return {};
    }
    if (word == "auto") {
        for (int i = 0; i < count; ++i) {
            const Device gpu{true, i};
            if (!deviceLost(gpu.name())) {
                return gpu;
            }
        }
        return {};
    }
    const int index = gpuIndex(word);
    if (index < 0) {
        throw Error(Code::Misuse, "\"" + word + "\" is no device; use auto, cpu, cuda or cuda:N.");
    }
    if (index >= count) {
        refuseGpu(word, count);
    }
    const Device gpu{true, index};
    if (deviceLost(gpu.name())) {
        throw Error(Code::DeviceLost, gpu.name() + " has failed: GPU unavailable until restart. Choose cpu meanwhile.");
    }
    return gpu;
}

std::vector<std::string> computeDevices()
{
    std::vector<std::string> words{"cpu"};
    for (int i = 0; i < gpuCount(); ++i) {
        words.push_back(Device{true, i}.name());
    }
    return words;
}

void markDeviceLost(const std::string& device)
{
    const std::lock_guard lock(g_lostMutex);
    lostDevices().insert(device);
}

bool deviceLost(const std::string& device)
{
    const std::lock_guard lock(g_lostMutex);
    return lostDevices().contains(device);
}

Code torchErrorCode(const std::string& message)
{
    std::string text = message;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto says = [&text](std::initializer_list<const char*> words) {
        return std::any_of(words.begin(), words.end(),
                           [&](const char* word) { return text.find(word) != std::string::npos; });
    };
    // "illegal memory access" is no lack of memory; cuBLAS says "not initialized" when it finds no room for itself
    if (says({"out of memory", "not enough memory", "allocate memory", "alloc_failed",
              "cublas_status_not_initialized"})) {
        return Code::OutOfMemory;
    }
    if (says({"cuda error", "cuda driver error", "cublas", "cudnn error", "cusolver", "cufft", "hip error",
              "device-side assert"})) {
        return Code::DeviceLost;
    }
    return Code::ModelFailed;
}

std::optional<DeviceMemory> deviceMemory(const Device& device)
{
    if (!device.cuda) {
        return std::nullopt;
    }
    // the CUDA runtime came with libtorch; it is asked by name because a build without CUDA has no headers of it
    const auto current = reinterpret_cast<int (*)(int*)>(::dlsym(RTLD_DEFAULT, "cudaGetDevice"));
    const auto choose = reinterpret_cast<int (*)(int)>(::dlsym(RTLD_DEFAULT, "cudaSetDevice"));
    const auto ask = reinterpret_cast<int (*)(std::size_t*, std::size_t*)>(::dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    int before = 0;
    if (current == nullptr || choose == nullptr || ask == nullptr || current(&before) != 0 ||
        choose(device.index) != 0) {
        return std::nullopt;
    }
    std::size_t free = 0, total = 0;
    const bool told = ask(&free, &total) == 0;
    (void)choose(before);
    return told ? std::optional(DeviceMemory{free, total}) : std::nullopt;
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
    if (const std::string version = clip::dnnlVersion(); !version.empty()) {
        v.emplace_back("oneDNN", version);
    }
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

std::size_t residentMemory()
{
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    statm >> total >> resident;
    return statm ? resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

} // namespace semascope::core
