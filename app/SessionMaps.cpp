#include "app/Session.h"

#include "core/clip/Embedder.h"

namespace semascope::app {

std::pair<core::Matrix, std::vector<std::uint32_t>> Session::rowsOf(const std::vector<std::uint32_t>& samples) const
{
    const core::Embedding& e = *m_doc.embedding;
    if (samples.size() == m_data->samples.size()) {
        return {e.rows, e.sampleIndex};
    }
    std::vector<std::uint8_t> wanted(m_data->samples.size(), 0);
    for (const std::uint32_t s : samples) {
        wanted[s] = 1;
    }
    std::vector<std::size_t> rows;
    std::vector<std::uint32_t> sample;
    for (std::size_t r = 0; r < e.sampleIndex.size(); ++r) {
        if (wanted[e.sampleIndex[r]] != 0) {
            rows.push_back(r);
            sample.push_back(e.sampleIndex[r]);
        }
    }
    return {core::takeRows(e.rows, rows), sample};
}

void Session::reduce(const core::LayoutSpec& spec, bool selectionOnly)
{
    if (!m_doc.embedding) {
        Q_EMIT notice(tr("There is nothing to map yet: open vectors, or pictures and a model."), true);
        return;
    }
    m_jobs.cancel(m_layoutJob);
    m_firstLayout = false;
    const auto [rows, sample] = rowsOf(selectedOrAll(selectionOnly));
    if (rows.rows() == 0) {
        Q_EMIT notice(tr("The selection has no embedded samples to map."), true);
        return;
    }
    const core::Matrix x = rows;
    const std::vector<std::uint32_t> rowSample = sample;
    m_layoutJob = m_jobs.start(
        core::Lane::Work, tr("Mapping with %1").arg(ui::methodName(spec.method)), this,
        [x, spec](core::JobContext& job) { return std::make_shared<const core::Layout>(core::reduce(x, spec, job)); },
        [this, rowSample](std::shared_ptr<const core::Layout> layout) {
            for (const std::string& note : layout->notes) {
                Q_EMIT remark(QString::fromStdString(note));
            }
            if (layout->excluded > 0) {
                Q_EMIT notice(tr("%1 rows are not finite numbers and have no place on the map.").arg(layout->excluded),
                              false);
            }
            adoptLayout(std::move(layout), rowSample);
        },
        [this, rowSample](std::shared_ptr<const void> partial) {
            adoptLayout(std::static_pointer_cast<const core::Layout>(partial), rowSample);
        });
}

void Session::adoptLayout(std::shared_ptr<const core::Layout> layout, const std::vector<std::uint32_t>& rowSample)
{
    const auto before = shown().layout;
    const bool animate = before && before->points.cols() == layout->points.cols();
    const bool refit = !animate || before->spec != layout->spec;
    m_passing.reset();
    m_doc.layoutSample.clear();
    for (const std::uint32_t row : layout->inputRow) {
        m_doc.layoutSample.push_back(rowSample[row]);
    }
    m_doc.layout = std::move(layout);
    Q_EMIT layoutChanged(animate);
    if (refit) {
        m_doc.view.camera = {};
        m_doc.view.camera.flat = m_doc.layout->points.cols() < 3;
        Q_EMIT viewReset();
    }
}

void Session::adoptClustering(std::shared_ptr<const core::Clustering> clustering, std::vector<std::uint32_t> sample,
                              std::vector<std::string> names, std::vector<std::vector<std::uint32_t>> prototypes)
{
    endPassing();
    m_prototypes = std::move(prototypes);
    m_doc.clusterSample = std::move(sample);
    m_doc.clusterNames = std::move(names);
    for (std::size_t i = m_doc.clusterNames.size(); clustering && i < clustering->sizes.size(); ++i) {
        m_doc.clusterNames.push_back(tr("cluster %1").arg(i + 1).toStdString());
    }
    m_doc.clustering = std::move(clustering);
    if (m_doc.view.colourBy == "cluster") {
        m_doc.view.hidden.clear();
    }
    Q_EMIT clusteringChanged();
    refreshColours();
}

void Session::selectCluster(int index, core::Combine mode)
{
    if (!m_doc.clustering) {
        return;
    }
    std::vector<std::uint32_t> members;
    for (std::size_t r = 0; r < m_doc.clusterSample.size(); ++r) {
        if (m_doc.clustering->assignment[r] == index) {
            members.push_back(m_doc.clusterSample[r]);
        }
    }
    select(members, mode);
}

void Session::renameCluster(int index, const QString& name)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_doc.clusterNames.size() || name.trimmed().isEmpty()) {
        return;
    }
    m_doc.clusterNames[static_cast<std::size_t>(index)] = name.trimmed().toStdString();
    Q_EMIT clusteringChanged();
    refreshColours();
}

} // namespace semascope::app
