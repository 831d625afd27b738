#include "widgets/panels/FigurePane.h"

#include "widgets/Theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <cmath>

namespace semascope::ui {

FigurePane::FigurePane(const QString& name, QWidget* parent) : QWidget(parent)
{
    setObjectName(name);
    setMouseTracking(true);
}

void FigurePane::setFigure(Paint paint)
{
    m_paint = std::move(paint);
    update();
}

void FigurePane::setLeastHeight(double points)
{
    setMinimumHeight(static_cast<int>(std::ceil(points * kScale)));
}

QRectF FigurePane::page() const
{
    return {0, 0, width() / kScale, height() / kScale};
}

FigureInks FigurePane::inks()
{
    const Tokens t = tokens();
    return {t.text.rgb(), t.muted.rgb(), t.muted.rgb(), t.line.rgb(), t.accent.rgb(), t.panel.rgb()};
}

void FigurePane::paintEvent(QPaintEvent*)
{
    if (m_paint) {
        QPainter painter(this);
        painter.scale(kScale, kScale);
        m_paint(painter, page(), inks());
    }
}

void FigurePane::mouseMoveEvent(QMouseEvent* event)
{
    Q_EMIT pointed(pageAt(event->position()));
}

void FigurePane::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        Q_EMIT clicked(pageAt(event->position()), event->modifiers());
    }
}

void FigurePane::leaveEvent(QEvent*)
{
    Q_EMIT pointed({-1, -1});
}

} // namespace semascope::ui
