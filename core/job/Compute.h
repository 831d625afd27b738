#pragma once
#include <string>
#include <vector>

namespace semascope::core {

/// Which BLAS and LAPACK this process has really loaded, read from the memory map.
struct BlasReport
{
    std::vector<std::string> libraries; ///< paths of every BLAS, LAPACK and OpenBLAS in the process
    std::string config;                 ///< what OpenBLAS says of itself
    int threads = 0;                    ///< of OpenBLAS
    int torchThreads = 0;
    bool consistent = false; ///< all of them the OpenMP build of OpenBLAS
    std::string problem;     ///< one sentence when not consistent, else empty
};
BlasReport blasReport();

/// A compute device as the user names it: "auto", "cpu", "cuda", "cuda:1".
struct Device
{
    bool cuda = false;
    int index = 0;
    std::string name() const;
};
/// Throws Error(Misuse) for a word that is none, Error(NotFound) when there is no such device here.
Device chooseDevice(const std::string& word);

/// Sets torch's, OpenMP's and OpenBLAS' thread counts to threadCount(). Call once at start, after setThreadCount().
void applyThreads();

/// Versions of the libraries in use: name and version, in a fixed order.
std::vector<std::pair<std::string, std::string>> libraryVersions();

/// Largest resident memory of this process so far, in bytes.
std::size_t peakMemory();

} // namespace semascope::core
