#pragma once
#include "app/Session.h"
#include "app/Settings.h"
#include "core/job/Compute.h"
#include "widgets/Theme.h"
#include "widgets/panels/LeftRail.h"
#include "widgets/panels/TopBar.h"

#include <QMainWindow>

class QDockWidget;
class QLabel;
class QMimeData;
class QStackedWidget;

namespace semascope::ui {
class ClustersDrawer;
class DataDrawer;
class DropOverlay;
class JobsPanel;
class JobStatus;
class NoticeBar;
class PromptBar;
class ThumbnailCache;
} // namespace semascope::ui

namespace semascope::app {

class Actions;
class ClusterCardsPage;
class ClusterDesk;
class Comparison;
class EmbedAdvisor;
class ExplorePage;
class Heatmap;
class JointMapPage;
class KSweep;
class ModelDesk;
class Search;
class Undo;
class TrainingPage;
class ZeroShotPage;

/// The window: builds the panels, connects them with the session and the actions, and decides nothing itself.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const core::BlasReport& blas);
    ~MainWindow() override;
    /// Opens the command line's files, or the built-in sample when there are none.
    void openAtStart(const std::vector<std::string>& files);
    Session* session() { return &m_session; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // MainWindow.cpp
    void buildHead();
    void buildBody();
    void buildMenus();
    void connectFileActions();
    void connectOtherActions();
    void connectStudies();
    void showWorkspace(ui::Workspace workspace);
    void showTheme(ui::ThemeChoice choice);
    void updateEnabled();
    void askAttribute();
    void askExport();
    void saveAs();
    QString askPath(const QString& title, bool folder, const QString& filter);
    void showAbout();
    // MainWindowSearch.cpp
    void connectSearch();
    void searchDropped(const QMimeData* mime);
    void openDropped(const QMimeData* mime);
    void searchClipboard();
    void exportJointMap();
    // MainWindowDocks.cpp
    void buildDrawers();
    void buildStatus(const core::BlasReport& blas);
    void connectDrawers();
    void connectSession();
    void openDrawer(ui::DrawerKind kind);
    void showData();
    void showModel();
    void showClusters();
    void showPrompts();
    void showCounts();
    void showJob(const ui::JobReport& report);
    void remark(const QString& text);
    void exportSkips();
    void mapIn(int dim);

    Settings m_settings;
    ui::Theme m_theme;
    Session m_session;
    ui::ThumbnailCache* m_thumbnails;
    Actions* m_actions;
    Search* m_search;
    Undo* m_undo;
    ClusterCardsPage* m_cards = nullptr;
    ExplorePage* m_explore = nullptr;
    EmbedAdvisor* m_embedAdvisor = nullptr;
    Heatmap* m_heatmap = nullptr;
    Comparison* m_comparison = nullptr;
    KSweep* m_kSweep = nullptr;
    JointMapPage* m_joint = nullptr;
    ui::DropOverlay* m_drop = nullptr;
    ModelDesk* m_desk = nullptr;
    ClusterDesk* m_clusterDesk = nullptr;
    TrainingPage* m_training = nullptr;
    ZeroShotPage* m_zeroShot = nullptr;
    QStackedWidget *m_pages = nullptr, *m_drawers = nullptr;
    ui::TopBar* m_top = nullptr;
    ui::PromptBar* m_prompts = nullptr;
    ui::NoticeBar* m_notices = nullptr;
    ui::LeftRail* m_rail = nullptr;
    ui::DataDrawer* m_dataDrawer = nullptr;
    ui::ClustersDrawer* m_clustersDrawer = nullptr;
    ui::JobsPanel* m_jobsPanel = nullptr;
    ui::JobStatus* m_jobStatus = nullptr;
    QLabel *m_counts = nullptr, *m_compute = nullptr, *m_remark = nullptr;
    QString m_blasText;
};

} // namespace semascope::app
