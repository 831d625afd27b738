#pragma once
#include "app/Session.h"
#include "core/cluster/ClusterNames.h"
#include "widgets/panels/ClusterCardsView.h"

#include <QStringList>

namespace semascope::app {

class Captions;
class Settings;

/// Names that words give to clusters, and what they were found with.
struct ClusterWordsFound
{
    std::shared_ptr<const core::Clustering> of;
    core::ClusterNaming naming;
    std::shared_ptr<const std::vector<std::string>> words;
    QString vocabulary, model; ///< for people
    std::size_t rows = 0;
};

/// Finds names for the session's clusters among the words of a vocabulary, with the CLIP in use. Keeps the words'
/// vectors while model and vocabulary stay the same. GUI thread.
class ClusterNamer : public QObject
{
    Q_OBJECT

public:
    ClusterNamer(Session* session, Settings* settings, Captions* captions, QObject* parent);

    /// "general", "wordnet", "captions", "own", "attribute:NAME", "file:PATH".
    std::vector<ui::VocabularyItem> vocabularies() const;
    QString vocabularyTitle(const QString& key) const;
    /// The words of a vocabulary. Throws core::Error.
    std::vector<std::string> words(const QString& key) const;
    /// What is missing to name clusters with it, as one sentence; empty: nothing.
    QString problem(const QString& key) const;
    bool running() const { return m_job != 0 || m_waiting; }
    /// Null before a naming, and after the clusters have changed.
    std::shared_ptr<const ClusterWordsFound> found() const;
    /// Whether the newest naming is of other clusters than those there are now.
    bool outdated() const { return m_found && !found(); }

    // intents
    /// named() brings the result.
    void run(const QString& key);
    void cancel();

Q_SIGNALS:
    void changed(); ///< what is missing, or whether it runs
    void named();

private:
    struct Vectors
    {
        std::shared_ptr<const core::ClipModel> model;
        std::vector<std::string> asked;
        std::shared_ptr<const std::vector<std::string>> words;
        core::Matrix rows; ///< one a word
    };
    struct Outcome
    {
        std::shared_ptr<const ClusterWordsFound> found;
        std::shared_ptr<const Vectors> vectors;
    };
    void follow();
    void runCaptions();
    void runWords(const QString& key, std::vector<std::string> words);
    void start(std::function<std::shared_ptr<const Vectors>(core::JobContext&)> make, const QString& key);
    QString modelProblem() const;
    QString spaceProblem() const;

    Session* m_session;
    Settings* m_settings;
    Captions* m_captions;
    std::shared_ptr<const Vectors> m_vectors;
    std::shared_ptr<const ClusterWordsFound> m_found;
    quint64 m_job = 0;
    bool m_waiting = false; ///< for the captions' vectors
};

} // namespace semascope::app
