#include "widgets/Theme.h"
#include "widgets/panels/HeatmapGrid.h"

#include <QPaintEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

namespace semascope::ui {
namespace {

constexpr int kLabelGap = 8;
constexpr int kMark = 4; // half the width of the mark of the order

/// Lines of `text` in at most `most` lines of `width`, the last one with an ellipsis where it must be.
QStringList linesOf(const QString& text, const QFontMetrics& metrics, int width, int most)
{
    QStringList lines;
    QStringList words = text.simplified().left(400).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    while (!words.isEmpty() && lines.size() < most) {
        QString line = words.takeFirst();
        while (!words.isEmpty() && metrics.horizontalAdvance(line + QLatin1Char(' ') + words.first()) <= width) {
            line += QLatin1Char(' ') + words.takeFirst();
        }
        if (lines.size() + 1 == most && !words.isEmpty()) {
            line += QLatin1Char(' ') + words.join(QLatin1Char(' '));
        }
        lines << metrics.elidedText(line, Qt::ElideRight, width);
    }
    return lines;
}

} // namespace

void HeatmapGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), tokens().panel);
    if (texts() == 0 || pictures() == 0) {
        return;
    }
    askThumbnails();
    const QRect whole = viewport()->rect();
    painter.setClipRect(whole.adjusted(m_labelWidth, m_headHeight, 0, 0));
    paintCells(painter);
    painter.setClipRect(whole.adjusted(m_labelWidth, 0, 0, m_headHeight - whole.height()));
    paintHeads(painter);
    if (m_headingHeight > 0) {
        paintHeadings(painter);
    }
    painter.setClipRect(whole.adjusted(0, m_headHeight, m_labelWidth - whole.width(), 0));
    paintTexts(painter);
    painter.setClipping(false);
    paintEdges(painter);
}

void HeatmapGrid::paintCells(QPainter& painter) const
{
    const auto [firstText, lastText] = visibleTexts();
    const auto [firstPicture, lastPicture] = visiblePictures();
    const int gap = m_cell.width() >= 20 ? 1 : 0;
    painter.setFont(captionFont());
    for (int t = firstText; t < lastText; ++t) {
        const HeatmapRange& range = m_ranges[std::size_t(t)];
        for (int p = firstPicture; p < lastPicture; ++p) {
            const double value = double(m_figure.at(t, p));
            const QRgb colour = valueColour(m_figure.ramp, value, range.lo, range.hi);
            const QRect cell = cellRect(t, p).adjusted(0, 0, -gap, -gap);
            painter.fillRect(cell, QColor::fromRgb(colour));
            painter.setPen(QColor::fromRgb(contrastingText(colour)));
            if (m_decimals >= 0) {
                painter.drawText(cell, Qt::AlignCenter, heatmapNumber(m_figure.value, value, m_decimals));
            }
            if (m_figure.isOwn(t, p)) {
                painter.drawRect(cell.adjusted(2, 2, -3, -3));
            }
        }
    }
    for (const Place& at : {m_hover, hasFocus() ? m_cursor : Place{}}) {
        if (at.part == Part::Cell && at.text < texts() && at.picture < pictures()) {
            const Tokens t = tokens();
            const QRectF ring = QRectF(cellRect(at.text, at.picture)).adjusted(0.5, 0.5, -1.5, -1.5);
            painter.setPen(QPen(t.panel, 4));
            painter.drawRect(ring);
            painter.setPen(QPen(at == m_hover ? t.text : t.accent, 2));
            painter.drawRect(ring);
        }
    }
}

void HeatmapGrid::paintTexts(QPainter& painter) const
{
    const Tokens t = tokens();
    const bool ownScales = m_figure.scale == HeatmapFigure::Scale::PerRow;
    const QFontMetrics metrics(font()), small(captionFont());
    const int width = m_labelWidth - kLabelGap - 3 * kMark;
    const int room = m_cell.height() - 2 - (ownScales ? small.height() : 0);
    const auto [first, last] = visibleTexts();
    for (int i = first; i < last; ++i) {
        const QRect row = textRect(i);
        if (m_hover.text == i) {
            painter.fillRect(row.adjusted(0, 0, -kLabelGap / 2, -1),
                             m_hover.part == Part::Text ? t.soft : t.background);
        }
        const QStringList lines = linesOf(m_figure.texts[i], metrics, width, room >= 2 * metrics.height() ? 2 : 1);
        int y = row.center().y() - (int(lines.size()) * metrics.height() + (ownScales ? small.height() : 0)) / 2;
        painter.setFont(font());
        painter.setPen(t.text);
        for (const QString& line : lines) {
            painter.drawText(QRect(3 * kMark, y, width, metrics.height()), Qt::AlignRight | Qt::AlignVCenter, line);
            y += metrics.height();
        }
        if (ownScales) {
            painter.setFont(captionFont());
            painter.setPen(t.muted);
            painter.drawText(QRect(3 * kMark, y, width, small.height()), Qt::AlignRight | Qt::AlignVCenter,
                             heatmapRangeText(m_figure.value, m_ranges[std::size_t(i)]));
        }
        if (i == m_sortedBy) { // highest (or lowest) first, from left to right
            const double x = 1.5 * kMark, middle = row.center().y(), up = m_lowFirst ? -1.0 : 1.0;
            QPainterPath mark;
            mark.moveTo(x - kMark, middle - up * kMark * 0.7);
            mark.lineTo(x + kMark, middle - up * kMark * 0.7);
            mark.lineTo(x, middle + up * kMark * 0.7);
            mark.closeSubpath();
            painter.save();
            painter.setRenderHint(QPainter::Antialiasing);
            painter.fillPath(mark, t.accent);
            painter.restore();
        }
    }
}

void HeatmapGrid::paintHeads(QPainter& painter)
{
    if (m_thumbnail.isEmpty()) {
        return;
    }
    const Tokens t = tokens();
    const auto [first, last] = visiblePictures();
    for (int p = first; p < last; ++p) {
        const QRect box = pictureRect(p);
        const std::uint32_t sample = m_figure.pictures[p].sample;
        m_cells.paint(painter, box, sample);
        const bool current = m_current >= 0 && sample == std::uint32_t(m_current);
        const bool hover = m_hover.picture == p || (m_hovered >= 0 && sample == std::uint32_t(m_hovered));
        if (current || hover) {
            painter.save();
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(current ? t.accent : t.text, current ? 3 : 1.5));
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 4, 4);
            painter.restore();
        }
    }
}

/// Over its columns, and in sight as long as one of them is.
void HeatmapGrid::paintHeadings(QPainter& painter) const
{
    const Tokens t = tokens();
    const QFontMetrics metrics(captionFont());
    painter.setFont(captionFont());
    int first = 0;
    for (const HeatmapFigure::Group& group : m_figure.groups) {
        const int last = first + int(group.count) - 1;
        const int left = std::max(cellRect(0, first).left(), m_labelWidth);
        const int right = std::min(cellRect(0, last).right() - 1, viewport()->width());
        if (right > left) {
            const QRect box(left, 0, right - left + 1, m_headingHeight);
            painter.setPen(t.text);
            painter.drawText(box.adjusted(0, 0, 0, -4), Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(group.heading, Qt::ElideRight, box.width()));
            painter.setPen(t.muted);
            painter.drawLine(left, m_headingHeight - 3, right, m_headingHeight - 3);
        }
        first = last + 1;
    }
}

/// Where something is scrolled under the texts or the pictures.
void HeatmapGrid::paintEdges(QPainter& painter) const
{
    painter.setPen(tokens().line);
    if (horizontalScrollBar()->value() > 0) {
        painter.drawLine(m_labelWidth - 1, m_headHeight, m_labelWidth - 1, viewport()->height());
    }
    if (verticalScrollBar()->value() > 0) {
        painter.drawLine(m_labelWidth, m_headHeight - 1, viewport()->width(), m_headHeight - 1);
    }
}

} // namespace semascope::ui
