#include "core/latent/VaeFiles_p.h"

#include "core/data/Arrays.h"
#include "core/job/Error.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core::latent {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kTraining = "training.safetensors";

Json specJson(const VaeTrainSpec& s)
{
    return {{"objective", s.objective}, {"architecture", s.architecture},
            {"latents", s.latents},     {"beta", s.beta},
            {"gamma", s.gamma},         {"batch", s.batch},
            {"rate", s.rate},           {"anneal", s.anneal},
            {"heldOut", s.heldOut},     {"seed", s.seed}};
}

/// NaN has no place in JSON: null stands for it.
double numberOf(const Json& json)
{
    return json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

Json epochJson(const VaeEpoch& e)
{
    return Json::array({e.epoch, e.reconstruction, e.divergence, e.correlation, e.loss, e.heldReconstruction,
                        e.heldDivergence, e.heldPsnr, e.divergenceOf});
}

VaeEpoch epochFrom(const Json& j)
{
    return {j.at(0).get<int>(), numberOf(j.at(1)), numberOf(j.at(2)),
            numberOf(j.at(3)),  numberOf(j.at(4)), numberOf(j.at(5)),
            numberOf(j.at(6)),  numberOf(j.at(7)), j.at(8).get<std::vector<double>>()};
}

/// Tensors on the CPU without gaps, and their names, for as long as they are written.
struct Listed
{
    std::vector<at::Tensor> held;
    std::vector<NamedTensor> named;

    void add(const std::string& prefix, const Weights& weights)
    {
        for (const auto& [name, value] : weights) {
            held.push_back(value.detach().to(at::kCPU, at::kFloat).contiguous());
            named.push_back({prefix + name, held.back().sizes().vec(), held.back().data_ptr<float>()});
        }
    }
};

void makeFolder(const std::string& folder)
{
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        throw Error(Code::Io, "The folder " + folder + " cannot be made: " + problem.message() + ".");
    }
}

Weights weightsOf(const StateDict& state, const std::string& prefix)
{
    Weights out;
    for (const auto& [name, view] : state.tensors) {
        if (name.rfind(prefix, 0) == 0) {
            const std::vector<float> values = toFloats(view);
            out[name.substr(prefix.size())] =
                at::from_blob(const_cast<float*>(values.data()), view.shape, at::kFloat).clone();
        }
    }
    return out;
}

} // namespace

std::string hashOf(const PixelSet& pixels)
{
    const auto seed = static_cast<XXH64_hash_t>(pixels.channels * 65536 + pixels.side);
    const XXH128_hash_t h = XXH3_128bits_withSeed(pixels.bytes.data(), pixels.bytes.size(), seed);
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(h.high64),
                  static_cast<unsigned long long>(h.low64));
    return text;
}

void saveVae(const std::string& folder, const VaeSpec& spec, const Weights& weights)
{
    makeFolder(folder);
    Listed tensors;
    tensors.add({}, weights);
    writeSafetensors((fs::path(folder) / "model.safetensors").string(), tensors.named, {{"format", "pt"}});
    const std::string text = vaeSpecToJson(spec);
    writeFileAtomic((fs::path(folder) / "config.json").string(), text.data(), text.size());
}

void saveTraining(const std::string& folder, const Training& t)
{
    makeFolder(folder);
    Listed tensors;
    tensors.add("weights.", t.weights);
    tensors.add("state.", t.state);
    Json epochs = Json::array();
    for (const VaeEpoch& e : t.progress.epochs) {
        epochs.push_back(epochJson(e));
    }
    const Json about{{"spec", specJson(t.progress.spec)}, {"epochs", epochs}, {"counts", t.counts}};
    writeSafetensors((fs::path(folder) / kTraining).string(), tensors.named,
                     {{"training", about.dump()}, {"pictures", t.pictures}});
}

std::optional<Training> openTraining(const std::string& folder, const VaeTrainSpec& spec, const std::string& pictures)
{
    const fs::path path = fs::path(folder) / kTraining;
    if (!fs::exists(path)) {
        return std::nullopt;
    }
    const StateDict file = readSafetensors(path.string());
    const auto about = file.metadata.find("training");
    const auto hash = file.metadata.find("pictures");
    if (about == file.metadata.end() || hash == file.metadata.end() || hash->second != pictures) {
        return std::nullopt;
    }
    const Json json = Json::parse(about->second, nullptr, false);
    if (json.is_discarded() || !json.is_object() || json.value("spec", Json()) != specJson(spec)) {
        return std::nullopt;
    }
    try {
        Training t;
        for (const Json& each : json.at("epochs")) {
            t.progress.epochs.push_back(epochFrom(each));
        }
        t.counts = json.at("counts").get<std::map<std::string, std::int64_t>>();
        t.progress.spec = spec;
        t.weights = weightsOf(file, "weights.");
        t.state = weightsOf(file, "state.");
        return t;
    } catch (const Json::exception&) {
        throw Error(Code::BadFormat, path.string() + " was changed by another program; delete it to train anew.");
    }
}

} // namespace semascope::core::latent
