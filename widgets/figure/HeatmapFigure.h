#pragma once

#include "widgets/Palette.h"

#include <QImage>
#include <QJsonObject>
#include <QRectF>
#include <QStringList>
#include <QVector>

#include <vector>

class QPainter;

namespace semascope::ui {

/// Text × picture: a row for each text, a column for each picture.
struct HeatmapFigure
{
    enum class Scale { Shared, PerRow, Fixed };

    struct Column
    {
        QString id;
        QImage picture;
    };

    QStringList texts;
    QVector<Column> pictures;
    /// Row-major, texts × pictures: values[t * pictures.size() + p] is of text t and picture p. NaN = missing.
    std::vector<float> values;

    Scale scale = Scale::Shared;
    /// The range for Scale::Fixed.
    double lo = 0.0;
    double hi = 1.0;
    Ramp ramp = Ramp::Viridis;

    /// Write ids above the pictures.
    bool ids = false;
    QString title;
    QString subtitle;
    QString footer;
    QString barTitle = QStringLiteral("cosine similarity");
    int rasterDpi = 300;

    float value(qsizetype text, qsizetype picture) const
    {
        return values[static_cast<std::size_t>(text * pictures.size() + picture)];
    }
};

/// Paints into `page`, in points (1/72 inch). Throws core::Error(Mismatch) when there are not texts × pictures values.
void paintHeatmap(QPainter& painter, const QRectF& page, const HeatmapFigure& figure);

/// Where the cell of this text and picture is painted.
QRectF heatmapCell(const HeatmapFigure& figure, const QRectF& page, qsizetype text, qsizetype picture);
/// The colour it gets: by the shared range, its row's range or the fixed one.
QRgb heatmapColour(const HeatmapFigure& figure, qsizetype text, qsizetype picture);
/// Decimals with which numbers are written into cells; -1 when there is no room for numbers, or over 60 pictures.
int heatmapDecimals(const HeatmapFigure& figure, const QRectF& page);

/// What the recipe of such a figure should say of it: its pictures and its scale.
QJsonObject heatmapRecipe(const HeatmapFigure& figure);

} // namespace semascope::ui
