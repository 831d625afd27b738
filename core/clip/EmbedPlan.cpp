#include "core/clip/EmbedPlan.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <sys/resource.h>

namespace semascope::core {

namespace {

constexpr double kBatchGflop = 70;
constexpr std::size_t kMaxBatch = 32;
constexpr std::uint64_t kAhead = 64ull << 20;   ///< prepared pictures that wait, see PictureFeed
constexpr std::uint64_t kPicture = 48ull << 20; ///< a photo of 12 million pixels, and what is made of it
constexpr std::uint64_t kSpare = 200ull << 20;  ///< left to everything else

/// Multiply-adds of the bottleneck stages of a ModifiedResNet (OpenAI's: 3-convolution stem, pooling before the last
/// convolution of a stage's first block).
double resnetMultiplyAdds(const ClipConfig& c)
{
    const double w = c.visionWidth;
    double side = c.imageSize / 2.0;
    double sum = side * side * 9 * (3 * w / 2 + w / 2 * w / 2 + w / 2 * w);
    side /= 2;
    double in = w;
    for (std::size_t stage = 0; stage < c.resnetBlocks.size(); ++stage) {
        const double planes = w * std::pow(2.0, static_cast<double>(stage));
        for (int block = 0; block < c.resnetBlocks[stage]; ++block) {
            const double before = side * side;
            side = block == 0 && stage > 0 ? side / 2 : side;
            const double after = side * side;
            sum += before * planes * (in + 9 * planes) + after * planes * 4 * planes;
            sum += block == 0 ? after * in * 4 * planes : 0;
            in = 4 * planes;
        }
    }
    return sum + side * side * in * in * 3; // attention pooling
}

std::uint64_t bytesOf(const std::string& precision)
{
    return precision == "fp32" || precision == "auto" ? 4 : 2;
}

/// Of one picture, float by float: the widest moment of a layer.
double activationValues(const ClipConfig& c)
{
    const double side = c.imageSize, pixels = 2 * 3 * side * side;
    if (c.resnet) {
        const double half = side * side / 4;
        return pixels + 6 * half * c.visionWidth;
    }
    const double tokens = side * side / std::max(1, c.patchSize * c.patchSize) + 1;
    return pixels + tokens * c.visionWidth * 12 + 2 * tokens * tokens * std::max(1, c.visionHeads);
}

std::uint64_t fieldOf(const std::string& text, const std::string& name)
{
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(name + ":", 0) == 0) {
            return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) * 1024; // in kB
        }
    }
    return 0;
}

std::string fileText(const std::string& path)
{
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void lower(MemoryRoom& room, std::uint64_t limit, std::uint64_t used, const char* what)
{
    const std::uint64_t left = limit > used ? limit - used : 0;
    room.most = std::min(room.most, left);
    if (left < room.available) {
        room.available = left;
        room.limit = what;
    }
}

/// The limit of this process's control group (a container, a systemd slice); only the group itself is looked at.
void lowerByGroup(MemoryRoom& room)
{
    const std::string groups = fileText("/proc/self/cgroup");
    const auto at = groups.find("0::");
    if (at == std::string::npos) {
        return;
    }
    const std::string path = groups.substr(at + 3, groups.find('\n', at) - at - 3);
    const std::string folder = "/sys/fs/cgroup" + (path == "/" ? std::string() : path);
    const std::string most = fileText(folder + "/memory.max");
    if (most.empty() || most.rfind("max", 0) == 0) {
        return;
    }
    const std::uint64_t used = std::strtoull(fileText(folder + "/memory.current").c_str(), nullptr, 10);
    std::istringstream stat(fileText(folder + "/memory.stat"));
    std::uint64_t cached = 0; // given back when needed
    for (std::string word; stat >> word;) {
        std::uint64_t value = 0;
        stat >> value;
        cached = word == "inactive_file" ? value : cached;
    }
    lower(room, std::strtoull(most.c_str(), nullptr, 10), used - std::min(used, cached),
          "the memory limit of this container");
}

} // namespace

double gflopPerPicture(const ClipConfig& c)
{
    if (c.resnet) {
        return 2 * resnetMultiplyAdds(c) / 1e9;
    }
    const double grid = c.patchSize > 0 ? static_cast<double>(c.imageSize) / c.patchSize : 0;
    const double tokens = grid * grid + 1, w = c.visionWidth;
    const double patches = grid * grid * 3 * c.patchSize * c.patchSize * w;
    const double layer = tokens * w * w * 12 + 2 * tokens * tokens * w;
    return 2 * (patches + c.visionLayers * layer) / 1e9;
}

std::size_t embedBatch(const ClipConfig& clip)
{
    const double gflop = std::max(1e-9, gflopPerPicture(clip));
    return std::clamp(static_cast<std::size_t>(std::min(kBatchGflop / gflop, 1e6)), std::size_t{1}, kMaxBatch);
}

MemoryRoom roomOfMeminfo(const std::string& meminfo)
{
    MemoryRoom room;
    room.available = fieldOf(meminfo, "MemAvailable");
    room.most = fieldOf(meminfo, "MemTotal") + fieldOf(meminfo, "SwapTotal");
    room.limit = "free memory";
    return room;
}

MemoryRoom hostMemory()
{
    MemoryRoom room = roomOfMeminfo(fileText("/proc/meminfo"));
    const std::string status = fileText("/proc/self/status");
    rlimit limit{};
    if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        lower(room, limit.rlim_cur, fieldOf(status, "VmSize"), "this process's limit (ulimit -v)");
    }
    if (::getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        lower(room, limit.rlim_cur, fieldOf(status, "VmData"), "this process's limit (ulimit -d)");
    }
    lowerByGroup(room);
    return room;
}

EmbedMemory embedMemory(const EmbedQuestion& q)
{
    EmbedMemory m;
    const std::size_t batch = q.batch > 0 ? q.batch : embedBatch(q.clip);
    const auto value = static_cast<double>(bytesOf(q.precision));
    m.weights = q.loaded ? 0 : q.parameters * bytesOf(q.precision);
    m.activations = static_cast<std::uint64_t>(static_cast<double>(std::min(batch, std::max<std::size_t>(q.rows, 1))) *
                                               activationValues(q.clip) * value);
    m.rows = 2 * q.rows * static_cast<std::uint64_t>(std::max(0, q.clip.embedDim)) * sizeof(float);
    m.decoding = q.rows > 0 ? kAhead + static_cast<std::uint64_t>(std::max(1, q.threads)) * kPicture : 0;
    return m;
}

namespace {

std::string needText(const EmbedQuestion& q, const EmbedMemory& need)
{
    std::string parts = need.weights > 0 ? "weights " + bytesText(need.weights) + ", " : std::string();
    parts += "one batch " + bytesText(need.activations) + ", " + groupedText(q.rows) + " rows " + bytesText(need.rows) +
             ", decoding " + bytesText(need.decoding);
    return bytesText(need.total()) + " (" + parts + ")";
}

/// Rows that fit into `room`, in round numbers; 0 when hardly any would.
std::size_t rowsThatFit(const EmbedQuestion& q, const EmbedMemory& need, std::uint64_t room)
{
    const std::uint64_t fixed = need.total() - need.rows + kSpare;
    const std::uint64_t each = std::max<std::uint64_t>(1, need.rows / std::max<std::size_t>(q.rows, 1));
    const std::uint64_t rows = room > fixed ? (room - fixed) / each : 0;
    return rows < 1000 ? 0 : static_cast<std::size_t>(rows / 1000 * 1000);
}

MemoryAdvice adviseGpu(const EmbedQuestion& q, const EmbedMemory& need, const DeviceMemory& gpu)
{
    MemoryAdvice advice; // never hopeless: the CPU is left
    const std::uint64_t there = need.weights + need.activations;
    advice.fits = there <= gpu.free;
    if (!advice.fits) {
        advice.sentence = "On " + q.device + " " + q.modelName + " needs about " + bytesText(there) + " and " +
                          bytesText(gpu.free) + " of " + bytesText(gpu.total) +
                          " are free; it will go on in smaller batches, then on the CPU. Close what else uses the GPU, "
                          "or choose fp16.";
    }
    return advice;
}

} // namespace

MemoryAdvice adviseMemory(const EmbedQuestion& q, const MemoryRoom& host, const std::optional<DeviceMemory>& gpu)
{
    EmbedMemory need = embedMemory(q);
    MemoryAdvice advice;
    if (q.device != "cpu") {
        if (gpu) {
            advice = adviseGpu(q, need, *gpu);
        }
        need.weights = need.activations = 0;
    }
    if (host.most == 0 || need.total() + kSpare <= host.available) {
        return advice;
    }
    EmbedQuestion alone = q;
    alone.batch = 1;
    alone.threads = 1;
    EmbedMemory least = embedMemory(alone);
    least.decoding = 0;
    if (q.device != "cpu") {
        least.weights = least.activations = 0;
    }
    advice.fits = false;
    advice.hopeless = least.total() > host.most;
    const std::size_t sample = rowsThatFit(q, need, host.available);
    advice.sentence = "Embedding with " + q.modelName + " needs about " + needText(q, need) + " and " +
                      bytesText(host.available) + " can be had (" + host.limit + "); ";
    advice.sentence +=
        sample > 0 && sample < q.rows ? "embed a sample of " + groupedText(sample) + ", or " : std::string();
    advice.sentence += host.limit == "free memory" ? "close other programs." : "raise the limit.";
    return advice;
}

void checkEmbedMemory(const ClipModel& model, std::size_t rows, JobContext& job)
{
    EmbedQuestion q;
    q.clip = model.info().clip;
    q.parameters = model.info().parameters;
    q.modelName = model.info().name;
    q.device = model.deviceName();
    q.precision = model.precision();
    q.rows = rows;
    q.threads = threadCount();
    std::optional<DeviceMemory> gpu;
    if (q.device.rfind("cuda", 0) == 0 && !deviceLost(q.device)) {
        gpu = deviceMemory(chooseDevice(q.device));
    }
    const MemoryAdvice advice = adviseMemory(q, hostMemory(), gpu);
    if (advice.hopeless) {
        throw Error(Code::OutOfMemory, advice.sentence);
    }
    if (!advice.fits) {
        job.note(advice.sentence);
    }
}

std::string durationText(double seconds)
{
    const auto whole = [](double value) { return std::to_string(std::llround(value)); };
    if (!(seconds >= 2)) {
        return "a moment";
    }
    if (seconds < 20) {
        return "about " + whole(seconds) + " s";
    }
    if (seconds < 100) {
        return "about " + whole(std::round(seconds / 5) * 5) + " s";
    }
    const double minutes = std::round(seconds / 60);
    if (minutes < 60) {
        return "about " + whole(minutes) + " min";
    }
    const double tens = std::round(seconds / 600) * 10;
    const double hours = std::floor(tens / 60);
    const double rest = tens - 60 * hours;
    return "about " + whole(hours) + " h" + (rest > 0 && hours < 10 ? " " + whole(rest) + " min" : "");
}

std::string groupedText(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

std::string bytesText(std::uint64_t bytes)
{
    char text[32];
    const double mb = static_cast<double>(bytes) / 1e6;
    if (mb < 999) {
        std::snprintf(text, sizeof text, "%.0f MB", std::ceil(mb));
    } else {
        std::snprintf(text, sizeof text, "%.1f GB", mb / 1000);
    }
    return text;
}

} // namespace semascope::core
