#include "app/MainWindow.h"

#include "app/Actions.h"
#include "app/ClusterCardsPage.h"
#include "app/ClusterDesk.h"
#include "app/CommandPalette.h"
#include "app/Comparison.h"
#include "app/ExplorePage.h"
#include "app/ExportDialog.h"
#include "app/Heatmap.h"
#include "app/JointMapPage.h"
#include "app/KSweep.h"
#include "app/ModelDesk.h"
#include "app/Search.h"
#include "app/Undo.h"
#include "app/ZeroShotPage.h"
#include "widgets/DocumentFigures.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClustersDrawer.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/MapControls.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/panels/PromptBar.h"
#include "widgets/vtk/MapView.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace semascope::app {

namespace {

QWidget* announcement(const QString& title, const QString& text, QWidget* parent)
{
    auto* page = new QWidget(parent);
    auto* column = new QVBoxLayout(page);
    column->addStretch();
    auto* heading = new QLabel(title, page);
    QFont font = heading->font();
    font.setPixelSize(20);
    heading->setFont(font);
    auto* body = new QLabel(text, page);
    body->setWordWrap(true);
    body->setMaximumWidth(460);
    for (QLabel* label : {heading, body}) {
        label->setAlignment(Qt::AlignHCenter);
        column->addWidget(label, 0, Qt::AlignHCenter);
    }
    column->addStretch();
    return page;
}

} // namespace

MainWindow::MainWindow(const core::BlasReport& blas)
    : m_thumbnails(new ui::ThumbnailCache(this)),
      m_actions(new Actions(this)),
      m_search(new Search(&m_session, this)),
      m_undo(new Undo(&m_session, this))
{
    setObjectName(QStringLiteral("semascope"));
    setWindowTitle(QStringLiteral("Semascope"));
    setAcceptDrops(true);
    resize(QSize(1440, 900).boundedTo(screen()->availableGeometry().size()));
    m_theme.apply(*qApp);
    connect(&m_session, &Session::dataChanged, m_thumbnails, // before anything that asks for pictures of them
            [this] { m_thumbnails->setDataset(m_session.data()); });
    buildHead();
    buildBody();
    buildMenus();
    buildDrawers();
    buildStatus(blas);
    connectFileActions();
    connectOtherActions();
    connectStudies();
    connectDrawers();
    connectSession();
    connectSearch();
    connect(&m_theme, &ui::Theme::changed, m_explore, &ExplorePage::setTheme);
    const QString theme = m_settings.theme();
    showTheme(theme == QLatin1String("dark")    ? ui::ThemeChoice::Dark
              : theme == QLatin1String("light") ? ui::ThemeChoice::Light
                                                : ui::ThemeChoice::System);
    m_explore->setTheme(m_theme.current());
    m_joint->setTheme(m_theme.current());
    restoreGeometry(m_settings.geometry());
    const QRect room = screen()->availableGeometry(); // the screen may be another one than the last time
    if (!room.contains(geometry())) {
        setGeometry(QRect(room.topLeft(), size().boundedTo(room.size())));
    }
    const QByteArray docks = m_settings.windowState();
    if (docks.isEmpty()) {
        QTimer::singleShot(0, m_explore, &ExplorePage::arrangePanels); // sizes are known once it is shown
    } else {
        m_explore->restoreState(docks);
    }
    updateEnabled();
    showModel();
    m_explore->map()->setFocus();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildHead()
{
    m_top = new ui::TopBar(this);
    const QString later = tr("Not part of this version yet");
    m_top->setWorkspaceEnabled(ui::Workspace::Latents, true, later);
    m_top->setWorkspaceEnabled(ui::Workspace::Report, true, later);
    connect(m_top, &ui::TopBar::workspaceChosen, this, &MainWindow::showWorkspace);
    connect(m_top, &ui::TopBar::datasetClicked, this, [this] { openDrawer(ui::DrawerKind::Data); });
    m_desk = new ModelDesk(&m_session, &m_settings, this);
    connect(m_top, &ui::TopBar::modelClicked, m_desk, &ModelDesk::showCard);
    connect(m_top, &ui::TopBar::paletteWanted, m_actions->palette, &QAction::trigger);
    m_prompts = new ui::PromptBar(this);
    m_notices = new ui::NoticeBar(this);
}

void MainWindow::buildBody()
{
    auto* body = new QWidget(this);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_top);
    column->addWidget(m_prompts);
    column->addWidget(m_notices);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    m_rail = new ui::LeftRail(this);
    m_drawers = new QStackedWidget(this);
    m_pages = new QStackedWidget(this);
    m_explore = new ExplorePage({&m_session, m_search, m_actions, m_thumbnails}, this);
    m_pages->addWidget(m_explore);
    m_heatmap = new Heatmap({&m_session, &m_settings, m_explore, m_thumbnails}, this);
    m_comparison = new Comparison({&m_session, &m_settings, m_explore}, this);
    m_kSweep = new KSweep({&m_session, &m_settings, m_explore}, this);
    m_cards =
        new ClusterCardsPage({&m_session, &m_settings, m_actions, m_explore, m_search, m_thumbnails, m_undo}, this);
    m_zeroShot = new ZeroShotPage({&m_session, &m_settings, m_actions, m_explore}, this);
    m_pages->addWidget(announcement(tr("Latents"),
                                    tr("Sliders that traverse the latents of a VAE while CLIP judges the picture will "
                                       "live here. This version does not have them yet."),
                                    this));
    m_pages->addWidget(announcement(tr("Report"),
                                    tr("Figures composed to pages will live here. Until then every figure is exported "
                                       "from Explore (File, Export)."),
                                    this));
    row->addWidget(m_rail);
    row->addWidget(m_drawers);
    row->addWidget(m_pages, 1);
    column->addLayout(row, 1);
    setCentralWidget(body);
}

void MainWindow::buildMenus()
{
    Actions& a = *m_actions;
    const auto add = [this](const QString& title, const QVector<QAction*>& actions) {
        QMenu* menu = menuBar()->addMenu(title);
        menu->setToolTipsVisible(true);
        for (QAction* action : actions) {
            action == nullptr ? static_cast<void>(menu->addSeparator()) : menu->addAction(action);
        }
        return menu;
    };
    add(tr("&File"), {a.openFolder, a.openFile, a.openModelFile, a.openModelFolder, a.openSession, a.openSample,
                      a.pictureFolder, nullptr, a.save, a.saveAs, nullptr, a.exportMap, a.exportHeatmap,
                      a.exportTraining, a.exportSkips, a.exportClusters, a.exportCards, nullptr, a.quit});
    add(tr("&Edit"),
        {m_undo->undoAction(), m_undo->redoAction(), nullptr, a.selectAll, a.selectNone, a.invert, a.newAttribute,
         nullptr, a.focusPrompt, a.searchPicture, a.searchClipboard, a.clearSearch, nullptr, a.palette});
    add(tr("&Model"), {a.openModelFile, a.openModelFolder, nullptr, a.modelCard, a.getModel});
    add(tr("&Analyse"), {a.embed,
                         nullptr,
                         a.mapAll,
                         a.mapSelection,
                         nullptr,
                         a.clusterAll,
                         a.clusterSelection,
                         a.training,
                         a.colourConfidence,
                         a.saveNetwork,
                         a.assignRest,
                         a.assignWith,
                         nullptr,
                         a.clusterCards,
                         a.nameClusters,
                         a.mergeClusters,
                         a.splitCluster,
                         a.pickCluster,
                         nullptr,
                         a.compareClusters,
                         a.chooseK,
                         nullptr,
                         a.jointMap,
                         a.captionVectors,
                         nullptr,
                         a.heatmap,
                         a.zeroShot});
    QMenu* view = add(tr("&View"), {a.explore, a.latents, a.report, nullptr, a.view2d, a.view3d, a.resetView,
                                    a.thumbnails, nullptr, a.themeSystem, a.themeLight, a.themeDark, a.fullScreen});
    view->addSeparator();
    view->addActions(m_explore->panelActions());
    addActions(m_explore->panelActions());
    add(tr("&Help"), {a.about});
    addActions(a.all());
    addActions(m_undo->actions());
}

QString MainWindow::askPath(const QString& title, bool folder, const QString& filter)
{
    const QString start = m_settings.lastFolder();
    const QString path = folder ? QFileDialog::getExistingDirectory(this, title, start)
                                : QFileDialog::getOpenFileName(this, title, start, filter);
    if (!path.isEmpty()) {
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
    }
    return path;
}

void MainWindow::connectFileActions()
{
    const Actions& a = *m_actions;
    const auto opens = [this](QAction* action, bool folder, const QString& filter) {
        connect(action, &QAction::triggered, this, [this, action, folder, filter] {
            const QString path = askPath(action->text(), folder, filter);
            if (!path.isEmpty()) {
                m_session.open(path.toLocal8Bit().toStdString());
            }
        });
    };
    opens(a.openFolder, true, {});
    opens(a.openFile, false, tr("Data (*.csv *.tsv *.json *.txt *.npy *.npz *.bin *.gz *-ubyte);;All files (*)"));
    opens(a.openModelFile, false, tr("CLIP checkpoints (*.safetensors *.pt *.pth *.bin);;All files (*)"));
    opens(a.openModelFolder, true, {});
    opens(a.openSession, false, tr("Sessions (*.semascope)"));
    connect(a.pictureFolder, &QAction::triggered, this, [this] {
        const QString folder = askPath(tr("Folder with the pictures"), true, {});
        if (!folder.isEmpty()) {
            core::OpenSpec spec = m_session.document().dataset;
            spec.pictureFolder = folder.toLocal8Bit().toStdString();
            m_session.openData(spec);
        }
    });
    connect(a.modelCard, &QAction::triggered, m_desk, &ModelDesk::showCard);
    connect(a.getModel, &QAction::triggered, m_desk, &ModelDesk::showGet);
    connect(a.openSample, &QAction::triggered, &m_session, &Session::openSample);
    connect(a.save, &QAction::triggered, this,
            [this] { m_session.path().isEmpty() ? saveAs() : m_session.save(m_session.path()); });
    connect(a.saveAs, &QAction::triggered, this, &MainWindow::saveAs);
    connect(a.exportMap, &QAction::triggered, this, [this] { askExport(); });
    connect(a.exportHeatmap, &QAction::triggered, m_heatmap, &Heatmap::askExport);
    connect(a.exportSkips, &QAction::triggered, this, &MainWindow::exportSkips);
    connect(a.quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::connectOtherActions()
{
    const Actions& a = *m_actions;
    ui::SelectionModel* selection = m_session.selection();
    connect(a.selectAll, &QAction::triggered, selection, &ui::SelectionModel::selectAll);
    connect(a.selectNone, &QAction::triggered, selection, &ui::SelectionModel::clear);
    connect(a.invert, &QAction::triggered, selection, &ui::SelectionModel::invert);
    connect(a.newAttribute, &QAction::triggered, this, &MainWindow::askAttribute);
    connect(m_explore, &ExplorePage::newAttributeWanted, this, &MainWindow::askAttribute);
    connect(a.embed, &QAction::triggered, &m_session, &Session::embedPictures);
    connect(a.heatmap, &QAction::triggered, this, [this] {
        showWorkspace(ui::Workspace::Explore);
        m_heatmap->open();
    });
    connect(a.zeroShot, &QAction::triggered, this, [this] {
        showWorkspace(ui::Workspace::Explore);
        m_zeroShot->open();
    });
    const auto map = [this](bool selectionOnly) {
        m_session.reduce(m_dataDrawer->mapControls()->spec(), selectionOnly);
    };
    const auto cluster = [this](bool selectionOnly) { m_clusterDesk->run(m_clustersDrawer->spec(), selectionOnly); };
    connect(a.mapAll, &QAction::triggered, this, [map] { map(false); });
    connect(a.mapSelection, &QAction::triggered, this, [map] { map(true); });
    connect(m_explore, &ExplorePage::mapSelectionWanted, this, [map] { map(true); });
    connect(a.clusterAll, &QAction::triggered, this, [cluster] { cluster(false); });
    connect(a.clusterSelection, &QAction::triggered, this, [cluster] { cluster(true); });
    connect(m_explore, &ExplorePage::clusterSelectionWanted, this, [cluster] { cluster(true); });
    connect(a.view2d, &QAction::triggered, this, [this] { mapIn(2); });
    connect(a.view3d, &QAction::triggered, this, [this] { mapIn(3); });
    connect(m_explore, &ExplorePage::dimensionWanted, this, &MainWindow::mapIn);
    connect(a.resetView, &QAction::triggered, m_explore, &ExplorePage::resetMap);
    connect(a.explore, &QAction::triggered, this, [this] { showWorkspace(ui::Workspace::Explore); });
    connect(a.latents, &QAction::triggered, this, [this] { showWorkspace(ui::Workspace::Latents); });
    connect(a.report, &QAction::triggered, this, [this] { showWorkspace(ui::Workspace::Report); });
    connect(a.themeSystem, &QAction::triggered, this, [this] { showTheme(ui::ThemeChoice::System); });
    connect(a.themeLight, &QAction::triggered, this, [this] { showTheme(ui::ThemeChoice::Light); });
    connect(a.themeDark, &QAction::triggered, this, [this] { showTheme(ui::ThemeChoice::Dark); });
    connect(a.focusPrompt, &QAction::triggered, m_prompts, &ui::PromptBar::focusField);
    connect(a.fullScreen, &QAction::toggled, this, [this](bool on) { on ? showFullScreen() : showNormal(); });
    connect(a.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(a.palette, &QAction::triggered, this,
            [this] { CommandPalette(m_actions->all() + m_undo->actions() + m_explore->panelActions(), this).exec(); });
}

/// What compares clusterings and numbers of clusters.
void MainWindow::connectStudies()
{
    const Actions& a = *m_actions;
    connect(a.compareClusters, &QAction::triggered, this, [this] {
        showWorkspace(ui::Workspace::Explore);
        m_comparison->open();
    });
    connect(a.chooseK, &QAction::triggered, this, [this] {
        showWorkspace(ui::Workspace::Explore);
        m_kSweep->open();
    });
    connect(m_kSweep, &KSweep::useWanted, this, [this](const core::ClusterSpec& spec, bool selectionOnly) {
        m_clustersDrawer->setSpec(spec);
        openDrawer(ui::DrawerKind::Clusters);
        m_explore->showView(m_explore->map(), {});
        m_clusterDesk->run(spec, selectionOnly);
    });
}

void MainWindow::openAtStart(const std::vector<std::string>& files)
{
    if (files.empty() || files.front() == "demo") {
        m_session.openSample();
        return;
    }
    for (const std::string& file : files) {
        m_session.open(file);
    }
}

void MainWindow::showWorkspace(ui::Workspace workspace)
{
    m_pages->setCurrentIndex(static_cast<int>(workspace));
    m_top->setWorkspace(workspace);
}

void MainWindow::showTheme(ui::ThemeChoice choice)
{
    m_theme.setChoice(choice);
    const Actions& a = *m_actions;
    QAction* shown = choice == ui::ThemeChoice::Dark    ? a.themeDark
                     : choice == ui::ThemeChoice::Light ? a.themeLight
                                                        : a.themeSystem;
    shown->setChecked(true);
    m_settings.setTheme(choice == ui::ThemeChoice::Dark    ? QStringLiteral("dark")
                        : choice == ui::ThemeChoice::Light ? QStringLiteral("light")
                                                           : QStringLiteral("system"));
}

void MainWindow::askAttribute()
{
    bool ok = false;
    const QString name = QInputDialog::getText(
        this, tr("New attribute"), tr("Name for the selected samples (%1)").arg(m_session.selection()->selectedCount()),
        QLineEdit::Normal, {}, &ok);
    if (ok) {
        m_session.makeAttribute(name);
    }
}

void MainWindow::saveAs()
{
    QString path =
        QFileDialog::getSaveFileName(this, tr("Save session"), m_settings.lastFolder(), tr("Sessions (*.semascope)"));
    if (path.isEmpty()) {
        return;
    }
    if (!path.endsWith(QLatin1String(".semascope"))) {
        path += QLatin1String(".semascope");
    }
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    m_session.save(path);
}

void MainWindow::askExport()
{
    ExportDialog dialog(ExportDialog::Map, m_settings.lastFolder(), this);
    if (dialog.exec() == QDialog::Accepted) {
        const ExportDialog::Choice choice = dialog.choice();
        m_settings.setLastFolder(QFileInfo(choice.path).absolutePath());
        exportDocument(m_session, choice);
    }
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setGeometry(saveGeometry());
    m_settings.setWindowState(m_explore->saveState());
    m_session.jobs()->cancelAll();
    event->accept();
}

void MainWindow::showAbout()
{
    QString text = tr("Semascope %1\nWhat CLIP embeddings and generative latents mean.\n\n")
                       .arg(QStringLiteral(SEMASCOPE_VERSION));
    for (const auto& [name, version] : core::libraryVersions()) {
        text += QString::fromStdString(name + " " + version) + QLatin1Char('\n');
    }
    QMessageBox::about(this, tr("About Semascope"), text);
}

} // namespace semascope::app
