#pragma once

#include "widgets/Palette.h"
#include "widgets/figure/FigureInks.h"

#include <QJsonObject>
#include <QRectF>
#include <QStringList>

#include <cstdint>
#include <vector>

class QPainter;

namespace semascope::ui {

/// A confusion table: a row for each label, a column for each prediction; or of labels and clusters.
struct ConfusionFigure
{
    QStringList classes;
    /// Empty: the classes again.
    QStringList columns;
    /// Row-major, classes × columns.
    std::vector<std::uint32_t> counts;
    QString rowTitle = QStringLiteral("label");
    QString columnTitle = QStringLiteral("prediction");
    /// Shares of each row in percent, or counts.
    bool shares = true;
    Ramp ramp = Ramp::Viridis;
    QString title;
    QString subtitle;
    QString footer;
    /// What the colours mean, at the right.
    bool bar = true;
    FigureInks inks{};

    qsizetype columnCount() const { return columns.isEmpty() ? classes.size() : columns.size(); }
    const QString& columnName(qsizetype column) const { return columns.isEmpty() ? classes[column] : columns[column]; }
    std::uint32_t count(qsizetype label, qsizetype prediction) const
    {
        return counts[static_cast<std::size_t>(label * columnCount() + prediction)];
    }
};

/// Paints into `page`, in points (1/72 inch). Throws core::Error(Mismatch) when there are not classes × columns counts.
void paintConfusion(QPainter& painter, const QRectF& page, const ConfusionFigure& figure);

/// Where the cell is painted.
QRectF confusionCell(const ConfusionFigure& figure, const QRectF& page, qsizetype label, qsizetype prediction);
/// What the cell stands for: percent of its row (NaN for an empty row), or the count.
double confusionValue(const ConfusionFigure& figure, qsizetype label, qsizetype prediction);
/// The colour it gets.
QRgb confusionColour(const ConfusionFigure& figure, qsizetype label, qsizetype prediction);

/// What the recipe of such a figure should say of it.
QJsonObject confusionRecipe(const ConfusionFigure& figure);

} // namespace semascope::ui
