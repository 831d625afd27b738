#include "app/Search.h"

#include "app/Captions.h"
#include "core/clip/Embedder.h"
#include "core/clip/ScoreMeaning.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace semascope::app {

using core::Lane;

/// A picture from outside: a file, or pixels (of the clipboard, of another program).
struct Search::Picture
{
    QString name;
    std::string path;
    QImage pixels;
};

namespace {

constexpr int kCardSide = 128;

/// A dataset of one, so that the picture goes the way that all pictures go.
core::Dataset datasetOf(const std::string& path, const QImage& pixels, const QString& name)
{
    core::Dataset data;
    data.name = name.toStdString();
    data.samples.push_back({data.name, path, {}, false});
    data.found = 1;
    if (path.empty()) {
        const QImage rgb = pixels.convertToFormat(QImage::Format_RGB888);
        auto bytes = std::make_shared<std::vector<std::uint8_t>>();
        for (int y = 0; y < rgb.height(); ++y) { // QImage pads its lines
            bytes->insert(bytes->end(), rgb.constScanLine(y), rgb.constScanLine(y) + 3 * rgb.width());
        }
        data.pictures = {bytes->data(), 1, rgb.width(), rgb.height(), bytes};
    }
    return data;
}

QImage smallPicture(const core::Dataset& data)
{
    const core::Picture p = core::pictureForEye(data, 0, kCardSide);
    const auto format = p.channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888;
    return QImage(p.pixels.data(), p.width, p.height, static_cast<qsizetype>(p.width) * p.channels, format).copy();
}

std::vector<float> embedded(const core::Dataset& data, const core::ClipModel& model, core::JobContext& job)
{
    const core::Embedding e = core::embed(data, model, core::Modality::Picture, true, job);
    if (e.rows.rows() == 0) {
        const std::string why = e.skipped.empty() ? "it cannot be read" : e.skipped.front().reason;
        throw core::Error(core::Code::BadFormat, "“" + data.name + "” cannot be searched with: " + why + ".");
    }
    return {e.rows.row(0), e.rows.row(0) + e.rows.cols()};
}

/// Row of a sample, or −1.
std::int64_t rowOf(const core::Embedding& embedding, std::int64_t sample)
{
    const auto& index = embedding.sampleIndex;
    const auto found = std::find(index.begin(), index.end(), static_cast<std::uint32_t>(sample));
    return sample < 0 || found == index.end() ? -1 : found - index.begin();
}

/// Every sample's cosine with `result.vector`; of several rows of one sample (captions) the best counts.
void compareAll(SearchResult& result, const core::Embedding& embedding, const core::RowSearch& index,
                std::size_t samples, const core::JobContext& job)
{
    if (result.vector.size() != index.dim()) {
        throw core::Error(core::Code::Mismatch, "The picture has " + std::to_string(result.vector.size()) +
                                                    " dimensions but the dataset has " + std::to_string(index.dim()) +
                                                    "; open the model that made its vectors.");
    }
    core::RowSearch::Query query;
    query.vector = result.vector.data();
    query.count = index.rows();
    result.cosine.assign(samples, std::numeric_limits<float>::quiet_NaN());
    for (const core::Neighbour& n : index.nearest(query, job)) {
        float& cosine = result.cosine[embedding.sampleIndex[n.row]];
        if (std::isnan(cosine)) {
            cosine = n.cosine;
            result.order.push_back(embedding.sampleIndex[n.row]);
        }
    }
    result.n = result.order.size();
    result.percentile = core::percentiles(result.cosine);
}

} // namespace

std::shared_ptr<const core::RowSearch> RowIndex::of(const std::shared_ptr<const core::Embedding>& embedding,
                                                    core::JobContext& job)
{
    if (m_embedding != embedding || !m_index) {
        m_index.reset();
        m_index = std::make_shared<const core::RowSearch>(embedding->rows, job);
        m_embedding = embedding;
    }
    return m_index;
}

Search::Search(Session* session, QObject* parent)
    : QObject(parent), m_session(session), m_index(std::make_shared<RowIndex>())
{
    m_captions = new Captions(session, m_index, this);
    connect(session, &Session::dataChanged, this, [this] {
        if (m_session->data() != m_data && m_result) { // else the data only got another column
            clear();
        }
        m_data = m_session->data();
    });
    connect(session, &Session::embeddingChanged, this, [this] {
        const auto embedding = m_session->document().embedding;
        if (!embedding || m_session->embedding()) {
            return; // it still grows
        }
        m_session->jobs()->start(
            Lane::Query, tr("Preparing the search"), this,
            [index = m_index, embedding](core::JobContext& job) { (void)index->of(embedding, job); }, [] {});
        if (m_again) {
            m_again();
        }
    });
    connect(session, &Session::layoutChanged, this, &Search::findPlace);
    connect(session->jobs(), &ui::JobRunner::jobFailed, this, [this](const QString& title) {
        if (m_result && m_result->cosine.empty() && title == m_jobTitle) {
            clear(); // what went wrong is told already
        }
    });
}

QString Search::pictureProblem() const
{
    const bool any = m_session->document().embedding != nullptr;
    return !any                  ? tr("Open pictures and a CLIP model first, or vectors and the model that made them.")
           : !m_session->model() ? tr("Open the CLIP model that made the vectors first.")
                                 : QString();
}

void Search::findNeighbours(qint64 sample, std::size_t count)
{
    m_session->jobs()->cancel(m_neighbourJob);
    const auto embedding = m_session->document().embedding;
    if (!embedding || sample < 0) {
        Q_EMIT neighboursFound(sample, {});
        return;
    }
    m_neighbourJob = m_session->jobs()->start(
        Lane::Query, tr("Finding neighbours"), this,
        [index = m_index, embedding, sample, count](core::JobContext& job) {
            std::vector<core::Neighbour> near;
            const std::int64_t row = rowOf(*embedding, sample);
            if (row < 0) {
                return near;
            }
            constexpr std::size_t more = 20; // a sample may have several rows
            core::RowSearch::Query query;
            query.vector = embedding->rows.row(static_cast<std::size_t>(row));
            query.count = count + more;
            query.self = row;
            for (core::Neighbour n : index->of(embedding, job)->nearest(query, job)) {
                n.row = embedding->sampleIndex[n.row];
                const bool known = n.row == sample || std::any_of(near.begin(), near.end(), [&n](const auto& other) {
                                       return other.row == n.row;
                                   });
                if (!known && near.size() < count) {
                    near.push_back(n);
                }
            }
            return near;
        },
        [this, sample](const std::vector<core::Neighbour>& near) { Q_EMIT neighboursFound(sample, near); });
}

/// Shows at once what is searched for.
void Search::begin(const SearchResult& query)
{
    m_session->jobs()->cancel(m_searchJob);
    m_result = query;
    m_jobTitle = tr("Searching with %1").arg(query.title);
    m_place.reset();
    Q_EMIT changed();
    Q_EMIT placeChanged();
}

void Search::likeSample(qint64 sample)
{
    const auto embedding = m_session->document().embedding;
    const auto data = m_session->data();
    if (!embedding || !data || sample < 0 || static_cast<std::size_t>(sample) >= data->samples.size()) {
        return;
    }
    SearchResult query;
    query.sample = sample;
    query.title = QFileInfo(ui::sampleName(*data, static_cast<std::size_t>(sample))).fileName();
    begin(query);
    m_again = [this, sample] { likeSample(sample); };
    m_searchJob = m_session->jobs()->start(
        Lane::Query, m_jobTitle, this,
        [index = m_index, embedding, query, samples = data->samples.size()](core::JobContext& job) {
            SearchResult result = query;
            const std::int64_t row = rowOf(*embedding, query.sample);
            if (row < 0) {
                throw core::Error(core::Code::NotFound,
                                  "“" + query.title.toStdString() + "” has no embedding to search with.");
            }
            const float* vector = embedding->rows.row(static_cast<std::size_t>(row));
            result.vector.assign(vector, vector + embedding->rows.cols());
            compareAll(result, *embedding, *index->of(embedding, job), samples, job);
            return result;
        },
        [this](SearchResult result) { adopt(std::move(result)); });
}

void Search::likeFile(const QString& path)
{
    likePicture(
        std::make_shared<const Picture>(Picture{QFileInfo(path).fileName(), path.toLocal8Bit().toStdString(), {}}));
}

void Search::likeImage(const QImage& image, const QString& name)
{
    if (!image.isNull()) {
        likePicture(std::make_shared<const Picture>(Picture{name, {}, image}));
    }
}

void Search::likePicture(const std::shared_ptr<const Picture>& picture)
{
    const QString problem = pictureProblem();
    if (!problem.isEmpty()) {
        Q_EMIT m_session->notice(problem, true);
        return;
    }
    const auto embedding = m_session->document().embedding;
    const auto model = m_session->model();
    SearchResult query;
    query.title = picture->name;
    query.acrossModalities = embedding->spec.modality == core::Modality::Text;
    begin(query);
    m_again = [this, picture] { likePicture(picture); };
    m_searchJob = m_session->jobs()->start(
        Lane::Query, m_jobTitle, this,
        [index = m_index, embedding, model, picture, query,
         samples = m_session->data()->samples.size()](core::JobContext& job) {
            SearchResult result = query;
            const core::Dataset one = datasetOf(picture->path, picture->pixels, picture->name);
            result.vector = embedded(one, *model, job);
            result.picture = smallPicture(one);
            compareAll(result, *embedding, *index->of(embedding, job), samples, job);
            return result;
        },
        [this](SearchResult result) { adopt(std::move(result)); });
}

void Search::adopt(SearchResult result)
{
    m_result = std::move(result);
    Q_EMIT changed();
    findPlace();
}

/// A picture from outside is put where the map's projector places it; a sample has its point already.
void Search::findPlace()
{
    m_session->jobs()->cancel(m_placeJob);
    const auto& layout = m_session->shown().layout;
    const auto& embedding = m_session->document().embedding;
    const bool possible = m_result && m_result->sample < 0 && !m_result->vector.empty() && layout &&
                          layout->projector && embedding && embedding->spec.normalise;
    if (!possible) {
        if (m_place) {
            m_place.reset();
            Q_EMIT placeChanged();
        }
        return;
    }
    m_placeJob = m_session->jobs()->start(
        Lane::Query, tr("Placing the picture"), this,
        [projector = layout->projector, vector = m_result->vector](core::JobContext&) {
            std::array<double, 3> at{};
            const core::Matrix placed = projector->place(core::Matrix(vector.data(), 1, vector.size(), nullptr));
            for (std::size_t j = 0; j < std::min<std::size_t>(3, placed.cols()); ++j) {
                at[j] = static_cast<double>(placed.at(0, j));
            }
            return at;
        },
        [this](const std::array<double, 3>& at) {
            m_place = at;
            Q_EMIT placeChanged();
        });
}

void Search::clear()
{
    m_session->jobs()->cancel(m_searchJob);
    m_session->jobs()->cancel(m_placeJob);
    m_again = {};
    m_result.reset();
    m_place.reset();
    Q_EMIT changed();
    Q_EMIT placeChanged();
}

} // namespace semascope::app
