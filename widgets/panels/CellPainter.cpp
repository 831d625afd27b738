#include "widgets/panels/CellPainter.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"

#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kFinishedKilobytes = 48 * 1024;
constexpr double kCellRadius = 4;
constexpr int kLongestCaption = 300;
constexpr double kUsualAspect = 4.0 / 3.0; ///< of photographs: what cropping may cut away

} // namespace

void drawCropped(QPainter& painter, const QRectF& box, const QImage& image)
{
    const double scale = std::max(box.width() / image.width(), box.height() / image.height());
    QBrush brush(image);
    QTransform place;
    place.translate(box.center().x() - image.width() * scale / 2, box.center().y() - image.height() * scale / 2);
    place.scale(scale, scale);
    brush.setTransform(place);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.setPen(Qt::NoPen);
    painter.setBrush(brush);
    painter.drawRoundedRect(box, kCellRadius, kCellRadius);
    painter.restore();
}

void drawBroken(QPainter& painter, const QRectF& box)
{
    const Tokens t = tokens();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.background);
    painter.drawRoundedRect(box, kCellRadius, kCellRadius);
    const double side = std::min({box.width(), box.height(), 22.0}) * 0.8;
    const QRectF frame(box.center().x() - side / 2, box.center().y() - side * 0.4, side, side * 0.8);
    painter.setPen(QPen(t.muted, 1.2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(frame, 2, 2);
    painter.drawLine(frame.topLeft() - QPointF(2, 2), frame.bottomRight() + QPointF(2, 2));
    painter.restore();
}

CellPainter::CellPainter() : m_cells(kFinishedKilobytes) {}

void CellPainter::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    m_dataset = std::move(dataset);
    m_thumbnails = thumbnails;
    clear();
}

void CellPainter::setRows(std::function<QImage(std::uint32_t)> rows)
{
    m_rows = std::move(rows);
    clear();
}

int CellPainter::sideFor(const QSize& cell, qreal ratio)
{
    const double side = std::max(double(cell.width()), cell.height() * kUsualAspect);
    return int(std::ceil(side * ratio));
}

void CellPainter::paint(QPainter& painter, const QRect& cell, std::uint32_t sample)
{
    if (!m_dataset || sample >= m_dataset->samples.size()) {
        return;
    }
    const qreal ratio = painter.device()->devicePixelRatioF();
    if (cell.size() != m_size || ratio != m_ratio) {
        m_size = cell.size();
        m_ratio = ratio;
        clear();
    }
    if (const QPixmap* known = m_cells.object(sample)) {
        painter.drawPixmap(cell.topLeft(), *known);
        return;
    }
    const QPixmap pixmap = finished(sample, cell.size(), ratio);
    if (!pixmap.isNull()) {
        painter.drawPixmap(cell.topLeft(), pixmap);
        const int kilobytes = std::max(1, pixmap.width() * pixmap.height() * 4 / 1024);
        m_cells.insert(sample, new QPixmap(pixmap), kilobytes);
        return;
    }
    const QImage standIn = m_thumbnails ? m_thumbnails->findAny(sample, sideFor(cell.size(), ratio)) : QImage();
    if (!standIn.isNull()) {
        drawCropped(painter, cell, standIn);
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens().background);
    painter.drawRoundedRect(cell, kCellRadius, kCellRadius);
    painter.restore();
}

QPixmap CellPainter::finished(std::uint32_t sample, const QSize& cell, qreal ratio)
{
    const bool picture = m_dataset->hasPicture(sample);
    const int side = sideFor(cell, ratio);
    const auto state = m_thumbnails && picture ? m_thumbnails->state(sample, side) : ThumbnailCache::State::Unknown;
    if (picture && state == ThumbnailCache::State::Unknown) {
        return {};
    }
    QPixmap pixmap(cell * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(tokens().panel);
    QPainter painter(&pixmap);
    const QRectF box(QPointF(0, 0), QSizeF(cell));
    const QImage row = !picture && m_rows ? m_rows(sample) : QImage();
    if (!row.isNull()) {
        drawCropped(painter, box, row);
    } else if (!picture) {
        paintCaption(painter, box, sample);
    } else if (state == ThumbnailCache::State::Broken) {
        drawBroken(painter, box);
    } else {
        drawCropped(painter, box, m_thumbnails->find(sample, side));
    }
    return pixmap;
}

void CellPainter::paintCaption(QPainter& painter, const QRectF& box, std::uint32_t sample) const
{
    const Tokens t = tokens();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(box, kCellRadius, kCellRadius);
    const core::Sample& row = m_dataset->samples[sample];
    const QString whole = row.captions.empty() ? shortName(row.id) : pathText(row.captions.front());
    const QString text = whole.left(kLongestCaption); // laying out a book would stop the window
    QFont font = captionFont();
    if (box.width() < 100) {
        font.setPixelSize(Tokens::kCaptionPx - 2);
    }
    const QFontMetricsF metrics(font);
    const QRectF inner = box.adjusted(5, 4, -5, -4);
    const int most = std::max(1, int(inner.height() / metrics.lineSpacing()));
    painter.setFont(font);
    painter.setPen(t.text);
    QTextLayout layout(text, font);
    QTextOption option(Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    for (int i = 0; i < most; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(inner.width());
        const double y = inner.top() + i * metrics.lineSpacing();
        const QString rest = text.mid(line.textStart(), i + 1 == most ? -1 : line.textLength());
        painter.drawText(QPointF(inner.left(), y + metrics.ascent()),
                         metrics.elidedText(rest, Qt::ElideRight, inner.width() + 1));
    }
    layout.endLayout();
}

} // namespace semascope::ui
