#include "app/EmbedAdvisor.h"

#include "app/Settings.h"
#include "core/clip/EmbedPlan.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/EmbedBlock.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/panels/Numbers.h"

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

constexpr double kLongSeconds = 120; ///< from here on a sample is proposed
constexpr qulonglong kManyPictures = 20'000;
constexpr double kWorthSeconds = 20; ///< by a slow guess: less needs no estimate
constexpr double kSlowGflops = 50;

QString timeText(double seconds)
{
    return QString::fromStdString(core::durationText(seconds));
}

QStringList words(const std::vector<std::string>& all)
{
    QStringList list;
    for (const std::string& word : all) {
        list << QString::fromStdString(word);
    }
    return list;
}

qulonglong picturesOf(const core::Dataset& data)
{
    qulonglong count = 0;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        count += data.hasPicture(i) ? 1 : 0;
    }
    return count;
}

} // namespace

EmbedAdvisor::EmbedAdvisor(Session* session, Settings* settings, Views views, QObject* parent)
    : QObject(parent), m_session(session), m_settings(settings), m_views(views)
{
    restoreChoice();
    ui::EmbedBlock* block = m_views.drawer->embedBlock();
    block->setSampleSize(m_settings->sampleSize());
    connect(m_session, &Session::dataChanged, this, &EmbedAdvisor::startEstimate);
    connect(m_session, &Session::modelChanged, this, &EmbedAdvisor::startEstimate);
    connect(m_session, &Session::modelChanged, this, &EmbedAdvisor::refresh);
    connect(m_session, &Session::embeddingStarted, this, [this] {
        m_firstDone.reset();
        refresh();
    });
    connect(m_session, &Session::embeddingChanged, this, &EmbedAdvisor::embedFinished);
    connect(m_session->jobs(), &ui::JobRunner::jobChanged, this, &EmbedAdvisor::followJob);
    connect(block, &ui::EmbedBlock::sampleWanted, this, [this](int count) {
        withdraw();
        m_session->embedSample(static_cast<std::size_t>(count));
    });
    connect(block, &ui::EmbedBlock::sampleSizeChanged, this, [this](int count) { m_settings->setSampleSize(count); });
    connect(block, &ui::EmbedBlock::deviceChosen, this, [this](const QString& device) {
        choose(device, QString::fromStdString(m_session->model() ? m_session->model()->precision() : "auto"));
    });
    connect(block, &ui::EmbedBlock::precisionChosen, this, [this](const QString& precision) {
        choose(m_session->model() ? QString::fromStdString(m_session->model()->deviceName()) : QStringLiteral("auto"),
               precision);
    });
    connect(block, &ui::EmbedBlock::compareWanted, this, &EmbedAdvisor::compare);
    connect(m_views.notices, &ui::NoticeBar::actionTriggered, this, [this](const QString& action) {
        if (!m_action.isEmpty() && action == m_action) {
            const int count = m_views.drawer->embedBlock()->sampleSize();
            withdraw();
            m_session->embedSample(static_cast<std::size_t>(count));
        }
    });
}

/// What was chosen in an earlier run, unless this machine has it no longer.
void EmbedAdvisor::restoreChoice()
{
    const std::string device = m_settings->device().toStdString(), precision = m_settings->precision().toStdString();
    const auto devices = core::computeDevices();
    const bool here = std::find(devices.begin(), devices.end(), device) != devices.end();
    const bool able =
        std::find(std::begin(core::kPrecisions), std::end(core::kPrecisions), precision) != std::end(core::kPrecisions);
    m_session->chooseCompute(here ? device : "auto", here && able ? precision : "auto");
}

void EmbedAdvisor::choose(const QString& device, const QString& precision)
{
    m_settings->setCompute(device, precision);
    m_session->chooseCompute(device.toStdString(), precision.toStdString());
}

double EmbedAdvisor::secondsEach() const
{
    return m_measuredEach > 0 ? m_measuredEach : m_estimate ? m_estimate->secondsFor(1) : 0;
}

void EmbedAdvisor::startEstimate()
{
    const auto data = m_session->data();
    const auto model = m_session->model();
    if (data == m_data.lock() && model == m_model.lock()) {
        return; // attributes changed, nothing else
    }
    m_session->jobs()->cancel(m_estimateJob);
    withdraw();
    m_proposed = false;
    m_estimate.reset();
    m_measuredEach = 0;
    if (model != m_model.lock()) {
        m_views.drawer->embedBlock()->setComparison({}, QString());
    }
    m_pictures = data && !data->vectors ? picturesOf(*data) : 0;
    m_data = data;
    m_model = model;
    const auto& embedding = m_session->document().embedding;
    const bool done = embedding && embedding->rows.rows() + embedding->skipped.size() >= m_pictures;
    if (!model || done || m_pictures * core::gflopPerPicture(model->info().clip) / kSlowGflops < kWorthSeconds) {
        refresh();
        return;
    }
    m_estimateJob = m_session->jobs()->start(
        core::Lane::Work, tr("Estimating the time"), this,
        [data, model, rates = m_rates](core::JobContext& job) mutable {
            const auto stored = core::storedPictures(*data, *model, {}, job);
            const auto known = static_cast<std::size_t>(std::count(stored.begin(), stored.end(), 1));
            core::EmbedEstimate estimate;
            if (known < stored.size()) {
                estimate = core::estimateEmbedding(*data, *model, rates, job);
                estimate.stored = known;
            }
            return std::make_pair(estimate, rates);
        },
        [this](const std::pair<core::EmbedEstimate, core::RateBook>& known) {
            m_rates = known.second;
            if (known.first.pictures > 0) {
                m_estimate = known.first;
            }
            refresh();
        });
    refresh();
}

void EmbedAdvisor::followJob(const ui::JobReport& report)
{
    const bool ended = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
    if (ended) {
        if (report.id == m_compareJob) {
            m_compareJob = 0;
            m_views.drawer->embedBlock()->setComparing(false);
        }
        refresh(); // a cancelled or failed job changes what the block says
        return;
    }
    const core::Progress& p = report.progress;
    if (report.id != m_session->embedJob() || p.total == 0 || p.stage.rfind("embedding pictures", 0) != 0) {
        return;
    }
    constexpr std::size_t kTelling = 200; // the first batches are slower
    constexpr double kOff = 0.2;          // what was said is wrong by so much
    m_firstDone = m_firstDone ? m_firstDone : std::optional(p.done);
    const bool telling = p.perSecond > 0 && p.done >= *m_firstDone + kTelling;
    if (telling && std::abs(1 / p.perSecond - secondsEach()) > kOff * secondsEach()) {
        m_measuredEach = 1 / p.perSecond;
        refresh();
    }
    const qulonglong left = p.total - std::min(p.done, p.total);
    const bool whole = p.total >= m_pictures;
    if (whole && !m_proposed && (left > kManyPictures || double(left) * secondsEach() > kLongSeconds)) {
        propose(left);
    }
}

void EmbedAdvisor::propose(qulonglong left)
{
    m_proposed = true;
    const auto sample = qulonglong(m_views.drawer->embedBlock()->sampleSize());
    refresh();
    const double each = secondsEach();
    if (sample >= m_pictures || each * double(left) < kLongSeconds) {
        return; // many, but quick: the drawer offers it, nobody need be told
    }
    m_text = tr("Embedding %1 pictures takes %2 here. The map shows the first ones soon, and the others as they come.")
                 .arg(ui::countText(left), timeText(each * double(left)));
    m_action = tr("only a sample of %1 (%2)").arg(ui::countText(sample), timeText(each * double(sample)));
    m_views.notices->show({ui::Notice::Severity::Info, m_text, {}, m_action});
}

/// The proposal has no sense any more: takes its notice away.
void EmbedAdvisor::withdraw()
{
    if (!m_action.isEmpty()) {
        m_views.notices->show({ui::Notice::Severity::Info, m_text, {}, m_action}); // comes to the front
        m_views.notices->dismiss();
        m_action.clear();
    }
}

void EmbedAdvisor::embedFinished()
{
    const auto& e = m_session->document().embedding;
    if (e && !m_session->embedding()) {
        withdraw();
        const auto model = m_session->model();
        if (m_estimate && model && m_learnt.lock() != e && e->spec.modelHash == model->weightsHash()) {
            core::learnFrom(m_rates, *m_estimate, *model, e->rows.rows() - std::min(e->cached, e->rows.rows()),
                            e->seconds);
            m_learnt = e;
        }
        m_measuredEach = 0;
    }
    refresh();
}

void EmbedAdvisor::refresh()
{
    ui::EmbedBlock* block = m_views.drawer->embedBlock();
    const auto model = m_session->model();
    const core::Document& doc = m_session->document();
    const bool pictures = m_session->data() && !m_session->data()->vectors;
    const qulonglong rows = doc.embedding ? doc.embedding->rows.rows() : 0;
    const qulonglong skipped = doc.embedding ? doc.embedding->skipped.size() : 0;
    const bool running = m_session->embedding();
    const QString state = rows > 0 ? (pictures ? tr("%1 of %2 embedded") : tr("%1 vectors of %2 samples"))
                                         .arg(ui::countText(rows), ui::countText(doc.sampleIds.size()))
                          : !model    ? tr("open a model first")
                          : !pictures ? tr("open pictures first")
                                      : QString();
    m_views.drawer->setEmbedReady(model && pictures, state, rows > 0 && !running);
    ui::EmbedExtent extent;
    extent.pictures = m_pictures > skipped ? m_pictures - skipped : 0;
    extent.embedded = rows;
    extent.running = running;
    extent.secondsEach = secondsEach();
    extent.offerSample = m_proposed || (m_estimate && (m_estimate->left() > kManyPictures ||
                                                       m_estimate->secondsFor(m_estimate->left()) > kLongSeconds));
    extent.stored = running && m_estimate ? m_estimate->stored : 0;
    block->setExtent(extent);
    if (model) {
        const std::string device = model->deviceName();
        block->setCompute(words(core::computeDevices()), QString::fromStdString(device),
                          words({std::begin(core::kPrecisions), std::end(core::kPrecisions)}),
                          QString::fromStdString(model->precision()));
    } else {
        block->setCompute({}, QString(), {}, QString());
    }
}

void EmbedAdvisor::compare()
{
    const auto data = m_session->data();
    if (!data || !m_session->model() || m_compareJob != 0) {
        return;
    }
    const core::ModelSpec spec = m_session->modelSpec();
    m_views.drawer->embedBlock()->setComparing(true);
    m_compareJob = m_session->jobs()->start(
        core::Lane::Work, tr("Comparing precisions"), this,
        [spec, data](core::JobContext& job) { return core::precisionReport(spec, *data, job); },
        [this](const core::PrecisionReport& report) { showReport(report); });
}

void EmbedAdvisor::showReport(const core::PrecisionReport& report)
{
    QVector<ui::PrecisionRow> rows;
    for (const core::PrecisionLine& line : report.lines) {
        ui::PrecisionRow row;
        row.device = QString::fromStdString(line.device);
        row.precision = QString::fromStdString(line.precision);
        row.speed = QString::number(line.perSecond, 'f', line.perSecond < 10 ? 1 : 0);
        if (!line.problem.empty()) {
            row.speed = tr("–");
            row.cosine = QString::fromStdString(line.problem);
        } else if (line.precision == "fp32") {
            row.cosine = tr("the reference");
        } else {
            row.speed += tr(" (%1×)").arg(core::speedGain(report, line), 0, 'f', 1);
            row.cosine = tr("%1, %2").arg(line.meanCosine, 0, 'f', 5).arg(line.minCosine, 0, 'f', 5);
        }
        rows.push_back(row);
    }
    m_views.drawer->embedBlock()->setComparison(rows,
                                                tr("On %1 of the pictures, prepared beforehand.").arg(report.pictures));
}

} // namespace semascope::app
