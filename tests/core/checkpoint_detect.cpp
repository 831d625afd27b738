#include "CheckpointModels.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"

using namespace semascope::core;
using namespace fixture;

class TestDetect : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void bareOpenAi();
    void namesTellTheActivation_data();
    void namesTellTheActivation();
    void buffersTellTheActivation();
    void configAgainstName();
    void openClipFolder();
    void openClipVariants_data();
    void openClipVariants();
    void prefersOpenClip();
    void huggingFaceFolder();
    void huggingFaceDefaultsAndOverrides();
    void preprocessorGenerations_data();
    void preprocessorGenerations();

private:
    std::string at(const char* name) const { return m_folder->filePath(QString::fromUtf8(name)).toStdString(); }
    std::string put(const char* name, const Shapes& shapes) const { return saveModel(at(name), shapes); }
    void config(const char* name, const QByteArray& json) const { save(*m_folder, QString::fromLatin1(name), json); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDetect::bareOpenAi()
{
    const CheckpointInfo info = openCheckpoint(put("some.safetensors", openAi())).info;
    QVERIFY2(info.supported, info.why.c_str());
    QCOMPARE(info.name, std::string("some"));
    QCOMPARE(info.clip.visionHeads, 2);
    QCOMPARE(info.clip.textHeads, 1);
    QCOMPARE(info.clip.imageSize, 32);
    QCOMPARE(info.clip.visionActivation, Activation::Unknown); // nothing tells: it is asked, never guessed
    QVERIFY(activationUnknown(info.clip));
    QVERIFY(mentions(info.warnings, "quick_gelu or gelu"));
    QVERIFY(activationQuestion(info.name).find("--activation quick_gelu") != std::string::npos);
    QCOMPARE(info.clip.layout, ClipLayout::OpenAi);
    QCOMPARE(info.dtype, std::string("F32"));
    QCOMPARE(info.files, std::vector<std::string>{at("some.safetensors")});
    const CheckpointInfo other = openCheckpoint(at("some.safetensors"), Activation::GeluTanh).info;
    QCOMPARE(other.clip.textActivation, Activation::GeluTanh);
    QVERIFY(!activationUnknown(other.clip) && other.warnings.empty());
    QCOMPARE(other.clip.activationFrom, std::string("chosen by you"));
    QVERIFY(!mentions(other.clip.assumed, "activation"));
    QVERIFY(!(other.clip.preprocess.describe() == PreprocessSpec().describe()));
    QVERIFY(describeArchitecture(info.clip) != describeArchitecture(other.clip));
}

void TestDetect::namesTellTheActivation_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("activation");
    const auto row = [](const char* name, Activation activation) {
        QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(activationName(activation));
    };
    row("ViT-B-16-laion2b_s34b.safetensors", Activation::Gelu);
    row("ViT-B-16-DataComp_xl.safetensors", Activation::Gelu);
    row("vit_b_16_laion400m_e32.safetensors", Activation::Gelu); // quick for the B/32 only
    row("ViT-B-32-quickgelu-laion400m.safetensors", Activation::QuickGelu);
    row("metaclip_400m.safetensors", Activation::QuickGelu);
    row("h14_v1.2_altogether.safetensors", Activation::Gelu);
    row("l14_fullcc2.5b.safetensors", Activation::QuickGelu);
    row("metaclip_altogether.safetensors", Activation::Gelu);
    row("dfn2b.safetensors", Activation::QuickGelu);
    row("dfn2b_s39b.safetensors", Activation::Gelu);
    row("RN50-yfcc15m.safetensors", Activation::QuickGelu);
    row("clip-vit-base-patch32.safetensors", Activation::QuickGelu);
    row("ViT-B-32.safetensors", Activation::Unknown);
    row("anything.safetensors", Activation::Unknown);
}

void TestDetect::namesTellTheActivation()
{
    QFETCH(QString, name);
    QFETCH(QString, activation);
    const ClipConfig clip = openCheckpoint(put(name.toUtf8().constData(), openAi())).info.clip;
    QCOMPARE(QString::fromLatin1(activationName(clip.visionActivation)), activation);
    QCOMPARE(clip.textActivation, clip.visionActivation);
    const bool known = clip.visionActivation != Activation::Unknown;
    QCOMPARE(mentions(clip.assumed, "activation is"), known);
    QCOMPARE(clip.activationFrom.empty(), !known);
}

/// OpenAI's own archives carry three numbers; nobody else's files do, whatever they are called.
void TestDetect::buffersTellTheActivation()
{
    Shapes shapes = openAi();
    for (const char* buffer : {"input_resolution", "context_length", "vocab_size"}) {
        shapes[buffer] = {};
    }
    const CheckpointInfo info = openCheckpoint(put("b.safetensors", shapes)).info;
    QCOMPARE(info.clip.visionActivation, Activation::QuickGelu);
    QVERIFY(mentions(info.clip.assumed, "OpenAI's archives"));
    // what OpenAI's convert_weights() leaves: weights halved, norms and embeddings not
    const auto halved = [](const std::string& key) {
        return key.find("ln_") == std::string::npos && key.find("embedding") == std::string::npos &&
               key != "logit_scale";
    };
    const CheckpointInfo mixed = openCheckpoint(saveSparse(at("c.safetensors"), openAi(), halved)).info;
    QCOMPARE(mixed.clip.visionActivation, Activation::QuickGelu);
    QVERIFY(mentions(mixed.clip.assumed, "F16"));
    const auto all = [](const std::string&) { return true; };
    QVERIFY(activationUnknown(openCheckpoint(saveSparse(at("d.safetensors"), openAi(), all)).info.clip));
}

/// OpenAI's weights beside a config that forgot quick_gelu: the config counts, and the doubt is told.
void TestDetect::configAgainstName()
{
    put("open_clip_model.safetensors", openAi());
    const auto inFolder = [this](const char* name, const QByteArray& config) {
        QVERIFY(QDir(m_folder->path()).mkpath(QString::fromLatin1(name)));
        put((std::string(name) + "/open_clip_model.safetensors").c_str(), openAi());
        save(*m_folder, QString::fromLatin1(name) + QStringLiteral("/open_clip_config.json"), config);
    };
    inFolder("vit-openai", R"({"model_cfg":{"embed_dim":24}})");
    const CheckpointInfo info = openCheckpoint(at("vit-openai")).info;
    QCOMPARE(info.clip.visionActivation, Activation::Gelu);
    QVERIFY(mentions(info.warnings, "--activation quick_gelu"));
    QVERIFY(info.clip.activationFrom.find("default") != std::string::npos);
    const CheckpointInfo chosen = openCheckpoint(at("vit-openai"), Activation::QuickGelu).info;
    QVERIFY(!mentions(chosen.warnings, "--activation"));
    QVERIFY(chosen.clip.activationFrom.find("otherwise gelu") != std::string::npos);
    QCOMPARE(chosen.clip.chosen, std::string("+quick_gelu"));
    const CheckpointInfo agreed = openCheckpoint(at("vit-openai"), Activation::Gelu).info;
    QVERIFY(agreed.clip.chosen.empty()); // it is what the file says anyway
    const CheckpointWish both = choicesOf("0123456789abcdef+gelu_tanh+96px");
    QVERIFY(both.activation == Activation::GeluTanh && both.imageSize == 96);
    QVERIFY(!choicesOf("0123456789abcdef").activation && choicesOf("").imageSize == 0);
    inFolder("vit-laion2b", R"({"model_cfg":{"embed_dim":24,"quick_gelu":false}})");
    QVERIFY(!mentions(openCheckpoint(at("vit-laion2b")).info.warnings, "--activation"));
}

void TestDetect::openClipFolder()
{
    put("open_clip_model.safetensors", openAi("text."));
    config("open_clip_config.json",
           R"({"model_cfg":{"embed_dim":24,"custom_text":true,
               "vision_cfg":{"image_size":32,"layers":2,"width":128,"head_width":32,"patch_size":8,"act_kwargs":{"approximate":"tanh"}},
               "text_cfg":{"context_length":10,"vocab_size":50,"width":64,"heads":4,"layers":1,"pool_type":"eos","eos_id":7}},
               "preprocess_cfg":{"mean":0.5,"std":[0.25,0.25,0.25],"interpolation":"bilinear","resize_mode":"squash"}})");
    const CheckpointInfo info = openCheckpoint(m_folder->path().toStdString()).info;
    QVERIFY2(info.supported, info.why.c_str());
    const ClipConfig& clip = info.clip;
    QVERIFY(clip.customText && clip.assumed.empty());
    QCOMPARE(clip.visionHeads, 4);
    QCOMPARE(clip.textHeads, 4);
    QCOMPARE(clip.visionActivation, Activation::GeluTanh);
    QCOMPARE(clip.textActivation, Activation::Gelu);
    QVERIFY(clip.preprocess.squash && clip.preprocess.filter == PreprocessSpec::Filter::Bilinear);
    QCOMPARE(clip.preprocess.stddev[1], 0.25f);
    QCOMPARE(clip.eotRule, EotRule::FirstEos);
    QCOMPARE(clip.eosId, 7);
    QCOMPARE(info.warnings.size(), std::size_t(1)); // the number of layers
    QVERIFY(mentions(info.warnings, "vision layers 2, the tensors say 1"));
    QCOMPARE(info.files.size(), std::size_t(2));
}

void TestDetect::openClipVariants_data()
{
    QTest::addColumn<QByteArray>("vision");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("word");
    const auto row = [](const QByteArray& vision, const QByteArray& text, const char* word) {
        QTest::newRow(word) << vision << text << QString::fromLatin1(word);
    };
    row(R"("timm_model_name":"vit_base_patch16_siglip_224")", "", "SigLIP");
    row(R"("timm_model_name":"eva02_base_patch16_clip_224")", "", "EVA");
    row(R"("timm_model_name":"fastvit_mci2")", "", "MobileCLIP");
    row(R"("timm_model_name":"convnext_base")", "", "timm");
    row("", R"("hf_model_name":"roberta-base")", "roberta-base");
    row(R"("timm_model_name":"vit_base_patch16_siglip_256","pretrained_tag":"siglip2 gemma")", "", "SigLIP");
    row(R"("timm_model_name":"vitamin_large_224")", "", "ViTamin");
    row(R"("timm_model_name":"vit_pe_core_base_patch16_224")", "", "Perception Encoder");
    row(R"("timm_model_name":"eva_giant_patch14_clip_224")", "", "EVA01");
    row("", R"("hf_tokenizer_name":"bert-base-uncased","no_causal_mask":true,"pool_type":"last")", "CLIPA");
    row("", R"("hf_tokenizer_name":"timm/ViT-B-16-SigLIP")", "tokenizer");
    row(R"("attentional_pool":"parallel")", "", "attentional_pool");
    row(R"("pool_type":"none")", "", "none");
    row(R"("pos_embed_type":"none")", "", "positions");
    row(R"("ls_init_value":1e-5)", "", "ls_init_value");
    row(R"("block_type":"custom")", "", "block_type");
    row(R"("scale_fc":true)", "", "scale_fc");
    row("", R"("no_causal_mask":true)", "no_causal_mask");
    row("", R"("qk_norm":true)", "qk_norm");
    row("", R"("pool_type":"last")", "last");
}

void TestDetect::openClipVariants()
{
    QFETCH(QByteArray, vision);
    QFETCH(QByteArray, text);
    QFETCH(QString, word);
    put("open_clip_model.safetensors", openAi());
    config("open_clip_config.json", "{\"model_cfg\":{\"vision_cfg\":{" + vision + "},\"text_cfg\":{" + text + "}}}");
    const CheckpointInfo info = openCheckpoint(m_folder->path().toStdString()).info;
    QVERIFY(!info.supported);
    QVERIFY2(QString::fromStdString(info.why).contains(word), info.why.c_str());
}

void TestDetect::prefersOpenClip()
{
    put("model.safetensors", huggingFace());
    config("config.json", R"({"model_type":"clip"})");
    const std::string folder = m_folder->path().toStdString();
    QCOMPARE(openCheckpoint(folder).info.clip.layout, ClipLayout::HuggingFace);
    config("open_clip_config.json", R"({"model_cfg":{"quick_gelu":true}})");
    QCOMPARE(openCheckpoint(folder).info.clip.layout, ClipLayout::HuggingFace);
    put("open_clip_model.safetensors", openAi());
    const CheckpointInfo info = openCheckpoint(folder).info;
    QCOMPARE(info.clip.layout, ClipLayout::OpenClip);
    QCOMPARE(info.clip.visionActivation, Activation::QuickGelu);
    QVERIFY(mentions(info.clip.assumed, "prepared"));
    QVERIFY(info.vocabulary.empty());
    config("tokenizer.json", "{}");
    QCOMPARE(openCheckpoint(folder).info.vocabulary, at("tokenizer.json"));
    config("vocab.json", "{}");
    config("merges.txt", "");
    QCOMPARE(openCheckpoint(folder).info.vocabulary, folder);
}

void TestDetect::huggingFaceFolder()
{
    put("model.safetensors", huggingFace());
    config("config.json", R"({"model_type":"clip","projection_dim":24,
        "text_config":{"hidden_size":64,"num_attention_heads":4,"num_hidden_layers":1,"vocab_size":50,
                       "max_position_embeddings":10,"hidden_act":"gelu","eos_token_id":9,"layer_norm_eps":1e-6},
        "vision_config":{"hidden_size":128,"num_attention_heads":2,"num_hidden_layers":1,"image_size":32,"patch_size":8,
                         "hidden_act":"gelu_new","layer_norm_eps":1e-6}})");
    const CheckpointInfo info = openCheckpoint(m_folder->path().toStdString()).info;
    QVERIFY2(info.supported && info.warnings.empty(), info.why.c_str());
    QCOMPARE(info.clip.visionActivation, Activation::GeluTanh);
    QCOMPARE(info.clip.textActivation, Activation::Gelu);
    QCOMPARE(info.clip.textHeads, 4);
    QCOMPARE(info.clip.layerNormEps, 1e-6f);
    QCOMPARE(info.clip.eotRule, EotRule::FirstEos);
    QCOMPARE(info.clip.eosId, 9);
    QVERIFY(info.clip.preprocess.hfCrop && info.clip.textProjIsLinear);
    config("config.json", R"({"model_type":"metaclip_2"})");
    QVERIFY(openCheckpoint(m_folder->path().toStdString()).info.why.find("metaclip_2") != std::string::npos);
    config("config.json", R"({"text_config":{"hidden_act":"relu"}})");
    QVERIFY(openCheckpoint(m_folder->path().toStdString()).info.why.find("relu") != std::string::npos);
    config("config.json", "not json");
    QVERIFY(errorOf([&] { openCheckpoint(m_folder->path().toStdString()); }).contains(QStringLiteral("config.json")));
}

void TestDetect::huggingFaceDefaultsAndOverrides()
{
    put("model.safetensors", huggingFace());
    config("config.json", R"({"text_config":{"num_attention_heads":2,"hidden_act":"gelu","eos_token_id":2},
                              "text_config_dict":{"num_attention_heads":4,"eos_token_id":2}})");
    const CheckpointInfo info = openCheckpoint(m_folder->path().toStdString()).info;
    QCOMPARE(info.clip.textHeads, 4);
    QCOMPARE(info.clip.textActivation, Activation::QuickGelu); // the dict's own default
    QCOMPARE(info.clip.eotRule, EotRule::Argmax);
    QVERIFY(mentions(info.warnings, "hidden_size 768, the tensors say 128"));
    QCOMPARE(info.clip.visionHeads, 2); // twelve do not divide 128
    QVERIFY(mentions(info.clip.assumed, "image tower has 2 heads"));
}

void TestDetect::preprocessorGenerations_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("squash");
    QTest::addColumn<bool>("bilinear");
    QTest::addColumn<bool>("warns");
    QTest::newRow("numbers") << QByteArray(R"({"size":32,"crop_size":32,"resample":3})") << false << false << false;
    QTest::newRow("edge") << QByteArray(
                                 R"({"size":{"shortest_edge":32},"crop_size":{"height":32,"width":32},"resample":2})")
                          << false << true << false;
    QTest::newRow("squash") << QByteArray(R"({"size":{"height":32,"width":32},"do_center_crop":false})") << true
                            << false << false;
    QTest::newRow("other size") << QByteArray(R"({"size":64,"crop_size":32})") << false << false << true;
    QTest::newRow("lanczos") << QByteArray(R"({"size":32,"resample":1})") << false << false << true;
}

void TestDetect::preprocessorGenerations()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, squash);
    QFETCH(bool, bilinear);
    QFETCH(bool, warns);
    put("model.safetensors", huggingFace());
    config("config.json", "{}");
    config("preprocessor_config.json", json);
    const CheckpointInfo info = openCheckpoint(m_folder->path().toStdString()).info;
    QCOMPARE(info.clip.preprocess.squash, squash);
    QCOMPARE(info.clip.preprocess.filter == PreprocessSpec::Filter::Bilinear, bilinear);
    QCOMPARE(mentions(info.warnings, "preprocessor_config.json"), warns);
    QCOMPARE(info.clip.preprocess.size, 32);
}

QTEST_GUILESS_MAIN(TestDetect)
#include "checkpoint_detect.moc"
