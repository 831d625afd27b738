#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/Embedder.h"
#include "core/session/Document.h"
#include "widgets/Colouring.h"
#include "widgets/JobRunner.h"
#include "widgets/SelectionModel.h"

#include <QObject>

namespace semascope::app {

/// The one place that changes state: takes the views' intents, starts jobs, keeps the document and its results, and
/// says what changed. GUI thread only; it never waits. Views get const snapshots.
class Session : public QObject
{
    Q_OBJECT

public:
    explicit Session(QObject* parent = nullptr);

    const core::Document& document() const { return m_doc; }
    std::shared_ptr<const core::Dataset> data() const { return m_data; }
    std::shared_ptr<const core::ClipModel> model() const { return m_model; }
    ui::SelectionModel* selection() { return &m_selection; }
    ui::JobRunner* jobs() { return &m_jobs; }
    const ui::Colouring& colouring() const { return m_colouring; }
    /// Of prompt `index`; meaningful when hasScores(index).
    const ui::PromptValues& scores(std::size_t index) const { return m_scores[index]; }
    bool hasScores(std::size_t index) const { return index < m_scores.size() && !m_scores[index].cosine.empty(); }
    bool embedding() const { return m_embedJob != 0; }
    QString path() const { return m_path; }
    /// Samples nearest the centre of each cluster, best first; empty for clusters that came from a file.
    const std::vector<std::vector<std::uint32_t>>& prototypes() const { return m_prototypes; }
    /// Samples that a job is to work on: the selection, or all.
    std::vector<std::uint32_t> selectedOrAll(bool selectionOnly) const;

    // intents
    /// Decides what each path is: session, checkpoint or dataset.
    void open(const std::string& path);
    void openData(const core::OpenSpec& asked);
    void openModel(const core::ModelSpec& asked);
    void openSample();
    void embedPictures();
    void reduce(const core::LayoutSpec& spec, bool selectionOnly);
    void cluster(const core::ClusterSpec& spec, bool selectionOnly);
    void addPrompt(const QString& text, const QString& opposite);
    void editPrompt(std::size_t index, const QString& text, const QString& opposite);
    void removePrompt(std::size_t index);
    void colourBy(const std::string& what);
    void toggleLegendEntry(int entry);
    void select(const std::vector<std::uint32_t>& samples, core::Combine mode);
    void selectCluster(int cluster, core::Combine mode);
    void renameCluster(int cluster, const QString& name);
    void makeAttribute(const QString& name);
    void showSample(std::int64_t sample);
    void setCamera(const core::Camera& camera);
    void setPointLook(double size, double opacity);
    void setThumbnails(bool on);
    void cancel(quint64 job) { m_jobs.cancel(job); }
    void save(const QString& path);

    /// Looks for the nearest neighbours of `sample` by embedding; neighboursFound() brings them, best first, rows being
    /// samples.
    void findNeighbours(std::int64_t sample, std::size_t count);
    /// What may be exported, with the selection and the view put into it.
    core::Document snapshot() const;

Q_SIGNALS:
    void dataChanged();
    void modelChanged();
    void embeddingChanged();
    void layoutChanged(bool animate);
    void clusteringChanged();
    void promptsChanged();
    void coloursChanged();
    void documentSaved();
    void neighboursFound(qint64 sample, const std::vector<semascope::core::Neighbour>& neighbours);
    /// The camera came from a file or must be fitted anew.
    void viewReset();
    void notice(const QString& text, bool error);
    /// Of passing interest: how a result came about.
    void remark(const QString& text);

private:
    void cancelWork();
    void openDocument(const std::string& path);
    void setData(std::shared_ptr<const core::Dataset> data);
    void restore(core::Document doc, std::shared_ptr<const core::Dataset> data);
    void setEmbedding(std::shared_ptr<const core::Embedding> embedding, bool final);
    void followEmbedding();
    void setLayout(std::shared_ptr<const core::Layout> layout, const std::vector<std::uint32_t>& rowSample);
    void encodePrompts();
    void refreshScores();
    void refreshColours();
    void adoptVectors();
    /// Rows of the embedding of these samples, and the sample of each.
    std::pair<core::Matrix, std::vector<std::uint32_t>> rowsOf(const std::vector<std::uint32_t>& samples) const;

    core::Document m_doc;
    std::shared_ptr<const core::Dataset> m_data;
    std::shared_ptr<core::ClipModel> m_model;
    ui::SelectionModel m_selection;
    ui::Colouring m_colouring;
    std::vector<ui::PromptValues> m_scores;
    std::vector<std::vector<std::uint32_t>> m_prototypes;
    QString m_path;
    bool m_early = false; ///< the layout is the one that follows a growing embedding
    quint64 m_embedJob = 0, m_layoutJob = 0, m_clusterJob = 0, m_openJob = 0, m_modelJob = 0, m_neighbourJob = 0,
            m_scoreJob = 0;
    ui::JobRunner m_jobs; ///< last: its jobs end before anything they might report to
};

} // namespace semascope::app
