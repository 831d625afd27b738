#include "core/cluster/DeepSettings_p.h"

#include "core/cluster/ClusterOptions.h"
#include "core/job/Error.h"
#include "core/reduce/SpecOptions_p.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::size_t kWidestLayer = 65536, kDeepest = 16;

/// Reads options as clusterOptions() lists them: ranges and defaults come from there.
class Reader
{
public:
    explicit Reader(const ClusterSpec& spec)
        : m_spec(spec), m_listed(clusterOptions(spec.method)), m_options(spec.method, spec.options, keys())
    {}

    bool has(const std::string& key) const { return m_options.has(key); }
    std::string text(const std::string& key) const { return has(key) ? m_spec.options.at(key) : listed(key).fallback; }
    int integer(const std::string& key, int fallback = 0) const
    {
        const ClusterOption& o = listed(key);
        const int usual = o.fallback.empty() ? fallback : std::stoi(o.fallback);
        return m_options.integer(key, usual, static_cast<int>(o.least), static_cast<int>(o.most));
    }
    double number(const std::string& key, double fallback = 0) const
    {
        const ClusterOption& o = listed(key);
        const double usual = o.fallback.empty() ? fallback : std::strtod(o.fallback.c_str(), nullptr);
        const double value = m_options.number(key, usual, o.least);
        if (value > o.most) {
            char most[32];
            std::snprintf(most, sizeof most, "%g", o.most);
            throw Error(Code::Misuse, m_spec.method + " option " + key + " is \"" + text(key) +
                                          "\": give a number of at most " + most + ".");
        }
        return value;
    }
    std::string word(const std::string& key, const std::string& fallback = {}) const
    {
        const ClusterOption& o = listed(key);
        const std::string given = m_options.word(key, o.choices); // refuses other words
        return has(key) ? given : o.fallback.empty() ? fallback : o.fallback;
    }

private:
    std::vector<std::string> keys() const
    {
        std::vector<std::string> all;
        for (const ClusterOption& o : m_listed) {
            all.push_back(o.key);
        }
        return all;
    }
    const ClusterOption& listed(const std::string& key) const
    {
        return *std::find_if(m_listed.begin(), m_listed.end(), [&](const ClusterOption& o) { return o.key == key; });
    }

    const ClusterSpec& m_spec;
    const std::vector<ClusterOption>& m_listed;
    SpecOptions m_options;
};

/// "500-500-2000"
std::vector<std::size_t> hiddenWidths(const std::string& method, const std::string& text)
{
    std::vector<std::size_t> widths;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    bool good = at != end;
    while (good && at != end) {
        std::size_t width = 0;
        const auto [stop, problem] = std::from_chars(at, end, width);
        good = problem == std::errc() && width >= 1 && width <= kWidestLayer && widths.size() < kDeepest &&
               (stop == end || (*stop == '-' && stop + 1 != end));
        widths.push_back(width);
        at = stop == end ? end : stop + 1;
    }
    if (!good) {
        throw Error(Code::Misuse, method + " option hidden is \"" + text +
                                      "\": give up to 16 widths from 1 to 65536, such as 500-500-2000.");
    }
    return widths;
}

/// Few rows need more passes: the number of steps is what counts.
int usualEpochs(const std::string& recipe, std::size_t n, std::size_t batch)
{
    if (recipe != "quick") {
        return recipe == "sgd" ? 150 : 100;
    }
    constexpr double kSteps = 4000;
    const double each = std::max(1.0, std::ceil(static_cast<double>(n) / static_cast<double>(batch)));
    return static_cast<int>(std::clamp(std::round(kSteps / each), 20.0, 120.0));
}

double usualRate(const std::string& recipe)
{
    if (recipe == "quick") {
        return 1e-3;
    }
    return recipe == "sgd" ? 1.0 : 0.1;
}

void readRefinement(DeepSettings& s, const Reader& reader, std::size_t batches)
{
    const bool adam = reader.word("refine_optimiser", s.recipe == "quick" ? "adam" : "sgd") == "adam";
    s.refining = {adam ? Optimiser::Kind::Adam : Optimiser::Kind::Sgd, 0.9};
    s.refineRate = reader.number("refine_lr", adam ? 1e-3 : 0.01);
    const int usual = s.recipe == "quick" ? 0 : s.recipe == "sgd" ? 140 : 160;
    s.interval = static_cast<std::size_t>(reader.integer("update_interval", usual));
    s.interval = s.interval == 0 ? batches : s.interval;
    s.tolerance = reader.number("tol");
    s.updates = reader.integer("max_updates");
}

} // namespace

DeepSettings readDeepSettings(const ClusterSpec& spec, std::size_t n, std::size_t d)
{
    const Reader reader(spec);
    DeepSettings s;
    s.reconstructs = spec.method == "idec";
    s.refines = s.reconstructs || spec.method == "dec";
    s.k = static_cast<std::size_t>(std::max(spec.k, 0));
    s.prepare = reader.word("prepare");
    s.recipe = reader.word("recipe");
    s.widths = {d};
    const std::vector<std::size_t> hidden = hiddenWidths(spec.method, reader.text("hidden"));
    s.widths.insert(s.widths.end(), hidden.begin(), hidden.end());
    s.widths.push_back(static_cast<std::size_t>(reader.integer("code", std::max(10, spec.k))));
    s.batch = std::min(static_cast<std::size_t>(reader.integer("batch")), std::max<std::size_t>(n, 1));
    s.epochs = reader.integer("epochs", usualEpochs(s.recipe, n, s.batch));
    s.dropout = reader.number("dropout", 0);
    s.dropout = s.recipe == "paper" && !reader.has("dropout") ? 0.2 : s.dropout;
    s.rate = reader.number("lr", usualRate(s.recipe));
    s.schedule = reader.word("schedule", s.recipe == "paper" ? "steps" : s.recipe == "sgd" ? "constant" : "");
    s.pretraining = {s.recipe == "quick" ? Optimiser::Kind::Adam : Optimiser::Kind::Sgd, 0.9};
    s.starts = reader.integer("n_init");
    s.restarts = reader.integer("restarts");
    if (s.refines) {
        readRefinement(s, reader, (n + s.batch - 1) / s.batch);
    }
    if (s.reconstructs) {
        s.gamma = reader.number("gamma");
    }
    s.device = chooseDevice(reader.text("device"));
    return s;
}

} // namespace semascope::core
