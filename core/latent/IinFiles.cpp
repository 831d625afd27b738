#include "core/checkpoint/Checkpoint.h"
#include "core/checkpoint/JsonConfig_p.h"
#include "core/data/Arrays.h"
#include "core/data/File_p.h"
#include "core/latent/IinModel_p.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

namespace semascope::core {

namespace {

constexpr char kKind[] = "semascope-iin", kConfig[] = "config.json", kWeights[] = "model.safetensors";

nlohmann::json specJson(const IinSpec& s)
{
    return {{"blocks", s.blocks},
            {"depth", s.depth},
            {"width", s.width},
            {"rho", s.rho},
            {"lr", s.learningRate},
            {"batch", s.batch},
            {"noise", s.noise},
            {"weight_decay", s.weightDecay},
            {"epochs", s.epochs},
            {"patience", s.patience},
            {"held_out", s.heldOut},
            {"standardise", s.standardise},
            {"every_shared", s.everyShared},
            {"seed", s.seed}};
}

IinSpec specFrom(const nlohmann::json& j)
{
    IinSpec s;
    s.blocks = integerOr(j, "blocks", 0);
    s.depth = integerOr(j, "depth", -1);
    s.width = integerOr(j, "width", 0);
    s.rho = numberOr(j, "rho", s.rho);
    s.learningRate = numberOr(j, "lr", s.learningRate);
    s.batch = integerOr(j, "batch", s.batch);
    s.noise = numberOr(j, "noise", s.noise);
    s.weightDecay = numberOr(j, "weight_decay", s.weightDecay);
    s.epochs = integerOr(j, "epochs", s.epochs);
    s.patience = integerOr(j, "patience", s.patience);
    s.heldOut = numberOr(j, "held_out", s.heldOut);
    s.standardise = truthOr(j, "standardise", s.standardise);
    s.everyShared = truthOr(j, "every_shared", s.everyShared);
    const nlohmann::json* seed = member(j, "seed");
    s.seed = seed && seed->is_number_unsigned() ? seed->get<std::uint64_t>() : 0;
    return s;
}

/// A number that may be missing: JSON has no NaN.
nlohmann::json numberJson(double v)
{
    return std::isfinite(v) ? nlohmann::json(v) : nlohmann::json();
}

nlohmann::json configJson(const IinParts& parts)
{
    nlohmann::json factors = nlohmann::json::array();
    for (const FactorBlock& block : parts.factors) {
        factors.push_back({{"name", block.name}, {"offset", block.offset}, {"size", block.size}});
    }
    const IinRecord& r = parts.record;
    return {{"kind", kKind},
            {"version", 1},
            {"dim", parts.flow->shape.dim},
            {"factors", factors},
            {"training", specJson(r.spec)},
            {"record",
             {{"rows", r.rows},
              {"held_out_rows", r.heldOutRows},
              {"epochs", r.epochs},
              {"best_epoch", r.bestEpoch},
              {"train_loss", numberJson(r.trainLoss)},
              {"held_out_loss", numberJson(r.heldOutLoss)},
              {"inverse_error", numberJson(r.inverseError)},
              {"source", r.source}}}};
}

IinRecord recordFrom(const nlohmann::json& config)
{
    const nlohmann::json j = objectOf(config, "record");
    const auto count = [&](const char* key) { return static_cast<std::size_t>(std::max(0, integerOr(j, key, 0))); };
    IinRecord r;
    r.spec = specFrom(objectOf(config, "training"));
    r.rows = count("rows");
    r.heldOutRows = count("held_out_rows");
    r.epochs = integerOr(j, "epochs", 0);
    r.bestEpoch = integerOr(j, "best_epoch", 0);
    r.trainLoss = numberOr(j, "train_loss", std::nan(""));
    r.heldOutLoss = numberOr(j, "held_out_loss", std::nan(""));
    r.inverseError = numberOr(j, "inverse_error", std::nan(""));
    r.source = textOr(j, "source", {});
    return r;
}

/// Reads one folder, naming what is wrong.
class Reader
{
public:
    explicit Reader(const std::string& folder)
        : m_config(joinPath(folder, kConfig)), m_weights(joinPath(folder, kWeights)), m_json(readJsonFile(m_config))
    {
        if (textOr(m_json, "kind", {}) != kKind) {
            refuse(m_config, "describes no IIN: its \"kind\" is not \"" + std::string(kKind) + "\"");
        }
    }

    IinParts read()
    {
        IinParts parts;
        parts.record = recordFrom(m_json);
        const FlowShape shape = readShape(parts.record.spec);
        readFactors(parts, shape.dim);
        const StateDict dict = readStateDict(m_weights);
        checkSize(dict, shape);
        auto flow = std::make_shared<Flow>(shape);
        for (const FlowTensor& t : flowTensors(*flow)) {
            const std::vector<float> values = numbers(dict, t.name, t.shape);
            std::copy(values.begin(), values.end(), flow->values.begin() + static_cast<std::ptrdiff_t>(t.at));
        }
        for (std::size_t b = 0; b < shape.blocks; ++b) {
            flow->order.push_back(readOrder(dict, std::to_string(b) + ".shuffle", shape.dim));
            checkScales(flow->values.data() + flow->layout.blocks[b].scale, shape.dim);
        }
        const std::vector<std::int64_t> width{static_cast<std::int64_t>(shape.dim)};
        parts.mean = numbers(dict, "mean", width);
        parts.deviation = numbers(dict, "deviation", width);
        checkScales(parts.deviation.data(), shape.dim);
        parts.flow = std::move(flow);
        return parts;
    }

private:
    [[noreturn]] static void refuse(const std::string& file, const std::string& what)
    {
        throw Error(Code::BadFormat, file + " " + what + "; save the IIN again.");
    }

    FlowShape readShape(const IinSpec& spec) const
    {
        const int dim = integerOr(m_json, "dim", 0);
        const bool fits = dim >= 2 && dim <= (1 << 20) && spec.blocks >= 1 && spec.blocks <= 1024 && spec.depth >= 0 &&
                          spec.depth <= 64 && spec.width >= 1 && spec.width <= (1 << 14);
        if (!fits) {
            refuse(m_config, "has no usable sizes (dim, blocks, depth, width)");
        }
        const auto size = [](int n) { return static_cast<std::size_t>(n); };
        return {size(dim), size(spec.blocks), size(spec.depth), size(spec.width)};
    }

    void readFactors(IinParts& parts, std::size_t dim) const
    {
        const nlohmann::json* list = member(m_json, "factors");
        std::size_t at = 0;
        std::set<std::string> names;
        for (const nlohmann::json& item : list && list->is_array() ? *list : nlohmann::json::array()) {
            const int size = integerOr(item, "size", 0);
            const std::string name = textOr(item, "name", {});
            if (size < 1 || name.empty() || !names.insert(name).second) {
                refuse(m_config, "has a factor without size or without a name of its own");
            }
            parts.factors.push_back({name, at, static_cast<std::size_t>(size)});
            at += static_cast<std::size_t>(size);
        }
        if (at != dim) {
            refuse(m_config,
                   "has factors of " + std::to_string(at) + " numbers in all, where dim is " + std::to_string(dim));
        }
    }

    /// Before anything is allocated: a config may claim any size.
    void checkSize(const StateDict& dict, const FlowShape& shape) const
    {
        std::size_t stored = 0;
        for (const auto& [name, tensor] : dict.tensors) {
            stored += static_cast<std::size_t>(std::max<std::int64_t>(0, tensor.count()));
        }
        if (stored < FlowLayout(shape).count) {
            refuse(m_weights, "holds fewer numbers than config.json describes");
        }
    }

    std::vector<float> numbers(const StateDict& dict, const std::string& name,
                               const std::vector<std::int64_t>& shape) const
    {
        const TensorView* tensor = dict.find(name);
        if (!tensor || tensor->shape != shape) {
            refuse(m_weights, "has no tensor \"" + name + "\" of the size that config.json describes");
        }
        std::vector<float> values = toFloats(*tensor);
        if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
            refuse(m_weights, "has numbers that are not finite in \"" + name + "\"");
        }
        return values;
    }

    std::vector<std::uint32_t> readOrder(const StateDict& dict, const std::string& name, std::size_t dim) const
    {
        std::vector<std::uint32_t> order;
        std::vector<bool> seen(dim);
        for (const float v : numbers(dict, name, {static_cast<std::int64_t>(dim)})) {
            const bool whole = v >= 0 && v < static_cast<float>(dim) && std::floor(v) == v;
            if (!whole || seen[static_cast<std::size_t>(v)]) {
                refuse(m_weights, "has no permutation in \"" + name + "\"");
            }
            seen[static_cast<std::size_t>(v)] = true;
            order.push_back(static_cast<std::uint32_t>(v));
        }
        return order;
    }

    void checkScales(const float* values, std::size_t n) const
    {
        if (std::any_of(values, values + n, [](float v) { return v == 0; })) {
            refuse(m_weights, "has a scale of 0, which cannot be inverted");
        }
    }

    std::string m_config, m_weights;
    nlohmann::json m_json;
};

} // namespace

void saveIin(const IinParts& parts, const std::string& folder)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        throw Error(Code::Io, "The folder " + folder + " cannot be made: " + failed.message() + ".");
    }
    std::vector<NamedTensor> tensors;
    for (const FlowTensor& t : flowTensors(*parts.flow)) {
        tensors.push_back({t.name, t.shape, parts.flow->values.data() + t.at});
    }
    const std::vector<std::int64_t> width{static_cast<std::int64_t>(parts.flow->shape.dim)};
    std::vector<std::vector<float>> orders;
    for (const auto& order : parts.flow->order) {
        orders.emplace_back(order.begin(), order.end());
    }
    for (std::size_t b = 0; b < orders.size(); ++b) {
        tensors.push_back({std::to_string(b) + ".shuffle", width, orders[b].data()});
    }
    tensors.push_back({"mean", width, parts.mean.data()});
    tensors.push_back({"deviation", width, parts.deviation.data()});
    writeSafetensors(joinPath(folder, kWeights), tensors, {{"kind", kKind}});
    // Last, so that a folder with a config is complete.
    const std::string text = configJson(parts).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    writeFileAtomic(joinPath(folder, kConfig), text.data(), text.size());
}

IinParts readIin(const std::string& folder)
{
    return Reader(folder).read();
}

bool isIin(const std::string& folder)
{
    const std::string path = joinPath(folder, kConfig);
    if (!isRegular(path)) {
        return false;
    }
    try {
        return textOr(readJsonFile(path), "kind", {}) == kKind;
    } catch (const Error&) {
        return false; // no JSON, so no IIN
    }
}

} // namespace semascope::core
