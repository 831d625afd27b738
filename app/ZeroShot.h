#pragma once
#include "app/Session.h"
#include "core/clip/ZeroShot.h"

namespace semascope::app {

/// Zero-shot classification of what the session shows: runs it, keeps the newest result and compares it with labels.
/// Part of the session as far as state goes; uses its public interface only. Another dataset or model ends a running
/// job and forgets the result. GUI thread.
class ZeroShot : public QObject
{
    Q_OBJECT

public:
    enum class Missing { Nothing, Data, Model, Vocabulary, Embedding, OtherModel, OtherSize };
    enum class Column { Predicted, Correct, Confidence };

    explicit ZeroShot(Session* session, QObject* parent = nullptr);

    Missing missing() const;
    bool running() const { return m_job != 0; }
    quint64 job() const { return m_job; }
    std::shared_ptr<const core::ZeroShotResult> result() const { return m_result; }
    /// Name of the attribute that the result is compared with; empty for none.
    const QString& labelAttribute() const { return m_against; }
    /// Class index of a sample by its label; −1 where there is none.
    std::int32_t labelOf(std::int64_t sample) const;
    /// Row of the result that belongs to a sample; −1 for none. Of several rows the first.
    std::int64_t rowOf(std::int64_t sample) const;
    std::vector<std::uint32_t> wrongSamples() const;
    /// −1 stands for every label or every prediction.
    std::vector<std::uint32_t> samplesOf(int label, int prediction) const;
    /// Rows have been embedded since that the result does not know.
    bool stale() const;
    /// The categorical attributes to compare with, those that it made itself left out.
    std::vector<const core::Attribute*> labelAttributes() const;

    // intents
    void run(const core::ZeroShotSpec& spec, const QString& labelAttribute);
    void cancel();
    /// Compares the result with other labels; nothing is encoded again.
    void compareWith(const QString& labelAttribute);
    void selectWrong(core::Combine mode) { m_session->select(wrongSamples(), mode); }
    void selectCell(int label, int prediction, core::Combine mode)
    {
        m_session->select(samplesOf(label, prediction), mode);
    }
    /// Makes the column an attribute of the samples and colours the map by it.
    void colourBy(Column column);

Q_SIGNALS:
    /// The result, what it is compared with, whether it runs, or what is missing.
    void changed();

private:
    struct Outcome
    {
        std::shared_ptr<const core::Matrix> classifier;
        std::shared_ptr<const core::ZeroShotResult> result;
        std::vector<std::int32_t> labels;
    };
    void followSession();
    void forget();
    void accept(Outcome outcome, const QString& labelAttribute);
    std::optional<core::Attribute> attributeNamed(const QString& name) const;
    core::Attribute attributeOf(Column column) const;
    void refreshAttributes();

    Session* m_session;
    std::shared_ptr<const core::Dataset> m_data; ///< of the result
    std::shared_ptr<const core::ClipModel> m_model;
    std::shared_ptr<const core::Embedding> m_embedding;
    std::shared_ptr<const core::Matrix> m_classifier; ///< of m_spec under m_model
    core::ZeroShotSpec m_spec;
    std::shared_ptr<const core::ZeroShotResult> m_result;
    std::vector<std::int32_t> m_labels; ///< by sample
    std::vector<std::int32_t> m_rows;   ///< by sample
    QString m_against;
    quint64 m_job = 0, m_judgeJob = 0;
};

} // namespace semascope::app
