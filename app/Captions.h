#pragma once
#include "app/Session.h"
#include "widgets/panels/CaptionList.h"

namespace semascope::app {

class RowIndex;

/// The captions of a picture dataset as vectors: embedded when first wanted, or read from a file, and kept until data
/// or model change. GUI thread.
class Captions : public QObject
{
    Q_OBJECT

public:
    Captions(Session* session, std::shared_ptr<RowIndex> pictures, QObject* parent);

    /// Whether the pictures of the dataset have captions.
    bool inDataset() const { return m_count > 0; }
    std::size_t count() const { return m_count; }
    /// Why they cannot be had as vectors; empty when they can.
    QString problem() const;
    /// Null until they are wanted and there. Row r is a caption of sample sampleIndex[r].
    std::shared_ptr<const core::Embedding> embedding() const { return m_embedding; }
    bool busy() const { return m_job != 0; }
    /// "A dog on a beach."; of the row of embedding().
    QString text(std::size_t row) const;

    // intents
    /// Makes them unless they are there or under way; changed() says when.
    void want();
    /// One row a picture (in the order of the vectors) or one a caption (in the order of the dataset).
    void openVectors(const QString& path);
    /// found() brings them, best first. Wants them when they are not there yet.
    void findNearest(qint64 sample, std::size_t count);

Q_SIGNALS:
    void changed();
    /// `gap`: how far the modalities lay apart before their means were subtracted.
    void found(qint64 sample, const std::vector<semascope::ui::CaptionItem>& captions, double gap);

private:
    void forget();
    void recount();
    std::string besideVectors() const;
    void adopt(std::shared_ptr<const core::Embedding> embedding);

    Session* m_session;
    std::shared_ptr<const core::Dataset> m_data; ///< that these are the captions of
    std::shared_ptr<RowIndex> m_pictures, m_captions;
    std::shared_ptr<const core::Embedding> m_embedding;
    std::vector<std::uint32_t> m_caption; ///< of each row: which of its sample's captions
    std::size_t m_count = 0;
    std::string m_beside; ///< file of caption vectors beside the picture vectors, or empty
    qint64 m_sample = -1;
    std::size_t m_wanted = 0;
    quint64 m_job = 0, m_findJob = 0;
};

} // namespace semascope::app
