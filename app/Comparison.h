#pragma once
#include "app/ExportDialog.h"
#include "app/RowLabels.h"
#include "app/Session.h"
#include "widgets/panels/ComparisonView.h"

namespace semascope::app {

class ExplorePage;
class Settings;

/// Compares methods of clustering on what the session shows: runs them, keeps the newest comparison, puts a chosen
/// clustering onto the map and exports. Its view is a tab beside the map. Other data end a running job and forget the
/// result. GUI thread.
class Comparison : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Session* session;
        Settings* settings;
        ExplorePage* explore;
    };
    Comparison(const Parts& parts, QWidget* window);
    ui::ComparisonView* view() { return m_view; }
    bool running() const { return m_job != 0; }
    /// As far as it is done; null before.
    std::shared_ptr<const core::ClusterComparison> result() const { return m_result; }
    /// Brings the tab to the front.
    void open();
    void run(const ui::ComparisonChoice& choice);
    void stop();
    /// Other labels judge what has been run; nothing is clustered again.
    void judgeBy(const QString& attribute);
    /// The clusters of a method's shown run become the session's, in the colours of the comparison.
    void use(int method);
    /// Asks where to and how large, and writes.
    void askExport(ui::ComparisonExport what);
    /// In the background; the session tells how it went.
    void exportTo(ui::ComparisonExport what, const ExportDialog::Choice& choice);

private:
    void connectSession();
    void adoptData();
    void adopt(std::shared_ptr<const core::ClusterComparison> result);
    void showMap();
    void keepMap();
    void showReady();
    void setAgainst(const QString& attribute);
    void selectCell(int method, int label, int cluster, Qt::KeyboardModifiers modifiers);
    ui::MeasuredOn measuredOn() const;
    ui::ComparedMap mapNow() const;
    QString missing() const;
    QJsonObject recipe() const;
    void writeText(ui::ComparisonExport what, const QString& path);

    Parts m_parts;
    QWidget* m_window;
    ui::ComparisonView* m_view;
    std::shared_ptr<const core::Dataset> m_data;
    std::shared_ptr<const core::Embedding> m_embedding; ///< whose rows were clustered
    core::Matrix m_rows;
    std::vector<std::uint32_t> m_rowSample;
    std::shared_ptr<const core::ClusterComparison> m_result;
    ui::RowLabels m_against;
    ui::ComparedMap m_ordinary;                  ///< newest map that is no network's code; its rows are unset
    std::vector<std::uint32_t> m_ordinarySample; ///< of each of its points
    bool m_mapOld = true;
    bool m_cosineOld = true; ///< what the silhouette is to measure with is that of the data before
    quint64 m_job = 0, m_useJob = 0, m_judgeJob = 0;
};

} // namespace semascope::app
