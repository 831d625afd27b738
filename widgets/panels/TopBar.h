#pragma once
#include <QWidget>

#include <array>

class QHBoxLayout;
class QPushButton;

namespace semascope::ui {

enum class Workspace { Explore, Latents, Report };

/// Two words of the top bar that belong together: "coco-val2017" and, in grey, "500 pictures". A click opens what it
/// names.
class TopBarItem : public QWidget
{
    Q_OBJECT

public:
    explicit TopBarItem(QWidget* parent = nullptr);
    void setText(const QString& strong, const QString& muted);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QString m_strong, m_muted;
};

/// The name, what is open, where it is computed, and the three workspaces.
class TopBar : public QWidget
{
    Q_OBJECT

public:
    explicit TopBar(QWidget* parent = nullptr);
    /// Empty texts show that nothing is open.
    void setDataset(const QString& name, const QString& amount);
    void setModel(const QString& name, const QString& about);
    void setDevice(const QString& device, const QString& precision);
    void setWorkspace(Workspace workspace);
    /// Workspaces that cannot be used yet are greyed, `reason` being their tooltip.
    void setWorkspaceEnabled(Workspace workspace, bool enabled, const QString& reason = {});

Q_SIGNALS:
    void workspaceChosen(semascope::ui::Workspace workspace);
    void datasetClicked();
    void modelClicked();
    void deviceClicked();
    void paletteWanted(); ///< the command palette

private:
    void addWorkspaces(QHBoxLayout* row);

    TopBarItem *m_dataset = nullptr, *m_model = nullptr, *m_device = nullptr;
    std::array<QPushButton*, 3> m_workspaces{};
};

} // namespace semascope::ui
