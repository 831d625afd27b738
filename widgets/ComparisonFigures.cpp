#include "widgets/ComparisonFigures.h"

#include "core/cluster/ComparisonText.h"
#include "core/data/Csv.h"
#include "core/job/Error.h"
#include "widgets/Colouring.h"
#include "widgets/panels/Numbers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::ui {
namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

QString scored(const core::ComparedMethod& method, ComparedColumn column)
{
    const ComparedValue value = comparedValue(method, column);
    if (!value.mean) {
        return {};
    }
    const QString spread = comparedSpread(value);
    return comparedTitle(column) + QLatin1Char(' ') + comparedMean(value, column) +
           (spread.isEmpty() ? QString() : QLatin1Char(' ') + spread);
}

QString joined(const QStringList& parts)
{
    QStringList there = parts;
    there.removeAll(QString());
    return there.join(QStringLiteral(" · "));
}

std::vector<ComparedColumn> tableColumns(const core::ClusterComparison& comparison)
{
    std::vector<ComparedColumn> columns;
    for (int c = 0; c < kComparedColumns; ++c) {
        const auto column = static_cast<ComparedColumn>(c);
        if (!isJudged(column) || comparison.labelled > 0) {
            columns.push_back(column);
        }
    }
    return columns;
}

std::vector<ComparisonFigure::Cell> tableRow(const core::ClusterComparison& comparison, std::size_t m,
                                             const QString& title)
{
    const core::ComparedMethod& method = comparison.methods[m];
    std::vector<ComparisonFigure::Cell> row;
    for (const ComparedColumn column : tableColumns(comparison)) {
        if (column == ComparedColumn::Method) {
            row.push_back({title, {}, false});
        } else if (column == ComparedColumn::Sizes) {
            const auto run = shownRun(method);
            row.push_back({run ? sizesText(*run) : QStringLiteral("–"), {}, false});
        } else {
            const ComparedValue value = comparedValue(method, column);
            row.push_back({comparedMean(value, column), comparedSpread(value), isBest(comparison, m, column)});
        }
    }
    return row;
}

/// As a colour of the window's categories; the same number has the same colour everywhere.
QRgb numberColour(int number, int count)
{
    return categoryColour(number, count);
}

void addPanels(ComparisonFigure& figure, const core::ClusterComparison& comparison, const ComparedMap& map)
{
    const MatchedClusters matched = matchedClusters(comparison);
    if (comparison.labelled > 0) {
        const core::Clustering labels = labelClustering(comparison.labels, labelCount(comparison));
        const QStringList caption{
            QStringLiteral("%1 labels, %2 rows")
                .arg(std::count_if(labels.sizes.begin(), labels.sizes.end(), [](std::size_t n) { return n > 0; }))
                .arg(formatCount(static_cast<qsizetype>(comparison.labelled))),
            QStringLiteral("only judge, not used")};
        figure.panels.push_back({QStringLiteral("labels: %1").arg(text(comparison.labelName)),
                                 caption,
                                 clusterColours(map, labels, matched.labels, matched.count),
                                 {}});
    }
    const std::vector<std::string> titles = core::comparedTitles(comparison);
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        const auto run = shownRun(comparison.methods[m]);
        ComparisonFigure::Panel panel{text(titles[m]), comparedCaption(comparison, m), {}, {}};
        if (run) {
            panel.colours = clusterColours(map, *run, matched.numbers[m], matched.count);
        } else {
            const std::string& problem = comparison.methods[m].problem;
            panel.problem = problem.empty() ? QStringLiteral("not run yet") : text(problem);
        }
        figure.panels.push_back(std::move(panel));
    }
}

} // namespace

QString favouredText(const core::Layout& code)
{
    const auto of = code.spec.options.find("of");
    return of == code.spec.options.end()
               ? QStringLiteral("drawn on the code that a network learned: this favours its method")
               : QStringLiteral("drawn on the code of %1: this favours that method").arg(methodName(of->second));
}

ComparedMap comparedMap(std::shared_ptr<const core::Layout> layout, const std::vector<std::uint32_t>& layoutSample,
                        const std::vector<std::uint32_t>& rowSample)
{
    ComparedMap map;
    std::vector<std::int64_t> rowOf;
    for (std::size_t r = 0; r < rowSample.size(); ++r) {
        rowOf.resize(std::max<std::size_t>(rowOf.size(), rowSample[r] + 1), -1);
        rowOf[rowSample[r]] = static_cast<std::int64_t>(r);
    }
    for (const std::uint32_t sample : layoutSample) {
        map.row.push_back(sample < rowOf.size() ? rowOf[sample] : -1);
    }
    map.layout = std::move(layout);
    return map;
}

std::vector<QRgb> clusterColours(const ComparedMap& map, const core::Clustering& clustering,
                                 const std::vector<int>& numbers, int count)
{
    std::vector<std::int32_t> clusterOf; // by row of the input
    for (std::size_t r = 0; r < clustering.assignment.size(); ++r) {
        clusterOf.resize(std::max<std::size_t>(clusterOf.size(), clustering.inputRow[r] + 1), -1);
        clusterOf[clustering.inputRow[r]] = clustering.assignment[r];
    }
    std::vector<QRgb> colours;
    colours.reserve(map.row.size());
    for (const std::int64_t row : map.row) {
        const bool there = row >= 0 && static_cast<std::size_t>(row) < clusterOf.size();
        const std::int32_t cluster = there ? clusterOf[static_cast<std::size_t>(row)] : -1;
        const bool known = cluster >= 0 && static_cast<std::size_t>(cluster) < numbers.size();
        colours.push_back(known ? numberColour(numbers[static_cast<std::size_t>(cluster)], count) : qRgba(0, 0, 0, 0));
    }
    return colours;
}

QStringList comparedCaption(const core::ClusterComparison& comparison, std::size_t m)
{
    const core::ComparedMethod& method = comparison.methods[m];
    QStringList lines;
    if (comparison.labelled > 0) {
        lines << scored(method, ComparedColumn::Ami) << scored(method, ComparedColumn::Acc);
    }
    lines << joined({scored(method, ComparedColumn::Silhouette)}) << scored(method, ComparedColumn::Stability);
    lines.removeAll(QString());
    return lines;
}

ComparisonFigure comparisonFigure(const core::ClusterComparison& comparison, const ComparedMap& map,
                                  const QString& title)
{
    ComparisonFigure figure;
    figure.title = title;
    figure.footer = text(core::comparisonWords(comparison));
    if (map.layout) {
        figure.layout = map.layout;
        figure.camera = map.camera;
        figure.fit = map.fit;
        figure.opacity = map.opacity;
        if (!map.about.isEmpty()) {
            figure.footer += QStringLiteral(" Maps: %1.").arg(map.about);
        }
        figure.subtitle = QStringLiteral("Matched colours; shown: the run with the highest silhouette.");
        addPanels(figure, comparison, map);
    }
    for (const ComparedColumn column : tableColumns(comparison)) {
        figure.head << (column == ComparedColumn::Silhouette  ? QStringLiteral("silh.")
                        : column == ComparedColumn::Stability ? QStringLiteral("stab.")
                        : column == ComparedColumn::Time      ? QStringLiteral("time")
                                                              : comparedTitle(column));
    }
    const std::vector<std::string> titles = core::comparedTitles(comparison);
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        figure.rows.push_back(tableRow(comparison, m, text(titles[m])));
    }
    return figure;
}

} // namespace semascope::ui
