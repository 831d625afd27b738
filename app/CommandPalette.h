#pragma once
#include <QDialog>
#include <QVector>

class QAction;
class QLineEdit;
class QListWidget;

namespace semascope::app {

/// All commands in a list that narrows while one types; Enter runs the first.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    CommandPalette(const QVector<QAction*>& actions, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow(const QString& typed);
    void run();

    QVector<QAction*> m_actions;
    QLineEdit* m_field;
    QListWidget* m_list;
};

} // namespace semascope::app
