#include "Shared.h"

#include "core/clip/ClipModel.h"
#include "core/clip/Positions_p.h"
#include "core/data/Arrays.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace semascope::core;

namespace {

/// rows × width, each row telling its number in every column.
at::Tensor table(int rows, int width)
{
    return at::arange(rows, at::kFloat).view({rows, 1}) * at::ones({1, width}) + at::arange(width, at::kFloat) * 0.01;
}

ClipConfig gridOf(int patches, ClipLayout layout)
{
    ClipConfig c;
    c.layout = layout;
    c.patchSize = 16;
    c.imageSize = 16 * patches;
    return c;
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    return a.sizes() == b.sizes() ? (a - b).abs().max().item<double>() : INFINITY;
}

at::Tensor tensorOf(const Array& a)
{
    const std::vector<std::int64_t> shape(a.shape.begin(), a.shape.end());
    return at::from_blob(const_cast<void*>(static_cast<const void*>(a.data)), shape, at::kFloat).clone();
}

at::Tensor tensorOf(const TensorView& view)
{
    std::vector<float> values = toFloats(view);
    return at::from_blob(values.data(), view.shape, at::kFloat).clone();
}

/// The names of a ViT in Hugging Face's library (shared/reference/clip_formats.md, 2.2).
class HuggingFaceNames
{
public:
    explicit HuggingFaceNames(const StateDict& openAi) : m_state(openAi) {}

    std::vector<NamedTensor> tensors()
    {
        for (const auto& [name, view] : m_state.tensors) {
            add(name, tensorOf(view));
        }
        std::vector<NamedTensor> all;
        for (const auto& [name, t] : m_kept) {
            all.push_back({name, t.sizes().vec(), t.data_ptr<float>()});
        }
        return all;
    }

private:
    void add(const std::string& name, const at::Tensor& t)
    {
        const bool vision = name.rfind("visual.", 0) == 0;
        const std::string rest = vision ? name.substr(7) : name;
        const std::string root = vision ? "vision_model." : "text_model.";
        if (const auto fixed = fixedName(name); !fixed.empty()) {
            const bool turned = name == "visual.proj" || name == "text_projection";
            m_kept.emplace_back(fixed, (turned ? t.t() : t).contiguous());
            return;
        }
        const std::string blocks = "transformer.resblocks.";
        const std::size_t dot = rest.find('.', blocks.size());
        const std::string layer = root + "encoder.layers." + rest.substr(blocks.size(), dot - blocks.size()) + ".";
        const std::string part = rest.substr(dot + 1);
        if (part.rfind("attn.in_proj_", 0) == 0) {
            const auto thirds = t.chunk(3);
            for (std::size_t i = 0; i < 3; ++i) {
                m_kept.emplace_back(layer + "self_attn." + "qkv"[i] + "_proj." + part.substr(13),
                                    thirds[i].contiguous());
            }
            return;
        }
        const std::pair<const char*, const char*> words[] = {{"attn.out_proj", "self_attn.out_proj"},
                                                             {"ln_1", "layer_norm1"},
                                                             {"ln_2", "layer_norm2"},
                                                             {"mlp.c_fc", "mlp.fc1"},
                                                             {"mlp.c_proj", "mlp.fc2"}};
        for (const auto& [from, to] : words) {
            if (part.rfind(from, 0) == 0) {
                m_kept.emplace_back(layer + to + part.substr(std::string(from).size()), t);
            }
        }
    }

    static std::string fixedName(const std::string& name)
    {
        static const std::map<std::string, std::string> names{
            {"logit_scale", "logit_scale"},
            {"text_projection", "text_projection.weight"},
            {"visual.proj", "visual_projection.weight"},
            {"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
            {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
            {"ln_final.weight", "text_model.final_layer_norm.weight"},
            {"ln_final.bias", "text_model.final_layer_norm.bias"},
            {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
            {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
            {"visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"},
            {"visual.ln_pre.weight", "vision_model.pre_layrnorm.weight"},
            {"visual.ln_pre.bias", "vision_model.pre_layrnorm.bias"},
            {"visual.ln_post.weight", "vision_model.post_layernorm.weight"},
            {"visual.ln_post.bias", "vision_model.post_layernorm.bias"}};
        const auto found = names.find(name);
        return found == names.end() ? std::string() : found->second;
    }

    const StateDict& m_state;
    std::vector<std::pair<std::string, at::Tensor>> m_kept;
};

Matrix encode(const std::string& model, const std::string& pictures, int imageSize)
{
    JobContext job;
    ModelSpec spec;
    spec.path = model;
    spec.device = "cpu";
    spec.precision = "fp32";
    spec.activation = Activation::QuickGelu;
    spec.imageSize = imageSize;
    const auto clip = ClipModel::open(spec, job);
    const Array a = readNpy(pictures);
    return clip->encodePictures(static_cast<const float*>(a.data), a.shape[0], job);
}

double relativeDifference(const Matrix& got, const Matrix& expected)
{
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < expected.rows() * expected.cols(); ++i) {
        difference = std::max(difference, std::abs(double(got.data()[i]) - expected.data()[i]));
        largest = std::max(largest, std::abs(double(expected.data()[i])));
    }
    return difference / largest;
}

} // namespace

/// Pictures and texts of another size than a model was trained for.
class TestPositions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unchangedAtTheStoredSize()
    {
        const at::Tensor stored = table(17, 8);
        QVERIFY(clip::fitVisionPositions(stored, gridOf(4, ClipLayout::OpenAi)).is_same(stored));
        ClipConfig c;
        c.contextLength = 17;
        QVERIFY(clip::fitTextPositions(stored, c).is_same(stored));
    }

    void firstRowStays()
    {
        for (const ClipLayout layout : {ClipLayout::OpenAi, ClipLayout::OpenClip, ClipLayout::HuggingFace}) {
            for (const int side : {1, 2, 3, 6, 9}) {
                const at::Tensor stored = table(17, 8), fitted = clip::fitVisionPositions(stored, gridOf(side, layout));
                QCOMPARE(fitted.size(0), std::int64_t(side * side + 1));
                QVERIFY(fitted.is_contiguous() && largestDifference(fitted[0], stored[0]) <= 0);
            }
        }
    }

    void constantsStayConstant()
    {
        const at::Tensor stored = at::full({17, 3}, 2.5f);
        const at::Tensor fitted = clip::fitVisionPositions(stored, gridOf(7, ClipLayout::OpenClip));
        QVERIFY(largestDifference(fitted, at::full({50, 3}, 2.5f)) < 1e-6);
        const at::Tensor half = clip::fitVisionPositions(stored.to(at::kBFloat16), gridOf(7, ClipLayout::HuggingFace));
        QCOMPARE(half.scalar_type(), at::kBFloat16);
    }

    void resNetCells()
    {
        ClipConfig c;
        c.resnet = true;
        c.imageSize = 96; // three cells of 32 pixels
        QCOMPARE(clip::fitVisionPositions(table(5, 4), c).size(0), std::int64_t(10));
    }

    void textsAreLinear()
    {
        ClipConfig c;
        c.contextLength = 4;
        const at::Tensor fitted = clip::fitTextPositions(table(8, 2), c); // midpoints of neighbours
        const at::Tensor expected = at::tensor({0.5f, 2.5f, 4.5f, 6.5f});
        QVERIFY(largestDifference(fitted.select(1, 0), expected) < 1e-6);
    }

    void refusesWhatIsNoGrid()
    {
        QVERIFY_THROWS_EXCEPTION(Error, clip::fitVisionPositions(table(18, 4), gridOf(3, ClipLayout::OpenAi)));
    }

    void goldens_data()
    {
        QTest::addColumn<int>("side");
        QTest::addColumn<bool>("huggingFace");
        for (const int side : {3, 6}) {
            QTest::addRow("%d openclip", side) << side << false;
            QTest::addRow("%d hf", side) << side << true;
        }
    }
    void goldens()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/posembed_3x3_hf_noantialias.npy");
        QFETCH(int, side);
        QFETCH(bool, huggingFace);
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const StateDict state = readStateDict(base + "openai_fp32.safetensors");
        const std::string size = std::to_string(side) + "x" + std::to_string(side);
        const at::Tensor expected = tensorOf(
            readNpy(base + "posembed_" + size + (huggingFace ? "_hf_noantialias.npy" : "_openclip_antialias.npy")));
        const ClipConfig c = gridOf(side, huggingFace ? ClipLayout::HuggingFace : ClipLayout::OpenClip);
        const at::Tensor fitted = clip::fitVisionPositions(tensorOf(*state.find("visual.positional_embedding")), c);
        const double off = largestDifference(fitted, expected.reshape(fitted.sizes()));
        QVERIFY2(off <= 1e-5, qPrintable(QString::number(off)));
    }

    void largerPictures()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/image96.npy");
        const std::string base = sharedPath("goldens/clip/vit_tiny/");
        const QTemporaryDir folder;
        const std::string hf = folder.filePath(QStringLiteral("model.safetensors")).toStdString();
        const StateDict state = readStateDict(base + "openai_fp32.safetensors");
        HuggingFaceNames names(state);
        writeSafetensors(hf, names.tensors(), {});
        const Array golden = readNpy(base + "image96_features_hf_interp.npy");
        const double off =
            relativeDifference(encode(hf, base + "image96.npy", 96), toMatrix(golden, "image96_features_hf_interp"));
        QVERIFY2(off <= 1e-4, qPrintable(QString::number(off)));
        // the same weights as OpenCLIP would resample them: near, and not the same
        const Matrix other = encode(base + "openai_fp32.safetensors", base + "image96.npy", 96);
        const double apart = relativeDifference(other, toMatrix(golden, "image96_features_hf_interp"));
        QVERIFY2(apart > 1e-4 && apart < 0.1, qPrintable(QString::number(apart)));
    }

    void sizesThatDoNotFit()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/openai_fp32.safetensors");
        const std::string model = sharedPath("goldens/clip/vit_tiny/openai_fp32.safetensors");
        for (const int size : {-16, 8, 65, 16 * 129}) {
            QVERIFY_THROWS_EXCEPTION(Error, openCheckpoint(model, CheckpointWish{std::nullopt, size}));
        }
        const CheckpointInfo info = openCheckpoint(model, CheckpointWish{std::nullopt, 96}).info;
        QCOMPARE(info.clip.imageSize, 96);
        QCOMPARE(info.clip.storedImageSize, 64);
        QCOMPARE(info.clip.preprocess.size, 96);
        QVERIFY(describeArchitecture(info.clip).find("positions=64") != std::string::npos);
        QVERIFY(std::any_of(info.clip.assumed.begin(), info.clip.assumed.end(), [](const std::string& s) {
            return s.find("96 pixels instead of 64, chosen by you") != std::string::npos;
        }));
    }
};

QTEST_GUILESS_MAIN(TestPositions)
#include "checkpoint_positions.moc"
