#pragma once
#include "core/latent/Flow_p.h"
#include "core/latent/Iin.h"

namespace semascope::core {

/// What an Iin is made of.
struct IinParts
{
    std::shared_ptr<const Flow> flow;
    std::vector<float> mean, deviation; ///< of the columns; deviation > 0
    std::vector<FactorBlock> factors;
    IinRecord record;
};
std::shared_ptr<const Iin> makeIin(IinParts parts);

/// config.json and model.safetensors of a folder.
void saveIin(const IinParts& parts, const std::string& folder);
IinParts readIin(const std::string& folder);

} // namespace semascope::core
