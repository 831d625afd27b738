#include "widgets/panels/Drawer.h"

#include "widgets/panels/Controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QScrollArea>

namespace semascope::ui {

Drawer::Drawer(const QString& title, const QString& name, QWidget* parent) : QWidget(parent)
{
    setObjectName(name);
    setAccessibleName(title);
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(kWidth - 60);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 10, 1, 0);
    outer->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(0, 0, 12, 0);
    head->addWidget(makeTitle(title, this));
    head->addStretch(1);
    QPushButton* close = makeButton(
        {QStringLiteral("✕"), name + QStringLiteral("Close"), tr("Close this drawer (Esc)")}, ButtonRole::Quiet, this);
    close->setAccessibleName(tr("Close %1").arg(title));
    head->addWidget(close);
    outer->addLayout(head);
    auto* area = new QScrollArea(this);
    area->setObjectName(name + QStringLiteral("Area"));
    area->setFocusPolicy(Qt::NoFocus);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_content = new QWidget(area);
    m_column = new QVBoxLayout(m_content);
    m_column->setContentsMargins(0, 0, 14, 14);
    m_column->setSpacing(6);
    area->setWidget(m_content);
    outer->addWidget(area, 1);
    connect(close, &QPushButton::clicked, this, &Drawer::closeWanted);
}

void Drawer::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closeWanted();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace semascope::ui
