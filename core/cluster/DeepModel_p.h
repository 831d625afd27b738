#pragma once
#include "core/cluster/AutoEncoder_p.h"
#include "core/cluster/DeepCluster.h"
#include "core/cluster/DeepPrepare_p.h"

#include <string>
#include <vector>

namespace semascope::core {

/// What a trained network consists of.
struct DeepModelParts
{
    std::string method;
    std::vector<std::size_t> widths; ///< input, hidden layers, code
    std::size_t clusters = 0;
    std::vector<float> parameters; ///< as AutoEncoderLayout lays them out; the decoder is not used for dec
    Preparation preparation;
};
std::shared_ptr<const DeepModel> makeDeepModel(DeepModelParts parts);

/// config.json and model.safetensors. Throw as DeepModel::save and openDeepModel.
void saveDeepModel(const DeepModelParts& parts, const std::string& folder);
DeepModelParts readDeepModel(const std::string& folder);

/// Whether the method's decoder is good for anything after the training.
bool keepsDecoder(const std::string& method);

} // namespace semascope::core
