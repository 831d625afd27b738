#include "app/KSweep.h"

#include "app/ExplorePage.h"
#include "app/Settings.h"
#include "core/cluster/ComparisonText.h"
#include "core/data/Arrays.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/DocumentFigures.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

namespace semascope::app {

KSweep::KSweep(const Parts& parts, QWidget* window)
    : QObject(window), m_parts(parts), m_window(window), m_view(new ui::KSweepView(window))
{
    m_view->hide(); // until its tab is opened
    connect(m_view, &ui::KSweepView::runWanted, this, &KSweep::run);
    connect(m_view, &ui::KSweepView::stopWanted, this, &KSweep::stop);
    connect(m_view, &ui::KSweepView::exportWanted, this, &KSweep::askExport);
    connect(m_view, &ui::KSweepView::useWanted, this, [this](int k) {
        if (m_result) {
            core::ClusterSpec spec = m_result->spec;
            spec.k = k;
            Q_EMIT useWanted(spec, m_selectionOnly);
        }
    });
    connectSession();
    adoptData();
}

void KSweep::connectSession()
{
    Session* session = m_parts.session;
    connect(session, &Session::dataChanged, this, &KSweep::adoptData);
    connect(session, &Session::dataLeaving, this, &KSweep::stop);
    connect(session, &Session::embeddingChanged, this, &KSweep::showReady);
    connect(m_view, &ui::KSweepView::shown, this, &KSweep::showReady);
    connect(session->selection(), &ui::SelectionModel::selectionChanged, this,
            [this] { m_view->setSelected(m_parts.session->selection()->selectedCount()); });
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool over = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
        if (over && report.id == m_job) {
            m_job = 0;
            showReady();
        }
    });
}

void KSweep::open()
{
    m_parts.explore->showView(m_view, tr("Choice of k"));
}

void KSweep::adoptData()
{
    if (m_data != m_parts.session->data()) { // else only an attribute is new
        stop();
        m_data = m_parts.session->data();
        m_result.reset();
    }
    m_view->setSelected(m_parts.session->selection()->selectedCount());
    showReady();
}

QString KSweep::missing() const
{
    if (!m_parts.session->data()) {
        return tr("Open vectors, or pictures and a model: then numbers of clusters can be compared on them.");
    }
    if (!m_parts.session->document().embedding) {
        return tr("Embed the pictures first: the clusters are found among their vectors.");
    }
    return {};
}

void KSweep::showReady()
{
    const QString problem = missing();
    m_view->setReady(problem.isEmpty(), problem);
    m_view->setRunning(running());
    if (!m_result) {
        m_view->setSweep(nullptr, !problem.isEmpty() ? problem
                                  : running()
                                      ? tr("The first number of clusters is on its way.")
                                      : tr("Run clusters with each k and several seeds. Three figures that need no "
                                           "labels then say which k the data speak for: silhouette, coding length "
                                           "and stability."));
    }
}

void KSweep::run(const ui::KSweepChoice& choice)
{
    Session* session = m_parts.session;
    if (!missing().isEmpty()) {
        return;
    }
    stop();
    const core::Matrix rows = session->rowsOf(session->selectedOrAll(choice.selectionOnly)).first;
    if (rows.rows() == 0) {
        Q_EMIT session->notice(tr("The selection has no embedded samples to cluster."), true);
        return;
    }
    m_selectionOnly = choice.selectionOnly;
    m_result.reset();
    core::ClusterSpec spec;
    spec.method = choice.method;
    m_job = session->jobs()->start(
        core::Lane::Work, tr("Trying k from %1 to %2").arg(choice.ks.front()).arg(choice.ks.back()), this,
        [rows, spec, ks = choice.ks, seeds = choice.seeds](core::JobContext& job) {
            return std::make_shared<const core::KSweep>(core::sweepK(rows, spec, ks, seeds, job));
        },
        [this](std::shared_ptr<const core::KSweep> result) { adopt(std::move(result)); },
        [this](std::shared_ptr<const void> partial) { adopt(std::static_pointer_cast<const core::KSweep>(partial)); });
    showReady();
}

void KSweep::stop()
{
    if (m_job != 0) {
        m_parts.session->jobs()->cancel(m_job);
        m_job = 0;
        showReady();
    }
}

void KSweep::adopt(std::shared_ptr<const core::KSweep> result)
{
    m_result = std::move(result);
    m_view->setSweep(m_result);
}

void KSweep::askExport(ui::KSweepExport what)
{
    ExportDialog::Choice choice;
    if (what == ui::KSweepExport::Figure) {
        ExportDialog dialog(ExportDialog::Sweep, m_parts.settings->lastFolder(), m_window);
        if (dialog.exec() != QDialog::Accepted) {
            return;
        }
        choice = dialog.choice();
    } else {
        choice.path = QFileDialog::getSaveFileName(m_window, tr("Export as CSV"), m_parts.settings->lastFolder(),
                                                   tr("CSV (*.csv)"));
        if (choice.path.isEmpty()) {
            return;
        }
    }
    m_parts.settings->setLastFolder(QFileInfo(choice.path).absolutePath());
    exportTo(what, choice);
}

void KSweep::exportTo(ui::KSweepExport what, const ExportDialog::Choice& choice)
{
    if (!m_result) {
        return;
    }
    Session* session = m_parts.session;
    const auto doc = std::make_shared<const core::Document>(session->snapshot());
    session->jobs()->start(
        core::Lane::Query, tr("Exporting"), session,
        [what, choice, doc, data = m_data, result = m_result, k = m_view->chosen()](core::JobContext&) {
            if (what == ui::KSweepExport::Csv) {
                const std::string text = core::kSweepCsv(*result);
                core::writeFileAtomic(QFile::encodeName(choice.path).toStdString(), text.data(), text.size());
                return;
            }
            ui::KSweepFigure figure = ui::kSweepFigure(*result, choice.title);
            figure.chosen = k;
            ui::exportFigure(ui::figureOf(std::move(figure)), choice.size, ui::figureFormat(choice.path), choice.path,
                             ui::documentRecipe(*data, *doc, QStringLiteral("choice of k")));
        },
        [session, path = choice.path] { Q_EMIT session->notice(tr("Written to %1").arg(path), false); });
}

} // namespace semascope::app
