#include "app/cli/BenchTools.h"
#include "app/cli/QtScope.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/Embedder.h"
#include "core/clip/GemmRate.h"
#include "core/clip/Preprocess.h"
#include "core/clip/StageTimes.h"
#include "core/job/Compute.h"

#include <QImage>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <utility>

namespace semascope::app {

using core::ClipModel;
using core::Code;
using core::Error;

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMegabyte = 1e6;
constexpr double kSecondsEach = 3;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<float> gaussian(std::size_t count)
{
    std::mt19937_64 random(1);
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

struct Rate
{
    double sustained = 0, best = 0; ///< items a second
    std::size_t batch = 0;
};

/// Repeats work on `batch` items for some seconds. The first time does not count: kernels are made in it.
template<class Work> Rate rateOf(std::size_t batch, const Work& work)
{
    work();
    const auto begin = Clock::now();
    std::size_t rounds = 0;
    double best = INFINITY;
    while (secondsSince(begin) < kSecondsEach || rounds < 3) {
        const auto start = Clock::now();
        work();
        best = std::min(best, secondsSince(start));
        ++rounds;
    }
    const auto items = static_cast<double>(batch);
    return {items * static_cast<double>(rounds) / secondsSince(begin), items / best, batch};
}

std::shared_ptr<ClipModel> openMeasured(CommandContext& c)
{
    const std::size_t before = core::residentMemory();
    const auto start = Clock::now();
    const auto model = openModel(c);
    addFigure(c, "load", secondsSince(start), "s");
    const double weights = static_cast<double>(model->info().parameters) * sizeof(float) / kMegabyte;
    const std::size_t now = core::residentMemory();
    const double growth = static_cast<double>(now > before ? now - before : 0) / kMegabyte;
    addFigure(c, "memory taken by loading, beside the weights in fp32", growth, "MB", weights);
    c.json["device"] = model->deviceName();
    c.json["precision"] = model->precision();
    return model;
}

/// The fastest batch.
Rate benchTensors(CommandContext& c, const ClipModel& model)
{
    const auto side = static_cast<std::size_t>(model.info().clip.imageSize);
    constexpr std::size_t kBatches[] = {1, 8, 16, 32};
    const std::vector<float> pixels = gaussian(kBatches[3] * 3 * side * side);
    Rate fastest;
    for (const std::size_t batch : kBatches) {
        const Rate rate = rateOf(batch, [&] { (void)model.encodePictures(pixels.data(), batch, c.job); });
        addFigure(c, "tensors, batch " + std::to_string(batch), rate.sustained, "pictures/s");
        addFigure(c, "tensors, batch " + std::to_string(batch) + ", best of the repetitions", rate.best, "pictures/s");
        fastest = rate.best > fastest.best ? rate : fastest;
    }
    return fastest;
}

/// Where the time of a batch goes.
void benchStages(CommandContext& c, const ClipModel& model, std::size_t batch)
{
    const auto side = static_cast<std::size_t>(model.info().clip.imageSize);
    const std::vector<float> pixels = gaussian(batch * 3 * side * side);
    const core::StageTimes times;
    std::size_t pictures = 0;
    const auto start = Clock::now();
    while (secondsSince(start) < 1) {
        (void)model.encodePictures(pixels.data(), batch, c.job);
        pictures += batch;
    }
    for (const auto& [stage, seconds] : times.stages()) {
        addFigure(c, "stage: " + stage, 1000 * seconds / static_cast<double>(pictures), "ms/picture");
    }
}

/// Smooth shapes with the grain of a photo, so that the files are as large as a camera's.
QImage drawnPhoto(int number)
{
    constexpr int kWidth = 640, kHeight = 480;
    QImage image(kWidth, kHeight, QImage::Format_RGB888);
    std::minstd_rand random(static_cast<unsigned>(number) + 1);
    const double a = 0.005 + 0.03 * number / 97, b = 0.02 + 0.01 * (number % 13);
    for (int y = 0; y < kHeight; ++y) {
        uchar* to = image.scanLine(y);
        for (int x = 0; x < kWidth; ++x) {
            const double level = 128 + 50 * std::sin(a * x + b * y) + 40 * std::sin(b * x - a * y);
            for (int channel = 0; channel < 3; ++channel) {
                const double grain = static_cast<double>(random() % 33) - 16 + 12 * channel;
                *to++ = static_cast<uchar>(std::clamp(level + grain, 0.0, 255.0));
            }
        }
    }
    return image;
}

/// --data, or pictures made up for this.
core::Dataset benchPictures(CommandContext& c, const QTemporaryDir& folder)
{
    if (c.args.has("--data")) {
        return openData(c, true);
    }
    constexpr int kPictures = 256, kQuality = 85;
    const QtScope qt;
    for (int i = 0; i < kPictures; ++i) {
        c.job.checkpoint();
        const QString path = folder.filePath(QStringLiteral("%1.jpg").arg(i, 4, 10, QLatin1Char('0')));
        if (!drawnPhoto(i).save(path, "JPG", kQuality)) {
            throw Error(Code::Io, "The pictures to measure with cannot be written to " + path.toStdString() +
                                      "; give a folder of pictures with --data.");
        }
    }
    core::OpenSpec spec;
    spec.path = folder.path().toStdString();
    return core::openDataset(spec, c.job);
}

/// One picture at a time on one thread.
void benchPreparing(CommandContext& c, const core::Dataset& data, const core::PreprocessSpec& prep)
{
    const auto side = static_cast<std::size_t>(prep.size);
    std::vector<float> pixels(3 * side * side);
    double decode = 0, resize = 0, all = 0;
    std::size_t count = 0;
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < data.samples.size() && secondsSince(begin) < kSecondsEach; ++i) {
        c.job.checkpoint();
        if (!data.hasPicture(i)) {
            continue;
        }
        auto start = Clock::now();
        core::Picture picture;
        try {
            picture = prep.rgbLast ? core::pictureAsStored(data, i) : core::pictureForModel(data, i);
        } catch (const Error&) {
            continue; // the embedding counts it as skipped
        }
        decode += secondsSince(std::exchange(start, Clock::now()));
        (void)core::resizeAndCrop(picture, prep);
        resize += secondsSince(std::exchange(start, Clock::now()));
        core::preprocess(picture, prep, pixels.data());
        all += secondsSince(start);
        ++count;
    }
    if (count > 0) {
        const double each = 1000 / static_cast<double>(count);
        addFigure(c, "stage: read and decode, one thread", decode * each, "ms/picture");
        addFigure(c, "stage: resize and crop, one thread", resize * each, "ms/picture");
        addFigure(c, "stage: normalise, one thread", std::max(0.0, all - resize) * each, "ms/picture");
    }
}

void benchFiles(CommandContext& c, const ClipModel& model, const Rate& tensors)
{
    const QTemporaryDir folder;
    const core::Dataset data = benchPictures(c, folder);
    benchPreparing(c, data, model.info().clip.preprocess);
    const core::Embedding e = core::embed(data, model, core::Modality::Picture, true, c.job);
    addFigure(c, "from picture files", static_cast<double>(e.rows.rows()) / e.seconds, "pictures/s", tensors.sustained);
}

/// Made-up texts of 4 to 12 tokens, or of up to `longest`.
std::vector<std::vector<std::int32_t>> benchTexts(const core::ClipConfig& k, std::size_t count, int longest)
{
    std::mt19937 random(1);
    const int end = k.eotRule == core::EotRule::FirstEos ? k.eosId : k.vocabSize - 1;
    std::uniform_int_distribution<int> length(2, std::max(2, std::min(longest, k.contextLength) - 2));
    std::uniform_int_distribution<int> word(0, std::max(0, std::min(end, k.vocabSize) - 2));
    std::vector<std::vector<std::int32_t>> texts(count);
    for (auto& text : texts) {
        text.push_back(std::max(0, k.vocabSize - 2));
        for (int i = length(random); i > 0; --i) {
            text.push_back(word(random));
        }
        text.push_back(end);
    }
    return texts;
}

void benchText(CommandContext& c, const ClipModel& model)
{
    const core::ClipConfig& k = model.info().clip;
    const auto few = benchTexts(k, 8, 12), many = benchTexts(k, 64, 24);
    auto start = Clock::now();
    (void)model.encodeTokens(few, c.job);
    addFigure(c, "8 short texts, the first time", 1000 * secondsSince(start), "ms");
    const Rate short8 = rateOf(few.size(), [&] { (void)model.encodeTokens(few, c.job); });
    addFigure(c, "8 short texts", 1000 * static_cast<double>(few.size()) / short8.sustained, "ms");
    addFigure(c, "8 short texts, best of the repetitions", 1000 * static_cast<double>(few.size()) / short8.best, "ms");
    const Rate rate = rateOf(many.size(), [&] { (void)model.encodeTokens(many, c.job); });
    addFigure(c, "texts of 4 to 24 tokens", rate.sustained, "texts/s");
}

/// The towers beside what plain products reach. Measured before and after: the machine may do other things meanwhile.
void benchVision(CommandContext& c, const ClipModel& model)
{
    const bool cpu = model.deviceName() == "cpu";
    core::GemmRate peak = cpu ? core::gemmRate(model.precision(), c.job) : core::GemmRate{};
    const Rate fastest = benchTensors(c, model);
    if (cpu) {
        peak.gflops = std::max(peak.gflops, core::gemmRate(model.precision(), c.job).gflops);
        addFigure(c, "matrix product " + model.precision() + " (" + peak.library + ")", peak.gflops, "GFLOP/s");
    }
    const double gflop = core::gflopPerPicture(model.info().clip);
    // The last layer is computed for the tokens that are wanted alone; the reference, and this number, take all.
    addFigure(c, "arithmetic of a picture, all tokens in all layers", gflop, "GFLOP");
    addFigure(c, "arithmetic at batch " + std::to_string(fastest.batch), fastest.best * gflop, "GFLOP/s", peak.gflops);
    benchStages(c, model, fastest.batch);
    benchFiles(c, model, fastest);
}

} // namespace

void benchEmbed(CommandContext& c)
{
    if (!c.args.has("--model")) {
        throw Error(Code::Misuse, "semascope bench embed needs --model M.");
    }
    const auto model = openMeasured(c);
    if (model->info().clip.hasVision) {
        benchVision(c, *model);
    }
    if (model->info().clip.hasText) {
        benchText(c, *model);
    }
    addFigure(c, "peak memory", static_cast<double>(core::peakMemory()) / kMegabyte, "MB");
}

} // namespace semascope::app
