#pragma once
#include "core/clip/ClipModel.h"

#include <optional>

namespace semascope::core {

/// Multiply-adds of one picture through the image tower, in GFLOP (two a multiply-add).
double gflopPerPicture(const ClipConfig& clip);
/// Pictures a batch. From the model alone, never from the clock: another batch size changes the last bits of a row.
/// A batch is about 0.4 s of work on two cores, because a stop must be seen soon.
std::size_t embedBatch(const ClipConfig& clip);

/// Memory that can still be had, in bytes.
struct MemoryRoom
{
    std::uint64_t available = 0; ///< now, without swapping
    std::uint64_t most = 0;      ///< if everything else made room
    std::string limit;           ///< what sets it: "free memory", "this process's limit (ulimit -v)", …
};
/// MemAvailable, lowered by RLIMIT_AS, RLIMIT_DATA and the control group's limit.
MemoryRoom hostMemory();
/// What `meminfo` (the text of /proc/meminfo) says alone.
MemoryRoom roomOfMeminfo(const std::string& meminfo);

/// What is to be embedded.
struct EmbedQuestion
{
    ClipConfig clip;
    std::uint64_t parameters = 0;
    std::string modelName = "the model";
    std::string device = "cpu", precision = "fp32";
    std::size_t rows = 0;
    std::size_t batch = 0; ///< 0: embedBatch()
    int threads = 1;       ///< that decode
    bool loaded = true;    ///< the weights are in memory already
};

/// What that takes beyond what is in memory now, in bytes. Upper estimates: activations are those of torch's layers;
/// the packed towers of the CPU need less.
struct EmbedMemory
{
    std::uint64_t weights = 0;
    std::uint64_t activations = 0; ///< of one batch
    std::uint64_t rows = 0;        ///< twice: as computed, and in dataset order
    std::uint64_t decoding = 0;
    std::uint64_t total() const noexcept { return weights + activations + rows + decoding; }
};
EmbedMemory embedMemory(const EmbedQuestion& question);

/// Whether it fits. On a GPU weights and activations lie there, rows and decoding on the host.
struct MemoryAdvice
{
    bool fits = true;
    bool hopeless = false; ///< not even one picture at a time, were everything else closed
    std::string sentence;  ///< with numbers and cure; empty when it fits
};
MemoryAdvice adviseMemory(const EmbedQuestion& question, const MemoryRoom& host,
                          const std::optional<DeviceMemory>& gpu = std::nullopt);

/// Before a job of `rows` rows with an open model: tells `job` (note) when they will probably not fit, and throws
/// Error(OutOfMemory) when it is hopeless.
void checkEmbedMemory(const ClipModel& model, std::size_t rows, JobContext& job);

/// "about 40 s", "about 7 min", "about 2 h 10 min"; "a moment" below two seconds.
std::string durationText(double seconds);
/// "12,000".
std::string groupedText(std::uint64_t count);
/// "5.2 GB", "140 MB".
std::string bytesText(std::uint64_t bytes);

} // namespace semascope::core
