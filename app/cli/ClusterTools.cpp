#include "app/cli/ClusterTools.h"
#include "core/cluster/ClusterOptions.h"
#include "core/data/Arrays.h"

#include <algorithm>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

bool takes(const std::string& method, const std::string& key)
{
    const auto& options = core::clusterOptions(method);
    return std::any_of(options.begin(), options.end(), [&](const core::ClusterOption& o) { return o.key == key; });
}

std::string keysOf(const std::vector<std::string>& methods)
{
    std::vector<std::string> keys;
    for (const std::string& method : methods) {
        for (const core::ClusterOption& o : core::clusterOptions(method)) {
            if (std::find(keys.begin(), keys.end(), o.key) == keys.end()) {
                keys.push_back(o.key);
            }
        }
    }
    return joined(keys);
}

/// One word of --set: whom it is for (empty: all), key and value.
struct Setting
{
    std::string method, key, value;
};

Setting settingOf(const std::string& word)
{
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw Error(Code::Misuse, "--set takes key=value, not \"" + word + "\".");
    }
    Setting setting{{}, word.substr(0, equals), word.substr(equals + 1)};
    const auto colon = setting.key.find(':');
    if (colon != std::string::npos) {
        setting.method = setting.key.substr(0, colon);
        setting.key.erase(0, colon + 1);
    }
    return setting;
}

/// Wrapped at the width of a terminal, with the lines after the first set in.
std::string wrapped(const std::string& text, std::size_t indent)
{
    constexpr std::size_t kWidth = 100;
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const auto space = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, space - at);
        if (!line.empty() && indent + line.size() + 1 + word.size() > kWidth) {
            out += line + "\n" + std::string(indent, ' ');
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        at = space + 1;
    }
    return out + line;
}

} // namespace

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& w : words) {
        text += (text.empty() ? "" : ", ") + w;
    }
    return text;
}

void putScores(Json& json, const core::LabelScores& s)
{
    const auto put = [&json](const char* key, const std::optional<double>& value) {
        json[key] = value ? Json(*value) : Json();
    };
    put("ami", s.ami);
    put("ari", s.ari);
    put("fmi", s.fmi);
    put("nmi", s.nmi);
    put("acc", s.acc);
}

void printScores(const CommandContext& c)
{
    for (const char* key : {"ami", "ari", "fmi", "nmi", "acc", "silhouette", "inertia"}) {
        if (c.json.contains(key) && c.json[key].is_number()) {
            c.line("  " + std::string(key) + " " + number(c.json[key].get<double>()));
        }
    }
}

ClusterInput readClusterInput(const CommandContext& c)
{
    const std::string path = c.args.text("--in");
    ClusterInput input{core::toMatrix(core::readArray(path), path), {}};
    if (c.args.has("--labels")) {
        const std::string labelPath = c.args.text("--labels");
        input.labels = core::toLabels(core::readArray(labelPath), labelPath);
        if (input.labels.size() != input.rows.rows()) {
            throw Error(Code::Mismatch, labelPath + " has " + std::to_string(input.labels.size()) + " labels but " +
                                            path + " has " + std::to_string(input.rows.rows()) + " rows.");
        }
    }
    return input;
}

Judged judge(const std::vector<std::int64_t>& labels, const std::vector<std::int32_t>& clusters,
             const std::vector<std::uint32_t>& rows)
{
    std::vector<std::int64_t> truth, found;
    for (std::size_t r = 0; r < rows.size() && !labels.empty(); ++r) {
        if (labels[rows[r]] >= 0) {
            truth.push_back(labels[rows[r]]);
            found.push_back(clusters[r]);
        }
    }
    return {truth.empty() ? core::LabelScores{} : core::compareLabelings(truth, found), truth.size()};
}

void checkMethods(const std::vector<std::string>& methods)
{
    const auto& known = core::clusterMethods();
    for (const std::string& method : methods) {
        if (std::find(known.begin(), known.end(), method) == known.end()) {
            throw Error(Code::Misuse, "\"" + method + "\" is no clustering method; there are " + joined(known) + ".");
        }
    }
}

core::ClusterSpec clusterSpec(const CommandContext& c, const std::string& method,
                              const std::vector<std::string>& methods)
{
    core::ClusterSpec spec;
    spec.method = method;
    spec.k = static_cast<int>(c.args.integer("--k", 10, 1, 1'000'000));
    spec.seed = c.seed();
    for (const std::string& word : c.args.texts("--set")) {
        const Setting s = settingOf(word);
        const bool known =
            s.method.empty()
                ? std::any_of(methods.begin(), methods.end(), [&](auto& m) { return takes(m, s.key); })
                : std::find(methods.begin(), methods.end(), s.method) != methods.end() && takes(s.method, s.key);
        if (!s.method.empty() && std::find(methods.begin(), methods.end(), s.method) == methods.end()) {
            throw Error(Code::Misuse, "--set " + word + ": " + s.method +
                                          " is not among the methods of this command (" + joined(methods) + ").");
        }
        if (!known) {
            const bool one = methods.size() == 1 || !s.method.empty();
            throw Error(Code::Misuse, "--set " + word + ": " + (one ? "the method takes " : "the methods take ") +
                                          keysOf(s.method.empty() ? methods : std::vector{s.method}) + ".");
        }
        if ((s.method.empty() || s.method == method) && takes(method, s.key)) {
            spec.options[s.key] = s.value;
        }
    }
    if (c.args.has("--device") && takes(method, "device")) {
        spec.options.emplace("device", c.args.text("--device"));
    }
    return spec;
}

std::vector<std::uint64_t> clusterSeeds(const CommandContext& c)
{
    std::vector<std::uint64_t> seeds(static_cast<std::size_t>(c.args.integer("--seeds", 3, 1, 1000)));
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        seeds[i] = c.seed() + i;
    }
    return seeds;
}

std::string clusterOptionsHelp()
{
    constexpr std::size_t kColumn = 30;
    std::string text;
    std::vector<std::string> told;
    for (const std::string& method : core::clusterMethods()) {
        for (const core::ClusterOption& o : core::clusterOptions(method)) {
            std::vector<std::string> same;
            for (const std::string& other : core::clusterMethods()) {
                const auto& options = core::clusterOptions(other);
                const bool has = std::any_of(options.begin(), options.end(), [&](const core::ClusterOption& p) {
                    return p.key == o.key && p.meaning == o.meaning;
                });
                if (has) {
                    same.push_back(other);
                }
            }
            if (same.front() != method) {
                continue; // told with that one
            }
            if (told != same) {
                text += (text.empty() ? "" : "\n") + std::string("Options for --set with ") + joined(same) + ":\n";
                told = same;
            }
            std::string left = "  " + o.key + (o.fallback.empty() ? "" : "=" + o.fallback);
            left.append(std::max(kColumn, left.size() + 2) - left.size(), ' ');
            text += left + wrapped(o.meaning, kColumn) + "\n";
        }
    }
    return text;
}

} // namespace semascope::app
