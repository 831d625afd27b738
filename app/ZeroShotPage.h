#pragma once
#include "app/ZeroShot.h"
#include "widgets/panels/ZeroShotView.h"

namespace semascope::app {

class Actions;
class ExplorePage;
class Settings;

/// Connects the zero-shot view with its controller, the session and the files it reads and writes. The view is a tab
/// beside the map. GUI thread.
class ZeroShotPage : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Session* session;
        Settings* settings;
        Actions* actions;
        ExplorePage* explore;
    };
    ZeroShotPage(const Parts& parts, QWidget* window);
    ZeroShot* controller() { return &m_controller; }
    ui::ZeroShotView* view() { return m_view; }
    /// Brings the tab to the front.
    void open();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSetup();
    void connectResult();
    void refresh();
    void refreshSources();
    void showResult();
    void showCurrent();
    void takeHint();
    void readClasses();
    void exportAs(ui::ZeroShotExport what);
    ui::ZeroShotHint hint() const;
    ui::ZeroShotHint missingHint() const;
    ui::ZeroShotHint embeddingHint() const;
    QString unit() const;
    QString warning() const;

    Parts m_parts;
    QWidget* m_window;
    ZeroShot m_controller;
    ui::ZeroShotView* m_view;
    std::shared_ptr<const core::Dataset> m_data;               ///< whose columns the view offers
    std::shared_ptr<const core::ZeroShotResult> m_shownResult; ///< what the view shows
    bool m_sourcesOld = true;
    QString m_shownAs; ///< unit, labels and warning that it shows with it
};

} // namespace semascope::app
