#include "app/JointMapPage.h"

#include "app/Captions.h"
#include "app/ExplorePage.h"
#include "app/Search.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"
#include "widgets/vtk/MapView.h"

#include <QCheckBox>
#include <QHBoxLayout>

namespace semascope::app {

namespace {

constexpr std::size_t kMaxSmacof = 3000;  ///< rows for which a map by SMACOF is a matter of seconds
constexpr std::size_t kMaxAsked = 20'000; ///< rows up to which own neighbours are counted
constexpr int kHoverSide = 128;

struct Request
{
    std::shared_ptr<const core::Embedding> pictures, captions; ///< captions may be null
    std::shared_ptr<const core::ClipModel> model;              ///< may be null
    core::Matrix prompts;
};

core::JointInput inputOf(const Request& request, core::JobContext& job)
{
    core::JointInput input;
    input.pictures = request.pictures->rows;
    input.pictureSample = request.pictures->sampleIndex;
    input.prompts = request.prompts;
    std::size_t captions = 0;
    if (request.captions) {
        input.captions = request.captions->rows;
        input.captionSample = request.captions->sampleIndex;
        captions = input.captions.rows();
    }
    if (captions < core::JointMap::kMeanCaptions && request.model && request.model->tokenizer() != nullptr) {
        job.progress("embedding neutral texts", "", 0, 0);
        input.neutral = request.model->encodeTexts(core::neutralTexts(), job);
    }
    return input;
}

} // namespace

JointMapPage::JointMapPage(const Parts& parts, QWidget* parent)
    : QWidget(parent),
      m_parts(parts),
      m_view(new ui::MapView(this)),
      m_state(new ui::ElidedLabel(this)),
      m_all(new QCheckBox(tr("lines between all pairs"), this)),
      m_again(ui::makeButton(
          {tr("map again"), QStringLiteral("jointAgain"), tr("With the prompts and pictures there are now")},
          ui::ButtonRole::Link, this)),
      m_export(ui::makeButton({tr("export…"), QStringLiteral("jointExport"), tr("PNG, SVG or PDF")},
                              ui::ButtonRole::Link, this))
{
    setObjectName(QStringLiteral("jointMap"));
    setAccessibleName(tr("Map of pictures, captions and prompts"));
    m_view->setObjectName(QStringLiteral("jointMapView"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_view, 1);
    m_view->setSelection(parts.session->selection());
    connectView();
    connect(parts.session, &Session::embeddingChanged, this, [this] {
        if (!m_parts.session->document().embedding) {
            forget();
        }
    });
    connect(parts.search->captions(), &Captions::changed, this, [this] {
        const Captions* captions = m_parts.search->captions();
        if (m_waiting && !captions->busy()) {
            m_waiting = false;
            make();
        }
    });
    connect(parts.session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool ended = report.state == ui::JobReport::Failed || report.state == ui::JobReport::Cancelled;
        if (ended && report.id == m_job) {
            m_job = 0;
            showState(report.state == ui::JobReport::Failed ? report.message : tr("Stopped."));
        }
    });
    forget();
}

QWidget* JointMapPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(14, 6, 14, 6);
    row->setSpacing(14);
    m_all->setObjectName(QStringLiteral("jointAllPairs"));
    m_all->setAccessibleName(m_all->text());
    m_all->setToolTip(ui::tipText(tr("A line from every picture to each of its captions; otherwise only for what is "
                                     "hovered, current or selected")));
    m_state->setObjectName(QStringLiteral("jointState"));
    m_state->setProperty("role", QStringLiteral("caption"));
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    row->addWidget(m_all);
    row->addWidget(m_state, 1);
    row->addWidget(m_again);
    row->addWidget(m_export);
    connect(m_all, &QCheckBox::toggled, this, &JointMapPage::showLinks);
    connect(m_again, &QPushButton::clicked, this, &JointMapPage::open);
    connect(m_export, &QPushButton::clicked, this, &JointMapPage::exportWanted);
    return bar;
}

void JointMapPage::connectView()
{
    ui::SelectionModel* selection = m_parts.session->selection();
    connect(m_view, &ui::MapView::lassoed, m_parts.session, &Session::select);
    connect(m_view, &ui::MapView::hovered, selection, &ui::SelectionModel::hover);
    connect(m_view, &ui::MapView::clicked, this, [this](qint64 sample, Qt::KeyboardModifiers modifiers) {
        if (sample < 0) {
            return;
        }
        const auto one = std::vector{static_cast<std::uint32_t>(sample)};
        if (modifiers & Qt::ShiftModifier) {
            m_parts.session->select(one, core::Combine::Add);
        } else if (modifiers & Qt::ControlModifier) {
            m_parts.session->select(one, core::Combine::Subtract);
        }
        m_parts.session->showSample(sample);
    });
    connect(m_view, &ui::MapView::legendToggled, this, &JointMapPage::toggleKind);
    connect(m_view, &ui::MapView::flatChanged, this, [this](bool flat) {
        m_dim = flat ? 2 : 3;
        make();
    });
    connect(selection, &ui::SelectionModel::hoverChanged, this, &JointMapPage::showHover);
    for (auto signal : {&ui::SelectionModel::selectionChanged, &ui::SelectionModel::filterChanged}) {
        connect(selection, signal, this, &JointMapPage::showLinks);
    }
    connect(selection, &ui::SelectionModel::currentChanged, this, &JointMapPage::showLinks);
    connect(m_parts.thumbnails, &ui::ThumbnailCache::ready, this,
            [this] { showHover(m_parts.session->selection()->hovered()); });
}

void JointMapPage::setTheme(const ui::Tokens& tokens)
{
    m_view->setDark(tokens.dark);
    showMarkers();
}

void JointMapPage::showState(const QString& text)
{
    m_state->setWhole(text);
}

void JointMapPage::forget()
{
    m_parts.session->jobs()->cancel(m_job);
    m_job = 0;
    m_waiting = false;
    m_map = {};
    showPoints();
}

void JointMapPage::open()
{
    m_parts.explore->showView(this, tr("Pictures, captions, prompts"));
    Captions* captions = m_parts.search->captions();
    if (captions->inDataset() && !captions->embedding() && captions->problem().isEmpty()) {
        m_waiting = true;
        showState(tr("Embedding %1 captions first…").arg(ui::countText(captions->count())));
        captions->want();
        return;
    }
    make();
}

void JointMapPage::make()
{
    const core::Document& doc = m_parts.session->document();
    if (!doc.embedding) {
        showState(tr("Open pictures and a CLIP model first."));
        return;
    }
    Request request{doc.embedding, m_parts.search->captions()->embedding(), m_parts.session->model(), {}};
    std::vector<QString> texts;
    std::vector<float> vectors;
    const std::size_t columns = doc.embedding->rows.cols();
    for (const core::Prompt& p : doc.prompts) {
        if (p.vector.size() == columns) {
            texts.push_back(QString::fromStdString(p.text));
            vectors.insert(vectors.end(), p.vector.begin(), p.vector.end());
        }
    }
    request.prompts = core::Matrix::from(std::move(vectors), texts.size(), texts.empty() ? 0 : columns);
    showState(tr("Mapping…"));
    m_parts.session->jobs()->cancel(m_job);
    m_job = m_parts.session->jobs()->start(
        core::Lane::Work, tr("Mapping pictures, captions and prompts"), this,
        [request, texts, dim = m_dim](core::JobContext& job) {
            const core::JointInput input = inputOf(request, job);
            Made made{core::jointMap(input, job), nullptr, {}, texts, {}};
            core::LayoutSpec spec;
            spec.dim = dim;
            spec.method = made.joint.rows.rows() <= kMaxSmacof ? "mds" : "pca";
            made.layout = std::make_shared<const core::Layout>(core::reduce(made.joint.rows, spec, job));
            if (made.joint.rows.rows() <= kMaxAsked && !input.captions.empty()) {
                made.own = core::ownNeighbour(made.joint, job);
            }
            for (std::size_t r = 0; r < made.joint.kind.size(); ++r) {
                const std::uint32_t at = made.joint.source[r];
                made.sample.push_back(made.joint.kind[r] == core::JointKind::Picture   ? input.pictureSample[at]
                                      : made.joint.kind[r] == core::JointKind::Caption ? input.captionSample[at]
                                                                                       : at);
            }
            return made;
        },
        [this](Made made) { adopt(std::move(made)); });
}

void JointMapPage::adopt(Made made)
{
    m_job = 0;
    m_map = std::move(made);
    m_shown = {true, true, true};
    showPoints();
    m_view->setFlat(m_map.layout->points.cols() < 3);
    m_view->resetView();
    for (const std::string& note : m_map.joint.notes) {
        Q_EMIT m_parts.session->remark(QString::fromStdString(note));
    }
}

/// The hovered sample's card, wherever the pointer is.
void JointMapPage::showHover(qint64 sample)
{
    showLinks();
    const auto samples = m_parts.session->data();
    if (!isVisible() || !samples || sample < 0 || static_cast<std::size_t>(sample) >= samples->samples.size()) {
        m_view->setHoverCard({}, {});
        return;
    }
    const auto at = static_cast<std::size_t>(sample);
    QStringList lines{ui::shortName(samples->samples[at].id)};
    for (const std::string& c : samples->samples[at].captions) {
        if (lines.size() < 4) {
            lines << QString::fromStdString(c).simplified();
        }
    }
    QImage picture;
    if (samples->hasPicture(at)) {
        picture = m_parts.thumbnails->findAny(static_cast<std::uint32_t>(sample), kHoverSide);
        m_parts.thumbnails->request(static_cast<std::uint32_t>(sample), kHoverSide);
    }
    m_view->setHoverCard(picture, lines.join(QLatin1Char('\n')));
}

void JointMapPage::toggleKind(int legendEntry)
{
    const auto kinds = kindsThere();
    if (legendEntry >= 0 && static_cast<std::size_t>(legendEntry) < kinds.size()) {
        bool& shown = m_shown[static_cast<std::size_t>(kinds[static_cast<std::size_t>(legendEntry)])];
        shown = !shown;
        showPoints();
    }
}

} // namespace semascope::app
