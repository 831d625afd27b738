#include "app/CommandPalette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace semascope::app {

CommandPalette::CommandPalette(const QVector<QAction*>& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup), m_actions(actions), m_field(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setAccessibleName(tr("Command palette"));
    resize(460, 360);
    auto* column = new QVBoxLayout(this);
    m_field->setPlaceholderText(tr("type a command…"));
    m_field->setAccessibleName(tr("Command"));
    m_field->installEventFilter(this);
    column->addWidget(m_field);
    column->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::narrow);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::run);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::run);
    narrow({});
    if (parent != nullptr) {
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 80)));
    }
    m_field->setFocus();
}

void CommandPalette::narrow(const QString& typed)
{
    m_list->clear();
    const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < m_actions.size(); ++i) {
        const QAction* action = m_actions[i];
        const QString text = action->text();
        const bool fits = std::all_of(words.begin(), words.end(),
                                      [&](const QString& w) { return text.contains(w, Qt::CaseInsensitive); });
        if (!fits || !action->isEnabled()) {
            continue;
        }
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(keys.isEmpty() ? text : text + QStringLiteral("   ") + keys, m_list);
        item->setData(Qt::UserRole, i);
        item->setToolTip(action->statusTip());
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::run()
{
    const QListWidgetItem* item = m_list->currentItem();
    accept();
    if (item != nullptr) {
        QAction* action = m_actions[item->data(Qt::UserRole).toLongLong()];
        QTimer::singleShot(0, action, &QAction::trigger); // after the popup is gone
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace semascope::app
