#include "core/clip/PrecisionReport.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedSample.h"
#include "core/clip/PictureFeed_p.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace semascope::core {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSampleGflop = 1200; ///< a few seconds of work on two cores
constexpr std::size_t kMostPictures = 64, kFewestPictures = 8;

PictureBatch fixedSample(const Dataset& data, const ClipConfig& clip, JobContext& job)
{
    const double gflop = std::max(1e-6, gflopPerPicture(clip));
    const auto count = std::clamp(static_cast<std::size_t>(kSampleGflop / gflop), kFewestPictures, kMostPictures);
    std::vector<std::uint32_t> order = pictureOrder(data);
    order.resize(std::min(order.size(), count));
    job.progress("preparing pictures", "", 0, 0);
    PictureFeed feed({&data, order, clip.preprocess, {}, false});
    PictureBatch batch;
    while (true) {
        const PictureBatch next = feed.next(order.size(), job);
        if (next.pictures.empty()) {
            break;
        }
        batch.prepared += next.prepared;
        batch.pixels.insert(batch.pixels.end(), next.pixels.begin(), next.pixels.end());
    }
    if (batch.prepared == 0) {
        throw Error(Code::Mismatch, data.name + " has no picture that can be read to compare precisions with.");
    }
    return batch;
}

struct Measured
{
    Matrix rows; ///< unit length
    double perSecond = 0;
};

Measured measure(const ClipModel& model, const PictureBatch& pictures, JobContext& job)
{
    const std::size_t batch = embedBatch(model.info().clip), n = pictures.prepared;
    const std::size_t each = pictures.pixels.size() / n;
    const auto encode = [&](std::size_t first) {
        return model.encodePictures(pictures.pixels.data() + first * each, std::min(batch, n - first), job);
    };
    (void)encode(0); // packs the weights
    std::vector<float> values;
    double best = INFINITY; // seconds a picture: the machine does other things too
    std::size_t dim = 0;
    for (std::size_t first = 0; first < n; first += batch) {
        job.checkpoint();
        const auto start = Clock::now();
        const Matrix part = encode(first);
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (part.rows() == std::min(batch, n)) {
            best = std::min(best, seconds / static_cast<double>(part.rows()));
        }
        dim = part.cols();
        values.insert(values.end(), part.data(), part.data() + part.rows() * dim);
    }
    return {normaliseRows(Matrix::from(std::move(values), n, dim)), 1 / best};
}

void compare(const Matrix& rows, const Matrix& reference, PrecisionLine& line)
{
    line.minCosine = INFINITY;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        double dot = 0;
        for (std::size_t j = 0; j < rows.cols(); ++j) {
            dot += static_cast<double>(rows.row(r)[j]) * reference.row(r)[j];
        }
        dot = std::min(dot, 1.0);
        line.meanCosine += dot / static_cast<double>(rows.rows());
        line.minCosine = std::isfinite(dot) ? std::min(line.minCosine, dot) : -1;
    }
}

} // namespace

PrecisionReport precisionReport(const ModelSpec& asked, const Dataset& data, JobContext& job)
{
    PrecisionReport report;
    PictureBatch pictures;
    for (const std::string& device : computeDevices()) {
        Matrix reference;
        for (const std::string precision : kPrecisions) {
            ModelSpec spec = asked;
            spec.device = device;
            spec.precision = precision;
            PrecisionLine line{device, precision, 0, 0, 0, {}};
            try {
                const auto model = ClipModel::open(spec, job);
                if (pictures.prepared == 0) {
                    report.modelName = model->info().name;
                    pictures = fixedSample(data, model->info().clip, job);
                    report.pictures = pictures.prepared;
                }
                job.progress("measuring " + precision + " on " + device, "", 0, 0);
                const Measured measured = measure(*model, pictures, job);
                reference = precision == "fp32" ? measured.rows : reference;
                line.perSecond = measured.perSecond;
                if (reference.rows() > 0) {
                    compare(measured.rows, reference, line);
                }
            } catch (const Error& e) {
                if (e.code() == Code::Cancelled || report.lines.empty()) {
                    throw;
                }
                line.problem = e.what();
            }
            report.lines.push_back(std::move(line));
        }
    }
    return report;
}

double speedGain(const PrecisionReport& report, const PrecisionLine& line)
{
    const auto base = std::find_if(report.lines.begin(), report.lines.end(), [&](const PrecisionLine& other) {
        return other.device == line.device && other.precision == "fp32";
    });
    return base == report.lines.end() || !(base->perSecond > 0) ? 0 : line.perSecond / base->perSecond;
}

std::string precisionText(const PrecisionReport& report, const PrecisionLine& line)
{
    const std::string what = line.precision + " on " + line.device + ": ";
    if (!line.problem.empty()) {
        return what + line.problem;
    }
    char text[160];
    const int decimals = line.perSecond < 10 ? 1 : 0;
    if (line.precision == "fp32") {
        std::snprintf(text, sizeof text, "%.*f pictures/s, the reference", decimals, line.perSecond);
    } else {
        std::snprintf(text, sizeof text,
                      "%.*f pictures/s (%.1f times fp32), cosine to fp32 %.5f on average, %.5f at least", decimals,
                      line.perSecond, speedGain(report, line), line.meanCosine, line.minCosine);
    }
    return what + text;
}

} // namespace semascope::core
