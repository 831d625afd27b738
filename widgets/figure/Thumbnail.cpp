#include "widgets/figure/Thumbnail.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {

QImage thumbnailFor(const QImage& picture, double side, int dpi)
{
    if (picture.isNull()) {
        return {};
    }
    const int shorter = std::min(picture.width(), picture.height());
    const QImage square =
        picture.copy((picture.width() - shorter) / 2, (picture.height() - shorter) / 2, shorter, shorter);
    const int pixels = std::clamp(static_cast<int>(std::ceil(side / 72.0 * dpi)), 1, shorter);
    const QImage scaled = square.scaled(pixels, pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    QImage opaque(scaled.size(), QImage::Format_RGB32);
    opaque.fill(Qt::white);
    QPainter painter(&opaque);
    painter.drawImage(0, 0, scaled);
    return opaque;
}

void drawThumbnail(QPainter& painter, const QRectF& square, const QImage& picture, int dpi, QRgb frame)
{
    const QImage image = thumbnailFor(picture, square.width(), dpi);
    if (!image.isNull()) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(square, image, QRectF(image.rect()));
    }
    painter.setPen(QPen(QColor::fromRgb(frame), 0.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(square);
}

} // namespace semascope::ui
