#include "widgets/HeatmapTable_p.h"

#include "widgets/Colouring.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {

namespace {

constexpr std::size_t kMostValues = 12; // of a number, to be a group each
constexpr std::size_t kBins = 5;

QString utf8(const std::string& text)
{
    return QString::fromStdString(text);
}

HeatmapGrouping byCategory(const std::vector<std::int32_t>& category, const QStringList& labels, const QString& none)
{
    HeatmapGrouping g{{}, labels};
    for (const std::int32_t c : category) {
        g.of.push_back(c < 0 ? static_cast<std::size_t>(labels.size()) : static_cast<std::size_t>(c));
    }
    g.headings << none;
    return g;
}

/// Few different numbers are a group each; many are cut into fifths of equal counts.
HeatmapGrouping byNumber(const std::vector<double>& number)
{
    std::vector<double> sorted;
    std::copy_if(number.begin(), number.end(), std::back_inserter(sorted), [](double v) { return std::isfinite(v); });
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> starts = sorted;
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    const bool each = starts.size() <= kMostValues;
    if (!each) {
        starts.clear();
        for (std::size_t b = 0; b < kBins; ++b) {
            starts.push_back(sorted[b * sorted.size() / kBins]);
        }
        starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    }
    QStringList labels;
    for (std::size_t b = 0; b < starts.size(); ++b) {
        const QString from = QString::number(starts[b], 'g', 4);
        const double last = b + 1 < starts.size() ? *(std::lower_bound(sorted.begin(), sorted.end(), starts[b + 1]) - 1)
                                                  : sorted.back();
        labels << (each ? from : from + QStringLiteral(" to ") + QString::number(last, 'g', 4));
    }
    std::vector<std::int32_t> category;
    for (const double v : number) {
        const auto above = std::upper_bound(starts.begin(), starts.end(), v) - starts.begin();
        category.push_back(std::isfinite(v) ? static_cast<std::int32_t>(above) - 1 : -1);
    }
    return byCategory(category, labels, QStringLiteral("no value"));
}

HeatmapGrouping byAttribute(const HeatmapScores& scores, const core::Attribute& attribute)
{
    if (attribute.numeric()) {
        std::vector<double> number;
        for (const std::uint32_t s : scores.samples) {
            number.push_back(attribute.numbers[s]);
        }
        return byNumber(number);
    }
    std::vector<std::int32_t> category;
    for (const std::uint32_t s : scores.samples) {
        category.push_back(attribute.categories[s]);
    }
    QStringList labels;
    for (const std::string& label : attribute.labels) {
        labels << utf8(label);
    }
    return byCategory(category, labels, QStringLiteral("no value"));
}

HeatmapGrouping byCluster(const HeatmapScores& scores, const core::Document& doc)
{
    QStringList labels;
    for (int k = 0; k < doc.clustering->spec.k; ++k) {
        const auto at = static_cast<std::size_t>(k);
        labels << (at < doc.clusterNames.size() ? utf8(doc.clusterNames[at]) : QStringLiteral("cluster %1").arg(k + 1));
    }
    return byCategory(heatmapClusters(scores, doc), labels, QStringLiteral("no cluster"));
}

HeatmapGrouping byText(const HeatmapScores& scores, const HeatmapValues& values)
{
    std::vector<std::int32_t> best;
    for (std::size_t c = 0; c < scores.samples.size(); ++c) {
        best.push_back(values.best(c));
    }
    QStringList labels;
    for (const std::size_t r : values.rows) {
        labels << utf8(scores.texts[r].text);
    }
    return byCategory(best, labels, QStringLiteral("no value"));
}

} // namespace

std::vector<std::int32_t> heatmapClusters(const HeatmapScores& scores, const core::Document& doc)
{
    std::vector<std::int32_t> cluster(scores.samples.size(), -1);
    if (!doc.clustering) {
        return cluster;
    }
    std::vector<std::int32_t> bySample;
    for (std::size_t i = 0; i < doc.clusterSample.size() && i < doc.clustering->assignment.size(); ++i) {
        bySample.resize(std::max<std::size_t>(bySample.size(), doc.clusterSample[i] + 1), -1);
        bySample[doc.clusterSample[i]] = doc.clustering->assignment[i];
    }
    for (std::size_t c = 0; c < cluster.size(); ++c) {
        cluster[c] = scores.samples[c] < bySample.size() ? bySample[scores.samples[c]] : -1;
    }
    return cluster;
}

std::optional<HeatmapGrouping> heatmapGrouping(const HeatmapScores& scores, const HeatmapLook& look,
                                               const HeatmapValues& values, const core::Dataset& data,
                                               const core::Document& doc)
{
    if (look.group == HeatmapLook::Group::Text) {
        return byText(scores, values);
    }
    if (look.group == HeatmapLook::Group::Cluster && doc.clustering) {
        return byCluster(scores, doc);
    }
    if (look.group == HeatmapLook::Group::Attribute) {
        for (const core::Attribute* a : allAttributes(data, doc)) {
            if (utf8(a->name) == look.attribute) {
                return byAttribute(scores, *a);
            }
        }
    }
    return std::nullopt;
}

} // namespace semascope::ui
