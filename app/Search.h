#pragma once
#include "app/Session.h"
#include "core/clip/Search.h"

#include <QImage>

#include <optional>

namespace semascope::app {

class Captions;

/// The exact index of the embedding asked for last, made when it is first needed. Used in the query lane only.
class RowIndex
{
public:
    /// Throws core::Error(Cancelled).
    std::shared_ptr<const core::RowSearch> of(const std::shared_ptr<const core::Embedding>& embedding,
                                              core::JobContext& job);

private:
    std::shared_ptr<const core::Embedding> m_embedding;
    std::shared_ptr<const core::RowSearch> m_index;
};

/// What is searched for, and how alike every sample is to it.
struct SearchResult
{
    QString title;                 ///< "“holiday.jpg”"
    QImage picture;                ///< small; null when the query is a sample
    qint64 sample = -1;            ///< the query, when it is one
    std::vector<float> vector;     ///< the query's embedding
    std::vector<float> cosine;     ///< one a sample, NaN where it has no row; empty while the query is being embedded
    std::vector<float> percentile; ///< 0 … 100, within the dataset
    std::vector<std::uint32_t> order; ///< samples with a cosine, best first
    std::size_t n = 0;                ///< how many that are
    bool acrossModalities = false;    ///< the query is a picture and the rows are captions
};

/// Finds by example: neighbours of a sample, and all samples in order of likeness to one of them or to a picture from
/// outside. Part of the session's thinking, kept apart from it; GUI thread, and it never waits.
class Search : public QObject
{
    Q_OBJECT

public:
    explicit Search(Session* session, QObject* parent = nullptr);

    Captions* captions() const { return m_captions; }
    std::shared_ptr<RowIndex> index() const { return m_index; }
    /// Null when nothing is searched for.
    const SearchResult* result() const { return m_result ? &*m_result : nullptr; }
    /// Where the query lies on the map, in the layout's coordinates; absent when that cannot be said.
    const std::optional<std::array<double, 3>>& place() const { return m_place; }
    /// Why a picture from outside cannot be searched with; empty when it can.
    QString pictureProblem() const;

    // intents
    /// neighboursFound() brings them, best first, rows being samples: each sample once, never `sample` itself.
    void findNeighbours(qint64 sample, std::size_t count);
    void likeSample(qint64 sample);
    void likeFile(const QString& path);
    void likeImage(const QImage& image, const QString& name);
    void clear();

Q_SIGNALS:
    void neighboursFound(qint64 sample, const std::vector<semascope::core::Neighbour>& neighbours);
    /// A search began, has its result, or was cleared.
    void changed();
    void placeChanged();

private:
    struct Picture;
    void begin(const SearchResult& query);
    void likePicture(const std::shared_ptr<const Picture>& picture);
    void adopt(SearchResult result);
    void findPlace();

    Session* m_session;
    std::shared_ptr<const core::Dataset> m_data; ///< that is searched
    Captions* m_captions;
    std::shared_ptr<RowIndex> m_index;
    std::optional<SearchResult> m_result;
    std::function<void()> m_again; ///< the same search with another embedding
    std::optional<std::array<double, 3>> m_place;
    QString m_jobTitle;
    quint64 m_neighbourJob = 0, m_searchJob = 0, m_placeJob = 0;
};

} // namespace semascope::app
