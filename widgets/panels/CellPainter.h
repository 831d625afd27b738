#pragma once
#include "core/data/Dataset.h"

#include <QCache>
#include <QImage>
#include <QPixmap>

#include <functional>
#include <memory>

class QPainter;

namespace semascope::ui {

class ThumbnailCache;

/// Draws samples as small rounded pictures cropped to fill their cell: a caption card where there is no picture, a
/// plain card while it is decoded, a sign where it cannot be. Keeps finished cells of one size, so that scrolling only
/// copies pixels.
class CellPainter
{
public:
    CellPainter();
    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    const std::shared_ptr<const core::Dataset>& dataset() const { return m_dataset; }
    ThumbnailCache* thumbnails() const { return m_thumbnails; }

    /// What a sample without a picture looks like, such as a row of pixels; a null image: a caption card after all.
    void setRows(std::function<QImage(std::uint32_t)> rows);

    /// Forgets finished cells: all, or one. Needed after a change of theme.
    void clear() { m_cells.clear(); }
    void forget(std::uint32_t sample) { m_cells.remove(sample); }

    void paint(QPainter& painter, const QRect& cell, std::uint32_t sample);
    /// The side to ask the thumbnails for, for cells of this size.
    static int sideFor(const QSize& cell, qreal ratio);

private:
    QPixmap finished(std::uint32_t sample, const QSize& cell, qreal ratio);
    void paintCaption(QPainter& painter, const QRectF& box, std::uint32_t sample) const;

    std::shared_ptr<const core::Dataset> m_dataset;
    ThumbnailCache* m_thumbnails = nullptr;
    std::function<QImage(std::uint32_t)> m_rows;
    QCache<std::uint32_t, QPixmap> m_cells; ///< cost in kilobytes
    QSize m_size;
    qreal m_ratio = 1;
};

/// Fills `box` with the middle of `image`, corners rounded.
void drawCropped(QPainter& painter, const QRectF& box, const QImage& image);
/// A card that says: this picture is damaged.
void drawBroken(QPainter& painter, const QRectF& box);

} // namespace semascope::ui
