#include "app/TrainingPage.h"

#include "app/Actions.h"
#include "app/ClusterDesk.h"
#include "app/ExplorePage.h"
#include "app/Settings.h"
#include "app/TrainingText.h"
#include "core/cluster/ClusterOptions.h"
#include "widgets/DocumentFigures.h"
#include "widgets/panels/ClusterSetup.h"
#include "widgets/panels/FrameScrubber.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/vtk/MapView.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QKeyEvent>

#include <algorithm>

namespace semascope::app {

TrainingPage::TrainingPage(const Parts& parts, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_window(window),
      m_view(new ui::TrainingView(window)),
      m_bar(new ui::FrameScrubber(window))
{
    m_view->hide(); // until its tab is opened
    parts.explore->setMapBar(m_bar);
    connectSetup();
    connectBar();
    connectActions();
    connect(m_parts.desk, &ClusterDesk::changed, this, &TrainingPage::refresh);
    connect(m_parts.desk, &ClusterDesk::progressed, this, &TrainingPage::showRunning);
    connect(m_parts.session, &Session::clusteringChanged, this, &TrainingPage::refresh);
    connect(m_parts.desk, &ClusterDesk::warned, this, [this](const QString& text, const QString& more) {
        m_parts.notices->show({ui::Notice::Severity::Warning, text, more, {}});
    });
    m_parts.explore->map()->installEventFilter(this);
    refresh();
}

/// Esc on the map leaves the moment that it shows.
bool TrainingPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && m_parts.desk->frame() >= 0 &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        m_bar->setPlaying(false);
        m_parts.desk->leaveFrames();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

void TrainingPage::connectSetup()
{
    ui::ClusterSetup* setup = m_parts.setup;
    ClusterDesk* desk = m_parts.desk;
    connect(setup, &ui::ClusterSetup::clusterWanted, this,
            [desk, setup](const core::ClusterSpec& spec) { desk->run(spec, setup->selectionOnly()); });
    connect(setup, &ui::ClusterSetup::stopWanted, desk, &ClusterDesk::stop);
    connect(setup, &ui::ClusterSetup::showsTrainingChanged, desk, &ClusterDesk::setShowsTraining);
    ui::SelectionModel* selection = m_parts.session->selection();
    connect(selection, &ui::SelectionModel::selectionChanged, setup,
            [setup, selection] { setup->setSelected(selection->selectedCount()); });
    connect(m_parts.session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        if (m_parts.desk->running() && report.id == m_parts.desk->job() && !m_parts.desk->newest()) {
            const bool waiting = report.state == ui::JobReport::Waiting;
            m_parts.setup->setRunning(true, waiting ? tr("waiting for the job before it")
                                                    : QString::fromStdString(report.progress.stage));
        }
    });
}

void TrainingPage::connectBar()
{
    ClusterDesk* desk = m_parts.desk;
    connect(m_bar, &ui::FrameScrubber::frameChosen, desk, &ClusterDesk::showFrame);
    connect(m_bar, &ui::FrameScrubber::doneWanted, desk, &ClusterDesk::leaveFrames);
    connect(m_bar, &ui::FrameScrubber::mapToggled, desk, &ClusterDesk::toggleMap);
    connect(m_bar, &ui::FrameScrubber::stopWanted, desk, &ClusterDesk::stop);
    connect(m_bar, &ui::FrameScrubber::curvesWanted, this, &TrainingPage::open);
    connect(m_bar, &ui::FrameScrubber::closeWanted, this, [this, desk] {
        desk->leaveFrames();
        m_barClosed = true;
        m_bar->hide();
    });
    connect(m_view, &ui::TrainingView::pointChosen, this, &TrainingPage::showChosen);
    connect(m_view, &ui::TrainingView::exportWanted, this, &TrainingPage::askExport);
}

void TrainingPage::connectActions()
{
    const Actions& a = *m_parts.actions;
    connect(a.training, &QAction::triggered, this, &TrainingPage::open);
    connect(a.exportTraining, &QAction::triggered, this, &TrainingPage::askExport);
    connect(a.colourConfidence, &QAction::triggered, this, [this] { m_parts.session->colourBy("confidence"); });
    connect(a.saveNetwork, &QAction::triggered, this, &TrainingPage::saveNetwork);
    connect(a.assignRest, &QAction::triggered, m_parts.desk, &ClusterDesk::assignRest);
    connect(a.assignWith, &QAction::triggered, this, &TrainingPage::assignWith);
}

void TrainingPage::open()
{
    m_barClosed = false;
    m_parts.explore->showView(m_view, tr("Training"));
    refresh();
}

void TrainingPage::refresh()
{
    const ClusterDesk& desk = *m_parts.desk;
    if (!desk.running()) {
        m_parts.setup->setRunning(false);
    } else if (!desk.newest()) {
        m_parts.setup->setRunning(true, tr("starting"));
    }
    showBar();
    showCurves();
    const Actions& a = *m_parts.actions;
    const core::Document& doc = m_parts.session->document();
    QStringList warnings;
    for (std::size_t i = 0; doc.clustering && i < doc.clustering->warnings.size(); ++i) {
        warnings << QString::fromStdString(doc.clustering->warnings[i]);
    }
    m_parts.setup->setWarnings(warnings);
    const bool network = desk.network() != nullptr && !desk.running();
    a.saveNetwork->setEnabled(network);
    a.assignRest->setEnabled(network && doc.embedding && doc.clustering &&
                             doc.clusterSample.size() + doc.clustering->excluded < doc.embedding->rows.rows());
    a.assignWith->setEnabled(doc.embedding != nullptr && !desk.running());
    a.colourConfidence->setEnabled(doc.clustering && !doc.clustering->confidence.empty());
    a.exportTraining->setEnabled(doc.clustering && !doc.clustering->curve.empty());
}

void TrainingPage::showRunning()
{
    const auto frame = m_parts.desk->newest();
    if (!m_parts.desk->running() || !frame) {
        return;
    }
    const QString text = momentText(*frame, {});
    m_parts.setup->setRunning(true, text);
    m_bar->showRunning(ui::methodName(m_parts.desk->spec().method) + QStringLiteral(" · ") + text);
    if (m_view->isVisible()) {
        m_view->setShown(shown());
    }
}

void TrainingPage::showBar()
{
    const ClusterDesk& desk = *m_parts.desk;
    if (desk.running()) {
        m_barClosed = false;
        m_framesOf = nullptr;
        if (core::isDeepMethod(desk.spec().method) && !desk.newest()) {
            m_bar->showRunning(tr("%1 · starting").arg(ui::methodName(desk.spec().method)));
        } else if (!core::isDeepMethod(desk.spec().method)) {
            m_bar->showNothing();
        }
        return;
    }
    const void* of = desk.frames().empty() ? nullptr : desk.frames().front().get();
    if (of != m_framesOf || !of) {
        m_framesOf = of;
        QStringList texts;
        for (int i = 0; i < static_cast<int>(desk.frames().size()); ++i) {
            texts << frameText(i);
        }
        m_bar->showFrames(texts);
    }
    m_bar->setFrame(desk.frame() >= 0 ? desk.frame() : m_bar->frameCount() - 1);
    const bool before = desk.showsCode() && desk.hasMapBefore();
    m_bar->setMapChoice(before                                ? tr("Back to the map before")
                        : desk.hasCode() && !desk.showsCode() ? tr("Show the code")
                                                              : QString(),
                        before ? tr("The map there was before this training, in the colours of the clusters")
                               : tr("The code that the network learned, seen by PCA"));
    m_bar->setVisible(of && !m_barClosed);
}

void TrainingPage::showCurves()
{
    m_view->setShown(shown());
    const ClusterDesk& desk = *m_parts.desk;
    if (desk.frame() >= 0) {
        const auto& frame = *desk.frames()[static_cast<std::size_t>(desk.frame())];
        m_view->setMarked(curveIndexOf(frame.at, m_view->figure().curve));
    }
}

ui::TrainingShown TrainingPage::shown() const
{
    const ClusterDesk& desk = *m_parts.desk;
    const auto& clustering = m_parts.session->document().clustering;
    const auto& data = m_parts.session->data();
    const std::size_t of = data ? data->samples.size() : 0;
    if (desk.running() && core::isDeepMethod(desk.spec().method)) {
        return desk.newest() ? runningTraining(*desk.newest(), desk.spec(), of) : ui::TrainingShown{};
    }
    return clustering ? finishedTraining(*clustering, of) : ui::TrainingShown{};
}

QString TrainingPage::frameText(int frame) const
{
    const auto& frames = m_parts.desk->frames();
    const auto result = m_parts.desk->result();
    const QString text = momentText(*frames[static_cast<std::size_t>(frame)],
                                    result ? result->curve : std::vector<core::TrainingPoint>{});
    const bool none = frames[static_cast<std::size_t>(frame)]->assignment.empty();
    return frame + 1 == static_cast<int>(frames.size()) ? tr("result · %1").arg(text)
           : none                                       ? tr("%1 · no clusters yet: colours of the result").arg(text)
                                                        : text;
}

/// The kept moment nearest to a point of the curve.
void TrainingPage::showChosen(qsizetype point)
{
    const auto& frames = m_parts.desk->frames();
    const auto& curve = m_view->figure().curve;
    int nearest = -1;
    qsizetype least = 0;
    for (int i = 0; i < static_cast<int>(frames.size()); ++i) {
        const qsizetype away = std::abs(curveIndexOf(frames[static_cast<std::size_t>(i)]->at, curve) - point);
        if (nearest < 0 || away < least) {
            nearest = i;
            least = away;
        }
    }
    if (nearest >= 0) {
        m_parts.desk->showFrame(nearest);
    }
}

void TrainingPage::saveNetwork()
{
    const auto network = m_parts.desk->network();
    if (!network) {
        return;
    }
    const QString name =
        QStringLiteral("/%1-k%2").arg(QString::fromStdString(network->method())).arg(network->clusters());
    const QString folder =
        QFileDialog::getSaveFileName(m_window, tr("Folder for the network"), m_parts.settings->lastFolder() + name,
                                     QString(), nullptr, QFileDialog::DontConfirmOverwrite);
    if (!folder.isEmpty()) {
        m_parts.settings->setLastFolder(QFileInfo(folder).absolutePath());
        m_parts.desk->saveNetwork(folder);
    }
}

void TrainingPage::assignWith()
{
    const QString folder =
        QFileDialog::getExistingDirectory(m_window, tr("Folder of a saved network"), m_parts.settings->lastFolder());
    if (!folder.isEmpty()) {
        m_parts.settings->setLastFolder(QFileInfo(folder).absolutePath());
        m_parts.desk->assignWith(folder);
    }
}

void TrainingPage::askExport()
{
    ExportDialog dialog(ExportDialog::Training, m_parts.settings->lastFolder(), m_window);
    if (dialog.exec() == QDialog::Accepted) {
        m_parts.settings->setLastFolder(QFileInfo(dialog.choice().path).absolutePath());
        exportTo(dialog.choice());
    }
}

void TrainingPage::exportTo(const ExportDialog::Choice& choice)
{
    Session* session = m_parts.session;
    const auto data = session->data();
    const auto doc = std::make_shared<const core::Document>(session->snapshot());
    if (!data || !doc->clustering || doc->clustering->curve.empty()) {
        Q_EMIT session->notice(tr("There is no training to draw yet."), true);
        return;
    }
    session->jobs()->start(
        core::Lane::Query, tr("Exporting"), session,
        [data, doc, choice](core::JobContext&) {
            ui::TrainingFigure figure = finishedTraining(*doc->clustering, data->samples.size()).figure;
            figure.footer = figure.title + QStringLiteral(" · ") + figure.subtitle;
            figure.subtitle.clear();
            figure.title = choice.title;
            ui::exportFigure(
                ui::figureOf(std::move(figure)), choice.size, ui::figureFormat(choice.path), choice.path,
                ui::documentRecipe(*data, *doc, QStringLiteral("training"), trainingFacts(*doc->clustering)));
        },
        [session, path = choice.path] { Q_EMIT session->notice(tr("Figure written to %1").arg(path), false); });
}

} // namespace semascope::app
