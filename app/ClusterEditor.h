#pragma once
#include "app/ClusterFacts.h"
#include "app/ClusterNamer.h"

namespace semascope::app {

class Undo;

/// Changes the session's clusters and their names by hand. Every change is a step that can be undone; never do two
/// clusters have one name. GUI thread.
class ClusterEditor : public QObject
{
    Q_OBJECT

public:
    ClusterEditor(Session* session, Undo* undo, QObject* parent);

    /// Whether a person gave the cluster its name, as far as that is known: a session file does not tell, so names that
    /// come from one count as given.
    bool named(int cluster) const;

    // intents
    void merge(const std::set<int>& which);
    void split(int cluster, int parts);
    /// The selection becomes a cluster of its own.
    void pick();
    void rename(int cluster, const QString& name);
    /// The best words become names; those that a person gave stay unless `all`. Returns how many stayed.
    int takeWords(const ClusterWordsFound& found, bool all);

private:
    using Change = std::function<core::Clustering(const ClusteredRows&, core::JobContext&)>;
    struct Step
    {
        QString title;                    ///< of the job
        QString text;                     ///< of the step to undo
        std::vector<std::uint8_t> picked; ///< of the samples, 1 where it becomes the new cluster; empty: none does
    };
    struct Changed;
    void start(const Step& step, Change change);
    void accept(const Step& step, const Changed& changed);
    void setNames(std::vector<std::string> names, const QString& step);
    core::Document clustersOnly() const;

    Session* m_session;
    Undo* m_undo;
    std::set<std::string> m_own; ///< names that the program gave
    quint64 m_job = 0;
};

} // namespace semascope::app
