#include "app/Session.h"

#include "core/clip/EmbedSample.h"
#include "core/clip/Embedder.h"

#include <algorithm>
#include <map>

namespace semascope::app {

namespace {

constexpr std::size_t kMaxSmacof = 3000; ///< rows for which a first map by SMACOF is a matter of seconds

/// The map to show without being asked: distances kept where that is quick, straight axes where not.
core::LayoutSpec firstLayout(std::size_t rows)
{
    core::LayoutSpec spec;
    spec.method = rows <= kMaxSmacof ? "mds" : "pca";
    return spec;
}

/// The rows of `which` when `present` has all that could be embedded of them; null otherwise.
std::shared_ptr<const core::Embedding> rowsAlready(const std::shared_ptr<const core::Embedding>& present,
                                                   const core::Dataset& data, const std::vector<std::uint32_t>& which)
{
    std::vector<std::int64_t> rowOf(data.samples.size(), -1);
    for (std::size_t r = 0; r < present->sampleIndex.size(); ++r) {
        rowOf[present->sampleIndex[r]] = static_cast<std::int64_t>(r);
    }
    std::map<std::string, std::string> failed;
    for (const core::Skip& skip : present->skipped) {
        failed[skip.path] = skip.reason;
    }
    core::Embedding taken = *present;
    taken.sampleIndex.clear();
    taken.skipped.clear();
    std::vector<std::size_t> rows;
    for (const std::uint32_t s : which) {
        if (rowOf[s] >= 0) {
            rows.push_back(static_cast<std::size_t>(rowOf[s]));
            taken.sampleIndex.push_back(s);
        } else if (const auto skip = failed.find(data.samples[s].id); skip != failed.end()) {
            taken.skipped.push_back({skip->first, skip->second});
        } else {
            return nullptr;
        }
    }
    taken.rows = core::takeRows(present->rows, rows);
    return std::make_shared<const core::Embedding>(std::move(taken));
}

} // namespace

void Session::embedPictures()
{
    m_sample = 0;
    startEmbedding();
}

void Session::embedSample(std::size_t count)
{
    m_sample = count;
    startEmbedding();
}

void Session::startEmbedding()
{
    if (!m_data || !m_model) {
        Q_EMIT notice(tr("Open pictures and a model first, then the pictures can be embedded."), true);
        return;
    }
    const bool any = std::any_of(m_data->samples.begin(), m_data->samples.end(),
                                 [](const core::Sample& s) { return !s.path.empty(); }) ||
                     m_data->pictures.count > 0;
    const core::Modality what = any ? core::Modality::Picture : core::Modality::Text;
    m_jobs.cancel(m_embedJob);
    const auto data = m_data;
    const auto model = m_model;
    const std::size_t sample = any ? m_sample : 0;
    const bool same = m_doc.embedding && m_doc.embedding->spec.modelHash == model->weightsHash() &&
                      m_doc.embedding->spec.precision == model->precision();
    const auto present = same ? m_doc.embedding : nullptr;
    const QString name = QString::fromStdString(data->name);
    m_embedJob = m_jobs.start(
        core::Lane::Work,
        sample > 0 ? tr("Embedding %1 pictures of %2").arg(sample).arg(name) : tr("Embedding %1").arg(name), this,
        [data, model, what, sample, present](core::JobContext& job) {
            const core::EmbedOptions options{true, core::StoreSpec{}};
            if (sample == 0) {
                return std::make_shared<const core::Embedding>(core::embed(*data, *model, what, options, job));
            }
            const auto which = core::sampleOf(*data, sample);
            if (auto taken = present ? rowsAlready(present, *data, which) : nullptr) {
                return taken;
            }
            return std::make_shared<const core::Embedding>(core::embedSample(*data, which, *model, options, job));
        },
        [this](std::shared_ptr<const core::Embedding> e) { setEmbedding(std::move(e), true); },
        [this, present](std::shared_ptr<const void> partial) {
            auto e = std::static_pointer_cast<const core::Embedding>(partial);
            if (!present || !m_doc.embedding ||
                e->rows.rows() > m_doc.embedding->rows.rows()) { // never fewer than there were
                setEmbedding(std::move(e), false);
            }
        });
    m_anotherSpace = m_anotherSpace || !present;
    Q_EMIT embeddingStarted();
}

void Session::chooseCompute(const std::string& device, const std::string& precision)
{
    if (!m_model) {
        m_modelSpec.device = device;
        m_modelSpec.precision = precision;
        return;
    }
    core::ModelSpec spec = m_modelSpec;
    spec.device = device;
    spec.precision = precision;
    m_embedAnew = true;
    openModel(spec);
}

void Session::setEmbedding(std::shared_ptr<const core::Embedding> embedding, bool final)
{
    m_doc.embedding = std::move(embedding);
    if (final && !m_doc.embedding->skipped.empty()) {
        Q_EMIT notice(tr("%1 of the pictures could not be embedded; File, Export the list of skipped files tells why.")
                          .arg(m_doc.embedding->skipped.size()),
                      false);
    }
    Q_EMIT embeddingChanged();
    refreshScores();
    if (final) {
        finishLayout();
        leaveLostDevice();
        return;
    }
    m_early = m_early || !m_doc.layout || m_firstLayout;
    if (m_early) {
        followEmbedding();
    }
}

/// The map of all rows: as the user had asked for, or what fits their number.
void Session::finishLayout()
{
    const std::size_t rows = m_doc.embedding->rows.rows();
    const bool chosen = m_doc.layout && !m_early && !m_firstLayout && m_doc.layout->spec.method != ui::kCodeMap;
    core::LayoutSpec spec = chosen ? m_doc.layout->spec : firstLayout(rows);
    if (chosen && spec.method == "mds" && rows > kMaxSmacof && m_doc.layout->points.rows() <= kMaxSmacof) {
        Q_EMIT remark(tr("The map is by PCA now: MDS of %1 rows takes long.").arg(rows));
        spec = firstLayout(rows);
    }
    m_early = m_anotherSpace = false;
    reduce(spec, false);
    m_firstLayout = !chosen;
}

/// A GPU that failed for good: the next jobs, texts included, need a model that works.
void Session::leaveLostDevice()
{
    if (m_model && m_model->deviceName() != "cpu" && core::deviceLost(m_model->deviceName())) {
        core::ModelSpec spec = m_modelSpec;
        spec.device = "cpu";
        spec.precision = m_model->precision();
        openModel(spec);
    }
}

/// While rows still come in: an early map of the first ones (PCA: quick), then every new row is placed into it. Runs in
/// the preview lane, because the work lane is embedding.
void Session::followEmbedding()
{
    const auto embedding = m_doc.embedding;
    const auto layout = m_anotherSpace ? nullptr : m_doc.layout;
    struct Placed
    {
        std::shared_ptr<const core::Layout> layout;
        std::vector<std::uint32_t> sample;
    };
    m_jobs.start(
        core::Lane::Preview, tr("Placing new pictures"), this,
        [embedding, layout](core::JobContext& job) {
            if (!layout || !layout->projector) {
                core::LayoutSpec spec;
                spec.method = "pca";
                auto made = std::make_shared<const core::Layout>(core::reduce(embedding->rows, spec, job));
                return Placed{made, embedding->sampleIndex};
            }
            core::Layout grown;
            grown.spec = layout->spec;
            grown.projector = layout->projector;
            grown.points = layout->projector->place(embedding->rows);
            grown.inputRow.resize(grown.points.rows());
            for (std::size_t r = 0; r < grown.inputRow.size(); ++r) {
                grown.inputRow[r] = static_cast<std::uint32_t>(r);
            }
            return Placed{std::make_shared<const core::Layout>(std::move(grown)), embedding->sampleIndex};
        },
        [this, embedding](const Placed& placed) {
            const bool now = m_embedJob != 0 && m_doc.embedding && m_doc.embedding->spec == embedding->spec;
            if (now && placed.layout->points.rows() > 0) {
                m_anotherSpace = false;
                adoptLayout(placed.layout, placed.sample);
            }
        });
}

} // namespace semascope::app
