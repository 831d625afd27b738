#pragma once
#include "core/job/Error.h"

#include <cstdint>
#include <optional>
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
/// Throws Error(Misuse) for a word that is none, Error(NotFound) when there is no such device here, Error(DeviceLost)
/// when it has failed for good. "auto" is the first GPU that works, else the CPU.
Device chooseDevice(const std::string& word);

/// What can be chosen here: "cpu", then every GPU ("cuda:0", …), those lost included.
std::vector<std::string> computeDevices();
/// The precisions that models have on every device, fp32 first.
inline constexpr const char* kPrecisions[] = {"fp32", "bf16", "fp16"};

/// A GPU whose driver reported a sticky error can do nothing more in this process. Remembered by name ("cuda:0").
void markDeviceLost(const std::string& device);
bool deviceLost(const std::string& device);
/// What a message of torch means: OutOfMemory (fewer rows may do), DeviceLost (sticky) or ModelFailed.
Code torchErrorCode(const std::string& message);

/// Memory of a GPU, in bytes.
struct DeviceMemory
{
    std::uint64_t free = 0, total = 0;
};
/// None for the CPU, and where the driver does not say.
std::optional<DeviceMemory> deviceMemory(const Device& device);

/// Sets torch's, OpenMP's and OpenBLAS' thread counts to threadCount(). Call once at start, after setThreadCount().
void applyThreads();

/// Versions of the libraries in use: name and version, in a fixed order.
std::vector<std::pair<std::string, std::string>> libraryVersions();

/// Largest resident memory of this process so far, in bytes.
std::size_t peakMemory();
/// Resident memory of this process now, in bytes; 0 where the system does not say.
std::size_t residentMemory();

} // namespace semascope::core
