#include "CheckpointModels.h"
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
    void linearTextProjection();
    void resnet();
    void damagedModels_data();
    void damagedModels();
    void unknownPartsOfATower();
    void otherFamilies_data();
    void otherFamilies();
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
    const CheckpointInfo noProjection = openCheckpoint(put("p.safetensors", only(huggingFace(), {"text_model"}))).info;
    QVERIFY(!noProjection.supported && noProjection.why.find("text_projection.weight") != std::string::npos);
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
    shapes["visual.transformer.resblocks.0.ls_1.gamma"] = {kWidth};
    const CheckpointInfo variant = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!variant.supported && variant.why.find("ls_1.gamma") != std::string::npos);
}

void TestFamilies::otherFamilies_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("family");
    const auto row = [](const char* key, const char* family) {
        QTest::newRow(key) << QString::fromLatin1(key) << QString::fromLatin1(family);
    };
    row("vision_model.head.probe", "SigLIP");
    row("visual.trunk.attn_pool.latent", "SigLIP");
    row("visual.trunk.blocks.0.mlp.fc1_g.weight", "EVA");
    row("visual.blocks.0.attn.q_proj.weight", "EVA");
    row("visual.trunk.stages.0.weight", "timm");
    row("text.transformer.embeddings.word_embeddings.weight", "Hugging Face text tower");
    row("bert.embeddings.word_embeddings.weight", "Chinese-CLIP");
    row("text_model.embeddings.word_embeddings.weight", "Chinese-CLIP");
    row("image_encoder.model.patch_embed.0.rbr_conv.0.conv.weight", "MobileCLIP");
    row("text_decoder.ln_final.weight", "CoCa");
    row("encoder.conv1.weight", "state dict (");
}

void TestFamilies::otherFamilies()
{
    QFETCH(QString, key);
    QFETCH(QString, family);
    const bool inClip = !family.startsWith(QStringLiteral("state"));
    Shapes shapes = inClip ? openAi() : Shapes();
    shapes[key.toStdString()] = {2};
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!info.supported);
    QVERIFY2(QString::fromStdString(info.family).contains(family), info.family.c_str());
    QVERIFY2(inClip ? info.why.find("it needs") != std::string::npos : info.why.find("no CLIP") != std::string::npos,
             info.why.c_str());
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
    QCOMPARE(info.clip.visionActivation, Activation::QuickGelu);
    QVERIFY(mentions(info.warnings, "another model"));
    QCOMPARE(info.warnings.size(), std::size_t(1));
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
