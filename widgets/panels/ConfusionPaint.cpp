#include "widgets/Palette.h"
#include "widgets/Theme.h"
#include "widgets/panels/ConfusionTable.h"
#include "widgets/panels/Numbers.h"

#include <QLinearGradient>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kGappedFrom = 16; ///< pixels a cell, from where cells stand apart
constexpr QSize kScale{72, 7};

/// From the window's colour to the accent; few are already seen.
QColor shade(double share, const Tokens& t)
{
    const double amount = std::pow(std::clamp(share, 0.0, 1.0), 0.6);
    const QColor from = t.background, to = t.accent;
    const auto mix = [amount](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * amount)); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

} // namespace

void ConfusionTable::paintCells(QPainter& painter, const QRect& area) const
{
    const Tokens t = tokens();
    const QFontMetrics metrics(captionFont());
    painter.setFont(captionFont());
    const int gap = std::min(m_cell.width(), m_cell.height()) >= kGappedFrom ? 1 : 0;
    const bool numbered = // all of them or none
        metrics.horizontalAdvance(m_shares ? QStringLiteral("100") : countText(m_most)) + 4 <= m_cell.width();
    const QPoint from = area.topLeft() - cellRect(0, 0).topLeft(), to = area.bottomRight() - cellRect(0, 0).topLeft();
    const int k = classes();
    const int top = std::max(0, from.y() / m_cell.height()), bottom = std::min(k - 1, to.y() / m_cell.height());
    const int left = std::max(0, from.x() / m_cell.width()), right = std::min(k - 1, to.x() / m_cell.width());
    for (int label = top; label <= bottom; ++label) {
        for (int prediction = left; prediction <= right; ++prediction) {
            const QRect cell = cellRect(label, prediction).adjusted(0, 0, -gap, -gap);
            const double share = value(label, prediction);
            const QColor colour = shade(share, t);
            painter.fillRect(cell, colour);
            const QString text = number(label, prediction);
            if (numbered && !text.isEmpty()) {
                painter.setPen(QColor::fromRgb(contrastingText(colour.rgb())));
                painter.drawText(cell, Qt::AlignCenter, text);
            }
            if (label == prediction) { // the right answers: found without reading
                painter.setPen(t.muted);
                painter.drawRect(cell.adjusted(0, 0, -1, -1));
            }
        }
    }
    if (m_at.label >= 0 && m_at.prediction >= 0) {
        painter.setPen(QPen(t.text, 2));
        painter.drawRect(cellRect(m_at.label, m_at.prediction).adjusted(0, 0, -gap, -gap));
    }
}

void ConfusionTable::paintNames(QPainter& painter, const QRect& area) const
{
    const Tokens t = tokens();
    QFont plain = captionFont(), bold = captionFont();
    bold.setBold(true);
    const auto prepare = [&](bool pointed) {
        painter.setFont(pointed ? bold : plain);
        painter.setPen(pointed ? t.accent : t.text);
        return painter.fontMetrics();
    };
    painter.save();
    painter.setClipRect(QRect(0, area.top(), m_head.width(), area.height()));
    for (int label = 0; label < classes(); ++label) {
        const QRect row(0, cellRect(label, 0).top(), m_head.width() - 6, m_cell.height());
        if (row.bottom() >= area.top() && row.top() <= area.bottom()) {
            const QFontMetrics metrics = prepare(label == m_at.label);
            painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight,
                             metrics.elidedText(m_names[label], Qt::ElideMiddle, row.width()));
        }
    }
    painter.setClipRect(QRect(area.left(), kAxisLine, area.width(), m_head.height() - kAxisLine));
    for (int prediction = 0; prediction < classes(); ++prediction) {
        const QRect column(cellRect(0, prediction).left(), kAxisLine, m_cell.width(), m_head.height() - kAxisLine - 4);
        if (column.right() < area.left() || column.left() > area.right()) {
            continue;
        }
        const QFontMetrics metrics = prepare(prediction == m_at.prediction);
        const int room = m_upwards ? column.height() : column.width();
        const QString name = metrics.elidedText(m_names[prediction], Qt::ElideMiddle, room);
        if (!m_upwards) {
            painter.drawText(column, Qt::AlignBottom | Qt::AlignHCenter, name);
            continue;
        }
        painter.save();
        painter.translate(column.center().x() + 0.5, column.bottom());
        painter.rotate(-90);
        painter.drawText(QRect(0, -m_cell.width() / 2, room + 2, m_cell.width()), Qt::AlignVCenter | Qt::AlignLeft,
                         name);
        painter.restore();
    }
    painter.restore();
}

void ConfusionTable::paintAxes(QPainter& painter, const QRect& area) const
{
    const Tokens t = tokens();
    painter.setFont(captionFont());
    painter.setPen(t.muted);
    painter.drawText(QRect(0, m_head.height() - kAxisLine, m_head.width() - 6, kAxisLine - 3),
                     Qt::AlignRight | Qt::AlignBottom, tr("label ↓"));
    const QString columns = tr("prediction →");
    painter.drawText(QRect(area.left(), 0, area.width(), kAxisLine), Qt::AlignLeft | Qt::AlignVCenter, columns);
    constexpr int kScaleRoom = 190;
    if (area.width() > painter.fontMetrics().horizontalAdvance(columns) + kScaleRoom) {
        paintScale(painter, viewport()->width() - 4);
    }
}

void ConfusionTable::paintScale(QPainter& painter, int right) const
{
    const Tokens t = tokens();
    const QString most = m_shares ? tr("100 % of the row") : countText(m_most);
    const int width = painter.fontMetrics().horizontalAdvance(most);
    const QRect bar(right - width - 6 - kScale.width(), (kAxisLine - kScale.height()) / 2, kScale.width(),
                    kScale.height());
    QLinearGradient ramp(bar.topLeft(), bar.topRight());
    constexpr int kStops = 12;
    for (int i = 0; i <= kStops; ++i) {
        const double share = static_cast<double>(i) / kStops;
        ramp.setColorAt(share, shade(share, t));
    }
    painter.fillRect(bar, ramp);
    painter.setPen(t.line);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
    painter.setPen(t.muted);
    painter.drawText(QRect(right - width, 0, width, kAxisLine), Qt::AlignVCenter | Qt::AlignRight, most);
    painter.drawText(QRect(bar.left() - 46, 0, 40, kAxisLine), Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("0"));
}

void ConfusionTable::paintEvent(QPaintEvent*)
{
    if (!m_result) {
        return;
    }
    QPainter painter(viewport());
    const QRect area(QPoint(m_head.width(), m_head.height()), viewport()->size() - m_head);
    painter.save();
    painter.setClipRect(area);
    paintCells(painter, area);
    painter.restore();
    paintNames(painter, area);
    paintAxes(painter, area);
}

} // namespace semascope::ui
