#include "core/clip/EmbedRate.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedSample.h"
#include "core/clip/PictureFeed_p.h"
#include "core/clip/StoreJob_p.h"
#include "core/data/Arrays.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

namespace semascope::core {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostRates = 200;
constexpr double kUnknownGflops = 50; ///< of a machine nothing is known of
constexpr double kProbeSeconds = 1;   ///< of the tower; a slow one is timed once
constexpr double kFeedSeconds = 0.3;  ///< of reading and preparing
constexpr std::size_t kProbed = 8;    ///< pictures at a time
constexpr std::size_t kMostProbed = 520;

double secondsSince(Clock::time_point t)
{
    return std::chrono::duration<double>(Clock::now() - t).count();
}

std::string processor()
{
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        if (line.rfind("model name", 0) == 0) {
            const auto at = line.find(": ");
            return at == std::string::npos ? line : line.substr(at + 2);
        }
    }
    return "unknown processor";
}

std::string placeOf(const std::string& device, const std::string& precision)
{
    static const std::string cpu = processor();
    return device + " " + precision + ", " + std::to_string(threadCount()) + " threads, " + cpu;
}

std::string shapeOf(const ClipConfig& c)
{
    std::string text = c.resnet ? "ResNet" : "ViT/" + std::to_string(c.patchSize);
    text += " " + std::to_string(c.imageSize) + " px, width " + std::to_string(c.visionWidth);
    if (!c.resnet) {
        return text + ", " + std::to_string(c.visionLayers) + " layers";
    }
    for (const int blocks : c.resnetBlocks) {
        text += "-" + std::to_string(blocks);
    }
    return text;
}

bool plausible(double seconds)
{
    return std::isfinite(seconds) && seconds > 1e-9 && seconds < 1e4;
}

} // namespace

std::string RateBook::defaultPath()
{
    const std::string folder = cacheFolder();
    return folder.empty() ? folder : (fs::path(folder) / "rates.json").string();
}

RateBook::RateBook(std::string path) : m_path(std::move(path))
{
    std::ifstream in(m_path, std::ios::binary);
    const auto json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_object() || !json.contains("rates") || !json["rates"].is_object()) {
        return;
    }
    for (const auto& [key, value] : json["rates"].items()) {
        const auto number = [&value = value](const char* name) {
            return value.is_object() && value.contains(name) && value[name].is_number() ? value[name].get<double>() : 0;
        };
        const auto bar = key.find(" | ");
        if (bar != std::string::npos && plausible(number("seconds"))) {
            const double when = std::clamp(number("when"), 0.0, 1e15);
            m_rates[key] = {number("seconds"), number("gflop"), key.substr(bar + 3), static_cast<std::int64_t>(when)};
        }
    }
}

std::optional<double> RateBook::encodeSeconds(const ClipModel& model) const
{
    const auto found =
        m_rates.find(shapeOf(model.info().clip) + " | " + placeOf(model.deviceName(), model.precision()));
    return found == m_rates.end() ? std::nullopt : std::optional(found->second.seconds);
}

std::optional<double> RateBook::gflops(const std::string& device, const std::string& precision) const
{
    const std::string place = placeOf(device, precision);
    double best = 0;
    for (const auto& [key, rate] : m_rates) {
        best = rate.place == place ? std::max(best, rate.gflop / rate.seconds) : best;
    }
    return best > 0 ? std::optional(best) : std::nullopt;
}

void RateBook::remember(const ClipModel& model, double encodeSeconds)
{
    if (!plausible(encodeSeconds)) {
        return;
    }
    const std::string place = placeOf(model.deviceName(), model.precision());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    m_rates[shapeOf(model.info().clip) + " | " + place] = {
        encodeSeconds, gflopPerPicture(model.info().clip), place,
        std::chrono::duration_cast<std::chrono::seconds>(now).count()};
    while (m_rates.size() > kMostRates) {
        m_rates.erase(std::min_element(m_rates.begin(), m_rates.end(),
                                       [](const auto& a, const auto& b) { return a.second.when < b.second.when; }));
    }
    save();
}

void RateBook::save() const
{
    if (m_path.empty()) {
        return;
    }
    nlohmann::json json;
    json["version"] = 1;
    for (const auto& [key, rate] : m_rates) {
        json["rates"][key] = {{"seconds", rate.seconds}, {"gflop", rate.gflop}, {"when", rate.when}};
    }
    const std::string text = json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::error_code failed;
    fs::create_directories(fs::path(m_path).parent_path(), failed);
    try {
        writeFileAtomic(m_path, text.data(), text.size());
    } catch (const Error&) {
        return; // a full or read-only cache: it is measured again next time
    }
}

namespace {

/// Best of two batches after a first one that packs weights and warms caches; a slow model is timed once.
double timeTower(const ClipModel& model, const PictureBatch& pictures, JobContext& job)
{
    const std::size_t count = std::min(pictures.prepared, embedBatch(model.info().clip));
    double best = INFINITY, spent = 0;
    for (int run = 0; run < 3 && (run == 0 || spent < kProbeSeconds); ++run) {
        job.checkpoint();
        const auto start = Clock::now();
        (void)model.encodePictures(pictures.pixels.data(), count, job);
        const double seconds = secondsSince(start);
        spent += seconds;
        best = std::min(best, seconds);
    }
    return best / static_cast<double>(count);
}

/// Seconds a picture, after the first ones: threads have started and the code is warm.
double timeFeed(PictureFeed& feed, JobContext& job)
{
    const auto start = Clock::now();
    std::size_t pictures = 0;
    while (pictures == 0 || secondsSince(start) < kFeedSeconds) {
        const std::size_t more = feed.next(kProbed, job).pictures.size();
        pictures += more;
        if (more == 0) {
            break;
        }
    }
    return pictures > 0 ? secondsSince(start) / static_cast<double>(pictures) : 0;
}

} // namespace

EmbedEstimate estimateEmbedding(const Dataset& data, const ClipModel& model, RateBook& book, JobContext& job)
{
    EmbedEstimate estimate;
    estimate.device = model.deviceName();
    estimate.precision = model.precision();
    estimate.sharedCores = estimate.device == "cpu";
    std::vector<std::uint32_t> order = pictureOrder(data);
    estimate.pictures = order.size();
    if (order.empty()) {
        return estimate;
    }
    job.progress("estimating the time", "", 0, 0);
    const ClipConfig& clip = model.info().clip;
    order.resize(std::min(order.size(), kMostProbed));
    PictureFeed feed({&data, order, clip.preprocess, {}, false});
    const PictureBatch pictures = feed.next(kProbed, job);
    estimate.decode = timeFeed(feed, job);
    if (const auto known = book.encodeSeconds(model)) {
        estimate.encode = *known;
    } else if (pictures.prepared > 0) {
        estimate.encode = timeTower(model, pictures, job);
        book.remember(model, estimate.encode);
    } else {
        estimate.encode =
            gflopPerPicture(clip) / book.gflops(estimate.device, estimate.precision).value_or(kUnknownGflops);
    }
    return estimate;
}

void learnFrom(RateBook& book, const EmbedEstimate& estimate, const ClipModel& model, std::size_t computed,
               double seconds)
{
    constexpr std::size_t kEnough = 200; // fewer say more about the start than about the rate
    if (computed < kEnough || model.deviceName() != estimate.device || model.precision() != estimate.precision) {
        return;
    }
    const double each = seconds / static_cast<double>(computed);
    if (estimate.sharedCores) {
        book.remember(model, std::max(each - estimate.decode, each * 0.3));
    } else if (each > 1.2 * estimate.decode) {
        book.remember(model, each);
    }
}

std::vector<std::uint8_t> storedPictures(const Dataset& data, const ClipModel& model, const StoreSpec& store,
                                         JobContext& job)
{
    std::vector<std::uint8_t> known(data.samples.size(), 0);
    JobContext quiet(job.stop()); // what is wrong with the store is told by the job that uses it
    StoreJob rows(store, storeKey(model, Modality::Picture), quiet);
    for (const std::string& sentence : rows.events()) { // but what is told only once
        job.note(sentence);
    }
    if (rows.empty() || data.pictures.count > 0) {
        return known;
    }
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (i % 1024 == 0) {
            job.checkpoint();
            job.progress("looking into the store", "pictures", i, known.size());
        }
        if (const auto facts = factsOfRegular(data.samples[i].path)) {
            const ContentKey content = rows.contentOf(data.samples[i].path, *facts);
            known[i] = !content.empty() && rows.known(content) ? 1 : 0;
        }
    }
    return known;
}

std::string estimateText(const EmbedEstimate& e, std::size_t sample, std::size_t stored)
{
    std::string text = durationText(e.secondsFor(e.left())) + " for ";
    text += e.stored > 0
                ? groupedText(e.left()) + " of " + groupedText(e.pictures) + " pictures (the store has the others)"
                : groupedText(e.pictures) + " pictures";
    text += " on " + e.device + " " + e.precision;
    if (sample > 0 && sample < e.pictures) {
        text += "; a sample of " + groupedText(sample) + " takes " +
                durationText(e.secondsFor(sample - std::min(stored, sample)));
    }
    return text;
}

} // namespace semascope::core
