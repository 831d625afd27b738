#include "CheckpointModels.h"
#include "Shared.h"

#include "core/clip/ClipModel.h"
#include "core/job/TorchPch_p.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

using namespace semascope::core;
using namespace fixture;

namespace {

/// Seeded random weights for `shapes`; norms near one.
class RandomModel
{
public:
    explicit RandomModel(const Shapes& shapes)
    {
        auto generator = at::detail::createCPUGenerator(7);
        for (const auto& [key, shape] : shapes) {
            const bool norm = key.find("ln_") != std::string::npos && key.find("weight") != std::string::npos;
            m_weights[key] = at::randn(shape, generator) * (norm ? 0.1 : 0.15) + (norm ? 1.0 : 0.0);
        }
    }
    const at::Tensor& operator[](const std::string& key) const { return m_weights.at(key); }
    void set(const std::string& key, const at::Tensor& t) { m_weights[key] = t.contiguous(); }
    bool has(const std::string& key) const { return m_weights.count(key) != 0; }
    std::string save(const std::string& path) const
    {
        std::vector<NamedTensor> tensors;
        for (const auto& [key, t] : m_weights) {
            tensors.push_back({key, t.sizes().vec(), t.data_ptr<float>()});
        }
        writeSafetensors(path, tensors, {});
        return path;
    }

private:
    std::map<std::string, at::Tensor> m_weights;
};

at::Tensor norm(const RandomModel& m, const std::string& stem, const at::Tensor& x)
{
    return at::layer_norm(x, {x.size(-1)}, m[stem + ".weight"], m[stem + ".bias"], 1e-5);
}

/// The one block, straight from the paper's formula, head by head.
at::Tensor block(const RandomModel& m, at::Tensor x)
{
    const std::string b = "visual.transformer.resblocks.0.";
    const at::Tensor qkv = at::linear(norm(m, b + "ln_1", x), m[b + "attn.in_proj_weight"], m[b + "attn.in_proj_bias"]);
    const auto thirds = qkv.chunk(3, -1);
    std::vector<at::Tensor> heads;
    for (std::int64_t h = 0; h < kWidth / 64; ++h) {
        const auto part = [&](std::size_t i) { return thirds[i].narrow(-1, 64 * h, 64); };
        heads.push_back(at::matmul(at::softmax(at::matmul(part(0), part(1).transpose(-2, -1)) / 8.0, -1), part(2)));
    }
    at::Tensor mixed = at::linear(at::cat(heads, -1), m[b + "attn.out_proj.weight"], m[b + "attn.out_proj.bias"]);
    x = x + (m.has(b + "ls_1.gamma") ? mixed * m[b + "ls_1.gamma"] : mixed);
    const at::Tensor hidden =
        at::gelu(at::linear(norm(m, b + "ln_2", x), m[b + "mlp.c_fc.weight"], m[b + "mlp.c_fc.bias"]));
    mixed = at::linear(hidden, m[b + "mlp.c_proj.weight"], m[b + "mlp.c_proj.bias"]);
    return x + (m.has(b + "ls_2.gamma") ? mixed * m[b + "ls_2.gamma"] : mixed);
}

/// n×E features of the image tower.
at::Tensor reference(const RandomModel& m, const at::Tensor& pixels, bool average, bool normAfter)
{
    const at::Tensor patches = at::conv2d(pixels, m["visual.conv1.weight"], {}, 8).flatten(2).transpose(1, 2);
    const at::Tensor first = m["visual.class_embedding"].view({1, 1, -1}).expand({pixels.size(0), 1, kWidth});
    at::Tensor x = at::cat({first, patches}, 1) + m["visual.positional_embedding"];
    x = block(m, m.has("visual.ln_pre.weight") ? norm(m, "visual.ln_pre", x) : x);
    at::Tensor pooled;
    if (!average) {
        pooled = norm(m, "visual.ln_post", x).select(1, 0);
    } else if (normAfter) {
        pooled = norm(m, "visual.ln_post", x.slice(1, 1).mean(1));
    } else {
        pooled = norm(m, "visual.ln_post", x).slice(1, 1).mean(1);
    }
    return m.has("visual.proj") ? at::matmul(pooled, m["visual.proj"]) : pooled;
}

} // namespace

/// OpenCLIP's switches, single towers without projection, layer scale: features against a plain reference.
class TestVariants : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void features_data()
    {
        QTest::addColumn<QByteArray>("vision"); // of the config
        QTest::addColumn<bool>("lnPre");
        QTest::addColumn<bool>("scaled");
        QTest::addColumn<bool>("projected");
        QTest::newRow("plain") << QByteArray() << true << false << true;
        QTest::newRow("no_ln_pre") << QByteArray(R"(,"no_ln_pre":true)") << false << false << true;
        QTest::newRow("avg") << QByteArray(R"(,"pool_type":"avg")") << true << false << true;
        QTest::newRow("avg, norm after") << QByteArray(R"(,"pool_type":"avg","final_ln_after_pool":true)") << true
                                         << false << true;
        QTest::newRow("CLIPA's image tower")
            << QByteArray(
                   R"(,"no_ln_pre":true,"pool_type":"avg","final_ln_after_pool":true,"pos_embed_type":"sin_cos_2d")")
            << false << false << true;
        QTest::newRow("layer scale") << QByteArray(R"(,"ls_init_value":0.1)") << true << true << true;
        QTest::newRow("no projection") << QByteArray() << true << false << false;
    }

    void features()
    {
        QFETCH(QByteArray, vision);
        QFETCH(bool, lnPre);
        QFETCH(bool, scaled);
        QFETCH(bool, projected);
        Shapes shapes;
        for (const auto& [key, shape] : openAi()) {
            const bool left = (!lnPre && key.rfind("visual.ln_pre", 0) == 0) || (!projected && key == "visual.proj");
            if (key.rfind("visual.", 0) == 0 && !left) {
                shapes[key] = shape;
            }
        }
        if (scaled) {
            shapes["visual.transformer.resblocks.0.ls_1.gamma"] = {kWidth};
            shapes["visual.transformer.resblocks.0.ls_2.gamma"] = {kWidth};
        }
        const RandomModel model(shapes);
        const QTemporaryDir folder;
        model.save(folder.filePath(QStringLiteral("open_clip_model.safetensors")).toStdString());
        save(folder, QStringLiteral("open_clip_config.json"),
             R"({"model_cfg":{"embed_dim":24,"vision_cfg":{"image_size":32,"layers":1,"width":128,"patch_size":8)" +
                 vision + "}}}");
        JobContext job;
        ModelSpec spec;
        spec.path = folder.path().toStdString();
        spec.device = "cpu";
        spec.precision = "fp32";
        const auto clip = ClipModel::open(spec, job);
        QVERIFY(clip->info().warnings.empty());
        QCOMPARE(clip->info().clip.projected, projected);
        const at::Tensor pixels = at::randn({3, 3, 32, 32}, at::detail::createCPUGenerator(9));
        const at::Tensor expected = reference(model, pixels, vision.contains("avg"), vision.contains("final_ln"));
        const Matrix got = clip->encodePictures(pixels.data_ptr<float>(), 3, job);
        QCOMPARE(got.rows(), std::size_t(3));
        QCOMPARE(got.cols(), static_cast<std::size_t>(projected ? kEmbed : kWidth));
        const at::Tensor found = at::from_blob(const_cast<float*>(got.data()), expected.sizes(), at::kFloat);
        const double off = (found - expected).abs().max().item<double>() / expected.abs().max().item<double>();
        QVERIFY2(off <= 1e-5, qPrintable(QString::number(off)));
    }

    /// A text tower without projection gives what it would give with one that changes nothing.
    void textsWithoutProjection()
    {
        Shapes shapes;
        for (const auto& [key, shape] : openAi()) {
            if (key.rfind("visual.", 0) != 0 && key != "logit_scale" && key != "text_projection") {
                shapes[key] = shape;
            }
        }
        const QTemporaryDir folder;
        const auto features = [&](const char* name, const RandomModel& model) {
            JobContext job;
            ModelSpec spec;
            spec.path = model.save(folder.filePath(QString::fromLatin1(name)).toStdString());
            spec.device = "cpu";
            spec.precision = "fp32";
            spec.activation = Activation::Gelu;
            return ClipModel::open(spec, job)->encodeTokens({{1, 5, 49}, {1, 7, 8, 9, 49}, {1, 49}}, job);
        };
        RandomModel model(shapes);
        const Matrix bare = features("bare.safetensors", model);
        model.set("text_projection", at::eye(kText));
        const Matrix projected = features("projected.safetensors", model);
        QCOMPARE(bare.cols(), static_cast<std::size_t>(kText));
        for (std::size_t i = 0; i < bare.rows() * bare.cols(); ++i) {
            QVERIFY(std::abs(bare.data()[i] - projected.data()[i]) <= 1e-5f);
        }
    }
};

QTEST_GUILESS_MAIN(TestVariants)
#include "checkpoint_variants.moc"
