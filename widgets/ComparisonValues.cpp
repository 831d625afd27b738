#include "widgets/ComparisonValues.h"

#include "core/cluster/Renumber.h"
#include "widgets/panels/Numbers.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::ui {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Comparison", text);
}

/// 0 … k−1 in the order of `numbers`.
std::vector<int> ranks(const std::vector<int>& numbers)
{
    std::vector<int> order(numbers.size()), rank(numbers.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](int a, int b) { return numbers[std::size_t(a)] < numbers[std::size_t(b)]; });
    for (std::size_t i = 0; i < order.size(); ++i) {
        rank[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    }
    return rank;
}

} // namespace

ComparedValue comparedValue(const core::ComparedMethod& m, ComparedColumn column)
{
    switch (column) {
    case ComparedColumn::Ami:
        return {m.meanScores.ami, m.sdScores.ami};
    case ComparedColumn::Ari:
        return {m.meanScores.ari, m.sdScores.ari};
    case ComparedColumn::Fmi:
        return {m.meanScores.fmi, m.sdScores.fmi};
    case ComparedColumn::Nmi:
        return {m.meanScores.nmi, m.sdScores.nmi};
    case ComparedColumn::Acc:
        return {m.meanScores.acc, m.sdScores.acc};
    case ComparedColumn::Silhouette:
        return {m.silhouette, m.sdSilhouette};
    case ComparedColumn::Stability:
        return {m.stability, {}};
    case ComparedColumn::Time:
        return m.runs.empty() ? ComparedValue{} : ComparedValue{m.seconds, {}};
    case ComparedColumn::Method:
    case ComparedColumn::Sizes:
        break;
    }
    return {};
}

QString comparedMean(const ComparedValue& value, ComparedColumn column)
{
    if (!value.mean || !std::isfinite(*value.mean)) {
        return QStringLiteral("–");
    }
    return column == ComparedColumn::Time ? durationText(*value.mean) : cosineText(*value.mean);
}

QString comparedSpread(const ComparedValue& value)
{
    return value.sd && std::isfinite(*value.sd) ? QStringLiteral("± ") + cosineText(*value.sd) : QString();
}

bool isJudged(ComparedColumn column)
{
    return column >= ComparedColumn::Ami && column <= ComparedColumn::Acc;
}

bool isBest(const core::ClusterComparison& comparison, std::size_t method, ComparedColumn column)
{
    const ComparedValue mine = comparedValue(comparison.methods[method], column);
    if (!mine.mean) {
        return false;
    }
    const QString written = comparedMean(mine, column);
    std::size_t known = 0;
    for (const core::ComparedMethod& other : comparison.methods) {
        const ComparedValue theirs = comparedValue(other, column);
        known += theirs.mean ? 1 : 0;
        const bool better =
            theirs.mean && (column == ComparedColumn::Time ? *theirs.mean < *mine.mean : *theirs.mean > *mine.mean);
        if (better && comparedMean(theirs, column) != written) {
            return false;
        }
    }
    return known > 1;
}

QString comparedTitle(ComparedColumn column)
{
    switch (column) {
    case ComparedColumn::Method:
        return tr("method");
    case ComparedColumn::Ami:
        return QStringLiteral("AMI");
    case ComparedColumn::Ari:
        return QStringLiteral("ARI");
    case ComparedColumn::Fmi:
        return QStringLiteral("FMI");
    case ComparedColumn::Nmi:
        return QStringLiteral("NMI");
    case ComparedColumn::Acc:
        return QStringLiteral("ACC");
    case ComparedColumn::Silhouette:
        return tr("silhouette");
    case ComparedColumn::Stability:
        return tr("stability");
    case ComparedColumn::Sizes:
        return tr("sizes");
    case ComparedColumn::Time:
        return tr("time");
    }
    return {};
}

QString comparedTip(ComparedColumn column)
{
    switch (column) {
    case ComparedColumn::Method:
        return tr("How the clusters were found");
    case ComparedColumn::Ami:
        return tr("Adjusted mutual information with the labels: 0 by chance, 1 the same");
    case ComparedColumn::Ari:
        return tr("Adjusted Rand index with the labels: pairs that are together in both, 0 by chance, 1 the same");
    case ComparedColumn::Fmi:
        return tr("Fowlkes–Mallows index with the labels: geometric mean of precision and recall of pairs");
    case ComparedColumn::Nmi:
        return tr("Normalised mutual information with the labels, arithmetic mean; not adjusted for chance");
    case ComparedColumn::Acc:
        return tr("Accuracy: share of rows right when each cluster stands for one label, matched one-to-one "
                  "(Hungarian method)");
    case ComparedColumn::Silhouette:
        return tr("How much nearer rows are to their own cluster than to the next, in the space of the input: "
                  "−1 to 1. Needs no labels; the run shown is the one where it is highest");
    case ComparedColumn::Stability:
        return tr("Agreement of the runs with one another: mean ARI of all pairs of seeds. Needs no labels");
    case ComparedColumn::Sizes:
        return tr("Rows in each cluster of the run shown, largest first; smallest–largest");
    case ComparedColumn::Time:
        return tr("Wall clock of one run, mean over the runs, on this machine");
    }
    return {};
}

QString sizesText(const core::Clustering& clustering)
{
    if (clustering.sizes.empty()) {
        return QStringLiteral("–");
    }
    const auto [least, most] = std::minmax_element(clustering.sizes.begin(), clustering.sizes.end());
    return *least == *most ? countText(*least) : countText(*least) + QStringLiteral("–") + countText(*most);
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) {
        return QStringLiteral("–");
    }
    if (seconds < 0.0095) {
        return tr("<10 ms");
    }
    if (seconds < 0.995) {
        return tr("%1 ms").arg(std::lround(seconds * 100) * 10);
    }
    if (seconds < 99.5) {
        return tr("%1 s").arg(QString::number(seconds, 'f', seconds < 9.95 ? 1 : 0));
    }
    const long whole = std::lround(seconds);
    return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
}

std::shared_ptr<const core::Clustering> shownRun(const core::ComparedMethod& method)
{
    return method.runs.empty() ? nullptr : method.runs[std::min(method.best, method.runs.size() - 1)];
}

std::size_t labelCount(const core::ClusterComparison& comparison)
{
    std::int64_t most = static_cast<std::int64_t>(comparison.labelNames.size()) - 1;
    for (const std::int64_t label : comparison.labels) {
        most = std::max(most, label);
    }
    return static_cast<std::size_t>(most + 1);
}

core::Clustering labelClustering(const std::vector<std::int64_t>& labels, std::size_t labelCount)
{
    core::Clustering c;
    c.sizes.assign(labelCount, 0);
    c.spec.k = static_cast<int>(labelCount);
    for (std::size_t r = 0; r < labels.size(); ++r) {
        if (labels[r] >= 0 && static_cast<std::size_t>(labels[r]) < labelCount) {
            c.assignment.push_back(static_cast<std::int32_t>(labels[r]));
            c.inputRow.push_back(static_cast<std::uint32_t>(r));
            ++c.sizes[static_cast<std::size_t>(labels[r])];
        }
    }
    return c;
}

MatchedClusters matchedClusters(const core::ClusterComparison& comparison)
{
    MatchedClusters matched;
    std::shared_ptr<const core::Clustering> first;
    for (const core::ComparedMethod& method : comparison.methods) {
        const auto run = shownRun(method);
        std::vector<int> numbers;
        if (run && !first) {
            first = run;
            numbers.resize(run->sizes.size());
            std::iota(numbers.begin(), numbers.end(), 0);
        } else if (run) {
            numbers = core::matchClusters(*first, *run);
        }
        matched.numbers.push_back(std::move(numbers));
    }
    if (first && comparison.labelled > 0) {
        matched.labels = core::matchClusters(*first, labelClustering(comparison.labels, labelCount(comparison)));
    }
    for (const auto& numbers : matched.numbers) {
        for (const int number : numbers) {
            matched.count = std::max(matched.count, number + 1);
        }
    }
    for (const int number : matched.labels) {
        matched.count = std::max(matched.count, number + 1);
    }
    return matched;
}

core::Clustering inSharedNumbers(const core::Clustering& clustering, const std::vector<int>& numbers)
{
    return numbers.size() == clustering.sizes.size() ? core::renumbered(clustering, ranks(numbers)) : clustering;
}

} // namespace semascope::ui
