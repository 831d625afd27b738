#pragma once

#include "widgets/Palette.h"
#include "widgets/ScoreKind.h"

#include <QImage>
#include <QJsonObject>
#include <QRectF>
#include <QStringList>
#include <QVector>

#include <limits>
#include <vector>

class QPainter;

namespace semascope::ui {

struct ColourBar;

/// Smallest and largest of what it took; NaN is passed over.
struct HeatmapRange
{
    double lo = std::numeric_limits<double>::infinity();
    double hi = -std::numeric_limits<double>::infinity();

    void take(double value);
    bool empty() const { return !(lo <= hi); }
};

/// Text × picture: a row for each text, a column for each picture. The window's heatmap and the figure on paper both
/// draw this.
struct HeatmapFigure
{
    /// One range for all rows, each row's own, or the fixed one. Those of a contrast reach as far below 0 as above.
    enum class Scale { Shared, PerRow, Fixed };

    struct Column
    {
        QString id;
        QImage picture;
        std::uint32_t sample = 0;
    };
    /// Neighbouring columns under one heading.
    struct Group
    {
        QString heading;
        qsizetype count = 0;
    };

    QStringList texts;
    QVector<Column> pictures;
    /// Row-major, texts × pictures: values[t * pictures.size() + p] is of text t and picture p. NaN = missing.
    std::vector<float> values;
    /// From left to right, all columns; or none.
    QVector<Group> groups;
    /// The columns whose own caption a text is, one list a text; or empty. Such cells get a frame.
    std::vector<std::vector<qsizetype>> own;

    /// What the values are. A percentile is of all pictures, a probability (softmax) over the texts.
    ScoreKind value = ScoreKind::Cosine;
    Scale scale = Scale::Shared;
    /// The range for Scale::Fixed; colours end there, numbers do not.
    double lo = 0.0;
    double hi = 1.0;
    Ramp ramp = Ramp::Viridis;
    /// Write the values into the cells, where they can be read.
    bool numbers = true;

    /// Write ids above the pictures.
    bool ids = false;
    QString title;
    QString subtitle;
    QString footer;
    QString barTitle = QStringLiteral("cosine similarity");
    /// How rows and columns were chosen and ordered, for the recipe.
    QJsonObject choice;
    int rasterDpi = 300;

    float at(qsizetype text, qsizetype picture) const
    {
        return values[static_cast<std::size_t>(text * pictures.size() + picture)];
    }
    bool isOwn(qsizetype text, qsizetype picture) const;
};

/// Paints into `page`, in points (1/72 inch). Throws core::Error(Mismatch) when there are not texts × pictures values.
void paintHeatmap(QPainter& painter, const QRectF& page, const HeatmapFigure& figure);

/// The range that the colours of each row span.
std::vector<HeatmapRange> heatmapRanges(const HeatmapFigure& figure);
/// The colour bar: its title says what is shown and whether each row has its own scale.
ColourBar heatmapBar(const HeatmapFigure& figure);
/// A value as the cells show it: ".284", "−.03", "1.00"; a percentile as a whole number; NaN as a dash.
QString heatmapNumber(ScoreKind kind, double value, int decimals);
/// ".12–.31": what a row's colours span.
QString heatmapRangeText(ScoreKind kind, const HeatmapRange& range);
/// Into how many blocks, one below the other, the columns are wrapped on this page so that numbers can be read.
int heatmapBlocks(const HeatmapFigure& figure, const QRectF& page);

/// Where the cell of this text and picture is painted.
QRectF heatmapCell(const HeatmapFigure& figure, const QRectF& page, qsizetype text, qsizetype picture);
/// The colour it gets: by the shared range, its row's range or the fixed one.
QRgb heatmapColour(const HeatmapFigure& figure, qsizetype text, qsizetype picture);
/// Decimals with which numbers are written into cells; -1 when they could not be read, or are not wanted.
int heatmapDecimals(const HeatmapFigure& figure, const QRectF& page);
/// The least height, in steps of 5 mm from 40 to 280, at which numbers (and, for a little more, whole texts) can be
/// read on a page of this width; 2/3 of the width where they never do.
double heatmapHeightMm(const HeatmapFigure& figure, double widthMm);

/// What the recipe of such a figure should say of it: its texts, pictures, groups, values and scale.
QJsonObject heatmapRecipe(const HeatmapFigure& figure);

} // namespace semascope::ui
