#include "widgets/vtk/MapLegend.h"

#include "widgets/Palette.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kPadding = 10, kRow = 18, kSwatch = 10, kGap = 8, kBarWidth = 150, kBarHeight = 9;
constexpr int kNumberGap = 10; // between the title of a colour bar and the number at its end
constexpr int kSlack = 4;      // hinted glyphs can be wider than their advance

/// ".15", "−1.2", "12 000": short, with as many decimals as the range needs.
QString shortNumber(double value, double range)
{
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    const int decimals = range > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(range))), 0, 6) : 2;
    QString text = QString::number(std::abs(value), 'f', decimals);
    if (text.startsWith(QLatin1String("0.")) && text.size() > 2) {
        text.remove(0, 1);
    }
    const bool zero = text.count(QLatin1Char('0')) + text.count(QLatin1Char('.')) == text.size();
    return value < 0 && !zero ? QChar(0x2212) + text : text;
}

} // namespace

MapLegend::MapLegend(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("mapLegend"));
    setAccessibleName(tr("Legend"));
    setMouseTracking(true);
    setCursor(Qt::ArrowCursor);
    QFont small = font();
    small.setPixelSize(12);
    setFont(small);
    hide();
}

void MapLegend::setLegend(const Legend& legend)
{
    ensurePolished(); // the style sheet's font decides how wide it must be
    m_legend = legend;
    const int last = std::max(0, static_cast<int>(legend.entries.size()) - 1);
    m_first = std::min(m_first, last);
    m_focused = std::min(m_focused, last);
    m_hovered = -1;
    setFocusPolicy(legend.continuous ? Qt::NoFocus : Qt::TabFocus);
    setVisible(!legend.isEmpty());
    updateAccessibility();
    update();
}

void MapLegend::setTheme(const MapTheme& theme)
{
    m_theme = theme;
    update();
}

int MapLegend::titleHeight() const
{
    return m_legend.title.isEmpty() || m_legend.continuous ? 0 : kRow;
}

QSize MapLegend::sizeHint() const
{
    const QFontMetrics metrics(font());
    if (m_legend.continuous) {
        const double range = m_legend.hi - m_legend.lo;
        const int number = std::max(metrics.horizontalAdvance(shortNumber(m_legend.lo, range)),
                                    metrics.horizontalAdvance(shortNumber(m_legend.hi, range)));
        const int inner = metrics.horizontalAdvance(m_legend.title) + kSlack + 2 * (number + kNumberGap);
        return {std::max(inner, kBarWidth) + 2 * kPadding, kBarHeight + kRow + 2 * kPadding - 4};
    }
    int width = titleHeight() > 0 ? metrics.horizontalAdvance(m_legend.title) + kSlack : 0;
    for (const auto& entry : m_legend.entries) {
        width = std::max(width, kSwatch + kGap + metrics.horizontalAdvance(entry.label) + kSlack);
    }
    const int rows = static_cast<int>(m_legend.entries.size());
    return {width + 2 * kPadding, titleHeight() + rows * kRow + 2 * kPadding - 4};
}

void MapLegend::fit(const QSize& limit)
{
    const int smallest = titleHeight() + 2 * kRow + 2 * kPadding;
    resize(sizeHint().boundedTo(limit.expandedTo({80, smallest})));
    m_first = std::clamp(m_first, 0, std::max(0, static_cast<int>(m_legend.entries.size()) - shownRows()));
}

int MapLegend::shownRows() const
{
    const int rows = std::max(1, (height() - titleHeight() - 2 * kPadding + 4) / kRow);
    const int all = static_cast<int>(m_legend.entries.size());
    return rows >= all ? all : std::max(1, rows - 1);
}

int MapLegend::entryAt(const QPoint& at) const
{
    const int row = (at.y() - kPadding + 2 - titleHeight()) / kRow;
    const bool inside = at.y() >= kPadding - 2 + titleHeight() && row < shownRows() && rect().contains(at);
    const int entry = m_first + row;
    return !m_legend.continuous && inside && entry < static_cast<int>(m_legend.entries.size()) ? entry : -1;
}

void MapLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor panel = m_theme.panel;
    panel.setAlpha(240);
    painter.setBrush(panel);
    painter.setPen(m_theme.line);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    if (m_legend.continuous) {
        paintBar(painter);
    } else {
        paintEntries(painter);
    }
}

void MapLegend::paintEntries(QPainter& painter) const
{
    const QFontMetrics metrics(font());
    const int all = static_cast<int>(m_legend.entries.size()), rows = shownRows(), inner = width() - 2 * kPadding;
    int top = kPadding - 2;
    if (titleHeight() > 0) {
        painter.setPen(m_theme.muted);
        painter.drawText(QRect(kPadding, top, inner, kRow), Qt::AlignVCenter,
                         metrics.elidedText(m_legend.title, Qt::ElideRight, inner));
        top += kRow;
    }
    for (int i = m_first; i < std::min(all, m_first + rows); ++i, top += kRow) {
        const auto& entry = m_legend.entries[i];
        const QRect row(kPadding, top, inner, kRow);
        if (i == m_hovered || (hasFocus() && i == m_focused)) {
            painter.setPen(hasFocus() && i == m_focused ? QPen(m_theme.accent) : QPen(Qt::NoPen));
            painter.setBrush(m_theme.soft);
            painter.drawRoundedRect(QRectF(row).adjusted(-5.5, 0.5, 5.5, -0.5), 4, 4);
        }
        const QColor colour = QColor::fromRgba(entry.colour);
        painter.setPen(entry.hidden ? QPen(m_theme.muted, 1.2) : QPen(Qt::NoPen));
        painter.setBrush(entry.hidden ? QBrush(Qt::NoBrush) : QBrush(colour));
        const double radius = entry.hidden ? kSwatch / 2.0 - 0.6 : kSwatch / 2.0;
        painter.drawEllipse(QPointF(kPadding + kSwatch / 2.0, top + kRow / 2.0), radius, radius);
        painter.setPen(entry.hidden ? m_theme.muted : m_theme.text);
        const QRect label = row.adjusted(kSwatch + kGap, 0, 0, 0);
        painter.drawText(label, Qt::AlignVCenter, metrics.elidedText(entry.label, Qt::ElideRight, label.width()));
    }
    if (rows < all) {
        painter.setPen(m_theme.muted);
        painter.drawText(QRect(kPadding, top, inner, kRow), Qt::AlignVCenter,
                         tr("%1–%2 of %3 · scroll").arg(m_first + 1).arg(m_first + rows).arg(all));
    }
}

void MapLegend::paintBar(QPainter& painter) const
{
    const QRectF bar(kPadding, kPadding, width() - 2 * kPadding, kBarHeight);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    constexpr int stops = 16;
    for (int i = 0; i <= stops; ++i) {
        const double t = static_cast<double>(i) / stops;
        gradient.setColorAt(t, QColor::fromRgba(rampColour(m_legend.ramp, t)));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 3, 3);
    const QRectF text(bar.left(), bar.bottom() + 3, bar.width(), kRow);
    const double range = m_legend.hi - m_legend.lo;
    const QString lo = shortNumber(m_legend.lo, range), hi = shortNumber(m_legend.hi, range);
    const QFontMetrics metrics(font());
    const double number = std::max(metrics.horizontalAdvance(lo), metrics.horizontalAdvance(hi));
    const QRectF between = text.adjusted(number + kNumberGap, 0, -number - kNumberGap, 0);
    painter.setPen(m_theme.muted);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, lo);
    painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, hi);
    painter.drawText(between, Qt::AlignCenter,
                     metrics.elidedText(m_legend.title, Qt::ElideRight, static_cast<int>(between.width())));
}

void MapLegend::mousePressEvent(QMouseEvent* event)
{
    if (const int entry = entryAt(event->position().toPoint()); entry >= 0 && event->button() == Qt::LeftButton) {
        m_focused = entry;
        Q_EMIT toggled(entry);
    }
}

void MapLegend::mouseMoveEvent(QMouseEvent* event)
{
    m_hovered = entryAt(event->position().toPoint());
    setCursor(m_hovered >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void MapLegend::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void MapLegend::wheelEvent(QWheelEvent* event)
{
    const int most = std::max(0, static_cast<int>(m_legend.entries.size()) - shownRows());
    m_first = std::clamp(m_first - event->angleDelta().y() / 60, 0, most);
    update();
}

void MapLegend::scrollTo(int entry)
{
    m_focused = std::clamp(entry, 0, std::max(0, static_cast<int>(m_legend.entries.size()) - 1));
    m_first = std::clamp(m_first, m_focused - shownRows() + 1, m_focused);
    updateAccessibility();
    update();
}

void MapLegend::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) {
        scrollTo(m_focused + (event->key() == Qt::Key_Up ? -1 : 1));
    } else if (event->key() == Qt::Key_Space && m_focused < m_legend.entries.size()) {
        Q_EMIT toggled(m_focused);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void MapLegend::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    updateAccessibility();
}

bool MapLegend::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const int entry = entryAt(help->pos());
    if (entry >= 0) {
        const auto& shown = m_legend.entries[entry];
        QToolTip::showText(help->globalPos(),
                           tr("%1 · %2").arg(shown.label.toHtmlEscaped(), QString::number(shown.count)));
    } else {
        QToolTip::showText(help->globalPos(), m_legend.title.toHtmlEscaped());
    }
    return true;
}

void MapLegend::updateAccessibility()
{
    if (m_legend.continuous) {
        const double range = m_legend.hi - m_legend.lo;
        setAccessibleDescription(
            tr("%1, from %2 to %3")
                .arg(m_legend.title, shortNumber(m_legend.lo, range), shortNumber(m_legend.hi, range)));
    } else if (m_focused < m_legend.entries.size()) {
        const auto& entry = m_legend.entries[m_focused];
        setAccessibleDescription(entry.hidden ? tr("%1, switched off; Space switches it on").arg(entry.label)
                                              : tr("%1, shown; Space switches it off").arg(entry.label));
    }
}

} // namespace semascope::ui
