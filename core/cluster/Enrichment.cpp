#include "core/cluster/ClusterNames.h"
#include "core/cluster/Statistics_p.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace semascope::core {

namespace {

constexpr double kSignificant = 0.05;
constexpr std::size_t kFewest = 3; ///< rows of a value worth a test: identifiers would drown all else in tests

/// A test that was made, before the correction.
struct Tested
{
    Enrichment result;
    double logP = 0;
};

/// What a row has of an attribute: a value of its own, or none.
struct Column
{
    std::string name;
    std::vector<std::string> labels;      ///< empty for numbers
    std::vector<std::int32_t> categories; ///< of each row, −1 = unknown
    std::vector<double> numbers;          ///< of each row, NaN = unknown
};

/// Numbers of at most two values are marks such as 0 and 1: categories.
std::set<double> fewValues(const std::vector<double>& numbers)
{
    std::set<double> values;
    for (const double v : numbers) {
        if (std::isfinite(v)) {
            values.insert(v);
        }
        if (values.size() > 2) {
            return {};
        }
    }
    return values;
}

std::string shortNumber(double v)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", v);
    return text;
}

/// The attribute row by row.
Column columnOf(const Attribute& a, const std::vector<std::uint32_t>& rowSample)
{
    Column column{a.name, a.labels, {}, {}};
    const std::size_t samples = a.numeric() ? a.numbers.size() : a.categories.size();
    for (const std::uint32_t s : rowSample) {
        if (s >= samples) {
            throw Error(Code::Mismatch, "The attribute " + a.name + " has " + std::to_string(samples) +
                                            " values but a row belongs to sample " + std::to_string(s) +
                                            "; give the attributes of the data that was clustered.");
        }
        if (a.numeric()) {
            column.numbers.push_back(a.numbers[s]);
        } else {
            const std::int32_t c = a.categories[s];
            column.categories.push_back(static_cast<std::size_t>(c) < a.labels.size() ? c : -1);
        }
    }
    const std::set<double> few = fewValues(column.numbers);
    if (!few.empty()) {
        for (const double v : few) {
            column.labels.push_back(shortNumber(v));
        }
        for (const double v : column.numbers) {
            const auto place = std::distance(few.begin(), few.lower_bound(v));
            column.categories.push_back(std::isfinite(v) ? static_cast<std::int32_t>(place) : -1);
        }
        column.numbers.clear();
    }
    return column;
}

double logOdds(const TwoByTwo& t)
{
    const auto half = [](std::size_t n) { return static_cast<double>(n) + 0.5; };
    return std::log(half(t.insideWith) / half(t.insideWithout)) -
           std::log(half(t.outsideWith) / half(t.outsideWithout));
}

/// A test for each value; of two values one test, as the other says the same.
void testCategories(const Column& column, const Clustering& c, std::vector<std::vector<Tested>>& tested)
{
    const std::size_t k = tested.size(), values = column.labels.size();
    std::vector<std::size_t> counts(k * values, 0), known(k, 0), with(values, 0);
    std::size_t allKnown = 0;
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        if (column.categories[r] >= 0) {
            const auto g = static_cast<std::size_t>(c.assignment[r]),
                       v = static_cast<std::size_t>(column.categories[r]);
            ++counts[g * values + v];
            ++known[g];
            ++with[v];
            ++allKnown;
        }
    }
    const auto occurring = values - static_cast<std::size_t>(std::count(with.begin(), with.end(), std::size_t{0}));
    for (std::size_t g = 0; g < k; ++g) {
        const std::size_t rest = allKnown - known[g];
        for (std::size_t v = 0; v < values; ++v) {
            if (with[v] < std::min(kFewest, allKnown) || with[v] == allKnown || known[g] == 0 || rest == 0) {
                continue;
            }
            const std::size_t inside = counts[g * values + v], outside = with[v] - inside;
            const TwoByTwo t{inside, known[g] - inside, outside, rest - outside};
            const double odds = logOdds(t);
            const bool second = occurring == 2 && odds <= 0;
            if (!second) {
                tested[g].push_back({{.attribute = column.name,
                                      .value = column.labels[v],
                                      .inside = inside,
                                      .insideOf = known[g],
                                      .outside = outside,
                                      .outsideOf = rest,
                                      .logOdds = odds},
                                     logFisherExact(t)});
            }
        }
    }
}

/// Moments of the known numbers of each cluster, twice over the rows.
std::vector<Moments> momentsOf(const Column& column, const Clustering& c, std::size_t k)
{
    std::vector<Moments> moments(k);
    for (const bool means : {true, false}) {
        for (std::size_t r = 0; r < c.assignment.size(); ++r) {
            const double v = column.numbers[r];
            Moments& m = moments[static_cast<std::size_t>(c.assignment[r])];
            if (!std::isfinite(v)) {
                continue;
            }
            if (means) {
                ++m.count;
                m.mean += (v - m.mean) / static_cast<double>(m.count);
            } else {
                m.squares += (v - m.mean) * (v - m.mean);
            }
        }
    }
    return moments;
}

/// All clusters but `g` as one (Chan, Golub & LeVeque 1979).
Moments momentsOfRest(const std::vector<Moments>& moments, std::size_t g)
{
    Moments rest;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        if (i == g || moments[i].count == 0) {
            continue;
        }
        const double na = static_cast<double>(rest.count), nb = static_cast<double>(moments[i].count);
        const double apart = moments[i].mean - rest.mean;
        rest.squares += moments[i].squares + apart * apart * na * nb / (na + nb);
        rest.mean += apart * nb / (na + nb);
        rest.count += moments[i].count;
    }
    return rest;
}

void testNumbers(const Column& column, const Clustering& c, std::vector<std::vector<Tested>>& tested)
{
    const std::vector<Moments> moments = momentsOf(column, c, tested.size());
    for (std::size_t g = 0; g < tested.size(); ++g) {
        const Moments& inside = moments[g];
        const Moments rest = momentsOfRest(moments, g);
        if (inside.count < 2 || rest.count < 2) {
            continue;
        }
        const double pooled =
            std::sqrt((inside.squares + rest.squares) / static_cast<double>(inside.count + rest.count - 2));
        if (pooled > 0) {
            Enrichment e;
            e.attribute = column.name;
            e.inside = e.insideOf = inside.count;
            e.outside = e.outsideOf = rest.count;
            e.meanInside = inside.mean;
            e.meanOutside = rest.mean;
            e.effect = (inside.mean - rest.mean) / pooled;
            tested[g].push_back({std::move(e), logWelch(inside, rest)});
        }
    }
}

bool stronger(const Tested& a, const Tested& b)
{
    const auto size = [](const Tested& t) { return std::max(std::abs(t.result.logOdds), std::abs(t.result.effect)); };
    return a.logP != b.logP ? a.logP < b.logP : size(a) > size(b);
}

void checkRows(const std::vector<std::uint32_t>& rowSample, const Clustering& c)
{
    const auto inRange = [&](std::int32_t g) { return g >= 0 && static_cast<std::size_t>(g) < c.sizes.size(); };
    if (rowSample.size() != c.assignment.size() || !std::all_of(c.assignment.begin(), c.assignment.end(), inRange)) {
        throw Error(Code::Mismatch, "The clustering has " + std::to_string(c.assignment.size()) + " rows but " +
                                        std::to_string(rowSample.size()) +
                                        " samples are named; name the sample of each of its rows.");
    }
}

} // namespace

std::vector<std::vector<Enrichment>> clusterEnrichment(const std::vector<Attribute>& attributes,
                                                       const std::vector<std::uint32_t>& rowSample,
                                                       const Clustering& clustering, std::size_t count)
{
    checkRows(rowSample, clustering);
    std::vector<std::vector<Tested>> tested(clustering.sizes.size());
    for (const Attribute& a : attributes) {
        const Column column = columnOf(a, rowSample);
        column.numbers.empty() ? testCategories(column, clustering, tested) : testNumbers(column, clustering, tested);
    }
    std::size_t tests = 0;
    for (const auto& list : tested) {
        tests += list.size();
    }
    std::vector<std::vector<Enrichment>> result(tested.size());
    for (std::size_t g = 0; g < tested.size(); ++g) {
        std::stable_sort(tested[g].begin(), tested[g].end(), stronger);
        for (Tested& t : tested[g]) {
            t.result.pValue = std::min(1.0, std::exp(t.logP) * static_cast<double>(tests));
            if (t.result.pValue < kSignificant && result[g].size() < count) {
                result[g].push_back(std::move(t.result));
            }
        }
    }
    return result;
}

} // namespace semascope::core
