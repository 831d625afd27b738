#pragma once
#include "app/ExportDialog.h"
#include "widgets/panels/TrainingView.h"

namespace semascope::ui {
class ClusterSetup;
class FrameScrubber;
class NoticeBar;
} // namespace semascope::ui

namespace semascope::app {

class Actions;
class ClusterDesk;
class ExplorePage;
class Session;
class Settings;

/// What people see of finding clusters: the set-up with its button, the bar under the map, the tab with the curves, and
/// the files of a network. Passes on to the desk what they do. GUI thread.
class TrainingPage : public QObject
{
    Q_OBJECT

public:
    /// All must outlive it.
    struct Parts
    {
        Session* session;
        Settings* settings;
        Actions* actions;
        ExplorePage* explore;
        ClusterDesk* desk;
        ui::ClusterSetup* setup;
        ui::NoticeBar* notices;
    };
    TrainingPage(const Parts& parts, QWidget* window);

    /// Brings the tab to the front, and the bar back.
    void open();
    ui::TrainingView* view() const { return m_view; }
    ui::FrameScrubber* bar() const { return m_bar; }
    void askExport();
    /// In the background; the session tells how it went.
    void exportTo(const ExportDialog::Choice& choice);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSetup();
    void connectBar();
    void connectActions();
    void refresh();
    void showRunning();
    void showBar();
    void showCurves();
    void showChosen(qsizetype point);
    void saveNetwork();
    void assignWith();
    ui::TrainingShown shown() const;
    QString frameText(int frame) const;

    Parts m_parts;
    QWidget* m_window;
    ui::TrainingView* m_view;
    ui::FrameScrubber* m_bar;
    const void* m_framesOf = nullptr; ///< the training whose frames the bar offers
    bool m_barClosed = false;
};

} // namespace semascope::app
