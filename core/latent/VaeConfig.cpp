#include "core/job/Error.h"
#include "core/latent/VaeSpec.h"

#include <nlohmann/json.hpp>

namespace semascope::core {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<const char*, LatentHead> kHeads[] = {
    {"halves", LatentHead::Halves}, {"alternating", LatentHead::Alternating}, {"mean", LatentHead::MeanOnly}};
constexpr std::pair<const char*, PixelRange> kRanges[] = {{"0..1", PixelRange::Unit}, {"-1..1", PixelRange::Signed}};
constexpr std::pair<const char*, PixelLikelihood> kLikelihoods[] = {{"bernoulli", PixelLikelihood::Bernoulli},
                                                                    {"gaussian", PixelLikelihood::Gaussian},
                                                                    {"laplace", PixelLikelihood::Laplace}};

template<class T, std::size_t N> const char* wordOf(const std::pair<const char*, T> (&words)[N], T value)
{
    for (const auto& [word, which] : words) {
        if (which == value) {
            return word;
        }
    }
    return "";
}

/// Reads members of one object of config.json and says which one is wrong.
class Reader
{
public:
    Reader(const Json& object, std::string file, std::string where)
        : m_object(&object), m_file(std::move(file)), m_where(std::move(where))
    {
        if (!object.is_object()) {
            fail("is no object");
        }
    }

    [[noreturn]] void fail(const std::string& sentence) const
    {
        throw Error(Code::BadFormat, m_file + ": " + m_where + " " + sentence + ".");
    }
    int integer(const char* key, int fallback, int least, int most) const
    {
        const auto it = m_object->find(key);
        if (it == m_object->end()) {
            return fallback;
        }
        if (!it->is_number_integer() || it->get<std::int64_t>() < least || it->get<std::int64_t>() > most) {
            fail("needs \"" + std::string(key) + "\" from " + std::to_string(least) + " to " + std::to_string(most));
        }
        return it->get<int>();
    }
    float number(const char* key, float fallback) const
    {
        const auto it = m_object->find(key);
        if (it == m_object->end()) {
            return fallback;
        }
        if (!it->is_number()) {
            fail("needs a number \"" + std::string(key) + "\"");
        }
        return it->get<float>();
    }
    std::string word(const char* key, const std::string& fallback) const
    {
        const auto it = m_object->find(key);
        if (it == m_object->end()) {
            return fallback;
        }
        if (!it->is_string()) {
            fail("needs a text \"" + std::string(key) + "\"");
        }
        return it->get<std::string>();
    }
    bool truth(const char* key, bool fallback) const
    {
        const auto it = m_object->find(key);
        return it == m_object->end() ? fallback
               : it->is_boolean()    ? it->get<bool>()
                                     : (fail("needs a yes or no"), false);
    }
    template<class T, std::size_t N> T choice(const char* key, const std::pair<const char*, T> (&words)[N]) const
    {
        const std::string given = word(key, words[0].first);
        std::string all;
        for (const auto& [name, value] : words) {
            if (given == name) {
                return value;
            }
            all += (all.empty() ? "" : ", ") + std::string(name);
        }
        fail("knows no \"" + std::string(key) + "\": \"" + given + "\"; it may be " + all);
    }

private:
    const Json* m_object;
    std::string m_file, m_where;
};

constexpr int kMost = 1 << 20;

VaeLayer layerFrom(const Json& json, const std::string& file, const std::string& where)
{
    const Reader r(json, file, where);
    const std::string word = r.word("layer", "");
    const auto kind = layerKind(word);
    if (!kind) {
        r.fail("has a layer \"" + word + "\" that is not known");
    }
    VaeLayer layer;
    layer.kind = *kind;
    layer.key = r.word("key", "");
    layer.in = r.integer("in", 0, 0, kMost);
    layer.out = r.integer("out", 0, 0, kMost);
    layer.kernel = r.integer("kernel", 0, 0, 64);
    layer.stride = r.integer("stride", 1, 1, 64);
    layer.padding = r.integer("padding", 0, 0, 64);
    layer.bias = r.truth("bias", true);
    layer.slope = r.number("slope", layer.slope);
    layer.eps = r.number("eps", layer.eps);
    layer.height = r.integer("height", 0, 0, 4096);
    layer.width = r.integer("width", 0, 0, 4096);
    const bool weights = layer.kind == VaeLayer::Kind::Convolution || layer.kind == VaeLayer::Kind::Transposed ||
                         layer.kind == VaeLayer::Kind::Linear || layer.kind == VaeLayer::Kind::BatchNorm;
    if (weights == layer.key.empty()) {
        r.fail(weights ? "needs the \"key\" of its weights" : "has a \"key\" but no weights");
    }
    return layer;
}

std::vector<VaeLayer> layersFrom(const Json& vae, const char* part, const std::string& file)
{
    const auto it = vae.find(part);
    if (it == vae.end() || !it->is_array() || it->size() > 1000) {
        throw Error(Code::BadFormat, file + ": \"vae\" needs \"" + part + "\", a list of layers.");
    }
    std::vector<VaeLayer> layers;
    for (const Json& each : *it) {
        layers.push_back(layerFrom(each, file, std::string(part) + " layer " + std::to_string(layers.size() + 1)));
    }
    return layers;
}

Json toJson(const VaeLayer& layer)
{
    const VaeLayer usual;
    Json json{{"layer", layerName(layer.kind)}};
    const auto put = [&json](const char* key, const auto& value, const auto& ordinary) {
        if (value != ordinary) {
            json[key] = value;
        }
    };
    put("key", layer.key, usual.key);
    put("in", layer.in, usual.in);
    put("out", layer.out, usual.out);
    put("kernel", layer.kernel, usual.kernel);
    put("stride", layer.stride, usual.stride);
    put("padding", layer.padding, usual.padding);
    put("bias", layer.bias, usual.bias);
    put("slope", layer.slope, usual.slope);
    put("eps", layer.eps, usual.eps);
    put("height", layer.height, usual.height);
    put("width", layer.width, usual.width);
    return json;
}

} // namespace

VaeSpec vaeSpecFromJson(const std::string& text, const std::string& file)
{
    const Json root = Json::parse(text, nullptr, false);
    if (root.is_discarded() || !root.is_object() || !root.contains("vae")) {
        throw Error(Code::BadFormat, file + " is no description of a VAE: it needs an object \"vae\".");
    }
    const Json& vae = root["vae"];
    const Reader r(vae, file, "\"vae\"");
    VaeSpec spec;
    spec.family = r.word("family", "described by config.json");
    spec.channels = r.integer("channels", 3, 1, 3);
    spec.side = r.integer("side", 64, 4, 1024);
    spec.latents = r.integer("latents", 10, 1, kMost);
    spec.head = r.choice("head", kHeads);
    spec.range = r.choice("range", kRanges);
    spec.likelihood = r.choice("likelihood", kLikelihoods);
    spec.encoder = layersFrom(vae, "encoder", file);
    spec.decoder = layersFrom(vae, "decoder", file);
    checkVaeSpec(spec);
    return spec;
}

std::string vaeSpecToJson(const VaeSpec& spec)
{
    Json vae{{"family", spec.family},
             {"channels", spec.channels},
             {"side", spec.side},
             {"latents", spec.latents},
             {"head", wordOf(kHeads, spec.head)},
             {"range", wordOf(kRanges, spec.range)},
             {"likelihood", wordOf(kLikelihoods, spec.likelihood)}};
    for (const auto& [part, layers] : {std::pair{"encoder", &spec.encoder}, std::pair{"decoder", &spec.decoder}}) {
        vae[part] = Json::array();
        for (const VaeLayer& layer : *layers) {
            vae[part].push_back(toJson(layer));
        }
    }
    return Json{{"format", "semascope-vae-1"}, {"vae", vae}}.dump(1) + "\n";
}

} // namespace semascope::core
