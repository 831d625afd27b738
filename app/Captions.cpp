#include "app/Captions.h"

#include "app/Search.h"
#include "core/clip/Embedder.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Lane;

namespace {

/// Vectors of captions as an embedding: which sample each row is of follows from how many there are.
core::Embedding captionVectors(const core::Dataset& data, const core::Dataset& file)
{
    if (!file.vectors) {
        throw Error(Code::BadFormat, "“" + file.name + "” holds no vectors; an NPY file of numbers is needed.");
    }
    core::Embedding e;
    e.rows = *file.vectors;
    e.spec.modality = core::Modality::Text;
    e.spec.normalise = false;
    std::vector<std::uint32_t> perCaption, perSample;
    for (std::size_t s = 0; s < data.samples.size(); ++s) {
        perSample.push_back(static_cast<std::uint32_t>(s));
        perCaption.insert(perCaption.end(), data.samples[s].captions.size(), static_cast<std::uint32_t>(s));
    }
    const std::size_t rows = e.rows.rows();
    e.sampleIndex = rows == data.vectorSample.size() ? data.vectorSample
                    : rows == perSample.size()       ? perSample
                                                     : perCaption;
    if (e.sampleIndex.size() != rows) {
        throw Error(Code::Mismatch, "“" + file.name + "” has " + std::to_string(rows) + " rows; the dataset has " +
                                        std::to_string(perSample.size()) + " samples with " +
                                        std::to_string(perCaption.size()) + " captions: one row for each is needed.");
    }
    return e;
}

double distance(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (std::size_t j = 0; j < std::min(a.size(), b.size()); ++j) {
        const double step = static_cast<double>(a[j]) - static_cast<double>(b[j]);
        sum += step * step;
    }
    return std::sqrt(sum);
}

struct Nearest
{
    std::vector<core::Neighbour> rows;
    double gap = 0;
};

/// Rows of `said` nearest to a row of `seen`, the mean of each side subtracted.
Nearest nearestAcross(const float* vector, const core::RowSearch& seen, const core::RowSearch& said, std::size_t count,
                      const core::JobContext& job)
{
    if (seen.dim() != said.dim()) {
        throw Error(Code::Mismatch, "The captions' vectors have " + std::to_string(said.dim()) +
                                        " dimensions and the pictures' " + std::to_string(seen.dim()) +
                                        "; both must come from one model.");
    }
    core::RowSearch::Query query;
    query.vector = vector;
    query.count = count;
    query.centred = true;
    query.queryMean = seen.mean().data();
    return Nearest{said.nearest(query, job), distance(seen.mean(), said.mean())};
}

} // namespace

Captions::Captions(Session* session, std::shared_ptr<RowIndex> pictures, QObject* parent)
    : QObject(parent), m_session(session), m_pictures(std::move(pictures)), m_captions(std::make_shared<RowIndex>())
{
    connect(session, &Session::dataChanged, this, [this] {
        if (m_session->data() != m_data) { // else it only got another column
            m_data = m_session->data();
            forget();
            recount();
        }
    });
    connect(session, &Session::modelChanged, this, &Captions::forget);
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool ended = report.state == ui::JobReport::Failed || report.state == ui::JobReport::Cancelled;
        if (ended && report.id == m_job) {
            m_job = 0;
            Q_EMIT changed();
        }
    });
}

void Captions::forget()
{
    m_session->jobs()->cancel(m_job);
    m_session->jobs()->cancel(m_findJob);
    m_job = 0;
    m_sample = -1;
    m_embedding.reset();
    Q_EMIT changed();
}

/// Captions without pictures or vectors of their own are the embedding itself, and nothing to set beside it.
void Captions::recount()
{
    m_count = 0;
    m_beside.clear();
    const auto data = m_session->data();
    if (!data) {
        return;
    }
    bool pictures = data->vectors.has_value();
    for (std::size_t s = 0; s < data->samples.size(); ++s) {
        pictures = pictures || data->hasPicture(s);
        m_count += data->samples[s].captions.size();
    }
    m_count = pictures ? m_count : 0;
    m_beside = besideVectors();
    Q_EMIT changed();
}

/// image.npy has its captions in text.npy.
std::string Captions::besideVectors() const
{
    const auto data = m_session->data();
    const QFileInfo source(QString::fromLocal8Bit(data->source.c_str()));
    QString name = source.fileName();
    if (!data->vectors || !name.contains(QLatin1String("image"))) {
        return {};
    }
    const QFileInfo beside(source.dir(), name.replace(QLatin1String("image"), QLatin1String("text")));
    return beside.isFile() ? beside.filePath().toLocal8Bit().toStdString() : std::string();
}

QString Captions::problem() const
{
    const auto model = m_session->model();
    if (m_embedding || !m_beside.empty() || (model && model->tokenizer() != nullptr)) {
        return {};
    }
    return model ? QString::fromStdString(core::vocabularyHelp())
                 : tr("Captions need a CLIP model with its vocabulary, or vectors of their own (Analyse, Open caption "
                      "vectors).");
}

QString Captions::text(std::size_t row) const
{
    const auto data = m_session->data();
    const std::uint32_t sample = m_embedding->sampleIndex[row];
    if (!data || sample >= data->samples.size() || m_caption[row] >= data->samples[sample].captions.size()) {
        return {};
    }
    return QString::fromStdString(data->samples[sample].captions[m_caption[row]]).simplified();
}

void Captions::want()
{
    const auto data = m_session->data();
    if (m_embedding || m_job != 0 || !data || m_count == 0) {
        return;
    }
    const auto model = m_session->model();
    const auto& pictures = m_session->document().embedding;
    const bool fits = model && model->tokenizer() != nullptr && pictures &&
                      pictures->rows.cols() == static_cast<std::size_t>(model->info().clip.embedDim);
    if (!m_beside.empty() && !(fits && !data->vectors)) {
        openVectors(QString::fromLocal8Bit(m_beside.c_str()));
        return;
    }
    if (!fits) {
        Q_EMIT m_session->notice(
            problem().isEmpty() ? tr("The model's vectors have another length than the dataset's.") : problem(), true);
        return;
    }
    m_job = m_session->jobs()->start(
        Lane::Work, tr("Embedding %1 captions").arg(m_count), this,
        [data, model](core::JobContext& job) {
            return std::make_shared<const core::Embedding>(
                core::embed(*data, *model, core::Modality::Text, {true, core::StoreSpec{}}, job));
        },
        [this](std::shared_ptr<const core::Embedding> e) { adopt(std::move(e)); });
    Q_EMIT changed();
}

void Captions::openVectors(const QString& path)
{
    const auto data = m_session->data();
    if (!data) {
        return;
    }
    m_session->jobs()->cancel(m_job);
    core::OpenSpec spec;
    spec.path = path.toLocal8Bit().toStdString();
    m_job = m_session->jobs()->start(
        Lane::Work, tr("Opening caption vectors"), this,
        [data, spec](core::JobContext& job) {
            return std::make_shared<const core::Embedding>(captionVectors(*data, core::openDataset(spec, job)));
        },
        [this](std::shared_ptr<const core::Embedding> e) { adopt(std::move(e)); });
    Q_EMIT changed();
}

void Captions::adopt(std::shared_ptr<const core::Embedding> embedding)
{
    m_job = 0;
    m_embedding = std::move(embedding);
    m_caption.clear();
    std::vector<std::uint32_t> seen(m_session->data()->samples.size(), 0);
    for (const std::uint32_t sample : m_embedding->sampleIndex) {
        m_caption.push_back(seen[sample]++);
    }
    Q_EMIT changed();
    if (m_sample >= 0) {
        findNearest(m_sample, m_wanted);
    }
}

void Captions::findNearest(qint64 sample, std::size_t count)
{
    m_session->jobs()->cancel(m_findJob);
    m_sample = sample;
    m_wanted = count;
    if (!m_embedding) {
        want();
        return;
    }
    const auto pictures = m_session->document().embedding;
    if (!pictures || sample < 0) {
        Q_EMIT found(sample, {}, 0);
        return;
    }
    m_findJob = m_session->jobs()->start(
        Lane::Query, tr("Finding captions"), this,
        [pictures, sample, count, captions = m_embedding, pictureIndex = m_pictures,
         captionIndex = m_captions](core::JobContext& job) {
            const auto& samples = pictures->sampleIndex;
            const auto row = std::find(samples.begin(), samples.end(), static_cast<std::uint32_t>(sample));
            if (row == samples.end()) {
                return Nearest{};
            }
            const float* picture = pictures->rows.row(static_cast<std::size_t>(row - samples.begin()));
            return nearestAcross(picture, *pictureIndex->of(pictures, job), *captionIndex->of(captions, job), count,
                                 job);
        },
        [this, sample](const Nearest& near) {
            std::vector<ui::CaptionItem> items;
            for (const core::Neighbour& n : near.rows) {
                const std::uint32_t of = m_embedding->sampleIndex[n.row];
                items.push_back({of, text(n.row), static_cast<double>(n.cosine), of == sample});
            }
            Q_EMIT found(sample, items, near.gap);
        });
}

} // namespace semascope::app
