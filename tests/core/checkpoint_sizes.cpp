#include "CheckpointModels.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"
#include "core/checkpoint/ModelCard.h"

#include <cmath>

using namespace semascope::core;
using namespace fixture;

namespace {

struct Tower
{
    int width = 0, layers = 0, heads = 0;
    double mlpRatio = 4;
};
struct Published
{
    const char* name;
    int image = 224, patch = 32, embed = 512;
    Tower vision;
    std::array<int, 4> blocks{}; ///< of a ModifiedResNet
    Tower text;
    double millions = 0; ///< of parameters, as published; 0 where no number is
};

constexpr Tower kText512{512, 12, 8}, kText640{640, 12, 10}, kText768{768, 12, 12}, kText1024{1024, 24, 16};

/// The published models (shared/reference/clip_formats.md, 2.1).
const std::vector<Published>& published()
{
    static const std::vector<Published> all{
        {"ViT-B/32", 224, 32, 512, {768, 12, 12}, {}, kText512, 151.28},
        {"ViT-B/16", 224, 16, 512, {768, 12, 12}, {}, kText512, 149.62},
        {"ViT-L/14", 224, 14, 768, {1024, 24, 16}, {}, kText768, 427.6},
        {"ViT-L/14@336", 336, 14, 768, {1024, 24, 16}, {}, kText768, 427.9},
        {"RN50", 224, 0, 1024, {64, 16, 32}, {3, 4, 6, 3}, kText512, 102.0},
        {"RN101", 224, 0, 512, {64, 33, 32}, {3, 4, 23, 3}, kText512, 119.7},
        {"RN50x4", 288, 0, 640, {80, 26, 40}, {4, 6, 10, 6}, kText640, 178.3},
        {"RN50x16", 384, 0, 768, {96, 40, 48}, {6, 8, 18, 8}, kText768, 291.0},
        {"RN50x64", 448, 0, 1024, {128, 64, 64}, {3, 15, 36, 10}, {1024, 12, 16}, 623.3},
        {"ViT-B/16+", 240, 16, 640, {896, 12, 14}, {}, kText640, 208.4},
        {"ViT-H/14", 224, 14, 1024, {1280, 32, 16}, {}, kText1024, 986.1},
        {"ViT-g/14", 224, 14, 1024, {1408, 40, 16, 4.3637}, {}, kText1024, 1366.7},
        {"ViT-bigG/14", 224, 14, 1280, {1664, 48, 16, 4.9231}, {}, {1280, 32, 20}, 2539.6},
        {"ViT-e/14", 224, 14, 1280, {1792, 56, 16, 8.5715}, {}, {1280, 36, 20}, 0},
    };
    return all;
}

void addPair(Shapes& s, const std::string& stem, std::vector<std::int64_t> weight)
{
    s[stem + ".bias"] = {weight[0]};
    s[stem + ".weight"] = std::move(weight);
}

void addTransformer(Shapes& s, const std::string& prefix, const Tower& tower)
{
    const int d = tower.width, hidden = static_cast<int>(d * tower.mlpRatio);
    for (int i = 0; i < tower.layers; ++i) {
        const std::string b = prefix + std::to_string(i) + ".";
        s[b + "attn.in_proj_weight"] = {3 * d, d};
        s[b + "attn.in_proj_bias"] = {3 * d};
        addPair(s, b + "attn.out_proj", {d, d});
        addPair(s, b + "ln_1", {d});
        addPair(s, b + "ln_2", {d});
        addPair(s, b + "mlp.c_fc", {hidden, d});
        addPair(s, b + "mlp.c_proj", {d, hidden});
    }
}

void addNorm(Shapes& s, const std::string& stem, int width)
{
    for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
        s[stem + "." + part] = {width};
    }
}

void addResNet(Shapes& s, const Published& m)
{
    const int w = m.vision.width, features = 32 * w, grid = m.image / 32;
    s["visual.conv1.weight"] = {w / 2, 3, 3, 3};
    s["visual.conv2.weight"] = {w / 2, w / 2, 3, 3};
    s["visual.conv3.weight"] = {w, w / 2, 3, 3};
    addNorm(s, "visual.bn1", w / 2);
    addNorm(s, "visual.bn2", w / 2);
    addNorm(s, "visual.bn3", w);
    int input = w;
    for (int layer = 0; layer < 4; ++layer) {
        const int width = w << layer;
        for (int j = 0; j < m.blocks[static_cast<std::size_t>(layer)]; ++j) {
            const std::string b = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(j) + ".";
            s[b + "conv1.weight"] = {width, input, 1, 1};
            s[b + "conv2.weight"] = {width, width, 3, 3};
            s[b + "conv3.weight"] = {4 * width, width, 1, 1};
            addNorm(s, b + "bn1", width);
            addNorm(s, b + "bn2", width);
            addNorm(s, b + "bn3", 4 * width);
            if (j == 0) {
                s[b + "downsample.0.weight"] = {4 * width, input, 1, 1};
                addNorm(s, b + "downsample.1", 4 * width);
            }
            input = 4 * width;
        }
    }
    s["visual.attnpool.positional_embedding"] = {grid * grid + 1, features};
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) {
        addPair(s, std::string("visual.attnpool.") + part, {features, features});
    }
    addPair(s, "visual.attnpool.c_proj", {m.embed, features});
}

Shapes shapesOf(const Published& m)
{
    Shapes s{{"logit_scale", {}},
             {"token_embedding.weight", {49408, m.text.width}},
             {"positional_embedding", {77, m.text.width}},
             {"text_projection", {m.text.width, m.embed}}};
    addPair(s, "ln_final", {m.text.width});
    addTransformer(s, "transformer.resblocks.", m.text);
    if (m.patch == 0) {
        addResNet(s, m);
        return s;
    }
    const int w = m.vision.width, grid = m.image / m.patch;
    s["visual.conv1.weight"] = {w, 3, m.patch, m.patch};
    s["visual.class_embedding"] = {w};
    s["visual.positional_embedding"] = {grid * grid + 1, w};
    s["visual.proj"] = {w, m.embed};
    addPair(s, "visual.ln_pre", {w});
    addPair(s, "visual.ln_post", {w});
    addTransformer(s, "visual.transformer.resblocks.", m.vision);
    return s;
}

std::string rowOf(const ModelCard& card, const char* key)
{
    const auto found = std::find_if(card.rows.begin(), card.rows.end(), [key](const auto& r) { return r.key == key; });
    return found == card.rows.end() ? std::string() : found->value;
}

} // namespace

/// Every published size, from its tensors alone. The files are sparse: only their headers are written.
class TestSizes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void sizes_data();
    void sizes();
    void onlyOneModelHasThisSize();
    void configHeads_data();
    void configHeads();
    void laionLarge();
    void dfnHuge();

private:
    std::string put(const std::string& name, const Published& m) const
    {
        const auto none = [](const std::string&) { return false; };
        return saveSparse(m_folder->filePath(QString::fromStdString(name)).toStdString(), shapesOf(m), none);
    }
    void config(const char* name, const QByteArray& json) const { save(*m_folder, QString::fromLatin1(name), json); }
    static const Published& model(const char* name)
    {
        return *std::find_if(published().begin(), published().end(),
                             [name](const Published& m) { return std::string(m.name) == name; });
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSizes::sizes_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < published().size(); ++i) {
        QTest::newRow(published()[i].name) << static_cast<int>(i);
    }
}

void TestSizes::sizes()
{
    QFETCH(int, index);
    const Published& m = published()[static_cast<std::size_t>(index)];
    const CheckpointInfo info = openCheckpoint(put("some.safetensors", m), Activation::Gelu).info;
    QVERIFY2(info.supported, info.why.c_str());
    const ClipConfig& c = info.clip;
    QCOMPARE(c.resnet, m.patch == 0);
    QCOMPARE(c.imageSize, m.image);
    QCOMPARE(c.patchSize, m.patch);
    QCOMPARE(c.embedDim, m.embed);
    QCOMPARE(c.visionWidth, m.vision.width);
    QCOMPARE(c.visionLayers, m.vision.layers);
    QCOMPARE(c.visionHeads, m.vision.heads);
    QCOMPARE(c.textWidth, m.text.width);
    QCOMPARE(c.textLayers, m.text.layers);
    QCOMPARE(c.textHeads, m.text.heads);
    QCOMPARE(c.contextLength, 77);
    QCOMPARE(c.resnetBlocks, m.blocks);
    const double millions = static_cast<double>(info.parameters) / 1e6;
    const double allowed = m.millions >= 1000 ? 1.0 : 0.06; // as exactly as the numbers are published
    QVERIFY2(m.millions <= 0 || std::abs(millions - m.millions) <= allowed, qPrintable(QString::number(millions)));
    const ModelCard card = modelCard(info);
    QVERIFY2(rowOf(card, "parameters").find("pictures") != std::string::npos, rowOf(card, "parameters").c_str());
    QVERIFY(card.headline.find(QString::number(m.image).toStdString()) != std::string::npos);
}

/// Where only one published model has a size, that model's activation is taken; elsewhere it is asked.
void TestSizes::onlyOneModelHasThisSize()
{
    const auto activation = [this](const char* name) {
        return openCheckpoint(put("some.safetensors", model(name))).info.clip.textActivation;
    };
    QCOMPARE(activation("RN50"), Activation::QuickGelu);
    QCOMPARE(activation("RN50x64"), Activation::QuickGelu);
    QCOMPARE(activation("ViT-L/14@336"), Activation::QuickGelu);
    QCOMPARE(activation("ViT-B/16+"), Activation::Gelu);
    QCOMPARE(activation("ViT-g/14"), Activation::Gelu);
    for (const char* name : {"ViT-B/32", "ViT-B/16", "ViT-L/14", "ViT-H/14", "ViT-bigG/14"}) {
        QCOMPARE(activation(name), Activation::Unknown);
    }
    const auto laion = openCheckpoint(put("b32_laion400m_e32.safetensors", model("ViT-B/32"))).info.clip;
    QCOMPARE(laion.visionActivation, Activation::QuickGelu); // the one LAION model that has it
}

void TestSizes::configHeads_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("headWidth");
    QTest::newRow("H") << QStringLiteral("ViT-H/14") << 80;
    QTest::newRow("g") << QStringLiteral("ViT-g/14") << 88;
    QTest::newRow("bigG") << QStringLiteral("ViT-bigG/14") << 104;
    QTest::newRow("e") << QStringLiteral("ViT-e/14") << 112;
}

void TestSizes::configHeads()
{
    QFETCH(QString, name);
    QFETCH(int, headWidth);
    const Published& m = model(name.toLatin1().constData());
    const QByteArray json = QStringLiteral(R"({"model_cfg":{"embed_dim":%1,
        "vision_cfg":{"image_size":224,"layers":%2,"width":%3,"head_width":%4,"patch_size":14},
        "text_cfg":{"width":%5,"heads":%6,"layers":%7}}})")
                                .arg(m.embed)
                                .arg(m.vision.layers)
                                .arg(m.vision.width)
                                .arg(headWidth)
                                .arg(m.text.width)
                                .arg(m.text.heads)
                                .arg(m.text.layers)
                                .toLatin1();
    config("open_clip_config.json", json);
    const CheckpointInfo info = openCheckpoint(put("open_clip_model.safetensors", m)).info;
    QVERIFY2(info.supported && info.warnings.empty(), info.why.c_str());
    QCOMPARE(info.clip.visionHeads, 16);
    QCOMPARE(info.clip.visionHeads * headWidth, info.clip.visionWidth);
    QCOMPARE(info.clip.textHeads, m.text.heads);
    QCOMPARE(info.clip.visionActivation, Activation::Gelu);
}

/// LAION-2B's ViT-L/14 is normalised with 0.5 whether or not a config says so.
void TestSizes::laionLarge()
{
    const std::array<float, 3> half{0.5f, 0.5f, 0.5f};
    const Published& large = model("ViT-L/14");
    const CheckpointInfo bare = openCheckpoint(put("ViT-L-14-laion2b_s32b_b82k.safetensors", large)).info;
    QCOMPARE(bare.clip.preprocess.mean, half);
    QCOMPARE(bare.clip.preprocess.stddev, half);
    QCOMPARE(bare.clip.visionActivation, Activation::Gelu);
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("CLIP-ViT-L-14-laion2B-s32B-b82K")));
    config("CLIP-ViT-L-14-laion2B-s32B-b82K/open_clip_config.json",
           R"({"embed_dim":768,"vision_cfg":{"image_size":224,"layers":24,"width":1024,"patch_size":14},
               "text_cfg":{"width":768,"heads":12,"layers":12}})"); // of the older form, without preprocess_cfg
    const std::string file = "CLIP-ViT-L-14-laion2B-s32B-b82K/open_clip_model.safetensors";
    QVERIFY(!put(file, large).empty());
    const CheckpointInfo folder =
        openCheckpoint(m_folder->filePath(QStringLiteral("CLIP-ViT-L-14-laion2B-s32B-b82K")).toStdString()).info;
    QVERIFY2(folder.supported && folder.warnings.empty(), folder.why.c_str());
    QCOMPARE(folder.clip.preprocess.mean, half);
    const CheckpointInfo other = openCheckpoint(put("ViT-B-32-laion2b.safetensors", model("ViT-B/32"))).info;
    QVERIFY(other.clip.preprocess.mean != half);
}

/// DFN5B's ViT-H/14 squashes; with 378 pixels it is the only published model of its size.
void TestSizes::dfnHuge()
{
    Published huge = model("ViT-H/14");
    const CheckpointInfo named = openCheckpoint(put("DFN5B-CLIP-ViT-H-14.safetensors", huge)).info;
    QVERIFY(named.clip.preprocess.squash);
    QCOMPARE(named.clip.visionActivation, Activation::QuickGelu);
    huge.image = 378;
    QCOMPARE(openCheckpoint(put("some.safetensors", huge)).info.clip.textActivation, Activation::QuickGelu);
    const CheckpointInfo meta = openCheckpoint(put("metaclip_h14_fullcc2.5b.safetensors", model("ViT-H/14"))).info;
    QVERIFY(!meta.clip.preprocess.squash);
    QCOMPARE(meta.clip.visionActivation, Activation::QuickGelu);
}

QTEST_GUILESS_MAIN(TestSizes)
#include "checkpoint_sizes.moc"
