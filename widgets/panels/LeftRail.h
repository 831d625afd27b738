#pragma once
#include <QAbstractButton>

#include <array>

namespace semascope::ui {

/// What the left rail can open.
enum class DrawerKind { None, Data, Clusters, Jobs };

/// One entry of the rail: a drawn sign over a word.
class RailButton : public QAbstractButton
{
    Q_OBJECT

public:
    RailButton(DrawerKind kind, const QString& text, QWidget* parent);
    void setBadge(int count);
    QSize sizeHint() const override { return {58, 48}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    DrawerKind m_kind;
    int m_badge = 0;
};

/// The narrow column that opens the drawers, one at a time.
class LeftRail : public QWidget
{
    Q_OBJECT

public:
    explicit LeftRail(QWidget* parent = nullptr);
    void setOpen(DrawerKind kind);
    DrawerKind open() const { return m_open; }
    /// Shows that jobs are running.
    void setRunning(int jobs);

Q_SIGNALS:
    /// A drawer is wanted, or None.
    void toggled(semascope::ui::DrawerKind kind);

private:
    std::array<RailButton*, 3> m_buttons{};
    DrawerKind m_open = DrawerKind::None;
};

} // namespace semascope::ui
