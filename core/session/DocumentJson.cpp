#include "core/session/DocumentJson_p.h"

#include "core/data/Text_p.h"

#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

SpecJson text(const std::string& bytes)
{
    if (validUtf8(bytes)) {
        return bytes;
    }
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const char ch : bytes) {
        const auto c = static_cast<unsigned char>(ch);
        hex += {kDigits[c >> 4], kDigits[c & 15]};
    }
    return SpecJson{{"bytes", hex}};
}

std::string textFrom(const SpecJson& json)
{
    if (!json.is_object()) {
        return json.get<std::string>();
    }
    const auto hex = json.at("bytes").get<std::string>();
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
        bytes += static_cast<char>((digit(hex[i]) << 4) | (digit(hex[i + 1]) & 15));
    }
    return bytes;
}

SpecJson number(double value)
{
    if (std::isfinite(value)) {
        return value;
    }
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double numberFrom(const SpecJson& json)
{
    if (!json.is_string()) {
        return json.get<double>();
    }
    const auto word = json.get<std::string>();
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return word == "inf" ? kInfinity : word == "-inf" ? -kInfinity : std::numeric_limits<double>::quiet_NaN();
}

SpecJson texts(const std::vector<std::string>& all)
{
    SpecJson json = SpecJson::array();
    for (const std::string& one : all) {
        json.push_back(text(one));
    }
    return json;
}

std::vector<std::string> textsFrom(const SpecJson& json)
{
    std::vector<std::string> all;
    for (const SpecJson& one : json) {
        all.push_back(textFrom(one));
    }
    return all;
}

/// Pairs rather than an object, so that keys may be any bytes.
SpecJson options(const std::map<std::string, std::string>& all)
{
    SpecJson json = SpecJson::array();
    for (const auto& [key, value] : all) {
        json.push_back({text(key), text(value)});
    }
    return json;
}

std::map<std::string, std::string> optionsFrom(const SpecJson& json)
{
    std::map<std::string, std::string> all;
    for (const SpecJson& pair : json) {
        all[textFrom(pair.at(0))] = textFrom(pair.at(1));
    }
    return all;
}

template<std::size_t N> SpecJson numbers(const std::array<double, N>& values)
{
    SpecJson json = SpecJson::array();
    for (const double v : values) {
        json.push_back(number(v));
    }
    return json;
}

template<std::size_t N> void numbersFrom(const SpecJson& json, std::array<double, N>& values)
{
    for (std::size_t i = 0; i < N; ++i) {
        values[i] = numberFrom(json.at(i));
    }
}

const char* modalityName(Modality modality)
{
    return modality == Modality::Picture ? "picture" : modality == Modality::Text ? "text" : "other";
}

Modality modalityFrom(const std::string& word)
{
    return word == "picture" ? Modality::Picture : word == "text" ? Modality::Text : Modality::Other;
}

} // namespace

SpecJson toJson(const OpenSpec& spec)
{
    return {{"path", text(spec.path)},
            {"metadata", text(spec.metadata)},
            {"pictureFolder", text(spec.pictureFolder)},
            {"pathColumn", text(spec.pathColumn)},
            {"subset", spec.subset},
            {"seed", spec.seed},
            {"maxPixels", spec.limits.maxPixels},
            {"maxFileBytes", spec.limits.maxFileBytes},
            {"maxSide", spec.limits.maxSide},
            {"checkPictures", spec.checkPictures}};
}

void fromJson(const SpecJson& json, OpenSpec& spec)
{
    spec.path = textFrom(json.at("path"));
    spec.metadata = textFrom(json.at("metadata"));
    spec.pictureFolder = textFrom(json.at("pictureFolder"));
    spec.pathColumn = textFrom(json.at("pathColumn"));
    json.at("subset").get_to(spec.subset);
    json.at("seed").get_to(spec.seed);
    json.at("maxPixels").get_to(spec.limits.maxPixels);
    json.at("maxFileBytes").get_to(spec.limits.maxFileBytes);
    json.at("maxSide").get_to(spec.limits.maxSide);
    json.at("checkPictures").get_to(spec.checkPictures);
}

SpecJson toJson(const Embedding& embedding)
{
    SpecJson skipped = SpecJson::array();
    for (const Skip& skip : embedding.skipped) {
        skipped.push_back({{"path", text(skip.path)}, {"reason", text(skip.reason)}});
    }
    return {{"rows", embedding.rows.rows()},
            {"cols", embedding.rows.cols()},
            {"modelHash", text(embedding.spec.modelHash)},
            {"modality", modalityName(embedding.spec.modality)},
            {"preprocess", text(embedding.spec.preprocess)},
            {"precision", text(embedding.spec.precision)},
            {"normalise", embedding.spec.normalise},
            {"modelName", text(embedding.modelName)},
            {"seconds", number(embedding.seconds)},
            {"device", text(embedding.device)},
            {"skipped", std::move(skipped)}};
}

void fromJson(const SpecJson& json, Embedding& embedding)
{
    embedding.spec.modelHash = textFrom(json.at("modelHash"));
    embedding.spec.modality = modalityFrom(textFrom(json.at("modality")));
    embedding.spec.preprocess = textFrom(json.at("preprocess"));
    embedding.spec.precision = textFrom(json.at("precision"));
    json.at("normalise").get_to(embedding.spec.normalise);
    embedding.modelName = textFrom(json.at("modelName"));
    embedding.seconds = numberFrom(json.at("seconds"));
    embedding.device = textFrom(json.at("device"));
    for (const SpecJson& skip : json.at("skipped")) {
        embedding.skipped.push_back({textFrom(skip.at("path")), textFrom(skip.at("reason"))});
    }
}

SpecJson toJson(const Layout& layout)
{
    return {{"rows", layout.points.rows()},       {"cols", layout.points.cols()},
            {"method", text(layout.spec.method)}, {"dim", layout.spec.dim},
            {"seed", layout.spec.seed},           {"options", options(layout.spec.options)},
            {"excluded", layout.excluded},        {"rawStress", number(layout.rawStress)},
            {"stress1", number(layout.stress1)},  {"iterations", layout.iterations},
            {"seconds", number(layout.seconds)},  {"explained", layout.explained.size()},
            {"notes", texts(layout.notes)}};
}

void fromJson(const SpecJson& json, Layout& layout)
{
    layout.spec.method = textFrom(json.at("method"));
    json.at("dim").get_to(layout.spec.dim);
    json.at("seed").get_to(layout.spec.seed);
    layout.spec.options = optionsFrom(json.at("options"));
    json.at("excluded").get_to(layout.excluded);
    layout.rawStress = numberFrom(json.at("rawStress"));
    layout.stress1 = numberFrom(json.at("stress1"));
    json.at("iterations").get_to(layout.iterations);
    layout.seconds = numberFrom(json.at("seconds"));
    layout.notes = textsFrom(json.at("notes"));
}

namespace {

SpecJson curveJson(const std::vector<TrainingPoint>& curve)
{
    SpecJson json = SpecJson::array();
    for (const TrainingPoint& p : curve) {
        json.push_back({p.stage == TrainingPoint::Stage::Refining, p.step, number(p.reconstruction),
                        number(p.clustering), number(p.changed)});
    }
    return json;
}

std::vector<TrainingPoint> curveFrom(const SpecJson& json)
{
    std::vector<TrainingPoint> curve;
    for (const SpecJson& p : json) {
        curve.push_back({p.at(0).get<bool>() ? TrainingPoint::Stage::Refining : TrainingPoint::Stage::Pretraining,
                         p.at(1).get<int>(), numberFrom(p.at(2)), numberFrom(p.at(3)), numberFrom(p.at(4))});
    }
    return curve;
}

} // namespace

SpecJson toJson(const Clustering& clustering)
{
    return {{"rows", clustering.assignment.size()},
            {"centroids", clustering.centroids.rows()},
            {"cols", clustering.centroids.cols()},
            {"method", text(clustering.spec.method)},
            {"k", clustering.spec.k},
            {"seed", clustering.spec.seed},
            {"options", options(clustering.spec.options)},
            {"sizes", clustering.sizes},
            {"inertia", number(clustering.inertia)},
            {"iterations", clustering.iterations},
            {"seconds", number(clustering.seconds)},
            {"excluded", clustering.excluded},
            {"notes", texts(clustering.notes)},
            {"confidence", clustering.confidence.size()},
            {"curve", curveJson(clustering.curve)},
            {"warnings", texts(clustering.warnings)},
            {"criterion", text(clustering.criterion)},
            {"criterionValue", number(clustering.criterionValue)}};
}

void fromJson(const SpecJson& json, Clustering& clustering)
{
    clustering.spec.method = textFrom(json.at("method"));
    json.at("k").get_to(clustering.spec.k);
    json.at("seed").get_to(clustering.spec.seed);
    clustering.spec.options = optionsFrom(json.at("options"));
    json.at("sizes").get_to(clustering.sizes);
    clustering.inertia = numberFrom(json.at("inertia"));
    json.at("iterations").get_to(clustering.iterations);
    clustering.seconds = numberFrom(json.at("seconds"));
    json.at("excluded").get_to(clustering.excluded);
    clustering.notes = textsFrom(json.at("notes"));
    if (json.contains("curve")) { // not in files of the first release
        clustering.curve = curveFrom(json.at("curve"));
        clustering.warnings = textsFrom(json.at("warnings"));
        clustering.criterion = textFrom(json.at("criterion"));
        clustering.criterionValue = numberFrom(json.at("criterionValue"));
    }
}

SpecJson toJson(const MapView& view)
{
    return {{"flat", view.camera.flat},
            {"target", numbers(view.camera.target)},
            {"halfHeight", number(view.camera.halfHeight)},
            {"rotation", numbers(view.camera.rotation)},
            {"colourBy", text(view.colourBy)},
            {"pointSize", number(view.pointSize)},
            {"opacity", number(view.opacity)},
            {"thumbnails", view.thumbnails},
            {"hidden", texts(view.hidden)},
            {"promptValue", text(view.promptValue)},
            {"logitScale", number(view.logitScale)}};
}

void fromJson(const SpecJson& json, MapView& view)
{
    json.at("flat").get_to(view.camera.flat);
    numbersFrom(json.at("target"), view.camera.target);
    view.camera.halfHeight = numberFrom(json.at("halfHeight"));
    numbersFrom(json.at("rotation"), view.camera.rotation);
    view.colourBy = textFrom(json.at("colourBy"));
    view.pointSize = numberFrom(json.at("pointSize"));
    view.opacity = numberFrom(json.at("opacity"));
    json.at("thumbnails").get_to(view.thumbnails);
    view.hidden = textsFrom(json.at("hidden"));
    if (json.contains("promptValue")) { // not in files of the first release
        view.promptValue = textFrom(json.at("promptValue"));
        view.logitScale = numberFrom(json.at("logitScale"));
    }
}

} // namespace semascope::core
