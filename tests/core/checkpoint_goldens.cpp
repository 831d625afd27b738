#include "CheckpointFixtures.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"
#include "core/data/Arrays.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace semascope::core;
using namespace fixture;

/// The shared files, against what their own case lists say of them.
class TestCheckpointGoldens : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goldenCases();
    void goldenOddTensors();
    void goldenContainersAgree();
    void goldenAutoencoders();
    void detection_data();
    void detection();
    void preparation();
    void otherThings();
};

namespace {

template<class T> float as(const Array& array, std::size_t i)
{
    return static_cast<float>(static_cast<const T*>(array.data)[i]);
}

float elementOf(const Array& array, std::size_t i)
{
    switch (array.type) {
    case ElementType::Bool:
    case ElementType::U8:
        return as<std::uint8_t>(array, i);
    case ElementType::I8:
        return as<std::int8_t>(array, i);
    case ElementType::I16:
        return as<std::int16_t>(array, i);
    case ElementType::I32:
        return as<std::int32_t>(array, i);
    case ElementType::I64:
        return as<std::int64_t>(array, i);
    case ElementType::F64:
        return as<double>(array, i);
    case ElementType::F16: {
        TensorView view;
        view.type = TensorType::F16;
        view.data = static_cast<const std::uint8_t*>(array.data) + 2 * i;
        return toFloats(view).front();
    }
    default:
        return as<float>(array, i);
    }
}

} // namespace

void TestCheckpointGoldens::goldenCases()
{
    NEEDS_SHARED("goldens/clip/container/cases.json");
    const std::string root = sharedPath("goldens/clip/container/");
    const auto cases = QJsonDocument::fromJson(load(root + "cases.json")).object();
    for (const QString& name : cases[QLatin1String("accept")].toObject().keys()) {
        const QString message = errorOf([&] { readTorchFile(root + name.toStdString()); });
        QVERIFY2(message.isEmpty(), qPrintable(message));
    }
    for (const QString& name : cases[QLatin1String("reject")].toObject().keys()) {
        const QString message = errorOf([&] { readTorchFile(root + name.toStdString()); });
        QVERIFY2(message.contains(name), qPrintable(name + message));
    }
    for (const QString& name : cases[QLatin1String("never_execute")].toObject().keys()) {
        const StateDict state = readTorchFile(root + name.toStdString());
        QVERIFY(state.find("w") && state.tensors.size() == 1);
        QCOMPARE(state.ignored, std::vector<std::string>{"posix.system"});
        QVERIFY(!QFileInfo::exists(QStringLiteral("evil_marker_file")));
    }
}

void TestCheckpointGoldens::goldenOddTensors()
{
    NEEDS_SHARED("goldens/clip/container/odd_zip.pt");
    const std::string root = sharedPath("goldens/clip/container/odd_");
    for (const char* name : {"zip.pt", "legacy.pt"}) {
        const StateDict state = readTorchFile(root + name);
        QVERIFY(state.tensors.size() > 10);
        for (const auto& [key, view] : state.tensors) {
            const Array array = readNpy(root + key + ".npy");
            QVERIFY2(std::equal(view.shape.begin(), view.shape.end(), array.shape.begin(), array.shape.end()),
                     key.c_str());
            std::vector<float> expected;
            for (std::size_t i = 0; i < array.count(); ++i) {
                expected.push_back(elementOf(array, i));
            }
            QVERIFY2(toFloats(view) == expected, key.c_str());
        }
    }
}

void TestCheckpointGoldens::goldenContainersAgree()
{
    NEEDS_SHARED("goldens/clip/vit_micro/openai_fp16.safetensors");
    const std::string root = sharedPath("goldens/clip/vit_micro/");
    const StateDict wanted = readStateDict(root + "openai_fp16.safetensors");
    for (const char* name : {"sd_dict_zip.pt", "sd_dict_zip_proto4.pt", "sd_legacy.pt", "sd_parameters_zip.pt",
                             "ckpt_train_zip.pt", "openclip_customtext.safetensors"}) {
        const StateDict state = readStateDict(root + name);
        QCOMPARE(state.tensors.size(), wanted.tensors.size());
        for (const auto& [key, view] : wanted.tensors) {
            const TensorView* same = state.find(key);
            same = same ? same : state.find("text." + key);
            QVERIFY2(same && same->shape == view.shape && toFloats(*same) == toFloats(view), key.c_str());
        }
    }
    for (const char* pair : {"vit_tiny/own_torchscript_fp16.pt", "rn_tiny/own_torchscript_fp16.pt"}) {
        const std::string archive = sharedPath("goldens/clip/") + pair;
        const StateDict script = readStateDict(archive);
        const StateDict plain = readStateDict(archive.substr(0, archive.rfind('/')) + "/sd_fp16_zip.pt");
        for (const char* buffer : {"input_resolution", "context_length", "vocab_size"}) {
            QVERIFY(script.find(buffer) && script.find(buffer)->shape.empty());
        }
        for (const auto& [key, view] : plain.tensors) {
            const TensorView* same = script.find(key);
            QVERIFY2((same && toFloats(*same) == toFloats(view)) || key.find("num_batches") != std::string::npos,
                     key.c_str());
        }
    }
}

void TestCheckpointGoldens::goldenAutoencoders()
{
    NEEDS_SHARED("data/vae");
    for (const char* name : {"VAE_celeba", "betaH_celeba", "btcvae_celeba", "btcvae_dsprites"}) {
        const StateDict state = readStateDict(sharedPath("data/vae/") + name + "/model.pt");
        QCOMPARE(state.container, std::string("torch legacy"));
        QVERIFY(state.tensors.size() > 10 && state.find("encoder.conv1.weight"));
    }
}

void TestCheckpointGoldens::detection_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("configured");
    const auto row = [](const char* path, const char* model, bool configured) {
        QTest::newRow(path) << QString::fromLatin1(path) << QString::fromLatin1(model) << configured;
    };
    row("vit_tiny/openai_fp32.safetensors", "vit_tiny", false);
    row("vit_tiny/openai_bf16.safetensors", "vit_tiny", false);
    row("vit_tiny/sd_fp16_zip.pt", "vit_tiny", false);
    row("vit_tiny/own_torchscript.pt", "vit_tiny", false);
    row("vit_tiny/own_torchscript_fp16.pt", "vit_tiny", false);
    row("vit_tiny/hf", "vit_tiny", true);
    row("vit_tiny/openclip", "vit_tiny", true);
    row("vit_tiny/openclip/open_clip_model.safetensors", "vit_tiny", true);
    row("vit_openclip", "vit_openclip", true);
    row("vit_micro/hf", "vit_micro", true);
    row("vit_micro/sd_legacy.pt", "vit_micro", false);
    row("vit_micro/ckpt_train_zip.pt", "vit_micro", false);
    row("vit_micro/openclip_customtext.safetensors", "vit_micro", false);
    row("vit_fullvocab", "vit_fullvocab", false);
    row("rn_tiny/sd_fp16_zip.pt", "rn_tiny", false);
    row("rn_tiny/own_torchscript_fp16.pt", "rn_tiny", false);
}

void TestCheckpointGoldens::detection()
{
    NEEDS_SHARED("goldens/clip/models.json");
    QFETCH(QString, path);
    QFETCH(QString, model);
    QFETCH(bool, configured);
    const auto models = QJsonDocument::fromJson(load(sharedPath("goldens/clip/models.json"))).object();
    const QJsonObject wanted = models[model].toObject();
    const QJsonObject cfg = wanted[QLatin1String("cfg")].toObject();
    const std::string full = sharedPath("goldens/clip/") + path.toStdString();
    QVERIFY(looksLikeCheckpoint(full));
    const CheckpointInfo info = openCheckpoint(full).info;
    QVERIFY2(info.supported, info.why.c_str());
    QVERIFY2(info.warnings.empty(), info.warnings.empty() ? "" : info.warnings.front().c_str());
    QCOMPARE(info.clip.assumed.empty(), configured);
    const ClipConfig& clip = info.clip;
    const auto number = [&cfg](const char* key) { return cfg[QLatin1String(key)].toInt(); };
    QCOMPARE(clip.embedDim, number("embed_dim"));
    QCOMPARE(clip.imageSize, number("image_resolution"));
    QCOMPARE(clip.preprocess.size, clip.imageSize);
    QCOMPARE(clip.visionWidth, number("vision_width"));
    QCOMPARE(clip.contextLength, number("context_length"));
    QCOMPARE(clip.vocabSize, number("vocab_size"));
    QCOMPARE(clip.textWidth, number("transformer_width"));
    QCOMPARE(clip.textHeads, number("transformer_heads"));
    QCOMPARE(clip.textLayers, number("transformer_layers"));
    QCOMPARE(clip.visionHeads, wanted[QLatin1String("vision_heads")].toInt());
    QCOMPARE(activationName(clip.textActivation), wanted[QLatin1String("activation")].toString().toStdString());
    QCOMPARE(clip.visionActivation, clip.textActivation);
    QCOMPARE(clip.eotRule, EotRule::Argmax);
    const QJsonValue layers = cfg[QLatin1String("vision_layers")];
    QCOMPARE(clip.resnet, layers.isArray());
    if (clip.resnet) {
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(clip.resnetBlocks[i], layers.toArray()[static_cast<int>(i)].toInt());
        }
    } else {
        QCOMPARE(clip.visionLayers, layers.toInt());
        QCOMPARE(clip.patchSize, number("vision_patch_size"));
    }
    std::uint64_t parameters = 0;
    const QJsonObject keys = wanted[QLatin1String("keys")].toObject();
    for (const QString& key : keys.keys()) {
        std::uint64_t count = 1;
        for (const QJsonValue& size : keys[key].toArray()) {
            count *= static_cast<std::uint64_t>(size.toInt());
        }
        const bool statistic = key.contains(QLatin1String("running_")) || key.contains(QLatin1String("num_batches"));
        parameters += statistic ? 0 : count;
    }
    QCOMPARE(info.parameters, parameters);
}

void TestCheckpointGoldens::preparation()
{
    NEEDS_SHARED("goldens/clip/vit_openclip");
    const CheckpointInfo openClip = openCheckpoint(sharedPath("goldens/clip/vit_openclip")).info;
    QCOMPARE(openClip.clip.preprocess.mean, (std::array<float, 3>{0.5f, 0.5f, 0.5f}));
    QCOMPARE(openClip.clip.layout, ClipLayout::OpenClip);
    QVERIFY(!openClip.clip.preprocess.hfCrop);
    const CheckpointInfo hf = openCheckpoint(sharedPath("goldens/clip/vit_tiny/hf"), Activation::Gelu).info;
    QCOMPARE(hf.clip.layout, ClipLayout::HuggingFace);
    QVERIFY(hf.clip.preprocess.hfCrop && hf.clip.textProjIsLinear);
    QCOMPARE(hf.clip.visionActivation, Activation::Gelu);
    QCOMPARE(hf.vocabulary, sharedPath("goldens/clip/vit_tiny/hf"));
    const ClipConfig custom =
        openCheckpoint(sharedPath("goldens/clip/vit_micro/openclip_customtext.safetensors")).info.clip;
    QVERIFY(custom.customText && custom.layout == ClipLayout::OpenClip);
}

void TestCheckpointGoldens::otherThings()
{
    NEEDS_SHARED("data");
    const CheckpointInfo vae = openCheckpoint(sharedPath("data/vae/VAE_celeba")).info;
    QVERIFY(!vae.supported && vae.family.rfind("state dict (", 0) == 0);
    QVERIFY(vae.why.find("no CLIP") != std::string::npos);
    for (const char* path : {"data/cifar10", "data/mnist", "data/coco-photos", "data/coco-clip", "data/cmu-faces",
                             "goldens/clip/vit_tiny/image.npy", "goldens/clip/models.json", "goldens/clip/image",
                             "goldens/clip/tokenizer/bpe_simple_vocab_16e6.txt.gz"}) {
        QVERIFY2(!looksLikeCheckpoint(sharedPath(path)), path);
    }
    const QDir cifar(QString::fromStdString(sharedPath("data/cifar10")));
    for (const QFileInfo& file : cifar.entryInfoList(QDir::Files)) {
        QVERIFY2(!looksLikeCheckpoint(file.filePath().toStdString()), qPrintable(file.fileName()));
    }
}

QTEST_GUILESS_MAIN(TestCheckpointGoldens)
#include "checkpoint_goldens.moc"
