#pragma once
#include "app/ModelQuestion.h"
#include "app/PassingView.h"
#include "core/clip/ClipModel.h"
#include "core/clip/Embedder.h"
#include "core/session/Document.h"
#include "widgets/Colouring.h"
#include "widgets/JobRunner.h"
#include "widgets/SelectionModel.h"

#include <QObject>

#include <optional>

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
    quint64 embedJob() const { return m_embedJob; }
    const core::ModelSpec& modelSpec() const { return m_modelSpec; } ///< how it was opened
    QString path() const { return m_path; }
    /// Samples nearest the centre of each cluster, best first; empty for clusters that came from a file.
    const std::vector<std::vector<std::uint32_t>>& prototypes() const { return m_prototypes; }
    /// Samples that a job is to work on: the selection, or all.
    std::vector<std::uint32_t> selectedOrAll(bool selectionOnly) const;
    /// Rows of the embedding of these samples, and the sample of each. There must be an embedding.
    std::pair<core::Matrix, std::vector<std::uint32_t>> rowsOf(const std::vector<std::uint32_t>& samples) const;
    /// What views of the map are to show: the document, or what is shown in passing.
    const core::Document& shown() const { return m_passing ? *m_passing : m_doc; }
    bool passing() const { return m_passing.has_value(); }

    // intents
    void open(const std::string& path); ///< a session, a checkpoint or a dataset
    void openData(const core::OpenSpec& asked);
    void openModel(const core::ModelSpec& asked);
    void openSample();
    void embedPictures();
    /// Only `count` pictures, drawn at random, the same ones every time; embedPictures() adds the rest later.
    void embedSample(std::size_t count);
    /// Opens the model anew there and in that arithmetic, and embeds again; before there is a model, what "auto" is to
    /// mean.
    void chooseCompute(const std::string& device, const std::string& precision);
    void reduce(const core::LayoutSpec& spec, bool selectionOnly);
    /// In place of the result before and of what passes; null: none. `names`: one a cluster, or none for "cluster 1", …
    void adoptClustering(std::shared_ptr<const core::Clustering> clustering, std::vector<std::uint32_t> sample,
                         std::vector<std::string> names, std::vector<std::vector<std::uint32_t>> prototypes = {});
    /// Row r of the layout is of sample rowSample[inputRow[r]]. Partial and final results alike.
    void adoptLayout(std::shared_ptr<const core::Layout> layout, const std::vector<std::uint32_t>& rowSample);
    void restoreLayout(PassingView map, const core::Camera& camera); ///< a map there was before
    /// Until endPassing() or until a result is adopted; the document stays as it is.
    void showPassing(PassingView view);
    void endPassing();
    /// `neutral`: what stands in `opposite` is a neutral text to contrast with.
    void addPrompt(const QString& text, const QString& opposite, bool neutral = false);
    void editPrompt(std::size_t index, const QString& text, const QString& opposite, bool neutral = false);
    void removePrompt(std::size_t index);
    void setPrompts(std::vector<core::Prompt> prompts, const std::string& colour); ///< all of them, encoded anew
    void colourBy(const std::string& what);
    /// Which value of the prompts is in front. See core::MapView::promptValue.
    void showPromptValue(ui::ScoreKind kind);
    void toggleLegendEntry(int entry);
    void select(const std::vector<std::uint32_t>& samples, core::Combine mode);
    void selectCluster(int cluster, core::Combine mode);
    void renameCluster(int cluster, const QString& name);
    void makeAttribute(const QString& name);
    /// A column with a value for every sample, in place of a made one of that name; `colour`: the map is coloured by
    /// it.
    void addAttribute(core::Attribute attribute, bool colour);
    void showSample(std::int64_t sample);
    void setCamera(const core::Camera& camera);
    void setPointLook(double size, double opacity);
    void setThumbnails(bool on);
    void cancel(quint64 job) { m_jobs.cancel(job); }
    void save(const QString& path);

    core::Document snapshot() const;    ///< to save and export, with the selection and the view put into it
    core::Document mapSnapshot() const; ///< with what the map shows in passing

Q_SIGNALS:
    void dataChanged();
    void dataLeaving(); ///< other data are being opened: what is computed of these is of no use any more
    void modelChanged();
    /// The model that was to be opened cannot be before this is answered: openModel() again, with the answer.
    void modelQuestion(const semascope::app::ModelQuestion& question);
    void embeddingStarted();
    void embeddingChanged();
    void layoutChanged(bool animate);
    void clusteringChanged();
    void promptsChanged();
    void coloursChanged();
    void documentSaved();
    void networkOpened(const QString& folder); ///< a trained network was among what was to be opened
    void sampleOpened();                       ///< the built-in one, whose model knows nothing
    void viewReset();                          ///< the camera came from a file or must be fitted anew
    void notice(const QString& text, bool error);
    void remark(const QString& text); ///< of passing interest: how a result came about

private:
    void cancelWork();
    void openDocument(const std::string& path);
    void setData(std::shared_ptr<const core::Dataset> data);
    void restore(core::Document doc, std::shared_ptr<const core::Dataset> data);
    void startEmbedding();
    void setEmbedding(std::shared_ptr<const core::Embedding> embedding, bool final);
    void finishLayout();
    void followEmbedding();
    void leaveLostDevice();
    void encodePrompts();
    void refreshScores();
    void refreshColours();
    void adoptVectors();
    core::Document passingDocument() const;
    core::Document m_doc;
    std::optional<core::Document> m_passing; ///< what views of the map need, no more
    core::Camera m_cameraBefore;             ///< the layout in passing
    std::shared_ptr<const core::Dataset> m_data;
    std::shared_ptr<core::ClipModel> m_model;
    ui::SelectionModel m_selection;
    ui::Colouring m_colouring;
    std::vector<ui::PromptValues> m_scores;
    std::vector<std::vector<std::uint32_t>> m_prototypes;
    QString m_path;
    bool m_early = false;        ///< the layout is the one that follows a growing embedding
    bool m_firstLayout = false;  ///< the layout is one that nobody asked for
    bool m_anotherSpace = false; ///< that layout is of other vectors than those that come: nothing can be placed in it
    bool m_embedAnew = false;    ///< the model that is being opened is to embed what is embedded already
    std::size_t m_sample = 0;    ///< pictures that were asked for; 0: all
    core::ModelSpec m_modelSpec;
    quint64 m_embedJob = 0, m_layoutJob = 0, m_openJob = 0, m_modelJob = 0, m_scoreJob = 0;
    ui::JobRunner m_jobs; ///< last: its jobs end before anything they might report to
};

} // namespace semascope::app
