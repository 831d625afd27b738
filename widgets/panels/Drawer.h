#pragma once
#include <QWidget>

class QVBoxLayout;

namespace semascope::ui {

/// A drawer's frame: a title with a button that closes it, and a scrolled column for what it holds.
class Drawer : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 312;

    Drawer(const QString& title, const QString& name, QWidget* parent);

Q_SIGNALS:
    void closeWanted();

protected:
    QVBoxLayout* column() const { return m_column; }
    QWidget* content() const { return m_content; }
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* m_content = nullptr;
    QVBoxLayout* m_column = nullptr;
};

} // namespace semascope::ui
