#include "widgets/panels/TrainingCurves.h"

#include "widgets/Theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr double kPixelsPerPoint = 1.55; // small text of a figure at the size of a caption

TrainingInk inkOf(const Tokens& t)
{
    TrainingInk ink;
    ink.text = t.text.rgb();
    ink.muted = t.muted.rgb();
    ink.axis = t.muted.rgb();
    ink.faint = t.line.rgb();
    ink.mark = t.accent.rgb();
    if (t.dark) {
        ink.reconstruction = 0xff7fb2e5;
        ink.clustering = 0xffe8935f;
        ink.changed = 0xff8cc484;
    }
    return ink;
}

} // namespace

TrainingCurves::TrainingCurves(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("trainingCurves"));
    setAccessibleName(tr("Curves of the training; arrow keys go through its moments"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(280, 200);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void TrainingCurves::setFigure(TrainingFigure figure)
{
    m_figure = std::move(figure);
    m_figure.title.clear();
    m_figure.subtitle.clear();
    m_figure.footer.clear();
    m_hovered = -1;
    update();
}

void TrainingCurves::setMarked(qsizetype point)
{
    if (point != m_figure.marked) {
        m_figure.marked = point;
        update();
    }
}

QRectF TrainingCurves::page() const
{
    return {0, 0, width() / kPixelsPerPoint, height() / kPixelsPerPoint};
}

qsizetype TrainingCurves::pointAt(const QPointF& at) const
{
    return trainingPointAt(m_figure, page(), at / kPixelsPerPoint);
}

void TrainingCurves::paintEvent(QPaintEvent*)
{
    TrainingFigure shown = m_figure;
    shown.ink = inkOf(tokens());
    shown.marked = m_hovered >= 0 ? m_hovered : m_figure.marked;
    QPainter painter(this);
    painter.scale(kPixelsPerPoint, kPixelsPerPoint);
    paintTraining(painter, page(), shown);
}

void TrainingCurves::mouseMoveEvent(QMouseEvent* event)
{
    const qsizetype point = pointAt(event->position());
    if (point != m_hovered) {
        m_hovered = point;
        setCursor(point >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
        Q_EMIT hovered(point);
    }
}

void TrainingCurves::mousePressEvent(QMouseEvent* event)
{
    const qsizetype point = pointAt(event->position());
    if (point >= 0) {
        Q_EMIT chosen(point);
    }
}

void TrainingCurves::leaveEvent(QEvent* event)
{
    m_hovered = -1;
    update();
    Q_EMIT hovered(-1);
    QWidget::leaveEvent(event);
}

void TrainingCurves::keyPressEvent(QKeyEvent* event)
{
    const auto last = qsizetype(m_figure.curve.size()) - 1;
    const int step = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (step == 0 || last < 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    const qsizetype from = m_figure.marked < 0 ? last : m_figure.marked;
    Q_EMIT chosen(std::clamp<qsizetype>(from + step, 0, last));
}

} // namespace semascope::ui
