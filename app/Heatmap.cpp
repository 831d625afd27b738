#include "app/Heatmap.h"

#include "app/ExplorePage.h"
#include "app/Settings.h"
#include "widgets/DocumentFigures.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/HeatmapGrid.h"

#include <QFileInfo>

#include <algorithm>

namespace semascope::app {

namespace {

constexpr int kPauseMs = 50;         // several changes that come together are one
constexpr std::size_t kKnown = 5000; // captions whose vectors are kept

bool encoded(const core::Prompt& p)
{
    return !p.vector.empty();
}

} // namespace

Heatmap::Heatmap(const Parts& parts, QWidget* window)
    : QObject(window), m_parts(parts), m_window(window), m_view(new ui::HeatmapView(window))
{
    m_view->hide(); // until its tab is opened
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &Heatmap::compute);
    connectView();
    connectSession();
    adoptData();
}

void Heatmap::connectView()
{
    Session* session = m_parts.session;
    connect(m_view, &ui::HeatmapView::specChanged, this, &Heatmap::setSpec);
    connect(m_view, &ui::HeatmapView::exportWanted, this, &Heatmap::askExport);
    connect(m_view, &ui::HeatmapView::hovered, session->selection(), &ui::SelectionModel::hover);
    connect(
        m_view, &ui::HeatmapView::activated, this, [session](std::uint32_t sample, Qt::KeyboardModifiers modifiers) {
            if (modifiers & (Qt::ShiftModifier | Qt::ControlModifier)) { // as on the map
                session->select({sample}, modifiers & Qt::ShiftModifier ? core::Combine::Add : core::Combine::Subtract);
            }
            session->showSample(sample);
        });
    connect(m_view, &ui::HeatmapView::shown, this, [this] {
        if (m_old) {
            refresh();
        }
    });
}

void Heatmap::connectSession()
{
    Session* session = m_parts.session;
    ui::SelectionModel* selection = session->selection();
    connect(session, &Session::dataChanged, this, &Heatmap::adoptData);
    for (auto changed : {&Session::modelChanged, &Session::embeddingChanged, &Session::promptsChanged}) {
        connect(session, changed, this, &Heatmap::refresh);
    }
    connect(session, &Session::clusteringChanged, this, [this] {
        if (m_spec.choice.pick == ui::HeatmapChoice::Pick::Prototypes) {
            refresh();
        } else {
            show();
        }
    });
    connect(selection, &ui::SelectionModel::selectionChanged, this, [this] {
        if (m_spec.choice.pick == ui::HeatmapChoice::Pick::Selection) {
            refresh();
        }
    });
    connect(selection, &ui::SelectionModel::filterChanged, this, &Heatmap::refresh);
    connect(selection, &ui::SelectionModel::currentChanged, m_view, &ui::HeatmapView::setCurrent);
    connect(selection, &ui::SelectionModel::hoverChanged, m_view, &ui::HeatmapView::setHovered);
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool over = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
        m_job = over && report.id == m_job ? 0 : m_job;
    });
}

void Heatmap::adoptData()
{
    if (m_data != m_parts.session->data()) { // else only an attribute is new
        m_data = m_parts.session->data();
        m_captions = m_data && std::any_of(m_data->samples.begin(), m_data->samples.end(),
                                           [](const core::Sample& s) { return !s.captions.empty(); });
        m_scores.reset();
        m_view->setSource(m_data, m_parts.thumbnails);
        m_view->setMessage({});
    }
    m_view->setCurrent(m_parts.session->selection()->current());
    refresh();
}

void Heatmap::open()
{
    m_parts.explore->showView(m_view, tr("Heatmap"));
    m_view->grid()->setFocus();
}

void Heatmap::setSpec(const ui::HeatmapSpec& spec)
{
    const bool again = spec.choice != m_spec.choice;
    m_spec = spec;
    m_view->setSpec(spec);
    if (again || !m_scores) {
        refresh();
    } else {
        show();
    }
}

void Heatmap::refresh()
{
    m_old = true;
    if (m_view->isVisible()) {
        m_pause.start();
    }
}

QString Heatmap::missing() const
{
    using Choice = ui::HeatmapChoice;
    const core::Document& doc = m_parts.session->document();
    const Choice& choice = m_spec.choice;
    const auto& model = m_parts.session->model();
    const bool captions = choice.rows != Choice::Rows::Prompts;
    if (!m_data) {
        return tr("Open pictures to see them here.");
    }
    if (!doc.embedding || doc.embedding->rows.rows() == 0) {
        return m_parts.session->embedding() ? tr("The pictures are being embedded.")
                                            : tr("Open vectors, or pictures and a model.");
    }
    if (captions && !m_captions) {
        return tr("These pictures have no captions. Show prompts as texts.");
    }
    if (captions && (!model || !model->tokenizer())) {
        return model ? QString::fromStdString(core::vocabularyHelp())
                     : tr("Captions need the CLIP model that made the vectors: open it.");
    }
    if ((!captions || choice.pick == Choice::Pick::Best) && doc.prompts.empty()) {
        return m_captions && !captions
                   ? tr("Add a prompt above: each one is a row.\nOr choose the pictures' own captions as texts.")
                   : tr("Add a prompt above: each one is a row.");
    }
    if (!captions && std::none_of(doc.prompts.begin(), doc.prompts.end(), encoded)) {
        return model && model->tokenizer() ? tr("The prompts are being encoded.")
                                           : tr("Prompts need a CLIP model with its vocabulary.");
    }
    if (choice.pick == Choice::Pick::Prototypes && !doc.clustering) {
        return tr("There are no clusters yet. Make some in Clusters, or choose other pictures.");
    }
    return {};
}

ui::HeatmapRequest Heatmap::request() const
{
    Session* session = m_parts.session;
    const core::Document& doc = session->document();
    ui::HeatmapRequest q;
    q.choice = m_spec.choice;
    q.data = m_data;
    q.embedding = doc.embedding;
    q.model = session->model();
    q.prompts = doc.prompts;
    q.selected = session->selection()->selected();
    q.clustering = doc.clustering;
    q.clusterSample = doc.clusterSample;
    q.known = m_known;
    if (!doc.modelHash.empty()) {
        q.logitScale = doc.view.logitScale;
    }
    const ui::SelectionModel* selection = session->selection();
    if (selection->visibleCount() < selection->size()) {
        q.visible.resize(selection->size());
        for (std::size_t s = 0; s < q.visible.size(); ++s) {
            q.visible[s] = selection->isVisible(s) ? 1 : 0;
        }
    }
    return q;
}

void Heatmap::compute()
{
    Session* session = m_parts.session;
    session->jobs()->cancel(m_job);
    m_job = 0;
    m_old = false;
    if (m_modelHash != session->document().modelHash) {
        m_modelHash = session->document().modelHash;
        m_known = std::make_shared<const Known>();
    }
    const QString problem = missing();
    if (!problem.isEmpty()) {
        m_scores.reset();
        m_view->setOffer(offer());
        m_view->setMessage(problem);
        return;
    }
    m_job = session->jobs()->start(
        core::Lane::Query, tr("Scoring the heatmap"), this,
        [q = request()](core::JobContext& job) {
            try {
                return Outcome{std::make_shared<const ui::HeatmapScores>(ui::scoreHeatmap(q, job)), {}};
            } catch (const core::Error& e) {
                if (e.code() == core::Code::Cancelled) {
                    throw;
                }
                return Outcome{nullptr, QString::fromUtf8(e.what())}; // said in the view, not in a notice
            }
        },
        [this](const Outcome& outcome) {
            m_scores = outcome.scores;
            if (m_scores) {
                remember(*m_scores);
                show();
            } else {
                m_view->setMessage(outcome.problem);
            }
        });
}

/// Orders and colours what is there.
void Heatmap::show()
{
    m_view->setOffer(offer());
    if (!m_scores || !m_data) {
        return;
    }
    ui::HeatmapTable table = ui::arrangeHeatmap(*m_scores, m_spec.look, *m_data, m_parts.session->document());
    if (table.figure.texts.isEmpty()) {
        m_view->setMessage(m_spec.look.value == ui::ScoreKind::Contrast
                               ? tr("No prompt has an opposite. Say what a prompt is contrasted with in its chip, or "
                                    "show another value.")
                               : tr("A probability needs two texts and a model whose logit scale is known."));
        return;
    }
    m_view->setTable(std::move(table), m_scores);
}

/// A caption is encoded once.
void Heatmap::remember(const ui::HeatmapScores& scores)
{
    if (scores.choice.rows == ui::HeatmapChoice::Rows::Prompts) {
        return;
    }
    auto known = std::make_shared<Known>(m_known->size() > kKnown ? Known() : *m_known);
    for (const ui::HeatmapText& text : scores.texts) {
        known->emplace(text.text, text.vector);
    }
    m_known = known;
}

ui::HeatmapOffer Heatmap::offer() const
{
    constexpr std::size_t kMostGroups = 200;
    const core::Document& doc = m_parts.session->document();
    ui::HeatmapOffer offer;
    offer.captions = m_captions;
    offer.clusters = doc.clustering != nullptr;
    offer.contrast = std::any_of(doc.prompts.begin(), doc.prompts.end(),
                                 [](const core::Prompt& p) { return !p.oppositeVector.empty(); }) &&
                     m_spec.choice.rows == ui::HeatmapChoice::Rows::Prompts;
    offer.probability = !doc.modelHash.empty();
    if (m_data) {
        for (const core::Attribute* a : ui::allAttributes(*m_data, doc)) {
            if (a->numeric() || a->labels.size() <= kMostGroups) {
                offer.attributes << QString::fromStdString(a->name);
            }
        }
    }
    constexpr qsizetype kMostTexts = 40; // a menu of more is none
    for (std::size_t t = 0; m_scores && t < m_scores->texts.size() && offer.texts.size() < kMostTexts; ++t) {
        if (!m_scores->texts[t].neutral) {
            offer.texts << QString::fromStdString(m_scores->texts[t].text);
        }
    }
    return offer;
}

void Heatmap::askExport()
{
    ExportDialog dialog(ExportDialog::Heatmap, m_parts.settings->lastFolder(), m_window);
    if (dialog.exec() == QDialog::Accepted) {
        const ExportDialog::Choice choice = dialog.choice();
        m_parts.settings->setLastFolder(QFileInfo(choice.path).absolutePath());
        exportTo(choice);
    }
}

void Heatmap::exportTo(const ExportDialog::Choice& choice)
{
    Session* session = m_parts.session;
    const QString problem = missing();
    if (!problem.isEmpty()) {
        Q_EMIT session->notice(problem, true);
        return;
    }
    const auto doc = std::make_shared<const core::Document>(session->snapshot());
    session->jobs()->start(
        core::Lane::Query, tr("Exporting"), session,
        [q = request(), look = m_spec.look, doc, choice](core::JobContext& job) {
            ui::HeatmapFigure figure = ui::heatmapFigure(q, look, *doc, job);
            figure.title = choice.title;
            ui::FigureSize size = choice.size;
            if (choice.fitHeight) {
                size.heightMm = ui::heatmapHeightMm(figure, size.widthMm);
            }
            job.progress("drawing", "", 0, 0);
            ui::exportFigure(ui::figureOf(std::move(figure), size.dpi), size, ui::figureFormat(choice.path),
                             choice.path, ui::documentRecipe(*q.data, *doc, QStringLiteral("heatmap")));
        },
        [session, path = choice.path] { Q_EMIT session->notice(tr("Figure written to %1").arg(path), false); });
}

} // namespace semascope::app
