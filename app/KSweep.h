#pragma once
#include "app/ExportDialog.h"
#include "app/Session.h"
#include "widgets/panels/KSweepView.h"

namespace semascope::app {

class ExplorePage;
class Settings;

/// Clusters with several k and shows what speaks for each. Its view is a tab beside the map. Other data end a running
/// job and forget the result. GUI thread.
class KSweep : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Session* session;
        Settings* settings;
        ExplorePage* explore;
    };
    KSweep(const Parts& parts, QWidget* window);
    ui::KSweepView* view() { return m_view; }
    bool running() const { return m_job != 0; }
    std::shared_ptr<const core::KSweep> result() const { return m_result; }
    void open();
    void run(const ui::KSweepChoice& choice);
    void stop();
    void askExport(ui::KSweepExport what);
    void exportTo(ui::KSweepExport what, const ExportDialog::Choice& choice);

Q_SIGNALS:
    /// The method of the sweep with this k is to be used for the clusters.
    void useWanted(const semascope::core::ClusterSpec& spec, bool selectionOnly);

private:
    void connectSession();
    void adoptData();
    void adopt(std::shared_ptr<const core::KSweep> result);
    void showReady();
    QString missing() const;

    Parts m_parts;
    QWidget* m_window;
    ui::KSweepView* m_view;
    std::shared_ptr<const core::Dataset> m_data;
    std::shared_ptr<const core::KSweep> m_result;
    bool m_selectionOnly = false;
    quint64 m_job = 0;
};

} // namespace semascope::app
