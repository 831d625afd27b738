#pragma once
#include "app/ExportDialog.h"
#include "app/Session.h"
#include "widgets/panels/HeatmapView.h"

namespace semascope::app {

class ExplorePage;
class Settings;

/// Keeps the heatmap of texts and pictures up to what the session holds while somebody sees it, and exports it as it is
/// seen. Its view is a tab beside the map. GUI thread.
class Heatmap : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Session* session;
        Settings* settings;
        ExplorePage* explore;
        ui::ThumbnailCache* thumbnails;
    };
    Heatmap(const Parts& parts, QWidget* window);
    ui::HeatmapView* view() { return m_view; }
    const ui::HeatmapSpec& spec() const { return m_spec; }
    bool busy() const { return m_job != 0 || m_pause.isActive(); }
    /// Brings the tab to the front.
    void open();
    void setSpec(const ui::HeatmapSpec& spec);
    /// Asks where to and how large, and writes what the view shows (or would show).
    void askExport();
    /// In the background; the session tells how it went.
    void exportTo(const ExportDialog::Choice& choice);

private:
    using Known = std::map<std::string, std::vector<float>>;
    struct Outcome
    {
        std::shared_ptr<const ui::HeatmapScores> scores;
        QString problem; ///< why there are none
    };
    void connectSession();
    void connectView();
    void adoptData();
    /// Soon, and only while somebody sees it.
    void refresh();
    void compute();
    void show();
    void remember(const ui::HeatmapScores& scores);
    /// What is missing, in a sentence; empty when it can be made.
    QString missing() const;
    ui::HeatmapRequest request() const;
    ui::HeatmapOffer offer() const;

    Parts m_parts;
    QWidget* m_window;
    ui::HeatmapView* m_view;
    ui::HeatmapSpec m_spec;
    std::shared_ptr<const core::Dataset> m_data;
    bool m_captions = false; ///< of m_data
    std::string m_modelHash; ///< of m_known
    std::shared_ptr<const Known> m_known = std::make_shared<const Known>();
    std::shared_ptr<const ui::HeatmapScores> m_scores;
    QTimer m_pause;
    bool m_old = true; ///< what the view shows is not what the session holds
    quint64 m_job = 0;
};

} // namespace semascope::app
