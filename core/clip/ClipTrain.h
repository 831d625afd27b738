#pragma once
#include "core/latent/VaeTrain.h"

namespace semascope::core {

/// A CLIP small enough to train on a few thousand pictures with captions on a CPU.
struct ClipTrainSpec
{
    int imageSize = 64, patch = 8;
    int width = 128, layers = 4, heads = 4; ///< picture tower
    int textWidth = 128, textLayers = 3, textHeads = 4, context = 32;
    int embed = 64;
    int vocabulary = 1024; ///< tokens at most, the 512 single bytes included
    int epochs = 12, batch = 128;
    double rate = 1e-3, decay = 0.05, warmUp = 0.05; ///< AdamW with cosine; share of the steps
    double heldOut = 0.1;
    std::uint64_t seed = 0;
    std::string device = "auto";
    bool operator==(const ClipTrainSpec&) const = default;
};

struct ClipEpoch
{
    int epoch = 0;
    double loss = 0, heldLoss = 0; ///< symmetric contrastive cross-entropy, nats
    double heldTop1 = 0;           ///< picture → one of the held-out captions of a batch; equal captions count
    double scale = 0;              ///< exp of the temperature parameter
};
/// Published as shared_ptr<const ClipProgress>.
struct ClipProgress
{
    ClipTrainSpec spec;
    std::vector<ClipEpoch> epochs;
    std::size_t trained = 0, held = 0, parameters = 0;
    int vocabulary = 0;
};

/// Trains a ViT and a text transformer from scratch with the contrastive loss of Radford et al. 2021 (captions that are
/// equal are each other's positives) and writes a folder as Hugging Face has it: config.json, preprocessor_config.json,
/// vocab.json, merges.txt, model.safetensors. The byte-pair vocabulary is learnt from the captions. captions[i] are
/// those of picture i, one is drawn each epoch. Throws Error(Misuse | Mismatch | Io | Cancelled).
ClipProgress trainClip(const PixelSet& pixels, const std::vector<std::vector<std::string>>& captions,
                       const ClipTrainSpec& spec, const std::string& folder, JobContext& job);

/// Byte-pair merges (Sennrich et al. 2016) of the words in `texts`, most frequent pair first, until there are `most` or
/// no pair occurs `least` times. Ties go to the smaller pair.
std::vector<std::pair<std::string, std::string>> learnMerges(const std::vector<std::string>& texts, std::size_t most,
                                                             std::size_t least = 2);
/// Writes vocab.json and merges.txt as CLIP's are; returns the number of tokens, the last two being start and end.
int writeVocabulary(const std::string& folder, const std::vector<std::pair<std::string, std::string>>& merges);

} // namespace semascope::core
