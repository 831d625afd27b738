#include "core/checkpoint/ModelCard.h"

namespace semascope::core {

const std::vector<GetModel>& modelsToGet()
{
    static const std::vector<GetModel> all{
        {"CLIP ViT-B/32 from Hugging Face", "openai/clip-vit-base-patch32",
         "model.safetensors or pytorch_model.bin (about 605 MB), config.json, preprocessor_config.json, vocab.json, "
         "merges.txt",
         "The usual first choice: small, fast, complete with its vocabulary."},
        {"CLIP ViT-L/14 from Hugging Face", "openai/clip-vit-large-patch14",
         "model.safetensors or pytorch_model.bin (about 1.7 GB), config.json, preprocessor_config.json, vocab.json, "
         "merges.txt",
         "Better, and more than ten times slower. With -336 at the end of the name: for pictures of 336 pixels."},
        {"LAION OpenCLIP ViT-B/32", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
         "open_clip_model.safetensors or open_clip_pytorch_model.bin (about 605 MB), open_clip_config.json, "
         "vocab.json, "
         "merges.txt",
         "Trained on open data; better than OpenAI's of the same size. Activation gelu: its config says so."},
        {"DataComp ViT-B/32", "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
         "open_clip_model.safetensors or open_clip_pytorch_model.bin (about 605 MB), open_clip_config.json, "
         "vocab.json, "
         "merges.txt",
         "As above, on filtered data."},
        {"DFN ViT-B/16", "apple/DFN2B-CLIP-ViT-B-16",
         "open_clip_pytorch_model.bin (about 600 MB), open_clip_config.json, and a vocabulary if none comes with it",
         "Activation quick_gelu: keep open_clip_config.json beside the weights."},
        {"MetaCLIP ViT-B/32", "facebook/metaclip-b32-400m",
         "model.safetensors or pytorch_model.bin (about 605 MB), config.json, preprocessor_config.json, vocab.json, "
         "merges.txt",
         "MetaCLIP 2 (worldwide) is another family and is not read."},
        {"OpenAI's own files", "ViT-B-32.pt, ViT-B-16.pt, ViT-L-14.pt, ViT-L-14-336px.pt",
         "one .pt each (about 350 MB, 350 MB, 930 MB, 930 MB) and bpe_simple_vocab_16e6.txt.gz (1.4 MB) of the same "
         "project",
         "What Python's clip package keeps in ~/.cache/clip. The archives are read as data; nothing in them is run."},
        {"OpenAI's ResNets", "RN50.pt, RN101.pt, RN50x4.pt, RN50x16.pt, RN50x64.pt",
         "one .pt each (about 260 MB, 290 MB, 420 MB, 660 MB, 1.4 GB) and bpe_simple_vocab_16e6.txt.gz (1.4 MB)",
         "For comparisons with older work."},
    };
    return all;
}

const std::vector<GetModelNote>& getModelNotes()
{
    static const std::vector<GetModelNote> all{
        {"Where to put them",
         {"One folder for each model, anywhere, with the files under their own names: ~/models/NAME, say.",
          "Models in Hugging Face's cache (~/.cache/huggingface/hub) and OpenAI's (~/.cache/clip) can stay there.",
          "Open the folder, or the .pt file, with Open CLIP…, drop it on the window, or give it to --model."}},
        {"What is needed",
         {"Weights: safetensors is the best choice; .bin and .pt are read as data, nothing in them is run.",
          "The config beside them: it says which activation, heads and preparation of pictures are right.",
          "A vocabulary, for texts: vocab.json with merges.txt, tokenizer.json, or bpe_simple_vocab_16e6.txt.gz. All "
          "these models share one, so any of these files will do, beside the weights or with --vocab."}},
        {"What is not read",
         {"SigLIP, EVA-CLIP, Chinese-CLIP, MobileCLIP, CLIPA, CoCa, MetaCLIP 2 and other families have towers or "
          "tokenizers of their own; each is named when it is opened.",
          "GGUF, ONNX, TensorFlow and Flax files: get the same model as .safetensors, .bin or .pt."}}};
    return all;
}

std::string getModelText()
{
    std::string text =
        "Get a CLIP\n\nSemascope downloads nothing: get one of these from its hub or project, then open it. "
        "Sizes are approximate.\n";
    for (const GetModel& model : modelsToGet()) {
        text += "\n" + model.name + "\n  " + model.source + "\n  Files: " + model.files + "\n  " + model.remark + "\n";
    }
    for (const GetModelNote& note : getModelNotes()) {
        text += "\n" + note.heading + "\n";
        for (const std::string& sentence : note.sentences) {
            text += "- " + sentence + "\n";
        }
    }
    return text;
}

} // namespace semascope::core
