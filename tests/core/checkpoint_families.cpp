#include "CheckpointResNet.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"

using namespace semascope::core;
using namespace fixture;

class TestFamilies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void singleTowers();
    void towersWithoutProjection();
    void linearTextProjection();
    void resnet();
    void damagedModels_data();
    void damagedModels();
    void unknownPartsOfATower();
    void optionalParts();
    void sentenceTransformers();
    void wrappedNames();
    void headsOfLargeModels();
    void configOfAnotherModel();
    void looks();
    void folders();

private:
    std::string at(const char* name) const { return m_folder->filePath(QString::fromUtf8(name)).toStdString(); }
    std::string put(const char* name, const Shapes& shapes) const { return saveModel(at(name), shapes); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

Shapes only(const Shapes& all, const std::vector<std::string>& starts)
{
    Shapes some;
    for (const auto& [name, shape] : all) {
        if (std::any_of(starts.begin(), starts.end(),
                        [&n = name](const std::string& s) { return n.rfind(s, 0) == 0; })) {
            some[name] = shape;
        }
    }
    return some;
}

} // namespace

void TestFamilies::singleTowers()
{
    const CheckpointInfo vision =
        openCheckpoint(put("v.safetensors", only(huggingFace(), {"vision_", "visual_"}))).info;
    QVERIFY2(vision.supported, vision.why.c_str());
    QVERIFY(vision.clip.hasVision && !vision.clip.hasText);
    const CheckpointInfo text = openCheckpoint(put("t.safetensors", only(huggingFace(), {"text_"}))).info;
    QVERIFY2(text.supported, text.why.c_str());
    QVERIFY(!text.clip.hasVision && text.clip.hasText);
    QCOMPARE(text.clip.embedDim, kEmbed);
    const CheckpointInfo openAiVision = openCheckpoint(put("o.safetensors", only(openAi(), {"visual."}))).info;
    QVERIFY2(openAiVision.supported && !openAiVision.clip.hasText, openAiVision.why.c_str());
}

/// A tower alone may lack its projection (diffusers' text encoders do); two towers may not.
void TestFamilies::towersWithoutProjection()
{
    const CheckpointInfo text = openCheckpoint(put("p.safetensors", only(huggingFace(), {"text_model"}))).info;
    QVERIFY2(text.supported && !text.clip.projected, text.why.c_str());
    QCOMPARE(text.clip.embedDim, kText);
    QVERIFY(mentions(text.clip.assumed, "no projection"));
    const CheckpointInfo vision = openCheckpoint(put("q.safetensors", only(huggingFace(), {"vision_model"}))).info;
    QVERIFY2(vision.supported && !vision.clip.projected, vision.why.c_str());
    QCOMPARE(vision.clip.embedDim, kWidth);
    QVERIFY(describeArchitecture(vision.clip).find("unprojected") != std::string::npos);
    const CheckpointInfo both =
        openCheckpoint(put("r.safetensors", only(huggingFace(), {"vision_", "visual_", "text_model", "logit"}))).info;
    QVERIFY(!both.supported && both.why.find("text_projection.weight") != std::string::npos);
}

void TestFamilies::linearTextProjection()
{
    Shapes shapes = openAi("text.");
    shapes.erase("text.text_projection");
    shapes["text.text_projection.weight"] = {kEmbed, kText};
    shapes["text.text_projection.bias"] = {kEmbed};
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY2(info.supported && info.clip.textProjIsLinear && info.clip.customText, info.why.c_str());
}

void TestFamilies::resnet()
{
    Shapes shapes = resNet();
    for (const auto& [name, shape] : openAi()) {
        if (name.rfind("visual.", 0) != 0) {
            shapes[name] = shape;
        }
    }
    const CheckpointInfo info = openCheckpoint(put("rn.safetensors", shapes)).info;
    QVERIFY2(info.supported, info.why.c_str());
    QVERIFY(info.clip.resnet);
    QCOMPARE(info.clip.resnetBlocks, (std::array<int, 4>{2, 1, 1, 1}));
    QCOMPARE(info.clip.visionWidth, 4);
    QCOMPARE(info.clip.visionHeads, 2);
    QCOMPARE(info.clip.imageSize, 64);
    QCOMPARE(info.clip.embedDim, kEmbed);
    shapes.erase("visual.layer3.0.bn2.running_var");
    const CheckpointInfo damaged = openCheckpoint(put("rn.safetensors", shapes)).info;
    QVERIFY(!damaged.supported && damaged.why.find("visual.layer3.0.bn2.running_var") != std::string::npos);
}

void TestFamilies::damagedModels_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("rows"); // 0: the tensor is missing
    QTest::addColumn<QString>("word");
    const auto row = [](const char* key, int rows, const char* word) {
        QTest::addRow("%s %d", key, rows) << QString::fromLatin1(key) << rows << QString::fromLatin1(word);
    };
    row("logit_scale", 0, "missing");
    row("visual.ln_post.bias", 0, "missing");
    row("visual.transformer.resblocks.0.mlp.c_fc.weight", 0, "missing");
    row("transformer.resblocks.0.attn.in_proj_weight", 0, "missing");
    row("visual.class_embedding", 3, "[3] where [128] is expected");
    row("text_projection", 3, "text_projection");
    row("visual.positional_embedding", 19, "square");
    row("transformer.resblocks.0.attn.out_proj.bias", 65, "[65] where [64]");
}

void TestFamilies::damagedModels()
{
    QFETCH(QString, key);
    QFETCH(int, rows);
    QFETCH(QString, word);
    Shapes shapes = openAi();
    if (rows == 0) {
        shapes.erase(key.toStdString());
    } else {
        shapes.at(key.toStdString())[0] = rows;
    }
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!info.supported);
    QVERIFY2(QString::fromStdString(info.why).contains(word), info.why.c_str());
}

void TestFamilies::unknownPartsOfATower()
{
    Shapes shapes = openAi();
    shapes["unrelated"] = {1};
    const CheckpointInfo harmless = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(harmless.supported && mentions(harmless.warnings, "unrelated"));
    shapes.erase("unrelated");
    shapes["visual.transformer.resblocks.0.attn.q_norm.weight"] = {kWidth};
    const CheckpointInfo variant = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!variant.supported && variant.why.find("attn.q_norm.weight") != std::string::npos);
}

void TestFamilies::optionalParts()
{
    Shapes shapes = openAi();
    shapes["logit_scale"] = {1}; // OpenCLIP may store it so
    shapes["logit_bias"] = {1};
    shapes["visual.transformer.resblocks.0.ls_1.gamma"] = {kWidth};
    const CheckpointInfo half = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!half.supported && half.why.find("ls_2.gamma") != std::string::npos);
    shapes["visual.transformer.resblocks.0.ls_2.gamma"] = {kWidth};
    const CheckpointInfo scaled = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY2(scaled.supported && scaled.clip.layerScale, scaled.why.c_str());
    shapes["logit_scale"] = {2};
    const CheckpointInfo two = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!two.supported && two.why.find("more than one number") != std::string::npos);
    // without the norm before the tower nothing but CLIPA is known, and pooling cannot be told without its config
    Shapes bare = openAi();
    bare.erase("visual.ln_pre.weight");
    bare.erase("visual.ln_pre.bias");
    const CheckpointInfo clipa = openCheckpoint(put("clipa.safetensors", bare)).info;
    QVERIFY(!clipa.supported && clipa.family.find("CLIPA") != std::string::npos);
}

/// sentence-transformers keeps its CLIP in a folder of its own.
void TestFamilies::sentenceTransformers()
{
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("st/0_CLIPModel")));
    save(*m_folder, QStringLiteral("st/modules.json"), "[]");
    save(*m_folder, QStringLiteral("st/0_CLIPModel/config.json"), R"({"model_type":"clip"})");
    save(*m_folder, QStringLiteral("st/0_CLIPModel/vocab.json"), "{}");
    save(*m_folder, QStringLiteral("st/0_CLIPModel/merges.txt"), "");
    put("st/0_CLIPModel/model.safetensors", huggingFace());
    QVERIFY(looksLikeCheckpoint(at("st")));
    const CheckpointInfo info = openCheckpoint(at("st")).info;
    QVERIFY2(info.supported, info.why.c_str());
    QCOMPARE(info.vocabulary, at("st/0_CLIPModel"));
    QCOMPARE(info.name, std::string("st"));
}

void TestFamilies::wrappedNames()
{
    for (const char* prefix : {"module.", "_orig_mod.", "module._orig_mod.", "model.", "clip.", "clip_model.module."}) {
        Shapes wrapped;
        for (const auto& [key, shape] : openAi()) {
            wrapped[prefix + key] = shape;
        }
        const CheckpointInfo info = openCheckpoint(put("w.safetensors", wrapped)).info;
        QVERIFY2(info.supported, info.why.c_str());
    }
    Shapes averaged{{"n_averaged", {}}};
    for (const auto& [key, shape] : openAi()) {
        averaged["module." + key] = shape;
    }
    const Checkpoint swa = openCheckpoint(put("a.safetensors", averaged));
    QVERIFY2(swa.info.supported && swa.state.ignored == std::vector<std::string>{"n_averaged"}, swa.info.why.c_str());
}

void TestFamilies::headsOfLargeModels()
{
    // No weights of this size are needed: shapes without a text tower, one narrow hidden layer.
    Shapes shapes;
    for (auto [name, shape] : only(openAi(), {"visual."})) {
        for (std::int64_t& size : shape) {
            size = size == kWidth ? 1280 : size == 3 * kWidth ? 3840 : size == 2 * kWidth ? 8 : size;
        }
        shapes[name] = shape;
    }
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY2(info.supported, info.why.c_str());
    QCOMPARE(info.clip.visionHeads, 16);
    QVERIFY(mentions(info.clip.assumed, "16 heads"));
}

void TestFamilies::configOfAnotherModel()
{
    const QByteArray config = R"({"model_cfg":{"embed_dim":999,"quick_gelu":false,"vision_cfg":{},"text_cfg":{}}})";
    save(*m_folder, QStringLiteral("open_clip_config.json"), config);
    const CheckpointInfo info = openCheckpoint(put("mine.safetensors", openAi())).info;
    QVERIFY(info.supported);
    QVERIFY(activationUnknown(info.clip)); // it is not read off that config
    QVERIFY(mentions(info.warnings, "another model"));
    QCOMPARE(info.warnings.size(), std::size_t(2));
}

void TestFamilies::looks()
{
    const auto looksLike = [this](const char* name, const QByteArray& bytes) {
        return looksLikeCheckpoint(save(*m_folder, QString::fromLatin1(name), bytes));
    };
    const QByteArray pickle = Pickle().op("}").done();
    QVERIFY(looksLike("a.pt", torchZip(pickle)));
    QVERIFY(looksLike("a.unusual", torchZip(pickle)));
    QVERIFY(looksLike("b.pt", torchLegacy(pickle, {})));
    QVERIFY(looksLike("c.bin", "version https://git-lfs.github.com/spec/v1\n"));
    QVERIFY(looksLike("d.unusual", safetensors("{\"a\":1}")));
    QVERIFY(looksLike("e.safetensors", "cut"));
    QVERIFY(!looksLike("f.npz", zip({{"a.npy", "x"}})));
    QVERIFY(!looksLike("f.zip", zip({{"a.npy", "x"}})));
    QVERIFY(!looksLike("g.npy", QByteArray("\x93NUMPY\x01\x00", 8)));
    QVERIFY(!looksLike("h.csv", "path,label\n{\"a\":1}\n"));
    QVERIFY(!looksLike("i.bin", QByteArray(3073, '\x06')));
    QVERIFY(!looksLike("j.json", "{\"a\": 1}"));
    QVERIFY(!looksLike("k.pt", "nothing"));
    QVERIFY(!looksLikeCheckpoint(at("absent")));
    QVERIFY(!looksLikeCheckpoint(QStringLiteral("/dev/zero").toStdString()));
}

void TestFamilies::folders()
{
    const std::string folder = m_folder->path().toStdString();
    QVERIFY(!looksLikeCheckpoint(folder));
    QVERIFY(errorOf([&] { openCheckpoint(folder); }).contains(QStringLiteral("holds no weights")));
    QVERIFY(errorOf([&] { openCheckpoint(folder + "/nothing"); }).contains(QStringLiteral("no file or folder")));
    put("first.safetensors", openAi());
    QVERIFY(looksLikeCheckpoint(folder));
    QVERIFY(openCheckpoint(folder).info.supported);
    QCOMPARE(openCheckpoint(folder + "/").info.name, m_folder->path().section(QLatin1Char('/'), -1).toStdString());
    put("second.safetensors", openAi());
    QVERIFY(errorOf([&] { openCheckpoint(folder); }).contains(QStringLiteral("several checkpoints")));
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("models--who--what/snapshots/abc")));
    QCOMPARE(openCheckpoint(put("models--who--what/snapshots/abc/model.safetensors", huggingFace())).info.name,
             std::string("who/what"));
}

QTEST_GUILESS_MAIN(TestFamilies)
#include "checkpoint_families.moc"
