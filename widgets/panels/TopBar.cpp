#include "widgets/panels/TopBar.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kHeight = 40, kItemHeight = 26, kPadding = 6, kLeastName = 48;

} // namespace

TopBarItem::TopBarItem(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TopBarItem::setText(const QString& strong, const QString& muted)
{
    m_strong = strong;
    m_muted = muted;
    const QString spoken = (strong + QLatin1Char(' ') + muted).trimmed();
    setAccessibleName(spoken.isEmpty() ? toolTip() : spoken);
    updateGeometry();
    update();
}

QSize TopBarItem::sizeHint() const
{
    const QString text =
        m_strong.isEmpty() || m_muted.isEmpty() ? m_strong + m_muted : m_strong + QLatin1Char(' ') + m_muted;
    return {fontMetrics().horizontalAdvance(text) + 2 * kPadding + 2, kItemHeight};
}

QSize TopBarItem::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 72), kItemHeight};
}

void TopBarItem::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    if (underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(t.accent, 1) : QPen(Qt::NoPen));
        painter.setBrush(t.background);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Tokens::kRadius, Tokens::kRadius);
    }
    const QFontMetrics metrics = fontMetrics();
    const int room = width() - 2 * kPadding;
    const QString gap = m_strong.isEmpty() ? QString() : QStringLiteral(" ");
    const int mutedWidth = m_muted.isEmpty() ? 0 : metrics.horizontalAdvance(gap + m_muted);
    // The name gives way first in the middle; the grey part goes when there is no room for both.
    const int leastName = std::min(kLeastName, metrics.horizontalAdvance(m_strong));
    const bool both = m_strong.isEmpty() || room - mutedWidth >= leastName;
    const QString strong = metrics.elidedText(m_strong, Qt::ElideMiddle, both ? room - mutedWidth : room);
    painter.setPen(t.text);
    painter.drawText(QRect(kPadding, 0, room, height()), Qt::AlignVCenter | Qt::AlignLeft, strong);
    if (both && !m_muted.isEmpty()) {
        painter.setPen(t.muted);
        const int left = kPadding + metrics.horizontalAdvance(strong + gap);
        painter.drawText(QRect(left, 0, width() - left, height()), Qt::AlignVCenter | Qt::AlignLeft, m_muted);
    }
}

void TopBarItem::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        Q_EMIT clicked();
    }
}

void TopBarItem::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT clicked();
        return;
    }
    QWidget::keyPressEvent(event);
}

void TopBarItem::enterEvent(QEnterEvent* event)
{
    QWidget::enterEvent(event);
    update();
}

void TopBarItem::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    update();
}

void TopBarItem::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void TopBarItem::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

TopBar::TopBar(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("topBar"));
    setAccessibleName(tr("Dataset, model, device and workspaces"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    QLabel* name = makeTitle(QStringLiteral("Semascope"), this);
    const auto item = [this](const char* objectName, const QString& tip) {
        auto* made = new TopBarItem(this);
        made->setObjectName(QLatin1String(objectName));
        made->setToolTip(tip);
        return made;
    };
    m_dataset = item("topDataset", tr("The dataset: click to open another"));
    m_model = item("topModel", tr("The model: click for its card, or to open another"));
    m_device = item("topDevice", tr("Where the model computes, and in which numbers"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 0, 14, 1);
    row->setSpacing(Tokens::kGrid);
    row->addWidget(name);
    row->addSpacing(4);
    row->addWidget(m_dataset);
    row->addWidget(m_model);
    row->addWidget(m_device);
    row->addStretch(1);
    QPushButton* palette =
        makeButton({tr("Commands"), QStringLiteral("topPalette"), tr("Find any command by its name (Ctrl+Shift+P)")},
                   ButtonRole::Tab, this);
    row->addWidget(palette);
    addWorkspaces(row);
    connect(m_dataset, &TopBarItem::clicked, this, &TopBar::datasetClicked);
    connect(m_model, &TopBarItem::clicked, this, &TopBar::modelClicked);
    connect(m_device, &TopBarItem::clicked, this, &TopBar::deviceClicked);
    connect(palette, &QPushButton::clicked, this, &TopBar::paletteWanted);
    setDataset({}, {});
    setModel({}, {});
    setDevice({}, {});
    setWorkspace(Workspace::Explore);
}

void TopBar::addWorkspaces(QHBoxLayout* row)
{
    const QString texts[] = {tr("Explore"), tr("Latents"), tr("Report")};
    for (std::size_t i = 0; i < m_workspaces.size(); ++i) {
        const auto workspace = static_cast<Workspace>(i);
        m_workspaces[i] = makeButton({texts[i], QStringLiteral("workspace%1").arg(i + 1), tr("Ctrl+%1").arg(i + 1)},
                                     ButtonRole::Tab, this);
        m_workspaces[i]->setCheckable(true);
        row->addWidget(m_workspaces[i]);
        connect(m_workspaces[i], &QPushButton::clicked, this, [this, workspace] {
            setWorkspace(workspace);
            Q_EMIT workspaceChosen(workspace);
        });
    }
}

void TopBar::setDataset(const QString& name, const QString& amount)
{
    m_dataset->setText(name.isEmpty() ? tr("no dataset") : name, amount);
}

void TopBar::setModel(const QString& name, const QString& about)
{
    m_model->setText(name.isEmpty() ? tr("no model") : name, about);
}

void TopBar::setDevice(const QString& device, const QString& precision)
{
    m_device->setText(QString(), precision.isEmpty() ? device : device + QStringLiteral(" · ") + precision);
    m_device->setVisible(!device.isEmpty());
}

void TopBar::setWorkspace(Workspace workspace)
{
    for (std::size_t i = 0; i < m_workspaces.size(); ++i) {
        m_workspaces[i]->setChecked(static_cast<Workspace>(i) == workspace);
    }
}

void TopBar::setWorkspaceEnabled(Workspace workspace, bool enabled, const QString& reason)
{
    const auto i = static_cast<std::size_t>(workspace);
    m_workspaces[i]->setEnabled(enabled);
    m_workspaces[i]->setToolTip(tipText(enabled || reason.isEmpty() ? tr("Ctrl+%1").arg(i + 1) : reason));
}

} // namespace semascope::ui
