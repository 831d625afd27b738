#include "app/Actions.h"
#include "app/ClusterCardsPage.h"
#include "app/ClusterDesk.h"
#include "app/ClusterLabels.h"
#include "app/EmbedAdvisor.h"
#include "app/ExplorePage.h"
#include "app/MainWindow.h"
#include "app/ModelDesk.h"
#include "app/Search.h"
#include "app/TrainingPage.h"
#include "core/data/Arrays.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClustersDrawer.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/JobStatus.h"
#include "widgets/panels/JobsPanel.h"
#include "widgets/panels/MapControls.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/panels/PromptBar.h"

#include <QFileDialog>
#include <QLabel>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>

namespace semascope::app {

namespace {

ui::JobView viewOf(const ui::JobReport& r)
{
    ui::JobView view;
    view.id = r.id;
    view.title = r.title;
    view.stage = QString::fromStdString(r.progress.stage);
    view.unit = QString::fromStdString(r.progress.unit);
    view.done = r.progress.done;
    view.total = r.progress.total;
    view.perSecond = r.progress.perSecond;
    view.secondsLeft = r.progress.secondsLeft;
    view.state = static_cast<ui::JobView::State>(r.state);
    view.message = r.message;
    return view;
}
static_assert(static_cast<int>(ui::JobReport::Cancelled) == static_cast<int>(ui::JobView::State::Cancelled));

} // namespace

void MainWindow::buildDrawers()
{
    m_dataDrawer = new ui::DataDrawer(this);
    m_clustersDrawer = new ui::ClustersDrawer(this);
    m_jobsPanel = new ui::JobsPanel(this);
    for (ui::Drawer* drawer : {static_cast<ui::Drawer*>(m_dataDrawer), static_cast<ui::Drawer*>(m_clustersDrawer),
                               static_cast<ui::Drawer*>(m_jobsPanel)}) {
        m_drawers->addWidget(drawer);
        connect(drawer, &ui::Drawer::closeWanted, this, [this] { openDrawer(ui::DrawerKind::None); });
    }
    m_dataDrawer->mapControls()->setMethods({"mds", "pca", "svd", "classical"});
    m_drawers->setFixedWidth(ui::Drawer::kWidth);
    connect(m_rail, &ui::LeftRail::toggled, this, &MainWindow::openDrawer);
    openDrawer(ui::DrawerKind::None);
}

void MainWindow::buildStatus(const core::BlasReport& blas)
{
    m_counts = new QLabel(this);
    m_compute = new QLabel(this);
    m_jobStatus = new ui::JobStatus(this);
    statusBar()->setContentsMargins(ui::Tokens::kGrid, 0, ui::Tokens::kGrid, 0);
    statusBar()->addWidget(m_counts);
    statusBar()->addWidget(m_jobStatus, 1);
    m_remark = new QLabel(this);
    statusBar()->addPermanentWidget(m_remark);
    statusBar()->addPermanentWidget(m_compute);
    connect(m_jobStatus, &ui::JobStatus::cancelWanted, &m_session, &Session::cancel);
    connect(m_jobStatus, &ui::JobStatus::opened, this, [this] { openDrawer(ui::DrawerKind::Jobs); });
    m_blasText =
        blas.consistent
            ? tr(blas.threads == 1 ? "OpenBLAS OpenMP, %1 thread" : "OpenBLAS OpenMP, %1 threads").arg(blas.threads)
            : tr("slow linear algebra");
    m_compute->setToolTip(blas.consistent ? QString::fromStdString(blas.config) : QString::fromStdString(blas.problem));
    if (!blas.consistent) {
        m_notices->show({ui::Notice::Severity::Warning, QString::fromStdString(blas.problem), {}, {}});
    }
}

void MainWindow::connectDrawers()
{
    const Actions& a = *m_actions;
    connect(m_dataDrawer, &ui::DataDrawer::openFolder, a.openFolder, &QAction::trigger);
    connect(m_dataDrawer, &ui::DataDrawer::openFile, a.openFile, &QAction::trigger);
    connect(m_dataDrawer, &ui::DataDrawer::openModelFile, a.openModelFile, &QAction::trigger);
    connect(m_dataDrawer, &ui::DataDrawer::openModelFolder, a.openModelFolder, &QAction::trigger);
    connect(m_dataDrawer, &ui::DataDrawer::cardWanted, m_desk, &ModelDesk::showCard);
    connect(m_dataDrawer, &ui::DataDrawer::getModelWanted, m_desk, &ModelDesk::showGet);
    connect(m_dataDrawer, &ui::DataDrawer::embedWanted, &m_session, &Session::embedPictures);
    m_embedAdvisor = new EmbedAdvisor(&m_session, &m_settings, {m_dataDrawer, m_notices}, this);
    connect(m_dataDrawer, &ui::DataDrawer::exportSkips, this, &MainWindow::exportSkips);
    connect(m_dataDrawer, &ui::DataDrawer::colourByAttribute, this, [this](const QString& name) {
        m_session.colourBy(name.isEmpty() ? std::string() : "attribute:" + name.toStdString());
    });
    connect(m_dataDrawer->mapControls(), &ui::MapControls::mapWanted, this,
            [this](const core::LayoutSpec& spec) { m_session.reduce(spec, false); });
    m_clusterDesk = new ClusterDesk(&m_session, this);
    m_training = new TrainingPage(
        {&m_session, &m_settings, m_actions, m_explore, m_clusterDesk, m_clustersDrawer->setup(), m_notices}, this);
    m_cards->setDrawer(m_clustersDrawer);
    connect(m_cards, &ClusterCardsPage::changed, this, &MainWindow::showClusters);
    connect(m_clustersDrawer, &ui::ClustersDrawer::colourByClusters, this,
            [this](bool on) { m_session.colourBy(on ? "cluster" : ""); });
    connect(m_jobsPanel, &ui::JobsPanel::cancelWanted, &m_session, &Session::cancel);
    connect(m_prompts, &ui::PromptBar::added, &m_session, &Session::addPrompt);
    connect(m_prompts, &ui::PromptBar::edited, this,
            [this](int i, const QString& text, const QString& opposite, bool neutral) {
                m_session.editPrompt(static_cast<std::size_t>(i), text, opposite, neutral);
            });
    connect(m_explore, &ExplorePage::contrastWanted, m_prompts, &ui::PromptBar::askContrast);
    connect(m_prompts, &ui::PromptBar::removed, this,
            [this](int i) { m_session.removePrompt(static_cast<std::size_t>(i)); });
    connect(m_prompts, &ui::PromptBar::colourBy, this,
            [this](int i) { m_session.colourBy(i < 0 ? std::string() : "prompt:" + std::to_string(i)); });
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::dataChanged, this, &MainWindow::showData);
    connect(&m_session, &Session::modelChanged, this, &MainWindow::showModel);
    connect(&m_session, &Session::embeddingChanged, this, &MainWindow::showModel);
    connect(&m_session, &Session::promptsChanged, this, &MainWindow::showPrompts);
    connect(&m_session, &Session::coloursChanged, this, [this] {
        const std::string& by = m_session.document().view.colourBy;
        const bool attribute = by.rfind("attribute:", 0) == 0;
        m_dataDrawer->setColourAttribute(attribute ? QString::fromStdString(by.substr(10)) : QString());
        m_clustersDrawer->setColoured(by == "cluster");
        m_prompts->setActive(by.rfind("prompt:", 0) == 0 ? std::stoi(by.substr(7)) : -1);
    });
    connect(&m_session, &Session::layoutChanged, this, [this] {
        if (m_session.document().layout && !m_session.passing()) {
            m_dataDrawer->mapControls()->setSpec(m_session.document().layout->spec);
        }
        updateEnabled();
    });
    connect(&m_session, &Session::documentSaved, this, [this] {
        setWindowTitle(tr("%1 – Semascope").arg(QFileInfo(m_session.path()).fileName()));
        remark(tr("Session saved"));
    });
    connect(&m_session, &Session::notice, this, [this](const QString& text, bool error) {
        m_notices->show({error ? ui::Notice::Severity::Error : ui::Notice::Severity::Info, text, {}, {}});
    });
    const QString get = m_actions->getModel->text();
    connect(&m_session, &Session::sampleOpened, this, [this, get] {
        m_notices->show({ui::Notice::Severity::Info,
                         tr("This is the built-in sample: drawn shapes and a CLIP with random weights. Its scores mean "
                            "nothing; drop your own pictures and a CLIP checkpoint here."),
                         {},
                         get});
    });
    connect(m_notices, &ui::NoticeBar::actionTriggered, m_desk, [this, get](const QString& action) {
        if (action == get) {
            m_desk->showGet();
        }
    });
    connect(&m_session, &Session::remark, this, &MainWindow::remark);
    connect(m_session.jobs(), &ui::JobRunner::jobChanged, this, &MainWindow::showJob);
    for (auto signal : {&ui::SelectionModel::selectionChanged, &ui::SelectionModel::filterChanged}) {
        connect(m_session.selection(), signal, this, [this] {
            showCounts();
            updateEnabled();
        });
    }
}

void MainWindow::openDrawer(ui::DrawerKind kind)
{
    m_rail->setOpen(kind);
    m_drawers->setVisible(kind != ui::DrawerKind::None);
    if (kind != ui::DrawerKind::None) {
        m_drawers->setCurrentIndex(static_cast<int>(kind) - 1);
    }
}

void MainWindow::showData()
{
    const auto samples = m_session.data();
    m_dataDrawer->setDataset(samples, m_session.document().userAttributes);
    m_clustersDrawer->setSource(samples, m_thumbnails);
    m_top->setDataset(samples ? QString::fromStdString(samples->name) : QString(),
                      samples
                          ? tr(samples->samples.size() == 1 ? "%1 sample" : "%1 samples").arg(samples->samples.size())
                          : QString());
    setWindowTitle(samples ? tr("%1 – Semascope").arg(QString::fromStdString(samples->name))
                           : QStringLiteral("Semascope"));
    showClusters();
    showCounts();
    updateEnabled();
}

void MainWindow::showModel()
{
    const auto model = m_session.model();
    const core::Document& doc = m_session.document();
    if (model) {
        m_dataDrawer->setModelCard(m_desk->shortCard(), m_desk->remarks());
        m_top->setModel(QString::fromStdString(model->info().name), tr("%1-d").arg(model->info().clip.embedDim));
        m_top->setDevice(QString::fromStdString(model->deviceName()).toUpper(),
                         QString::fromStdString(model->precision()));
    } else {
        m_dataDrawer->setModelCard({});
        m_top->setModel({}, {});
        m_top->setDevice(QStringLiteral("CPU"), {});
    }
    const bool tokenizer = model && model->tokenizer() != nullptr;
    m_prompts->setAvailable(tokenizer, tokenizer ? QString()
                                       : model   ? QString::fromStdString(core::vocabularyHelp())
                                                 : tr("Open a CLIP model, then type what to look for."));
    const auto rows = doc.embedding ? doc.embedding->rows.rows() : 0;
    m_embedAdvisor->refresh();
    const QString none = tr("Open vectors, or pictures and a model.");
    m_dataDrawer->mapControls()->setReady(rows > 0, none);
    m_clustersDrawer->setReady(rows > 0, none);
    const QString device =
        model ? QString::fromStdString(model->deviceName() + " " + model->precision()) : QStringLiteral("cpu");
    m_compute->setText(device + QStringLiteral(" · ") + m_blasText);
    updateEnabled();
}

void MainWindow::showClusters()
{
    const core::Document& doc = m_session.document();
    std::vector<ui::ClusterItem> items;
    QString scores;
    if (doc.clustering) {
        const core::Clustering& c = *doc.clustering;
        for (std::size_t at = 0; at < c.sizes.size(); ++at) {
            ui::ClusterItem item;
            item.name = QString::fromStdString(doc.clusterNames[at]);
            item.colour = ui::categoryColour(static_cast<int>(at), static_cast<int>(c.sizes.size()));
            item.size = c.sizes[at];
            m_cards->describe(at, item.prototypes, item.share, item.confidence);
            items.push_back(item);
        }
        scores = clusteringLine(c);
    }
    m_clustersDrawer->setClusters(std::move(items), scores);
    updateEnabled();
}

void MainWindow::showPrompts()
{
    std::vector<ui::PromptText> prompts;
    const core::Document& doc = m_session.document();
    for (const core::Prompt& p : doc.prompts) {
        prompts.push_back({QString::fromStdString(p.text), QString::fromStdString(p.opposite), p.neutral});
    }
    m_prompts->setPrompts(prompts);
    for (std::size_t i = 0; i < doc.prompts.size(); ++i) {
        m_prompts->setBusy(static_cast<int>(i), m_session.model() && doc.prompts[i].vector.empty());
    }
    m_prompts->setActive(doc.view.colourBy.rfind("prompt:", 0) == 0 ? std::stoi(doc.view.colourBy.substr(7)) : -1);
    updateEnabled();
}

void MainWindow::showCounts()
{
    const ui::SelectionModel* selection = m_session.selection();
    const auto samples = m_session.data();
    QString text = tr("%1 shown of %2").arg(selection->visibleCount()).arg(selection->size());
    if (selection->selectedCount() > 0) {
        text += tr(" · %1 selected").arg(selection->selectedCount());
    }
    if (samples && !samples->skipped.empty()) {
        text += tr(" · %1 skipped: see Data").arg(samples->skipped.size());
    }
    m_counts->setText(text);
}

void MainWindow::showJob(const ui::JobReport& report)
{
    const ui::JobView view = viewOf(report);
    m_jobsPanel->updateJob(view);
    m_jobStatus->updateJob(view);
    m_rail->setRunning(static_cast<int>(m_jobsPanel->jobs().activeCount()));
}

/// Of passing interest: beside what the status line always says, for some seconds.
void MainWindow::remark(const QString& text)
{
    constexpr int kShownMs = 6000;
    m_remark->setText(text);
    QTimer::singleShot(kShownMs, m_remark, [this, text] {
        if (m_remark->text() == text) {
            m_remark->clear();
        }
    });
}

void MainWindow::updateEnabled()
{
    const core::Document& doc = m_session.document();
    ActionState state;
    state.data = m_session.data() != nullptr;
    state.model = m_session.model() != nullptr;
    state.embedding = doc.embedding != nullptr;
    state.layout = doc.layout != nullptr;
    state.selection = m_session.selection()->selectedCount() > 0;
    state.prompts = !doc.prompts.empty();
    state.search = m_search->result() != nullptr;
    m_actions->updateEnabled(state);
}

/// A map has the dimensions it was made with: another number of them means another reduction.
void MainWindow::mapIn(int dim)
{
    const auto& layout = m_session.document().layout;
    if (layout && layout->spec.dim != dim) {
        core::LayoutSpec spec = layout->spec;
        spec = spec.method == ui::kCodeMap ? m_dataDrawer->mapControls()->spec() : spec; // a code has two here
        spec.dim = dim;
        m_session.reduce(spec, false);
    }
}

void MainWindow::exportSkips()
{
    const auto samples = m_session.data();
    if (!samples) {
        return;
    }
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export skipped files"), m_settings.lastFolder(), tr("CSV (*.csv)"));
    if (path.isEmpty()) {
        return;
    }
    try {
        core::writeSkips(path.toLocal8Bit().toStdString(), *samples, m_session.document().embedding.get());
        remark(tr("List written to %1").arg(path));
    } catch (const core::Error& e) {
        m_notices->show({ui::Notice::Severity::Error, QString::fromUtf8(e.what()), {}, {}});
    }
}

} // namespace semascope::app
