#include "CheckpointModels.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"

using namespace semascope::core;
using namespace fixture;

/// What is no CLIP that can be read: each is named.
class TestForeign : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void otherFamilies_data();
    void otherFamilies();
    void thingsThatAreNoClip_data();
    void thingsThatAreNoClip();
    void shapesThatTell();
    void modelTypes_data();
    void modelTypes();
    void formatsThatAreNotRead();

private:
    std::string at(const char* name) const { return m_folder->filePath(QString::fromUtf8(name)).toStdString(); }
    std::string put(const char* name, const Shapes& shapes) const { return saveModel(at(name), shapes); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestForeign::otherFamilies_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("family");
    const auto row = [](const char* key, const char* family) {
        QTest::newRow(key) << QString::fromLatin1(key) << QString::fromLatin1(family);
    };
    row("vision_model.head.probe", "SigLIP");
    row("visual.trunk.attn_pool.latent", "SigLIP");
    row("visual.trunk.blocks.0.mlp.fc1_g.weight", "EVA02-CLIP");
    row("visual.trunk.blocks.0.attn.q_bias", "EVA01-CLIP");
    row("visual.blocks.0.attn.q_proj.weight", "EVA02-CLIP");
    row("visual.blocks.0.attn.q_bias", "EVA01-CLIP");
    row("visual.trunk.stages.0.weight", "timm");
    row("visual.trunk.stages.0.blocks.0.conv_dw.weight", "ConvNeXt");
    row("visual.trunk.patch_embed.backbone.stem.conv1.weight", "ViTamin");
    row("visual.trunk.stem.0.conv_kxk.0.conv.weight", "MobileCLIP");
    row("visual.trunk.final_conv.conv_kxk.weight", "MobileCLIP");
    row("text.transformer.embeddings.word_embeddings.weight", "Hugging Face text tower");
    row("text.transformer.shared.weight", "Hugging Face text tower");
    row("bert.embeddings.word_embeddings.weight", "Chinese-CLIP");
    row("text_model.embeddings.word_embeddings.weight", "Chinese-CLIP");
    row("image_encoder.model.patch_embed.0.rbr_conv.0.conv.weight", "MobileCLIP");
    row("image_encoder.model.patch_emb.0.block.conv.weight", "MobileCLIP");
    row("text_decoder.ln_final.weight", "CoCa");
    row("cls_emb", "CoCa");
    row("visual.attn_pool.query", "CoCa");
    row("vision_model.embeddings.convolution.weight", "ALIGN");
    row("text_model.roberta.embeddings.word_embeddings.weight", "AltCLIP");
    row("vision_model.encoder.layers.0.self_attn.qkv.weight", "BLIP");
    row("visual_encoder.blocks.0.attn.qkv.weight", "BLIP");
    row("qformer.encoder.layer.0.attention.attention.query.weight", "BLIP-2");
    row("clip.vision_model.embeddings.class_embedding", "CLIPSeg");
    row("owlvit.vision_model.embeddings.class_embedding", "OWL-ViT");
    row("audio_model.audio_encoder.weight", "CLAP");
    row("concept_embeds", "safety checker");
    row("encoder.conv1.weight", "state dict (");
}

void TestForeign::otherFamilies()
{
    QFETCH(QString, key);
    QFETCH(QString, family);
    const bool inClip = !family.startsWith(QStringLiteral("state"));
    Shapes shapes = inClip ? openAi() : Shapes();
    shapes[key.toStdString()] = {2};
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!info.supported);
    QVERIFY2(QString::fromStdString(info.family).contains(family), info.family.c_str());
    const bool says = info.why.find("it needs") != std::string::npos || info.why.find("no CLIP") != std::string::npos;
    QVERIFY2(says, info.why.c_str());
}

void TestForeign::thingsThatAreNoClip_data()
{
    QTest::addColumn<QStringList>("keys");
    QTest::addColumn<QString>("family");
    const auto row = [](const QStringList& keys, const char* family) {
        QTest::newRow(family) << keys << QString::fromLatin1(family);
    };
    const auto one = [](const char* key) { return QStringList{QString::fromLatin1(key)}; };
    row(one("model.diffusion_model.input_blocks.0.0.weight") + one("first_stage_model.encoder.conv_in.weight"),
        "Stable Diffusion");
    row(one("down_blocks.0.resnets.0.conv1.weight") + one("conv_in.weight"), "UNet");
    row(one("encoder.conv_in.weight") + one("decoder.conv_in.weight"), "VAE");
    row(one("lora_unet_down_blocks_0.lora_down.weight"), "LoRA");
    row(one("base_model.model.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight"), "LoRA adapter");
    row(one("cls_token") + one("patch_embed.proj.weight"), "vision transformer");
    row(one("mask_token") + one("patch_embed.proj.weight"), "DINOv2");
    row(one("conv1.weight") + one("layer1.0.conv1.weight") + one("fc.weight"), "ResNet");
    row(one("embeddings.word_embeddings.weight"), "language model");
    row(one("model.layers.0.self_attn.q_proj.weight"), "language");
}

void TestForeign::thingsThatAreNoClip()
{
    QFETCH(QStringList, keys);
    QFETCH(QString, family);
    Shapes shapes;
    for (const QString& key : keys) {
        shapes[key.toStdString()] = {2};
    }
    const CheckpointInfo info = openCheckpoint(put("m.safetensors", shapes)).info;
    QVERIFY(!info.supported);
    QVERIFY2(QString::fromStdString(info.family).contains(family), info.family.c_str());
    QVERIFY2(info.why.find("no CLIP") != std::string::npos, info.why.c_str());
}

/// Families that only a shape tells.
void TestForeign::shapesThatTell()
{
    Shapes second = {{"vision_model.head.probe", {1, 1, 4}},
                     {"text_model.embeddings.token_embedding.weight", {256000, 2}}};
    QVERIFY(openCheckpoint(put("s.safetensors", second)).info.family.rfind("SigLIP 2", 0) == 0);
    second = {{"vision_model.head.probe", {1, 1, 4}}, {"vision_model.embeddings.patch_embedding.weight", {4, 12}}};
    QVERIFY(openCheckpoint(put("s.safetensors", second)).info.family.rfind("SigLIP 2", 0) == 0);
    Shapes worldwide = openAi();
    worldwide["token_embedding.weight"] = {901629, 1};
    const auto none = [](const std::string&) { return false; };
    const CheckpointInfo info = openCheckpoint(saveSparse(at("w.safetensors"), worldwide, none)).info;
    QVERIFY2(info.family.rfind("MetaCLIP 2", 0) == 0, info.family.c_str());
}

void TestForeign::modelTypes_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("family");
    const auto row = [](const char* type, const char* family) {
        QTest::newRow(type) << QString::fromLatin1(type) << QString::fromLatin1(family);
    };
    row("siglip", "SigLIP");
    row("siglip2", "SigLIP 2");
    row("chinese_clip", "Chinese-CLIP");
    row("metaclip_2", "MetaCLIP 2");
    row("align", "ALIGN");
    row("altclip", "AltCLIP");
    row("blip", "BLIP");
    row("clipseg", "CLIPSeg");
    row("dinov2", "DINOv2");
    row("vision-text-dual-encoder", "LiT");
    row("never_heard_of", "never_heard_of");
}

void TestForeign::modelTypes()
{
    QFETCH(QString, type);
    QFETCH(QString, family);
    const QByteArray config = "{\"model_type\":\"" + type.toLatin1() + "\"}";
    save(*m_folder, QStringLiteral("config.json"), config);
    for (const Shapes& shapes : {huggingFace(), Shapes{{"something.weight", {2}}}}) { // known names and unknown ones
        const CheckpointInfo info = openCheckpoint(put("model.safetensors", shapes)).info;
        QVERIFY(!info.supported);
        const QString said = QString::fromStdString(info.family + " " + info.why);
        QVERIFY2(said.contains(family) && said.contains(type), qPrintable(said));
    }
}

void TestForeign::formatsThatAreNotRead()
{
    const auto refused = [this](const char* name, const QByteArray& bytes, const char* word) {
        const std::string path = save(*m_folder, QString::fromLatin1(name), bytes);
        QVERIFY2(looksLikeCheckpoint(path), name);
        const QString message = errorOf([&] { openCheckpoint(path); });
        QVERIFY2(message.contains(QString::fromLatin1(word)) && message.contains(QStringLiteral(".safetensors")),
                 qPrintable(message));
    };
    refused("clip.gguf", "GGUF" + QByteArray(60, '\3'), "GGUF");
    refused("renamed.bin.unusual", "GGUF" + QByteArray(60, '\3'), "GGUF");
    refused("clip.onnx", QByteArray("\x08\x07\x12\x07pytorch", 12), "ONNX");
    refused("flax_model.msgpack", QByteArray("\x82\xa4text", 6), "Flax");
    refused("tf_model.h5", QByteArray("\x89HDF\r\n\x1a\n", 8) + QByteArray(60, '\0'), "TensorFlow");
    refused("clip.tflite", QByteArray("\x1c\0\0\0TFL3", 8) + QByteArray(60, '\0'), "TensorFlow Lite");
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("flax")));
    save(*m_folder, QStringLiteral("flax/flax_model.msgpack"), "x");
    QVERIFY(looksLikeCheckpoint(at("flax")));
    QVERIFY(errorOf([&] { openCheckpoint(at("flax")); }).contains(QStringLiteral("holds no weights but flax_model")));
    QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("sd")));
    save(*m_folder, QStringLiteral("sd/model_index.json"), "{}");
    QVERIFY(errorOf([&] { openCheckpoint(at("sd")); }).contains(QStringLiteral("text_encoder")));
}

QTEST_GUILESS_MAIN(TestForeign)
#include "checkpoint_foreign.moc"
