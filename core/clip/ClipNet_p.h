#pragma once
#include "core/clip/ClipTrain.h"
#include "core/latent/VaeNet_p.h"

namespace semascope::core::clip {

/// Fresh weights under Hugging Face's names, spread as Radford et al. 2021 have them.
latent::Weights drawClip(const ClipTrainSpec& spec, int vocabulary, const at::Device& device);
/// N×3×S×S prepared pixels → N×E, unit length. Differentiable.
at::Tensor pictureFeatures(const ClipTrainSpec& spec, const latent::Weights& w, const at::Tensor& pixels);
/// N×context ids, padded with the end token → N×E, unit length; `last` is the place of each text's first end token.
at::Tensor textFeatures(const ClipTrainSpec& spec, const latent::Weights& w, const at::Tensor& ids,
                        const at::Tensor& last);
/// The configs beside the weights.
void writeClipConfigs(const std::string& folder, const ClipTrainSpec& spec, int vocabulary);

} // namespace semascope::core::clip
