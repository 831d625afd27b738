#include "app/ClusterDesk.h"

#include "app/ClusterMoments.h"
#include "core/cluster/ClusterOptions.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace semascope::app {

struct ClusterDesk::Outcome
{
    std::shared_ptr<const core::Clustering> clustering;
    std::vector<std::uint32_t> sample; ///< of each row of the clustering
    std::vector<std::vector<std::uint32_t>> prototypes;
    std::shared_ptr<const std::vector<std::uint32_t>> rowSample;
    PassingView last; ///< the last frame
};

namespace {

std::vector<std::uint32_t> samplesOf(const core::Clustering& c, const std::vector<std::uint32_t>& rowSample)
{
    std::vector<std::uint32_t> samples;
    samples.reserve(c.inputRow.size());
    for (const std::uint32_t row : c.inputRow) {
        samples.push_back(rowSample[row]);
    }
    return samples;
}

/// Turns what the training publishes into what the map can show at once, on the worker's thread.
void prepareMoments(core::JobContext& job, const std::shared_ptr<const std::vector<std::uint32_t>>& rowSample,
                    const core::ClusterSpec& spec)
{
    if (!job.onPartial || !core::isDeepMethod(spec.method)) {
        job.onPartial = {};
        return;
    }
    job.onPartial = [deliver = job.onPartial, rowSample, spec](const std::shared_ptr<const void>& partial) {
        auto moment = std::make_shared<TrainingMoment>();
        moment->frame = std::static_pointer_cast<const core::DeepFrame>(partial);
        moment->view = passingView(*moment->frame, *rowSample, spec);
        deliver(moment);
    };
}

} // namespace

ClusterDesk::ClusterDesk(Session* session, QObject* parent) : QObject(parent), m_session(session)
{
    connect(session, &Session::networkOpened, this, &ClusterDesk::assignWith);
    connect(session, &Session::dataLeaving, this, [this] {
        m_session->jobs()->cancel(m_job);
        forget();
    });
    connect(session, &Session::dataChanged, this, [this] {
        if (m_data != m_session->data()) { // else only an attribute is new
            m_data = m_session->data();
            forget();
        }
    });
    connect(session, &Session::clusteringChanged, this, &ClusterDesk::follow);
    connect(session, &Session::layoutChanged, this, [this] {
        if (m_frame >= 0 && !m_session->passing()) { // another map has taken its place
            m_frame = -1;
        }
        if (!m_session->passing()) {
            Q_EMIT changed();
        }
    });
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool cancelled = report.state == ui::JobReport::Cancelled;
        if (report.id == m_job && (cancelled || report.state == ui::JobReport::Failed)) {
            stopped();
            if (cancelled) {
                tellStopped();
            }
        }
    });
}

void ClusterDesk::run(const core::ClusterSpec& spec, bool selectionOnly)
{
    const auto embedding = m_session->document().embedding;
    if (!embedding || embedding->rows.rows() == 0) {
        Q_EMIT m_session->notice(tr("There is nothing to cluster yet: open vectors, or pictures and a model."), true);
        return;
    }
    const std::vector<std::uint32_t> wanted =
        selectionOnly ? m_session->selection()->selected() : std::vector<std::uint32_t>{};
    if (selectionOnly && wanted.empty()) {
        Q_EMIT m_session->notice(tr("Nothing is selected: select the samples to cluster, or cluster all."), true);
        return;
    }
    if (running()) {
        m_session->jobs()->cancel(std::exchange(m_job, 0));
        restoreColours();
    }
    leaveFrames();
    m_session->endPassing();
    m_spec = spec;
    m_newest.reset();
    m_coloured = false;
    m_colourBefore = m_session->document().view.colourBy;
    m_hiddenBefore = m_session->document().view.hidden;
    m_job = m_session->jobs()->start(
        core::Lane::Work, tr("Clustering with %1, k = %2").arg(ui::methodName(spec.method)).arg(spec.k), this,
        [embedding, wanted, spec](core::JobContext& job) {
            ClusterInput input = clusterInput(*embedding, wanted);
            Outcome o;
            o.rowSample = std::make_shared<const std::vector<std::uint32_t>>(std::move(input.sample));
            prepareMoments(job, o.rowSample, spec);
            o.clustering = std::make_shared<const core::Clustering>(core::cluster(input.rows, spec, job));
            o.sample = samplesOf(*o.clustering, *o.rowSample);
            o.prototypes = clusterPrototypes(input.rows, *o.clustering, *o.rowSample);
            if (!o.clustering->frames.empty()) {
                o.last = passingView(*o.clustering->frames.back(), *o.rowSample, spec);
            }
            return o;
        },
        [this](Outcome o) { finish(std::move(o)); },
        [this](const std::shared_ptr<const void>& partial) {
            receive(*std::static_pointer_cast<const TrainingMoment>(partial));
        });
    Q_EMIT changed();
}

void ClusterDesk::receive(const TrainingMoment& moment)
{
    m_newest = moment.frame;
    PassingView view = moment.view;
    if (!m_live) {
        view.layout.reset();
        view.layoutSample.clear();
    }
    if (view.clustering && !std::exchange(m_coloured, true)) {
        m_session->colourBy("cluster");
    }
    if (view.layout || view.clustering) {
        m_session->showPassing(std::move(view));
    }
    Q_EMIT progressed();
}

void ClusterDesk::finish(Outcome o)
{
    m_job = 0;
    const core::Clustering& c = *o.clustering;
    const bool chosen = m_session->document().view.colourBy != (m_coloured ? "cluster" : m_colourBefore);
    if (c.excluded > 0) {
        Q_EMIT m_session->notice(tr("%1 rows are not finite numbers and are in no cluster.").arg(c.excluded), false);
    }
    m_result = o.clustering;
    m_frames = c.frames;
    m_rowSample = o.rowSample;
    m_network = c.model;
    m_code.reset();
    if (o.last.layout) {
        adoptCode(o);
    }
    m_session->adoptClustering(o.clustering, std::move(o.sample), {}, std::move(o.prototypes));
    if (!chosen) { // what somebody chose to see meanwhile stays
        m_session->colourBy("cluster");
    }
    for (const std::string& note : c.notes) {
        Q_EMIT m_session->remark(QString::fromStdString(note));
    }
    QStringList warnings;
    for (const std::string& warning : c.warnings) {
        warnings << QString::fromStdString(warning);
    }
    if (!warnings.isEmpty()) {
        Q_EMIT warned(tr("%1: %2").arg(ui::methodName(c.spec.method), warnings.takeFirst()),
                      warnings.join(QLatin1Char('\n')));
    }
    Q_EMIT changed();
}

void ClusterDesk::adoptCode(const Outcome& o)
{
    const core::Document& doc = m_session->document();
    const bool codeBefore = doc.layout && doc.layout->spec.method == ui::kCodeMap;
    if (doc.layout && !codeBefore) {
        m_mapBefore = {doc.layout, doc.layoutSample, doc.view.camera};
    }
    m_code = o.last.layout;
    m_codeSample = o.last.layoutSample;
    if (m_live) {
        m_session->adoptLayout(m_code, *o.rowSample);
    }
}

/// Clusters that came another way: from a comparison, by undo, from a file. Those that were merged or split keep the
/// moments of their training.
void ClusterDesk::follow()
{
    const auto& c = m_session->document().clustering;
    if (c == m_result || (c && !c->frames.empty() && c->frames == m_frames)) {
        return;
    }
    m_frame = -1;
    m_result = c;
    m_frames = c ? c->frames : std::vector<std::shared_ptr<const core::DeepFrame>>{};
    m_network = c ? c->model : nullptr;
    m_code.reset();
    if (!m_frames.empty()) {
        const std::vector<std::uint32_t>& sample = m_session->document().clusterSample;
        auto rowSample = std::make_shared<std::vector<std::uint32_t>>();
        for (std::size_t r = 0; r < sample.size(); ++r) {
            rowSample->resize(std::max<std::size_t>(rowSample->size(), c->inputRow[r] + 1), 0);
            (*rowSample)[c->inputRow[r]] = sample[r];
        }
        PassingView last = passingView(*m_frames.back(), *rowSample, c->spec);
        m_rowSample = std::move(rowSample);
        m_code = std::move(last.layout);
        m_codeSample = std::move(last.layoutSample);
    }
    Q_EMIT changed();
}

/// Colours as they were before the run, unless others were chosen since.
void ClusterDesk::restoreColours()
{
    if (m_coloured && m_session->document().view.colourBy == "cluster") {
        m_session->colourBy(m_colourBefore);
    }
    m_coloured = false;
}

void ClusterDesk::stop()
{
    if (running()) {
        m_session->jobs()->cancel(m_job);
        stopped();
        tellStopped();
    }
}

void ClusterDesk::tellStopped()
{
    Q_EMIT m_session->notice(tr("Stopped. Map and clusters are as they were before."), false);
}

void ClusterDesk::stopped()
{
    m_job = 0;
    m_newest.reset();
    m_session->endPassing();
    restoreColours();
    Q_EMIT changed();
}

void ClusterDesk::forget()
{
    m_job = 0;
    m_newest.reset();
    m_frames.clear();
    m_rowSample.reset();
    m_result.reset();
    m_frame = -1;
    m_mapBefore = {};
    m_code.reset();
    m_codeSample.clear();
    m_network.reset();
    Q_EMIT changed();
}

void ClusterDesk::setShowsTraining(bool on)
{
    if (std::exchange(m_live, on) != on && running() && !on) {
        m_session->endPassing(); // the next moment brings the colours again
    }
}

void ClusterDesk::showFrame(int frame)
{
    const int last = static_cast<int>(m_frames.size()) - 1;
    if (running() || frame < 0 || frame >= last) {
        leaveFrames();
        return;
    }
    m_frame = frame;
    m_session->showPassing(passingView(*m_frames[static_cast<std::size_t>(frame)], *m_rowSample, m_result->spec));
    Q_EMIT changed();
}

void ClusterDesk::leaveFrames()
{
    if (m_frame >= 0) {
        m_frame = -1;
        m_session->endPassing();
        Q_EMIT changed();
    }
}

bool ClusterDesk::showsCode() const
{
    const auto& layout = m_session->document().layout;
    return m_code && layout && layout->points.data() == m_code->points.data();
}

void ClusterDesk::toggleMap()
{
    leaveFrames();
    if (showsCode() && hasMapBefore()) {
        m_session->restoreLayout({m_mapBefore.layout, m_mapBefore.sample, {}, {}}, m_mapBefore.camera);
    } else if (m_code && !showsCode()) {
        const core::Document& doc = m_session->document();
        if (doc.layout && doc.layout->spec.method != ui::kCodeMap) {
            m_mapBefore = {doc.layout, doc.layoutSample, doc.view.camera};
        }
        m_session->restoreLayout({m_code, m_codeSample, {}, {}}, {});
    }
    Q_EMIT changed();
}

void ClusterDesk::saveNetwork(const QString& folder)
{
    if (!m_network) {
        return;
    }
    m_session->jobs()->start(
        core::Lane::Query, tr("Saving the network"), this,
        [network = m_network, path = folder.toLocal8Bit().toStdString()](core::JobContext&) { network->save(path); },
        [this, folder] { Q_EMIT m_session->notice(tr("Network written to %1").arg(folder), false); });
}

void ClusterDesk::assignRest()
{
    if (m_network) {
        assign(m_network, {});
    }
}

void ClusterDesk::assignWith(const QString& folder)
{
    assign(nullptr, folder);
}

void ClusterDesk::assign(std::shared_ptr<const core::DeepModel> network, const QString& folder)
{
    const core::Document& doc = m_session->document();
    if (!doc.embedding || running()) {
        Q_EMIT m_session->notice(running()
                                     ? tr("Clusters are being found: wait for them, or stop it.")
                                     : tr("There is nothing to assign yet: open vectors, or pictures and a model."),
                                 true);
        return;
    }
    leaveFrames();
    const bool own = network && doc.clustering && doc.clustering == m_result; // not merged or split since
    const auto known = own ? doc.clustering : nullptr;
    const auto names = own ? doc.clusterNames : std::vector<std::string>{};
    struct Assigned
    {
        Outcome outcome;
        std::shared_ptr<const core::DeepModel> network;
    };
    m_session->jobs()->start(
        core::Lane::Work, tr("Assigning samples to the clusters of a network"), this,
        [network, path = folder.toLocal8Bit().toStdString(), embedding = doc.embedding, known,
         sample = doc.clusterSample](core::JobContext& job) {
            Assigned a;
            a.network = network ? network : core::openDeepModel(path);
            core::Clustering c = assignRows(*embedding, *a.network, known.get(), sample, job);
            c.model = a.network;
            a.outcome.sample = samplesOf(c, embedding->sampleIndex);
            a.outcome.prototypes = clusterPrototypes(embedding->rows, c, embedding->sampleIndex);
            a.outcome.clustering = std::make_shared<const core::Clustering>(std::move(c));
            return a;
        },
        [this, names](Assigned a) {
            const std::string note = a.outcome.clustering->notes.back();
            m_network = a.network;
            if (names.empty()) {
                m_frames.clear(); // of another training
                m_code.reset();
            }
            m_result = a.outcome.clustering;
            m_session->adoptClustering(m_result, std::move(a.outcome.sample), names, std::move(a.outcome.prototypes));
            m_session->colourBy("cluster");
            Q_EMIT m_session->notice(tr("Clusters over all samples: %1.").arg(QString::fromStdString(note)), false);
            Q_EMIT changed();
        });
}

} // namespace semascope::app
