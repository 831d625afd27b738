#include "widgets/panels/PromptChip.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kHeight = 28, kPadding = 14, kArc = 10;
constexpr int kNarrowest = 58, kWidest = 360; // room to click beside the cross
constexpr int kTurnMs = 60, kTurnDegrees = 24;

QString oppositePart(const PromptText& prompt)
{
    return promptText(prompt).mid(prompt.text.size());
}

} // namespace

PromptChip::PromptChip(const PromptText& prompt, QWidget* parent) : QAbstractButton(parent)
{
    setObjectName(QStringLiteral("promptChip"));
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
    m_turn.setInterval(kTurnMs);
    connect(&m_turn, &QTimer::timeout, this, [this] {
        m_angle = (m_angle + kTurnDegrees) % 360;
        update();
    });
    setPrompt(prompt);
}

void PromptChip::setPrompt(const PromptText& prompt)
{
    m_prompt = prompt;
    setAccessibleName(tr("Prompt %1").arg(promptText(prompt)));
    const QString what =
        prompt.opposite.isEmpty()
            ? tr("Click to colour the map by how much each picture looks like “%1”.").arg(prompt.text)
            : tr("Click to colour the map by how much more each picture looks like “%1” than like “%2”.")
                  .arg(prompt.text, prompt.opposite);
    setToolTip(
        tipText(what + QLatin1Char('\n') +
                tr("Best matches come first in the gallery. Double click edits, C says what to contrast it with, "
                   "Delete removes.")));
    updateGeometry();
    update();
}

void PromptChip::setBusy(bool busy)
{
    if (busy == m_busy) {
        return;
    }
    m_busy = busy;
    setAccessibleDescription(busy ? tr("being encoded") : QString());
    if (busy) {
        m_turn.start();
    } else {
        m_turn.stop();
    }
    updateGeometry();
    update();
}

QFont PromptChip::chipFont() const
{
    QFont bold = font();
    bold.setBold(isChecked());
    return bold;
}

QSize PromptChip::sizeHint() const
{
    QFont bold = font(); // as wide as when it is checked, so that nothing moves
    bold.setBold(true);
    const int text = QFontMetrics(bold).horizontalAdvance(promptText(m_prompt));
    return {std::clamp(text + 2 * kPadding + (m_busy ? kArc + 6 : 0), kNarrowest, kWidest), kHeight};
}

QRect PromptChip::crossRect() const
{
    return {width() - 22, 0, 20, height()};
}

void PromptChip::paintText(QPainter& painter, const QColor& strong) const
{
    const Tokens t = tokens();
    const QFontMetrics metrics(chipFont());
    const int left = kPadding + (m_busy ? kArc + 6 : 0);
    const bool cross = underMouse() && isEnabled();
    const int room = width() - left - (cross ? 22 : kPadding - 2);
    painter.setFont(chipFont());
    const QString first = metrics.elidedText(m_prompt.text, Qt::ElideRight, room);
    const int firstWidth = metrics.horizontalAdvance(first);
    // Centred while there is room to spare, as the chip is measured in bold.
    const int whole = metrics.horizontalAdvance(promptText(m_prompt));
    const int shift = m_busy || cross ? 0 : std::max(0, (width() - whole) / 2 - left);
    painter.setPen(isEnabled() ? strong : t.muted);
    painter.drawText(QRect(left + shift, 0, firstWidth + 2, height()), Qt::AlignVCenter, first);
    if (firstWidth < room && !m_prompt.opposite.isEmpty()) {
        painter.setPen(t.muted);
        const QString second = metrics.elidedText(oppositePart(m_prompt), Qt::ElideRight, room - firstWidth);
        painter.drawText(QRect(left + shift + firstWidth, 0, room - firstWidth + 2, height()), Qt::AlignVCenter,
                         second);
    }
}

void PromptChip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    const QRectF pill = QRectF(rect()).adjusted(0.5, 1.5, -0.5, -1.5);
    painter.setPen(QPen(isChecked() || hasFocus() ? t.accent : t.line, hasFocus() ? 2 : 1));
    painter.setBrush(isChecked() ? t.soft : underMouse() && isEnabled() ? t.background : t.panel);
    painter.drawRoundedRect(hasFocus() ? pill.adjusted(0.5, 0.5, -0.5, -0.5) : pill, pill.height() / 2,
                            pill.height() / 2);
    paintText(painter, isChecked() ? t.accent : t.text);
    if (m_busy) {
        painter.setPen(QPen(t.accent, 1.6, Qt::SolidLine, Qt::RoundCap));
        painter.setBrush(Qt::NoBrush);
        painter.drawArc(QRectF(kPadding - 2, (height() - kArc) / 2.0, kArc, kArc), -m_angle * 16, 270 * 16);
    }
    if (underMouse() && isEnabled()) {
        painter.setPen(QPen(m_overCross ? t.text : t.muted, 1.4, Qt::SolidLine, Qt::RoundCap));
        const QPointF c = QRectF(crossRect()).center();
        painter.drawLine(c + QPointF(-3, -3), c + QPointF(3, 3));
        painter.drawLine(c + QPointF(-3, 3), c + QPointF(3, -3));
    }
}

bool PromptChip::hitButton(const QPoint& point) const
{
    return rect().contains(point) && !crossRect().contains(point);
}

void PromptChip::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void PromptChip::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    m_overCross = false;
    update();
}

void PromptChip::mouseMoveEvent(QMouseEvent* event)
{
    const bool over = crossRect().contains(event->pos());
    if (over != m_overCross) {
        m_overCross = over;
        update();
    }
    QAbstractButton::mouseMoveEvent(event);
}

void PromptChip::mousePressEvent(QMouseEvent* event)
{
    m_pressedCross = event->button() == Qt::LeftButton && crossRect().contains(event->pos());
    QAbstractButton::mousePressEvent(event);
}

void PromptChip::mouseReleaseEvent(QMouseEvent* event)
{
    const bool remove = m_pressedCross && crossRect().contains(event->pos());
    m_pressedCross = false;
    if (remove) {
        Q_EMIT removeWanted();
        return;
    }
    QAbstractButton::mouseReleaseEvent(event);
}

void PromptChip::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && hitButton(event->pos())) {
        Q_EMIT editWanted(true);
    }
}

void PromptChip::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        Q_EMIT removeWanted();
        return;
    case Qt::Key_F2:
        Q_EMIT editWanted(false);
        return;
    case Qt::Key_C:
        Q_EMIT contrastWanted();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        click();
        return;
    default:
        QAbstractButton::keyPressEvent(event);
    }
}

void PromptChip::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(isChecked() ? tr("Stop colouring by it") : tr("Colour the map by it"), this, [this] { click(); });
    menu->addAction(tr("Edit…"), this, [this] { Q_EMIT editWanted(false); });
    menu->addAction(tr("Contrast with…"), this, &PromptChip::contrastWanted);
    menu->addAction(tr("Remove"), this, &PromptChip::removeWanted);
    menu->popup(event->globalPos());
}

} // namespace semascope::ui
