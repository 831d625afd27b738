#include "app/cli/EmbedExtras.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedSample.h"
#include "core/clip/PrecisionReport.h"
#include "core/session/Sample.h"

#include <algorithm>
#include <iostream>

#include <unistd.h>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

constexpr std::size_t kWorthEstimating = 1000; ///< pictures; fewer are done before one has read the estimate
constexpr std::size_t kLongRun = 20'000, kProposed = 2000;
constexpr double kLongSeconds = 120;

std::size_t sampleCount(const CommandContext& c)
{
    return static_cast<std::size_t>(c.args.integer("--sample", 0, 1, INT64_MAX));
}

void tell(const CommandContext& c, const std::string& sentence)
{
    if (!c.args.has("--quiet")) {
        std::cerr << (isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "") << sentence << std::endl;
    }
}

} // namespace

void comparePrecisions(CommandContext& c)
{
    if (!c.args.has("--data")) {
        throw Error(Code::Misuse, "semascope embed --compare-precision needs --data, to take some pictures from.");
    }
    core::ModelSpec spec = modelSpec(c.args);
    if (spec.path == "demo") {
        spec.path = core::builtInSample(core::builtInSampleFolder(), c.job).model;
    }
    const core::PrecisionReport report = core::precisionReport(spec, openData(c, true), c.job);
    c.json["pictures"] = report.pictures;
    c.json["precisions"] = Json::array();
    for (const core::PrecisionLine& line : report.lines) {
        Json row{{"device", line.device}, {"precision", line.precision}};
        if (line.problem.empty()) {
            row["per_second"] = line.perSecond;
            row["cosine_mean"] = line.meanCosine;
            row["cosine_min"] = line.minCosine;
        } else {
            row["problem"] = utf8(line.problem);
        }
        c.json["precisions"].push_back(row);
        c.line(core::precisionText(report, line));
    }
    c.line("measured on " + std::to_string(report.pictures) +
           " pictures, prepared beforehand; choose with --precision");
}

void checkSampleOption(const CommandContext& c, bool pictures)
{
    if (c.args.has("--sample") && (!pictures || !c.args.has("--data"))) {
        throw Error(Code::Misuse, "--sample draws pictures from --data; for captions and arrays take --subset or a "
                                  "smaller file.");
    }
    (void)sampleCount(c);
}

core::Dataset sampled(CommandContext& c, core::Dataset data)
{
    const std::size_t count = sampleCount(c);
    if (count == 0) {
        return data;
    }
    core::Dataset part = core::takeSamples(data, core::sampleOf(data, count, c.seed()), data.name);
    part.skipped = std::move(data.skipped);
    part.found = part.samples.size() + part.skipped.size();
    return part;
}

std::optional<core::EmbedEstimate> tellEstimate(CommandContext& c, const core::Dataset& whole,
                                                const core::ClipModel& model)
{
    const std::size_t sample = sampleCount(c);
    if (sample == 0 && (whole.samples.size() < kWorthEstimating || c.args.has("--quiet"))) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> stored(whole.samples.size(), 0);
    if (const auto store = storeSpec(c.args)) {
        stored = core::storedPictures(whole, model, *store, c.job);
    }
    const auto known = static_cast<std::size_t>(std::count(stored.begin(), stored.end(), 1));
    if (sample == 0 && whole.samples.size() - known < kWorthEstimating) {
        return std::nullopt;
    }
    core::RateBook book;
    core::EmbedEstimate estimate = core::estimateEmbedding(whole, model, book, c.job);
    if (estimate.pictures == 0) {
        return estimate;
    }
    estimate.stored = known;
    const double all = estimate.secondsFor(estimate.left());
    const std::size_t proposed = sample > 0 || (estimate.left() < kLongRun && all < kLongSeconds) ? sample : kProposed;
    const auto rows = core::sampleOf(whole, proposed, c.seed());
    const auto sampleStored =
        static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](std::uint32_t i) { return stored[i]; }));
    Json json{{"pictures", estimate.pictures}, {"stored", known}, {"seconds", all}};
    if (sample > 0) {
        json["sample"] = rows.size();
        json["sample_seconds"] = estimate.secondsFor(rows.size() - sampleStored);
    }
    c.json["estimate"] = json;
    const std::string how = sample == 0 && proposed > 0 ? " (--sample " + std::to_string(kProposed) + ")" : "";
    tell(c, core::estimateText(estimate, proposed, sampleStored) + how);
    return estimate;
}

void learnFromRun(const std::optional<core::EmbedEstimate>& estimate, const core::ClipModel& model,
                  const core::Embedding& embedding)
{
    if (estimate) {
        core::RateBook book;
        core::learnFrom(book, *estimate, model, embedding.rows.rows() - embedding.cached, embedding.seconds);
    }
}

} // namespace semascope::app
