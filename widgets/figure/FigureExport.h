#pragma once

#include "widgets/figure/ConfusionFigure.h"
#include "widgets/figure/FigureSize.h"
#include "widgets/figure/HeatmapFigure.h"
#include "widgets/figure/MapFigure.h"
#include "widgets/figure/TrainingFigure.h"

#include <QByteArray>
#include <QImage>
#include <QJsonObject>
#include <QString>

#include <functional>

class QPainter;

namespace semascope::ui {

/// Anything that can be put on a page. `paint` gets a painter whose unit is a point (1/72 inch) and the page from (0,
/// 0); it must not depend on anything but what it holds.
struct Figure
{
    QString title;
    std::function<void(QPainter&, const QRectF&)> paint;
    /// What the recipe of such a file should say of the drawing, if anything.
    std::function<QJsonObject(FigureFormat)> describe{};
};

/// Figures of these values; pictures in them get the resolution `dpi`.
Figure figureOf(MapFigure map, int dpi);
Figure figureOf(HeatmapFigure heatmap, int dpi);
Figure figureOf(ConfusionFigure confusion);
Figure figureOf(TrainingFigure training);

/// For a preview: on white, as a PNG of this size has it. Throws core::Error(Misuse | OutOfMemory).
QImage renderFigure(const Figure& figure, const FigureSize& size);

/// The bytes of the file. Equal figures and recipes give equal bytes. PNG carries the recipe as text "semascope", SVG
/// as metadata, PDF as XMP; the figure's own description and its size are added to it as "drawing". A figure without a
/// title is called, in the file's metadata, after the recipe's view and data. Throws core::Error(Misuse | OutOfMemory |
/// Io).
QByteArray encodeFigure(const Figure& figure, const FigureSize& size, FigureFormat format, const QJsonObject& recipe);

/// Writes them, all or nothing: on failure throws core::Error(Io) and leaves an old file as it was.
void exportFigure(const Figure& figure, const FigureSize& size, FigureFormat format, const QString& path,
                  const QJsonObject& recipe);

} // namespace semascope::ui
