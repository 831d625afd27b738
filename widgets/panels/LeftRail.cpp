#include "widgets/panels/LeftRail.h"

#include "widgets/Theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include <cmath>
#include <numbers>

namespace semascope::ui {
namespace {

/// Line drawings in a 16×16 box.
QPainterPath signOf(DrawerKind kind)
{
    QPainterPath path;
    switch (kind) {
    case DrawerKind::Data: // a stack of rows
        path.addRoundedRect(QRectF(1.5, 2, 13, 12), 2, 2);
        for (const double y : {6.0, 10.0}) {
            path.moveTo(1.5, y);
            path.lineTo(14.5, y);
        }
        break;
    case DrawerKind::Clusters: // three groups
        path.addEllipse(QPointF(5, 5), 3.2, 3.2);
        path.addEllipse(QPointF(12, 6.5), 2.2, 2.2);
        path.addEllipse(QPointF(8, 12), 2.6, 2.6);
        break;
    case DrawerKind::Jobs: { // a turning arrow
        constexpr double kRadius = 5.5, kStart = 50 * std::numbers::pi / 180;
        path.arcMoveTo(QRectF(8 - kRadius, 8 - kRadius, 2 * kRadius, 2 * kRadius), 50);
        path.arcTo(QRectF(8 - kRadius, 8 - kRadius, 2 * kRadius, 2 * kRadius), 50, 290);
        const QPointF tip(8 + kRadius * std::cos(kStart), 8 - kRadius * std::sin(kStart));
        path.moveTo(tip + QPointF(-3.6, 0.2));
        path.lineTo(tip);
        path.lineTo(tip + QPointF(0.2, -3.6));
        break;
    }
    case DrawerKind::None:
        break;
    }
    return path;
}

} // namespace

RailButton::RailButton(DrawerKind kind, const QString& text, QWidget* parent) : QAbstractButton(parent), m_kind(kind)
{
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
}

void RailButton::setBadge(int count)
{
    m_badge = count;
    setAccessibleDescription(count > 0 ? tr("%1 running").arg(count) : QString());
    update();
}

void RailButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    const QRectF box = QRectF(rect()).adjusted(3.5, 1.5, -3.5, -1.5);
    if (isChecked() || underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(t.accent, 1) : QPen(Qt::NoPen));
        painter.setBrush(isChecked() ? t.soft : t.background);
        painter.drawRoundedRect(box, Tokens::kRadius, Tokens::kRadius);
    }
    const QColor ink = isChecked() ? t.accent : t.muted;
    painter.save();
    painter.translate((width() - 16) / 2.0, 7);
    painter.setPen(QPen(ink, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(signOf(m_kind));
    painter.restore();
    if (m_badge > 0) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.accent);
        painter.drawEllipse(QPointF(width() / 2.0 + 12, 9), 3.5, 3.5);
    }
    painter.setFont(captionFont());
    painter.setPen(ink);
    painter.drawText(QRect(0, 26, width(), 16), Qt::AlignCenter, text());
}

void RailButton::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RailButton::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

LeftRail::LeftRail(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("leftRail"));
    setAccessibleName(tr("Drawers"));
    setAttribute(Qt::WA_StyledBackground);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 1, 8);
    column->setSpacing(2);
    const struct
    {
        DrawerKind kind;
        QString text, name, tip;
    } entries[] = {
        {DrawerKind::Data, tr("Data"), QStringLiteral("railData"), tr("Dataset, model and map")},
        {DrawerKind::Clusters, tr("Clusters"), QStringLiteral("railClusters"),
         tr("Find groups of samples, and name them")},
        {DrawerKind::Jobs, tr("Jobs"), QStringLiteral("railJobs"), tr("What is running, and what has ended")},
    };
    std::size_t i = 0;
    for (const auto& entry : entries) {
        auto* button = new RailButton(entry.kind, entry.text, this);
        button->setObjectName(entry.name);
        button->setAccessibleName(entry.text);
        button->setToolTip(entry.tip);
        column->addWidget(button);
        connect(button, &RailButton::clicked, this, [this, kind = entry.kind] {
            setOpen(m_open == kind ? DrawerKind::None : kind);
            Q_EMIT toggled(m_open);
        });
        m_buttons[i++] = button;
    }
    column->addStretch(1);
}

void LeftRail::setOpen(DrawerKind kind)
{
    m_open = kind;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        m_buttons[i]->setChecked(kind == static_cast<DrawerKind>(i + 1));
    }
}

void LeftRail::setRunning(int jobs)
{
    m_buttons[2]->setBadge(jobs);
}

} // namespace semascope::ui
