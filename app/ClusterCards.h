#pragma once
#include "app/ClusterFacts.h"
#include "app/Session.h"
#include "widgets/panels/ClusterCard.h"

#include <QTimer>

namespace semascope::app {

struct ClusterWordsFound;

/// What is to be seen of the session's clusters beside their names: typical samples and outliers, confidence, what is
/// over- and under-represented, decoded centroids, and how many of the selection each has. Worked out anew when the
/// clusters change. GUI thread.
class ClusterCards : public QObject
{
    Q_OBJECT

public:
    ClusterCards(Session* session, QObject* parent);

    /// Null while they are worked out.
    std::shared_ptr<const ClusterFacts> facts() const;
    /// Of each cluster, how many samples are selected.
    const std::vector<std::size_t>& selected() const { return m_selected; }
    /// One a cluster; `found` may be null.
    std::vector<ui::ClusterCard> cards(const ClusterWordsFound* found) const;
    /// Typical samples of a cluster: as worked out, or as they came with the clusters.
    std::vector<std::uint32_t> prototypes(std::size_t cluster, std::size_t most) const;
    /// Mean over the cluster's rows; NaN: not known.
    double confidence(std::size_t cluster) const;
    /// "k-means, k = 10 · n 5,000 · seed 0".
    QString summary() const;

Q_SIGNALS:
    void changed();
    void selectedChanged();

private:
    void follow();
    void start();
    void count();
    void addFacts(ui::ClusterCard& card, const ClusterFact& fact) const;

    Session* m_session;
    std::shared_ptr<const ClusterFacts> m_facts;
    std::shared_ptr<const core::Clustering> m_seen; ///< that the facts are of, or will be
    std::shared_ptr<const core::Embedding> m_embedding;
    std::shared_ptr<const core::Dataset> m_data;
    std::size_t m_made = 0; ///< columns made in the program
    std::vector<std::size_t> m_selected;
    QTimer m_soon;
    quint64 m_job = 0;
};

} // namespace semascope::app
