#include "core/checkpoint/Safetensors_p.h"
#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/cluster/ClusterOptions.h"
#include "core/cluster/DeepModel_p.h"
#include "core/data/AtomicFile_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace semascope::core {

namespace {

constexpr const char* kFormat = "semascope-deep-clustering";
constexpr const char* kConfig = "config.json";
constexpr const char* kWeights = "model.safetensors";
constexpr std::uint64_t kLargestConfig = 1 << 20;
constexpr std::size_t kWidest = std::size_t{1} << 24, kDeepest = 32;

[[noreturn]] void refuse(const std::string& folder, const std::string& what)
{
    throw Error(Code::BadFormat, "The folder " + quoted(folder) + " holds no usable clustering model: " + what + ".");
}

nlohmann::json parsed(const std::string& text)
{
    return nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
}

bool isOurs(const nlohmann::json& config)
{
    const auto it = config.is_object() ? config.find("format") : config.end();
    return config.is_object() && it != config.end() && *it == kFormat;
}

/// The named part of the layout: "encoder.0.weight" and so on.
struct Part
{
    std::string name;
    std::vector<std::int64_t> shape;
    std::size_t at, count;
};

std::vector<Part> partsOf(const AutoEncoderLayout& layout, bool decoder)
{
    std::vector<Part> parts;
    const auto append = [&parts](const std::string& side, const std::vector<DenseLayer>& layers) {
        for (std::size_t l = 0; l < layers.size(); ++l) {
            const DenseLayer& layer = layers[l];
            const std::string name = side + "." + std::to_string(l);
            const auto in = static_cast<std::int64_t>(layer.in), out = static_cast<std::int64_t>(layer.out);
            parts.push_back({name + ".weight", {out, in}, layer.weight, layer.in * layer.out});
            parts.push_back({name + ".bias", {out}, layer.bias, layer.out});
        }
    };
    append("encoder", layout.encoder);
    if (decoder) {
        append("decoder", layout.decoder);
    }
    parts.push_back({"centroids",
                     {static_cast<std::int64_t>(layout.clusters), static_cast<std::int64_t>(layout.codeDim())},
                     layout.centroids,
                     layout.clusters * layout.codeDim()});
    return parts;
}

void makeFolder(const std::string& folder)
{
    if (!isFolder(folder) && ::mkdir(folder.c_str(), 0777) != 0) {
        throw Error(Code::Io, "The folder " + quoted(folder) + " cannot be made: " + std::strerror(errno) + ".");
    }
}

std::vector<std::size_t> widthsOf(const nlohmann::json& config, const std::string& folder)
{
    std::vector<std::size_t> widths;
    const auto it = config.find("widths");
    if (it != config.end() && it->is_array() && it->size() >= 2 && it->size() <= kDeepest) {
        for (const nlohmann::json& w : *it) {
            const std::uint64_t width = w.is_number_unsigned() ? w.get<std::uint64_t>() : 0;
            if (width >= 1 && width <= kWidest) {
                widths.push_back(static_cast<std::size_t>(width));
            }
        }
        if (widths.size() == it->size()) {
            return widths;
        }
    }
    refuse(folder, "its config.json has no valid list of layer widths");
}

DeepModelParts fromConfig(const nlohmann::json& config, const std::string& folder)
{
    DeepModelParts parts;
    if (config.value("version", nlohmann::json()) != 1) {
        refuse(folder, "it was written by a newer version of the program");
    }
    const nlohmann::json method = config.value("method", nlohmann::json());
    const nlohmann::json clusters = config.value("clusters", nlohmann::json());
    const nlohmann::json prepare = config.value("prepare", nlohmann::json());
    if (!method.is_string() || !isDeepMethod(method.get<std::string>())) {
        refuse(folder, "its config.json names no method of this program");
    }
    if (!clusters.is_number_unsigned() || clusters.get<std::uint64_t>() < 1 ||
        clusters.get<std::uint64_t>() > kWidest) {
        refuse(folder, "its config.json has no valid number of clusters");
    }
    parts.method = method.get<std::string>();
    parts.clusters = clusters.get<std::size_t>();
    parts.widths = widthsOf(config, folder);
    using Kind = Preparation::Kind;
    const Kind kinds[] = {Kind::None, Kind::Scale, Kind::Clip};
    const auto* kind =
        std::find_if(std::begin(kinds), std::end(kinds), [&](Kind k) { return prepare == preparationName(k); });
    if (kind == std::end(kinds)) {
        refuse(folder, "its config.json names no preparation of this program");
    }
    parts.preparation.kind = *kind;
    return parts;
}

std::vector<float> tensorOf(const StateDict& weights, const Part& part, const std::string& folder)
{
    const TensorView* const t = weights.find(part.name);
    if (t == nullptr || t->shape != part.shape || t->type != TensorType::F32) {
        refuse(folder, std::string(kWeights) +
                           (t == nullptr ? " lacks the tensor " : " has another shape of the tensor ") + part.name);
    }
    std::vector<float> values = toFloats(*t);
    if (!dense::allFinite(values.data(), values.size())) {
        refuse(folder, "the tensor " + part.name + " has numbers that are not finite");
    }
    return values;
}

} // namespace

void saveDeepModel(const DeepModelParts& parts, const std::string& folder)
{
    makeFolder(folder);
    const AutoEncoderLayout layout(parts.widths, parts.clusters);
    std::vector<NamedTensor> tensors;
    const std::vector<Part> named = partsOf(layout, keepsDecoder(parts.method));
    for (const Part& p : named) {
        tensors.push_back({p.name, p.shape, parts.parameters.data() + p.at});
    }
    const float numbers[2] = {parts.preparation.factor, parts.preparation.length};
    tensors.push_back({"prepare.numbers", {2}, numbers});
    const auto means = static_cast<std::int64_t>(parts.preparation.mean.size());
    if (means > 0) {
        tensors.push_back({"prepare.mean", {means}, parts.preparation.mean.data()});
    }
    const nlohmann::ordered_json config{
        {"format", kFormat},          {"version", 1},
        {"method", parts.method},     {"widths", parts.widths},
        {"clusters", parts.clusters}, {"prepare", preparationName(parts.preparation.kind)}};
    const std::string text = config.dump(2) + "\n";
    writeSafetensors(joinPath(folder, kWeights), tensors, {{"config", config.dump()}});
    AtomicFile file(joinPath(folder, kConfig));
    file.write(text.data(), text.size());
    file.commit();
}

DeepModelParts readDeepModel(const std::string& folder)
{
    if (!isFolder(folder)) {
        throw Error(Code::NotFound, "There is no folder " + quoted(folder) + "; give one that a model was saved to.");
    }
    if (!isRegular(joinPath(folder, kConfig)) || !isRegular(joinPath(folder, kWeights))) {
        refuse(folder, "config.json or model.safetensors is missing");
    }
    const nlohmann::json config = parsed(readStart(joinPath(folder, kConfig), kLargestConfig));
    if (!isOurs(config)) {
        refuse(folder, "its config.json is of another program");
    }
    DeepModelParts parts = fromConfig(config, folder);
    const StateDict weights = readSafetensorsRaw(joinPath(folder, kWeights));
    const auto saved = weights.metadata.find("config");
    if (saved == weights.metadata.end() || parsed(saved->second) != config) {
        refuse(folder, "config.json and model.safetensors are not of one training");
    }
    const AutoEncoderLayout layout(parts.widths, parts.clusters);
    const std::vector<Part> named = partsOf(layout, keepsDecoder(parts.method));
    for (const Part& p : named) { // before memory is taken for what a damaged file claims
        const TensorView* const t = weights.find(p.name);
        if (t == nullptr || t->shape != p.shape) {
            (void)tensorOf(weights, p, folder);
        }
    }
    parts.parameters.assign(layout.total, 0.0F);
    for (const Part& p : named) {
        const std::vector<float> values = tensorOf(weights, p, folder);
        std::copy(values.begin(), values.end(), parts.parameters.begin() + static_cast<std::ptrdiff_t>(p.at));
    }
    const std::vector<float> numbers = tensorOf(weights, {"prepare.numbers", {2}, 0, 2}, folder);
    parts.preparation.factor = numbers[0];
    parts.preparation.length = numbers[1];
    if (parts.preparation.kind == Preparation::Kind::Clip) {
        const auto d = static_cast<std::int64_t>(parts.widths.front());
        parts.preparation.mean = tensorOf(weights, {"prepare.mean", {d}, 0, parts.widths.front()}, folder);
    }
    return parts;
}

bool isDeepModel(const std::string& folder)
{
    return isFolder(folder) && isRegular(joinPath(folder, kConfig)) &&
           isOurs(parsed(readStart(joinPath(folder, kConfig), kLargestConfig)));
}

} // namespace semascope::core
