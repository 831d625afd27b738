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
    QCOMPARE(info.clip.visionActivation, Activation::QuickGelu);
    QVERIFY(mentions(info.clip.assumed, "--activation gelu"));
    QCOMPARE(info.clip.layout, ClipLayout::OpenAi);
    QCOMPARE(info.dtype, std::string("F32"));
    QCOMPARE(info.files, std::vector<std::string>{at("some.safetensors")});
    const CheckpointInfo other = openCheckpoint(at("some.safetensors"), Activation::GeluTanh).info;
    QCOMPARE(other.clip.textActivation, Activation::GeluTanh);
    QVERIFY(!mentions(other.clip.assumed, "activation"));
    QVERIFY(!(other.clip.preprocess.describe() == PreprocessSpec().describe()));
}

void TestDetect::namesTellTheActivation_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("quick");
    const auto row = [](const char* name, bool quick) { QTest::newRow(name) << QString::fromLatin1(name) << quick; };
    row("ViT-B-16-laion2b_s34b.safetensors", false);
    row("ViT-B-16-DataComp_xl.safetensors", false);
    row("vit_b_16_laion400m_e32.safetensors", false); // quick for the B/32 only
    row("ViT-B-32-quickgelu-laion400m.safetensors", true);
    row("metaclip_400m.safetensors", true);
    row("metaclip_altogether.safetensors", false);
    row("dfn2b.safetensors", true);
    row("dfn2b_s39b.safetensors", false);
    row("RN50-yfcc15m.safetensors", true);
    row("anything.safetensors", true);
}

void TestDetect::namesTellTheActivation()
{
    QFETCH(QString, name);
    QFETCH(bool, quick);
    const ClipConfig clip = openCheckpoint(put(name.toUtf8().constData(), openAi())).info.clip;
    QCOMPARE(clip.visionActivation, quick ? Activation::QuickGelu : Activation::Gelu);
    QVERIFY(mentions(clip.assumed, "activation is"));
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
    row(R"("no_ln_pre":true)", "", "no_ln_pre");
    row(R"("attentional_pool":"parallel")", "", "attentional_pool");
    row(R"("pool_type":"avg")", "", "avg");
    row(R"("ls_init_value":1e-5)", "", "ls_init_value");
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
