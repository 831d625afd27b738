#include "app/Session.h"

#include <QFileInfo>

#include <algorithm>
#include <unordered_map>

namespace semascope::app {

namespace {

struct Opened
{
    std::shared_ptr<core::Document> doc;
    std::shared_ptr<const core::Dataset> data;
    std::string problem; ///< why the dataset could not be opened
};

/// Gives per-sample results of a session file to the samples that are there now, by id; what is gone is dropped.
std::vector<std::int64_t> matchSamples(const core::Document& doc, const core::Dataset& data)
{
    std::unordered_map<std::string, std::int64_t> now;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        now.emplace(data.samples[i].id, static_cast<std::int64_t>(i));
    }
    std::vector<std::int64_t> to(doc.sampleIds.size(), -1);
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto found = now.find(doc.sampleIds[i]);
        to[i] = found == now.end() ? -1 : found->second;
    }
    return to;
}

bool identity(const std::vector<std::int64_t>& to, std::size_t samples)
{
    if (to.size() != samples) {
        return false;
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
        if (to[i] != static_cast<std::int64_t>(i)) {
            return false;
        }
    }
    return true;
}

} // namespace

void Session::save(const QString& path)
{
    auto doc = std::make_shared<const core::Document>(snapshot());
    const std::string file = path.toLocal8Bit().toStdString();
    m_jobs.start(
        core::Lane::Query, tr("Saving %1").arg(QFileInfo(path).fileName()), this,
        [doc, file](core::JobContext&) { core::saveDocument(*doc, file); },
        [this, path] {
            m_path = path;
            Q_EMIT documentSaved();
        });
}

void Session::openDocument(const std::string& path)
{
    cancelWork();
    m_openJob = m_jobs.start(
        core::Lane::Work, tr("Opening the session"), this,
        [path](core::JobContext& job) {
            Opened o;
            o.doc = std::make_shared<core::Document>(core::openDocument(path));
            try {
                o.data = std::make_shared<const core::Dataset>(core::openDataset(o.doc->dataset, job));
            } catch (const core::Error& e) {
                if (e.code() == core::Code::Cancelled) {
                    throw;
                }
                o.problem = e.what();
            }
            return o;
        },
        [this, path](const Opened& o) {
            if (!o.data) {
                Q_EMIT notice(
                    tr("The session's data could not be opened: %1 Move the data back, or open it from its new place.")
                        .arg(QString::fromStdString(o.problem)),
                    true);
                return;
            }
            m_path = QString::fromLocal8Bit(path.c_str());
            restore(*o.doc, o.data);
        });
}

void Session::restore(core::Document doc, std::shared_ptr<const core::Dataset> data)
{
    const std::vector<std::int64_t> to = matchSamples(doc, *data);
    if (!identity(to, data->samples.size())) {
        const auto gone = std::count(to.begin(), to.end(), -1);
        Q_EMIT notice(tr("The data have changed since the session was saved (%1 samples gone, %2 now). Prompts and "
                         "views are kept; "
                         "maps and clusters are computed anew.")
                          .arg(gone)
                          .arg(data->samples.size()),
                      false);
        std::vector<std::uint8_t> selected(data->samples.size(), 0);
        for (std::size_t i = 0; i < to.size() && i < doc.selected.size(); ++i) {
            if (to[i] >= 0) {
                selected[static_cast<std::size_t>(to[i])] = doc.selected[i];
            }
        }
        doc.selected = selected;
        doc.embedding.reset();
        doc.layout.reset();
        doc.layoutSample.clear();
        doc.clustering.reset();
        doc.clusterSample.clear();
        doc.userAttributes.clear();
        doc.current = -1;
    }
    m_doc = std::move(doc);
    for (std::size_t i = m_doc.clusterNames.size(); m_doc.clustering && i < m_doc.clustering->sizes.size(); ++i) {
        m_doc.clusterNames.push_back(tr("cluster %1").arg(i + 1).toStdString()); // a command's file need not have any
    }
    m_prototypes.clear();
    m_passing.reset();
    m_data = std::move(data);
    m_doc.sampleIds.clear();
    for (const core::Sample& s : m_data->samples) {
        m_doc.sampleIds.push_back(s.id);
    }
    m_selection.reset(m_data->samples.size());
    m_selection.setSelectedBytes(m_doc.selected);
    const core::Camera camera = m_doc.view.camera;
    Q_EMIT dataChanged();
    Q_EMIT embeddingChanged();
    Q_EMIT layoutChanged(false); // the map fits itself to new points and says so
    Q_EMIT clusteringChanged();
    m_doc.view.camera = camera;
    Q_EMIT viewReset();
    refreshScores();
    m_selection.setCurrent(m_doc.current);
    if (!m_doc.embedding && m_data->vectors) {
        adoptVectors();
    }
    if (!m_doc.modelPath.empty()) {
        core::ModelSpec spec;
        spec.path = m_doc.modelPath;
        spec.vocabulary = m_doc.vocabulary;
        const core::CheckpointWish chosen = core::choicesOf(m_doc.modelHash);
        spec.activation = chosen.activation;
        spec.imageSize = chosen.imageSize;
        openModel(spec);
    }
}

} // namespace semascope::app
