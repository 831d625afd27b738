#pragma once

#include <QImage>
#include <QRectF>

class QPainter;

namespace semascope::ui {

/// A pixel image for a place on the page: the square middle of `picture`, scaled down to what `side` points need at
/// `dpi`, without transparency (over white). Null when the picture is.
QImage thumbnailFor(const QImage& picture, double side, int dpi);

/// Draws it into `square` with a thin frame.
void drawThumbnail(QPainter& painter, const QRectF& square, const QImage& picture, int dpi, QRgb frame);

} // namespace semascope::ui
