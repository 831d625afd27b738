#include "Shared.h"
#include "core/clip/ClipModel.h"
#include "core/clip/Embedder.h"
#include "core/clip/Preprocess.h"
#include "core/data/Arrays.h"
#include "core/session/Sample.h"

#include <QTemporaryDir>

#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

using namespace semascope::core;

namespace {

constexpr double kFeatureTolerance = 1e-4; // of the largest expected value, as the goldens' README says

std::shared_ptr<ClipModel> openModel(const std::string& path, std::optional<Activation> activation = std::nullopt)
{
    JobContext job;
    ModelSpec spec;
    spec.path = path;
    spec.device = "cpu";
    spec.precision = "fp32";
    spec.activation = activation;
    return ClipModel::open(spec, job);
}

double relativeDifference(const Matrix& got, const Matrix& expected)
{
    if (got.rows() != expected.rows() || got.cols() != expected.cols()) {
        return INFINITY;
    }
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < got.rows() * got.cols(); ++i) {
        difference = std::max(difference, std::abs(double(got.data()[i]) - expected.data()[i]));
        largest = std::max(largest, std::abs(double(expected.data()[i])));
    }
    return difference / largest;
}

Matrix expectedMatrix(const std::string& path)
{
    return toMatrix(readNpy(path), path);
}

Matrix encodeImages(const ClipModel& model, const std::string& path)
{
    const Array a = readNpy(path);
    JobContext job;
    return model.encodePictures(static_cast<const float*>(a.data), a.shape[0], job);
}

Matrix encodeTokens(const ClipModel& model, const std::string& path)
{
    Array a = readNpy(path);
    const std::size_t n = a.shape[0], length = a.shape[1];
    a.shape = {n * length};
    const auto flat = toLabels(a, path);
    std::vector<std::vector<std::int32_t>> ids(n);
    for (std::size_t r = 0; r < n; ++r) {
        for (std::size_t j = 0; j < length; ++j) {
            ids[r].push_back(static_cast<std::int32_t>(flat[r * length + j]));
        }
    }
    JobContext job;
    return model.encodeTokens(ids, job);
}

} // namespace

/// Towers against the reference implementation's features, and the embedder on generated pictures.
class TestClipModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void features_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("suffix");
        const auto row = [](const char* model, const char* folder, const char* suffix) {
            QTest::newRow(model) << QString::fromLatin1(model) << QString::fromLatin1(folder)
                                 << QString::fromLatin1(suffix);
        };
        row("vit_tiny/openai_fp32.safetensors", "vit_tiny", "");
        row("vit_tiny/openai_bf16.safetensors", "vit_tiny", "_from_bf16");
        row("vit_tiny/sd_fp16_zip.pt", "vit_tiny", "_from_fp16");
        row("vit_tiny/own_torchscript.pt", "vit_tiny", "");
        row("vit_tiny/own_torchscript_fp16.pt", "vit_tiny", "_from_fp16");
        row("vit_tiny/hf", "vit_tiny", "_from_fp16");
        row("vit_tiny/openclip", "vit_tiny", "_from_fp16");
        row("vit_micro/openai_fp16.safetensors", "vit_micro", "");
        row("vit_micro/sd_legacy.pt", "vit_micro", "");
        row("vit_micro/sd_dict_zip_proto4.pt", "vit_micro", "");
        row("vit_micro/sd_dict_zip.pt", "vit_micro", "");
        row("vit_micro/sd_parameters_zip.pt", "vit_micro", "");
        row("vit_micro/ckpt_train_zip.pt", "vit_micro", "");
        row("vit_micro/hf", "vit_micro", "");
        row("vit_micro/openclip_customtext.safetensors", "vit_micro", "");
        row("vit_openclip", "vit_openclip", "");
        row("rn_tiny/sd_fp16_zip.pt", "rn_tiny", "_from_fp16");
        row("rn_tiny/own_torchscript_fp16.pt", "rn_tiny", "_from_fp16");
    }

    void features()
    {
        NEEDS_SHARED("goldens/clip/models.json");
        QFETCH(QString, model);
        QFETCH(QString, folder);
        QFETCH(QString, suffix);
        const std::string base = sharedPath("goldens/clip/") + folder.toStdString() + "/";
        const std::string end = suffix.toStdString() + ".npy";
        const auto clip = openModel(sharedPath("goldens/clip/") + model.toStdString());
        const double image =
            relativeDifference(encodeImages(*clip, base + "image.npy"), expectedMatrix(base + "image_features" + end));
        const double text =
            relativeDifference(encodeTokens(*clip, base + "tokens.npy"), expectedMatrix(base + "text_features" + end));
        QVERIFY2(image <= kFeatureTolerance, qPrintable(QStringLiteral("image %1").arg(image)));
        QVERIFY2(text <= kFeatureTolerance, qPrintable(QStringLiteral("text %1").arg(text)));
    }

    void otherActivations()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/openai_fp32.safetensors");
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const std::pair<Activation, std::string> cases[] = {{Activation::Gelu, "_gelu"},
                                                            {Activation::GeluTanh, "_gelu_tanh"}};
        for (const auto& [activation, suffix] : cases) {
            const auto clip = openModel(base + "openai_fp32.safetensors", activation);
            QVERIFY(relativeDifference(encodeImages(*clip, base + "image.npy"),
                                       expectedMatrix(base + "image_features" + suffix + ".npy")) <= kFeatureTolerance);
        }
    }

    void paddingDoesNotMatter()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/tokens_eotpad.npy");
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const auto clip = openModel(base + "openai_fp32.safetensors");
        QVERIFY(relativeDifference(encodeTokens(*clip, base + "tokens_eotpad.npy"),
                                   encodeTokens(*clip, base + "tokens.npy")) < 1e-6);
    }

    void textsEndToEnd()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/hf_texts.json");
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const auto bytes = readRegularFile(base + "hf_texts.json");
        std::vector<std::string> texts;
        const auto golden = nlohmann::json::parse(bytes);
        for (const auto& line : golden["texts"]) {
            texts.push_back(line["text"].get<std::string>());
        }
        const auto clip = openModel(base + "hf");
        JobContext job;
        const Matrix got = clip->encodeTexts(texts, job);
        const Matrix expected = normaliseRows(expectedMatrix(base + "hf_texts_features_from_fp16.npy"));
        QVERIFY(relativeDifference(got, expected) <= kFeatureTolerance);
    }

    void picturesEndToEnd()
    {
        NEEDS_SHARED("goldens/clip/image/golden.json");
        const std::string base = sharedPath("goldens/clip/");
        const auto bytes = readRegularFile(base + "image/golden.json");
        const auto clip = openModel(base + "vit_tiny/openai_fp32.safetensors");
        const auto side = static_cast<std::size_t>(clip->info().clip.imageSize);
        std::vector<float> pixels;
        const auto golden = nlohmann::json::parse(bytes);
        for (const auto& c : golden["cases"]) {
            const Picture p = decodeForModel(readRegularFile(base + "image/" + c["name"].get<std::string>() + ".png"));
            pixels.resize(pixels.size() + 3 * side * side);
            preprocess(p, clip->info().clip.preprocess, pixels.data() + pixels.size() - 3 * side * side);
        }
        JobContext job;
        const Matrix got = clip->encodePictures(pixels.data(), pixels.size() / (3 * side * side), job);
        QVERIFY(relativeDifference(got, expectedMatrix(base + "vit_tiny/png_features.npy")) <= kFeatureTolerance);
    }

    void embedderFollowsDatasetOrder()
    {
        const auto [data, clip] = sample();
        JobContext job;
        const Embedding all = embed(data, *clip, Modality::Picture, true, job);
        QCOMPARE(all.rows.rows() + all.skipped.size(), data.samples.size());
        QVERIFY(std::is_sorted(all.sampleIndex.begin(), all.sampleIndex.end()));
        // a picture alone gives the same row as within its batch
        const Embedding one = embed(takeSamples(data, {7}, "one"), *clip, Modality::Picture, true, job);
        double difference = 0;
        for (std::size_t j = 0; j < one.rows.cols(); ++j) {
            difference = std::max(difference, std::abs(double(one.rows.at(0, j)) - all.rows.at(7, j)));
        }
        QVERIFY2(difference < 1e-5, qPrintable(QString::number(difference)));
    }

    void embedderStops()
    {
        const auto [data, clip] = sample();
        std::stop_source source;
        JobContext job(source.get_token());
        job.onProgress = [&source](const Progress& p) {
            if (p.done > 0) {
                source.request_stop();
            }
        };
        try {
            (void)embed(data, *clip, Modality::Picture, true, job);
            QFAIL("the embedding was not stopped");
        } catch (const Error& e) {
            QCOMPARE(e.code(), Code::Cancelled);
        }
    }

    void captionsBecomeRows()
    {
        const auto [data, clip] = sample();
        JobContext job;
        const Dataset few = takeSamples(data, {0, 1, 2}, "few");
        const Embedding e = embed(few, *clip, Modality::Text, true, job);
        QCOMPARE(e.rows.rows(), std::size_t(3));
        const Matrix direct = clip->encodeTexts({few.samples[1].captions.front()}, job);
        QVERIFY(cosineScores(Matrix(e.rows.row(1), 1, e.rows.cols(), nullptr), direct).at(0, 0) > 0.99999f);
    }

    void refusesTokensOfAnotherModel()
    {
        const auto [data, clip] = sample();
        JobContext job;
        QVERIFY_THROWS_EXCEPTION(Error, (void)clip->encodeTokens({{1, clip->info().clip.vocabSize}}, job));
        QVERIFY_THROWS_EXCEPTION(Error, (void)openModel("/nonexistent/model"));
    }

private:
    std::pair<Dataset, std::shared_ptr<ClipModel>> sample()
    {
        JobContext job;
        const SampleFiles files = builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
        OpenSpec spec;
        spec.path = files.pictures;
        return {openDataset(spec, job), openModel(files.model)};
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestClipModel)
#include "TestClipModel.moc"
