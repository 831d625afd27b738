#include "CheckpointModels.h"
#include "Shared.h"

#include "core/clip/ClipModel.h"
#include "core/clip/StageTimes.h"
#include "core/data/Arrays.h"
#include "core/job/Compute.h"
#include "core/job/Parallel.h"

#include <QTemporaryDir>

#include <cmath>
#include <random>

using namespace semascope::core;
using namespace fixture;

namespace {

using Values = std::map<std::string, std::vector<float>>;

bool endsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Random weights of a sensible size: norms near one, variances above zero, products that keep their inputs' size.
std::string saveRandom(const std::string& path, const Shapes& shapes)
{
    std::mt19937 random(11);
    std::normal_distribution<double> normal;
    Values values;
    std::vector<NamedTensor> tensors;
    for (const auto& [key, shape] : shapes) {
        double count = 1;
        for (const std::int64_t size : shape) {
            count *= static_cast<double>(size);
        }
        const bool matrix = shape.size() >= 2;
        const double scale = matrix ? 1 / std::sqrt(count / static_cast<double>(shape[0])) : 0.1;
        const bool one = !matrix && (endsWith(key, "weight") || endsWith(key, "running_var"));
        auto& v = values[key];
        v.resize(static_cast<std::size_t>(count));
        for (float& x : v) {
            const double drawn = scale * normal(random) + (one ? 1 : 0);
            x = static_cast<float>(endsWith(key, "running_var") ? std::abs(drawn) : drawn);
        }
        tensors.push_back({key, shape, v.data()});
    }
    writeSafetensors(path, tensors, {});
    return path;
}

/// ModifiedResNet [1,2,1,1] of width 8 for 64 pixels, with the text tower of openAi().
Shapes resNet()
{
    Shapes s = openAi();
    std::erase_if(s, [](const auto& entry) { return entry.first.rfind("visual.", 0) == 0; });
    const auto convolution = [&s](const std::string& key, const std::string& norm, std::vector<std::int64_t> shape) {
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
            s[norm + part] = {shape[0]};
        }
        s[key + ".weight"] = std::move(shape);
    };
    constexpr int kChannels = 8;
    convolution("visual.conv1", "visual.bn1", {kChannels / 2, 3, 3, 3});
    convolution("visual.conv2", "visual.bn2", {kChannels / 2, kChannels / 2, 3, 3});
    convolution("visual.conv3", "visual.bn3", {kChannels, kChannels / 2, 3, 3});
    std::int64_t before = kChannels;
    for (int layer = 0; layer < 4; ++layer) {
        const std::int64_t middle = kChannels << layer;
        for (int j = 0; j < (layer == 1 ? 2 : 1); ++j) {
            const std::string p = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(j) + ".";
            convolution(p + "conv1", p + "bn1", {middle, before, 1, 1});
            convolution(p + "conv2", p + "bn2", {middle, middle, 3, 3});
            convolution(p + "conv3", p + "bn3", {4 * middle, middle, 1, 1});
            if (j == 0) {
                convolution(p + "downsample.0", p + "downsample.1", {4 * middle, before, 1, 1});
            }
            before = 4 * middle;
        }
    }
    const std::string pool = "visual.attnpool.";
    s[pool + "positional_embedding"] = {5, before};
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) {
        s[pool + part + ".weight"] = {before, before};
        s[pool + part + ".bias"] = {before};
    }
    s[pool + "c_proj.weight"] = {kEmbed, before};
    s[pool + "c_proj.bias"] = {kEmbed};
    return s;
}

Shapes withLayerScale()
{
    Shapes s = openAi();
    for (const auto& [prefix, width] : {std::pair<std::string, int>("visual.", kWidth), {"", kText}}) {
        s[prefix + "transformer.resblocks.0.ls_1.gamma"] = {width};
        s[prefix + "transformer.resblocks.0.ls_2.gamma"] = {width};
    }
    return s;
}

std::shared_ptr<ClipModel> open(const std::string& path, const std::string& precision, bool oneDnn = true)
{
    JobContext job;
    ModelSpec spec;
    spec.path = path;
    spec.device = "cpu";
    spec.precision = precision;
    spec.activation = Activation::QuickGelu;
    spec.oneDnn = oneDnn;
    return ClipModel::open(spec, job);
}

Matrix pictures(const ClipModel& model, std::size_t count)
{
    const auto side = static_cast<std::size_t>(model.info().clip.imageSize);
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> pixels(count * 3 * side * side);
    std::generate(pixels.begin(), pixels.end(), [&] { return normal(random); });
    JobContext job;
    return model.encodePictures(pixels.data(), count, job);
}

/// Ends at the largest id; what follows it is padding.
const std::vector<std::vector<std::int32_t>> kTexts{
    {48, 3, 4, 49}, {48, 49}, {48, 7, 8, 9, 10, 11, 12, 13, 14, 49}, {48, 3, 49, 0}, {48, 5, 49}};

Matrix texts(const ClipModel& model)
{
    JobContext job;
    return model.encodeTokens(kTexts, job);
}

double worst(const Matrix& got, const Matrix& expected)
{
    double difference = got.rows() == expected.rows() && got.cols() == expected.cols() ? 0 : INFINITY, largest = 0;
    for (std::size_t i = 0; std::isfinite(difference) && i < expected.rows() * expected.cols(); ++i) {
        const double d = std::abs(static_cast<double>(got.data()[i]) - expected.data()[i]);
        difference = d <= difference ? difference : d;
        largest = std::max(largest, std::abs(static_cast<double>(expected.data()[i])));
    }
    return difference / largest;
}

double smallestCosine(const Matrix& a, const Matrix& b)
{
    double smallest = 1;
    for (std::size_t r = 0; r < a.rows(); ++r) {
        double ab = 0, aa = 0, bb = 0;
        for (std::size_t j = 0; j < a.cols(); ++j) {
            ab += static_cast<double>(a.at(r, j)) * b.at(r, j);
            aa += static_cast<double>(a.at(r, j)) * a.at(r, j);
            bb += static_cast<double>(b.at(r, j)) * b.at(r, j);
        }
        const double cosine = ab / std::sqrt(aa * bb);
        smallest = cosine > smallest ? smallest : cosine;
    }
    return smallest;
}

} // namespace

/// The towers on oneDNN against those on libtorch, and what both promise.
class TestClipTowers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        const auto file = [this](const char* name) { return m_folder.filePath(QLatin1String(name)).toStdString(); };
        m_models = {{"OpenAI", saveRandom(file("openai.safetensors"), openAi())},
                    {"CustomText", saveRandom(file("custom.safetensors"), openAi("text."))},
                    {"layer scale", saveRandom(file("scaled.safetensors"), withLayerScale())},
                    {"Hugging Face", saveRandom(file("hf.safetensors"), huggingFace())},
                    {"ModifiedResNet", saveRandom(file("resnet.safetensors"), resNet())}};
    }

    void sameAsLibtorch_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"OpenAI", "CustomText", "layer scale", "Hugging Face", "ModifiedResNet"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void sameAsLibtorch()
    {
        QFETCH(QString, name);
        const std::string path = m_models.at(name.toStdString());
        const auto plain = open(path, "fp32", false), packed = open(path, "fp32"), brain = open(path, "bf16");
        QCOMPARE(brain->precision(), std::string("bf16"));
        const Matrix p = pictures(*plain, 7), t = texts(*plain);
        QVERIFY2(worst(pictures(*packed, 7), p) < 1e-5, qPrintable(QString::number(worst(pictures(*packed, 7), p))));
        QVERIFY2(worst(texts(*packed), t) < 1e-5, qPrintable(QString::number(worst(texts(*packed), t))));
        const double pictureCosine = smallestCosine(pictures(*brain, 7), p);
        const double textCosine = smallestCosine(texts(*brain), t);
        QVERIFY2(pictureCosine > 0.999, qPrintable(QString::number(pictureCosine)));
        QVERIFY2(textCosine > 0.999, qPrintable(QString::number(textCosine)));
    }

    void everyPathNearTheGoldens_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("suffix");
        const auto row = [](const char* model, const char* folder, const char* suffix) {
            QTest::newRow(model) << QString::fromLatin1(model) << QString::fromLatin1(folder)
                                 << QString::fromLatin1(suffix);
        };
        row("vit_tiny/openai_fp32.safetensors", "vit_tiny", "");
        row("vit_tiny/hf", "vit_tiny", "_from_fp16");
        row("vit_openclip", "vit_openclip", "");
        row("rn_tiny/sd_fp16_zip.pt", "rn_tiny", "_from_fp16");
    }

    void everyPathNearTheGoldens()
    {
        NEEDS_SHARED("goldens/clip/models.json");
        QFETCH(QString, model);
        QFETCH(QString, folder);
        QFETCH(QString, suffix);
        const std::string base = sharedPath("goldens/clip/") + folder.toStdString() + "/";
        const std::string golden = base + "image_features" + suffix.toStdString() + ".npy";
        const Matrix expected = toMatrix(readNpy(golden), golden);
        const Array image = readNpy(base + "image.npy");
        const auto features = [&](const std::string& precision, bool oneDnn) {
            JobContext job;
            ModelSpec spec;
            spec.path = sharedPath("goldens/clip/") + model.toStdString();
            spec.device = "cpu";
            spec.precision = precision;
            spec.oneDnn = oneDnn;
            return ClipModel::open(spec, job)->encodePictures(static_cast<const float*>(image.data), image.shape[0],
                                                              job);
        };
        QVERIFY(worst(features("fp32", true), expected) <= 1e-5);
        QVERIFY(worst(features("fp32", false), expected) <= 1e-5);
        QVERIFY(smallestCosine(features("bf16", true), expected) > 0.999);
    }

    void halfOnTheCpuRoundsTheWeights()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/openai_fp32.safetensors");
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const Array image = readNpy(base + "image.npy");
        JobContext job;
        ModelSpec spec;
        spec.path = base + "openai_fp32.safetensors";
        spec.device = "cpu";
        spec.precision = "fp16";
        const auto model = ClipModel::open(spec, job);
        QCOMPARE(model->precision(), std::string("fp16"));
        QVERIFY(mentions(model->info().warnings, "fp16 on the CPU"));
        const Matrix got = model->encodePictures(static_cast<const float*>(image.data), image.shape[0], job);
        const std::string golden = base + "image_features_from_fp16.npy";
        QVERIFY(worst(got, toMatrix(readNpy(golden), golden)) <= 1e-5);
    }

    void aRowDoesNotDependOnItsBatch()
    {
        for (const auto& [name, path] : m_models) {
            const auto model = open(path, "fp32");
            const Matrix many = pictures(*model, 40), one = pictures(*model, 1);
            QVERIFY2(worst(one, Matrix(many.row(0), 1, many.cols(), nullptr)) < 1e-6, name.c_str());
            const Matrix all = texts(*model);
            JobContext job;
            for (std::size_t r = 0; r < kTexts.size(); ++r) {
                const Matrix alone = model->encodeTokens({kTexts[r]}, job);
                QVERIFY2(worst(alone, Matrix(all.row(r), 1, all.cols(), nullptr)) < 1e-6, name.c_str());
            }
        }
    }

    void nothingGivesNothing()
    {
        for (const bool oneDnn : {true, false}) {
            const auto model = open(m_models.at("OpenAI"), "fp32", oneDnn);
            JobContext job;
            QCOMPARE(model->encodePictures(nullptr, 0, job).rows(), std::size_t(0));
            QCOMPARE(model->encodeTokens({}, job).rows(), std::size_t(0));
        }
    }

    void stopsBetweenLayers()
    {
        for (const auto& [name, path] : m_models) {
            const auto model = open(path, "fp32");
            std::stop_source source;
            source.request_stop();
            JobContext job(source.get_token());
            const auto side = static_cast<std::size_t>(model->info().clip.imageSize);
            const std::vector<float> pixels(3 * side * side);
            QVERIFY_THROWS_EXCEPTION(Error, (void)model->encodePictures(pixels.data(), 1, job));
            QVERIFY_THROWS_EXCEPTION(Error, (void)model->encodeTokens(kTexts, job));
        }
    }

    void fewerThreadsGiveTheSame()
    {
        const auto model = open(m_models.at("OpenAI"), "fp32");
        const Matrix before = pictures(*model, 5);
        setThreadCount(1);
        const Matrix after = pictures(*model, 5);
        setThreadCount(0);
        QVERIFY(worst(after, before) < 1e-6);
    }

    void stagesAreTold()
    {
        const auto model = open(m_models.at("OpenAI"), "fp32");
        const StageTimes times;
        (void)pictures(*model, 2);
        if (!times.stages().empty()) { // libtorch's kernels tell nothing
            const auto has = [&times](const char* stage) {
                return std::any_of(times.stages().begin(), times.stages().end(),
                                   [stage](const auto& s) { return s.first == stage; });
            };
            QVERIFY(has("patches") && has("attention") && has("perceptron"));
        }
    }

    /// Weights are packed once, and the pages of the file do not stay.
    void loadingTakesLittleMemory()
    {
        Shapes shapes = openAi();
        shapes["token_embedding.weight"] = {kVocabulary * 4000, kText}; // 51 MB
        const std::string path =
            saveRandom(m_folder.filePath(QStringLiteral("large.safetensors")).toStdString(), shapes);
        const std::size_t before = residentMemory();
        const auto model = open(path, "fp32");
        const std::size_t after = residentMemory();
        const double weights = static_cast<double>(model->info().parameters) * sizeof(float);
        if (before == 0) {
            QSKIP("this system does not tell the resident memory");
        }
        QVERIFY(after > before);
        QVERIFY2(static_cast<double>(after - before) < 1.3 * weights, qPrintable(QString::number(after - before)));
    }

private:
    QTemporaryDir m_folder;
    std::map<std::string, std::string> m_models;
};

QTEST_GUILESS_MAIN(TestClipTowers)
#include "TestClipTowers.moc"
