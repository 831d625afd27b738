#pragma once
#include "app/Session.h"
#include "core/cluster/DeepCluster.h"

namespace semascope::app {

/// One moment of a training, ready for the map. Row r of the frame is sample `view.layoutSample[r]`.
struct TrainingMoment
{
    std::shared_ptr<const core::DeepFrame> frame;
    PassingView view;
};

/// Finds clusters, shows a training while it goes on and afterwards moment by moment, and keeps the trained network.
/// GUI thread; it never waits.
class ClusterDesk : public QObject
{
    Q_OBJECT

public:
    explicit ClusterDesk(Session* session, QObject* parent = nullptr);

    void run(const core::ClusterSpec& spec, bool selectionOnly);
    /// Map and clusters become what they were before.
    void stop();
    bool running() const { return m_job != 0; }
    quint64 job() const { return m_job; }
    /// What is being run, or was last.
    const core::ClusterSpec& spec() const { return m_spec; }
    /// Whether the map shows the code while a network trains and when it has; else only colours follow.
    void setShowsTraining(bool on);
    bool showsTraining() const { return m_live; }

    /// The newest moment of the training that goes on; null before there is one.
    std::shared_ptr<const core::DeepFrame> newest() const { return m_newest; }
    /// Moments that were kept of the training whose clusters the document holds; the last is the result.
    const std::vector<std::shared_ptr<const core::DeepFrame>>& frames() const { return m_frames; }
    /// Which one the map shows in passing; −1: none.
    int frame() const { return m_frame; }
    void showFrame(int frame);
    /// Back to the result.
    void leaveFrames();
    /// Goes between the learned code and the map there was before it.
    void toggleMap();
    bool hasCode() const { return m_code != nullptr; }
    bool showsCode() const;
    bool hasMapBefore() const { return m_mapBefore.layout != nullptr; }
    /// The clusters that the frames lead to; others when they were merged or split since.
    std::shared_ptr<const core::Clustering> result() const { return m_result; }

    /// The network of the document's clusters, or one that was opened; null without.
    std::shared_ptr<const core::DeepModel> network() const { return m_network; }
    void saveNetwork(const QString& folder);
    /// Gives every sample that is in no cluster yet to the cluster that the network says.
    void assignRest();
    /// The same with a network that was saved, for all samples.
    void assignWith(const QString& folder);

Q_SIGNALS:
    void changed();                                        ///< what runs, which frames there are, which one is shown
    void progressed();                                     ///< newest() is another one
    void warned(const QString& text, const QString& more); ///< what a finished training should be looked at for

private:
    struct Outcome;
    struct MapBefore
    {
        std::shared_ptr<const core::Layout> layout;
        std::vector<std::uint32_t> sample;
        core::Camera camera;
    };
    void receive(const TrainingMoment& moment);
    void finish(Outcome outcome);
    void adoptCode(const Outcome& outcome);
    void follow();
    void assign(std::shared_ptr<const core::DeepModel> network, const QString& folder);
    void restoreColours();
    void forget();
    void stopped();
    void tellStopped();

    Session* m_session;
    std::shared_ptr<const core::Dataset> m_data;
    quint64 m_job = 0;
    core::ClusterSpec m_spec;
    bool m_live = true, m_coloured = false;
    std::string m_colourBefore;
    std::vector<std::string> m_hiddenBefore;
    std::shared_ptr<const core::DeepFrame> m_newest;
    std::vector<std::shared_ptr<const core::DeepFrame>> m_frames;
    std::shared_ptr<const std::vector<std::uint32_t>> m_rowSample; ///< of the rows that the frames are of
    std::shared_ptr<const core::Clustering> m_result;              ///< that the frames lead to
    int m_frame = -1;
    MapBefore m_mapBefore;
    std::shared_ptr<const core::Layout> m_code;
    std::vector<std::uint32_t> m_codeSample;
    std::shared_ptr<const core::DeepModel> m_network;
};

} // namespace semascope::app
