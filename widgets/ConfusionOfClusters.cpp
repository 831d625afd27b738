#include "core/cluster/ComparisonText.h"
#include "core/data/Csv.h"
#include "core/job/Error.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/panels/Numbers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::ui {
namespace {

/// Clusters in the order of the labels they match, those without a label of their own last.
std::vector<int> orderOf(const core::Clustering& run, const RowLabels& labels)
{
    const std::vector<int> match = core::matchClusters(labelClustering(labels.labels, labels.names.size()), run);
    std::vector<int> order(run.sizes.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return match[std::size_t(a)] < match[std::size_t(b)]; });
    return order;
}

QString footerOf(const core::ClusterComparison& comparison, const core::Clustering& run, std::size_t labelled)
{
    return QStringLiteral("%1 of %2 rows clustered have a label · k = %3, seed %4, the run with the highest "
                          "silhouette of %5 · clusters are numbered as in the comparison")
        .arg(countText(labelled), countText(comparison.n))
        .arg(run.sizes.size())
        .arg(run.spec.seed)
        .arg(comparison.seeds.size());
}

} // namespace

ClusterConfusion clusterConfusion(const core::ClusterComparison& comparison, std::size_t method,
                                  const RowLabels& labels)
{
    ClusterConfusion confusion;
    const auto run = shownRun(comparison.methods[method]);
    if (!run) {
        return confusion;
    }
    if (labels.labels.size() != comparison.n) {
        throw core::Error(core::Code::Mismatch, "The labels are of other rows than the comparison's.");
    }
    const std::size_t k = run->sizes.size(), count = labels.names.size();
    const std::vector<std::uint32_t> table = core::contingency(labels.labels, count, *run);
    const MatchedClusters matched = matchedClusters(comparison);
    confusion.clusters = orderOf(*run, labels);
    ConfusionFigure& figure = confusion.figure;
    std::size_t labelled = 0;
    for (std::size_t label = 0; label < count; ++label) {
        const auto row = table.begin() + static_cast<std::ptrdiff_t>(label * k);
        const std::size_t sum = std::accumulate(row, row + static_cast<std::ptrdiff_t>(k), std::size_t(0));
        if (sum == 0) {
            continue;
        }
        labelled += sum;
        confusion.labels.push_back(static_cast<int>(label));
        figure.classes << QString::fromStdString(labels.names[label]);
        for (const int cluster : confusion.clusters) {
            figure.counts.push_back(row[cluster]);
        }
    }
    for (const int cluster : confusion.clusters) {
        const int number = matched.numbers[method][static_cast<std::size_t>(cluster)];
        figure.columns << QString::number(number + 1);
    }
    figure.rowTitle = labels.name;
    figure.columnTitle =
        QStringLiteral("clusters of %1").arg(QString::fromStdString(core::comparedTitles(comparison)[method]));
    figure.footer = footerOf(comparison, *run, labelled);
    return confusion;
}

QString confusionSentence(const ClusterConfusion& confusion, qsizetype row, qsizetype column)
{
    const ConfusionFigure& f = confusion.figure;
    if (row < 0 || column < 0 || row >= f.classes.size() || column >= f.columnCount()) {
        return {};
    }
    std::size_t sum = 0;
    for (qsizetype c = 0; c < f.columnCount(); ++c) {
        sum += f.count(row, c);
    }
    const std::uint32_t n = f.count(row, column);
    return QStringLiteral("Of %1 rows with “%2”, %3 (%4 %) are in cluster %5.")
        .arg(countText(sum), f.classes[row], countText(n),
             QString::number(100.0 * n / static_cast<double>(std::max<std::size_t>(1, sum)), 'f', 1),
             f.columnName(column));
}

std::string confusionCsv(const ClusterConfusion& confusion)
{
    const ConfusionFigure& f = confusion.figure;
    std::string text = core::csvField((f.rowTitle + QStringLiteral(" \\ ") + f.columnTitle).toStdString());
    for (qsizetype c = 0; c < f.columnCount(); ++c) {
        text += ",cluster " + f.columnName(c).toStdString();
    }
    text += '\n';
    for (qsizetype r = 0; r < f.classes.size(); ++r) {
        text += core::csvField(f.classes[r].toStdString());
        for (qsizetype c = 0; c < f.columnCount(); ++c) {
            text += "," + std::to_string(f.count(r, c));
        }
        text += '\n';
    }
    return text;
}

} // namespace semascope::ui
