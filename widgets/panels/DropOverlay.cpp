#include "widgets/panels/DropOverlay.h"

#include "widgets/Theme.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPainter>

namespace semascope::ui {
namespace {

constexpr int kMargin = 40, kGap = 24, kMostHeight = 320;

} // namespace

DropOverlay::DropOverlay(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("dropOverlay"));
    setAccessibleName(tr("Where to drop"));
    setAcceptDrops(true);
    hide();
    parent->installEventFilter(this);
}

void DropOverlay::offer(std::vector<Zone> zones)
{
    m_zones = std::move(zones);
    m_over = -1;
    setGeometry(parentWidget()->rect());
    raise();
    show();
    update();
}

QRect DropOverlay::zoneRect(int zone) const
{
    const int count = std::max(1, int(m_zones.size()));
    const int width = (this->width() - 2 * kMargin - (count - 1) * kGap) / count;
    const int height = std::min(kMostHeight, this->height() - 2 * kMargin);
    return {kMargin + zone * (width + kGap), (this->height() - height) / 2, width, height};
}

int DropOverlay::zoneAt(const QPoint& point) const
{
    for (int i = 0; i < int(m_zones.size()); ++i) {
        if (zoneRect(i).contains(point)) {
            return m_zones[std::size_t(i)].enabled ? i : -1;
        }
    }
    return -1;
}

void DropOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    QColor veil = t.background;
    veil.setAlpha(225);
    painter.fillRect(rect(), veil);
    for (int i = 0; i < int(m_zones.size()); ++i) {
        const Zone& zone = m_zones[std::size_t(i)];
        const QRectF box = QRectF(zoneRect(i)).adjusted(1, 1, -1, -1);
        const bool over = i == m_over;
        painter.setPen(QPen(over ? t.accent : t.line, 2, over ? Qt::SolidLine : Qt::DashLine));
        painter.setBrush(over ? t.soft : t.panel);
        painter.drawRoundedRect(box, 12, 12);
        QFont title = font();
        title.setPixelSize(20);
        painter.setFont(title);
        painter.setPen(!zone.enabled ? t.muted : over ? t.accent : t.text);
        painter.drawText(box.adjusted(24, 0, -24, -box.height() / 2 - 4),
                         Qt::AlignHCenter | Qt::AlignBottom | Qt::TextWordWrap, zone.title);
        painter.setFont(font());
        painter.setPen(t.muted);
        painter.drawText(box.adjusted(24, box.height() / 2 + 8, -24, 0),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, zone.hint);
    }
}

void DropOverlay::follow(QDragMoveEvent& event)
{
    const int over = zoneAt(event.position().toPoint());
    if (over != m_over) {
        m_over = over;
        update();
    }
    if (over >= 0) {
        event.setDropAction(Qt::CopyAction);
        event.accept();
    } else {
        event.ignore();
    }
}

void DropOverlay::dragEnterEvent(QDragEnterEvent* event)
{
    follow(*event);
    event->accept(); // to be told of the moves to come
}

void DropOverlay::dragMoveEvent(QDragMoveEvent* event)
{
    follow(*event);
}

void DropOverlay::dragLeaveEvent(QDragLeaveEvent*)
{
    hide();
}

void DropOverlay::dropEvent(QDropEvent* event)
{
    const int zone = zoneAt(event->position().toPoint());
    hide();
    if (zone >= 0) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
        Q_EMIT dropped(zone, event->mimeData());
    }
}

/// Goes with the window's size.
bool DropOverlay::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        setGeometry(parentWidget()->rect());
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace semascope::ui
