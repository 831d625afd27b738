#include "app/Session.h"

#include "core/checkpoint/Detect.h"
#include "core/clip/Embedder.h"
#include "core/session/Sample.h"

#include <QFileInfo>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace semascope::app {

using ui::JobRunner;

namespace {

std::string absolutePath(const std::string& path)
{
    return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

} // namespace

Session::Session(QObject* parent) : QObject(parent)
{
    connect(&m_jobs, &JobRunner::jobFailed, this, [this](const QString& title, const QString& message) {
        Q_EMIT notice(title + QStringLiteral(": ") + message, true);
    });
    connect(&m_jobs, &JobRunner::jobNote, this, [this](const QString& sentence) { Q_EMIT notice(sentence, false); });
    connect(&m_jobs, &JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        if (report.state == ui::JobReport::Waiting || report.state == ui::JobReport::Running) {
            return;
        }
        for (quint64* job : {&m_embedJob, &m_layoutJob, &m_openJob, &m_modelJob}) {
            if (*job == report.id) {
                *job = 0;
            }
        }
    });
}

std::vector<std::uint32_t> Session::selectedOrAll(bool selectionOnly) const
{
    if (selectionOnly) {
        return m_selection.selected();
    }
    std::vector<std::uint32_t> all(m_data ? m_data->samples.size() : 0);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<std::uint32_t>(i);
    }
    return all;
}

void Session::open(const std::string& path)
{
    enum class Kind { Document, Network, Checkpoint, Data };
    m_jobs.start(
        core::Lane::Query, tr("Looking at %1").arg(QString::fromLocal8Bit(path.c_str())), this,
        [path](core::JobContext&) {
            return core::isDocument(path)            ? Kind::Document
                   : core::isDeepModel(path)         ? Kind::Network
                   : core::looksLikeCheckpoint(path) ? Kind::Checkpoint
                                                     : Kind::Data;
        },
        [this, path](Kind kind) {
            if (kind == Kind::Document) {
                openDocument(path);
            } else if (kind == Kind::Network) {
                Q_EMIT networkOpened(QString::fromLocal8Bit(path.c_str()));
            } else if (kind == Kind::Checkpoint) {
                core::ModelSpec spec;
                spec.path = path;
                openModel(spec);
            } else {
                core::OpenSpec spec;
                spec.path = path;
                openData(spec);
            }
        });
}

void Session::cancelWork()
{
    for (const quint64 job : {m_openJob, m_embedJob, m_layoutJob}) {
        m_jobs.cancel(job);
    }
    Q_EMIT dataLeaving();
}

void Session::openSample()
{
    m_jobs.start(
        core::Lane::Work, tr("Preparing the built-in sample"), this,
        [](core::JobContext& job) { return core::builtInSample(core::builtInSampleFolder(), job); },
        [this](const core::SampleFiles& files) {
            core::ModelSpec model;
            model.path = files.model;
            openModel(model);
            core::OpenSpec spec;
            spec.path = files.pictures;
            openData(spec);
            Q_EMIT sampleOpened();
        });
}

void Session::openData(const core::OpenSpec& asked)
{
    core::OpenSpec spec = asked; // a session file must find its data from any folder
    for (std::string* path : {&spec.path, &spec.metadata, &spec.pictureFolder}) {
        *path = absolutePath(*path);
    }
    cancelWork(); // whatever runs is about the data that are being left
    m_openJob = m_jobs.start(
        core::Lane::Work, tr("Opening %1").arg(QFileInfo(QString::fromLocal8Bit(spec.path.c_str())).fileName()), this,
        [spec](core::JobContext& job) { return std::make_shared<const core::Dataset>(core::openDataset(spec, job)); },
        [this, spec](std::shared_ptr<const core::Dataset> data) {
            const core::Document kept = m_doc;
            m_doc = {};
            m_doc.prompts = kept.prompts; // a prompt's vector belongs to the model, not to the pictures
            m_doc.modelPath = kept.modelPath;
            m_doc.modelName = kept.modelName;
            m_doc.modelHash = kept.modelHash;
            m_doc.vocabulary = kept.vocabulary;
            m_doc.view.pointSize = kept.view.pointSize;
            m_doc.view.opacity = kept.view.opacity;
            m_doc.view.promptValue = kept.view.promptValue;
            m_doc.view.logitScale = kept.view.logitScale;
            m_doc.dataset = spec;
            m_path.clear();
            setData(std::move(data));
        });
}

void Session::setData(std::shared_ptr<const core::Dataset> data)
{
    m_data = std::move(data);
    m_early = m_firstLayout = false;
    m_sample = 0;
    m_prototypes.clear();
    m_passing.reset();
    m_doc.datasetHash = m_data->contentHash;
    m_doc.sampleIds.clear();
    for (const core::Sample& s : m_data->samples) {
        m_doc.sampleIds.push_back(s.id);
    }
    m_selection.reset(m_data->samples.size());
    const auto attribute =
        std::find_if(m_data->attributes.begin(), m_data->attributes.end(), [](const core::Attribute& a) {
            return !a.numeric() && a.labels.size() > 1 && a.labels.size() <= 30;
        });
    if (attribute != m_data->attributes.end()) {
        m_doc.view.colourBy = "attribute:" + attribute->name;
    }
    Q_EMIT dataChanged();
    Q_EMIT layoutChanged(false);
    Q_EMIT clusteringChanged();
    if (m_data->vectors) {
        adoptVectors();
    } else {
        Q_EMIT embeddingChanged();
        refreshScores();
        if (m_model) {
            embedPictures();
        }
    }
}

void Session::adoptVectors()
{
    core::Embedding e;
    e.rows = *m_data->vectors;
    e.sampleIndex = m_data->vectorSample;
    e.spec.normalise = false;
    setEmbedding(std::make_shared<const core::Embedding>(std::move(e)), true);
}

void Session::openModel(const core::ModelSpec& asked)
{
    core::ModelSpec spec = asked;
    spec.path = absolutePath(spec.path);
    spec.vocabulary = absolutePath(spec.vocabulary);
    spec.device = spec.device == "auto" ? m_modelSpec.device : spec.device;
    spec.precision = spec.precision == "auto" ? m_modelSpec.precision : spec.precision;
    const bool anew = std::exchange(m_embedAnew, false);
    m_jobs.cancel(m_modelJob);
    m_jobs.cancel(m_embedJob);
    m_modelJob = m_jobs.start(
        core::Lane::Work, tr("Opening the model"), this,
        [spec](core::JobContext& job) { return openModelOrAsk(spec, job); },
        [this, anew](const std::variant<OpenedModel, ModelQuestion>& answer) {
            const auto* opened = std::get_if<OpenedModel>(&answer);
            if (opened == nullptr) {
                m_embedAnew = anew;
                Q_EMIT modelQuestion(std::get<ModelQuestion>(answer));
                return;
            }
            m_model = opened->model;
            m_modelSpec = opened->spec;
            m_doc.modelPath = m_modelSpec.path;
            m_doc.vocabulary = m_modelSpec.vocabulary;
            m_doc.modelName = m_model->info().name;
            const bool same = m_doc.modelHash == m_model->weightsHash();
            m_doc.modelHash = m_model->weightsHash();
            m_doc.view.logitScale = m_model->logitScale();
            if (!same) {
                for (core::Prompt& p : m_doc.prompts) {
                    p.vector.clear();
                    p.oppositeVector.clear();
                }
            }
            Q_EMIT modelChanged();
            encodePrompts();
            const bool ownVectors = m_data && m_data->vectors;
            if (m_data && !ownVectors && (anew || !(same && m_doc.embedding))) {
                startEmbedding();
            }
        });
}

void Session::select(const std::vector<std::uint32_t>& samples, core::Combine mode)
{
    m_selection.select(samples, mode);
}

void Session::showSample(std::int64_t sample)
{
    m_doc.current = sample;
    m_selection.setCurrent(sample);
}

void Session::setCamera(const core::Camera& camera)
{
    m_doc.view.camera = camera;
}

void Session::setPointLook(double size, double opacity)
{
    m_doc.view.pointSize = size;
    m_doc.view.opacity = opacity;
}

void Session::setThumbnails(bool on)
{
    m_doc.view.thumbnails = on;
}

void Session::colourBy(const std::string& what)
{
    if (m_doc.view.colourBy != what) {
        m_doc.view.colourBy = what;
        m_doc.view.hidden.clear();
        refreshColours();
    }
}

void Session::toggleLegendEntry(int entry)
{
    if (entry < 0 || entry >= m_colouring.legend.entries.size()) {
        return;
    }
    const std::string label = m_colouring.legend.entries[entry].label.toStdString();
    auto& hidden = m_doc.view.hidden;
    const auto found = std::find(hidden.begin(), hidden.end(), label);
    if (found == hidden.end()) {
        hidden.push_back(label);
    } else {
        hidden.erase(found);
    }
    refreshColours();
}

void Session::refreshColours()
{
    if (!m_data) {
        return;
    }
    if (m_passing) {
        m_passing->view = m_doc.view;
        m_passing->prompts = m_doc.prompts;
        m_passing->userAttributes = m_doc.userAttributes;
    }
    m_colouring = ui::colourSamples(*m_data, shown(), m_scores);
    std::vector<std::uint8_t> visible(m_data->samples.size(), 1);
    for (std::size_t s = 0; s < visible.size(); ++s) {
        const std::int32_t e = m_colouring.entry[s];
        visible[s] = e >= 0 && m_colouring.legend.entries[e].hidden ? 0 : 1;
    }
    m_selection.filter(QStringLiteral("legend"), visible);
    Q_EMIT coloursChanged();
}

void Session::makeAttribute(const QString& name)
{
    if (!m_data || m_selection.selectedCount() == 0 || name.trimmed().isEmpty()) {
        return;
    }
    core::Attribute a;
    a.name = name.trimmed().toStdString();
    a.labels = {"other", a.name};
    a.categories.resize(m_data->samples.size());
    for (std::size_t s = 0; s < a.categories.size(); ++s) {
        a.categories[s] = m_selection.isSelected(s) ? 1 : 0;
    }
    addAttribute(std::move(a), true);
}

void Session::addAttribute(core::Attribute attribute, bool colour)
{
    const std::size_t values = attribute.numeric() ? attribute.numbers.size() : attribute.categories.size();
    if (!m_data || values != m_data->samples.size()) {
        return;
    }
    const std::string name = attribute.name;
    std::erase_if(m_doc.userAttributes, [&name](const core::Attribute& other) { return other.name == name; });
    m_doc.userAttributes.push_back(std::move(attribute));
    if (colour) {
        m_doc.view.hidden.clear();
        m_doc.view.colourBy = "attribute:" + name;
    }
    Q_EMIT dataChanged();
    refreshColours();
}

core::Document Session::snapshot() const
{
    core::Document doc = m_doc;
    doc.selected = m_selection.selectedBytes();
    doc.current = m_selection.current();
    if (m_passing && m_passing->layout != m_doc.layout) {
        doc.view.camera = m_cameraBefore;
    }
    return doc;
}

} // namespace semascope::app
