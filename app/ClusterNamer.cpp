#include "app/ClusterNamer.h"

#include "app/Captions.h"
#include "app/ClusterFacts.h"
#include "app/Settings.h"
#include "core/clip/WordVectors.h"

#include <QFileInfo>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace semascope::app {

namespace {

constexpr std::size_t kNouns = 5000; ///< of WordNet, by number of senses
constexpr std::size_t kMostLabels = 20000;

bool begins(const QString& key, const char* with)
{
    return key.startsWith(QLatin1String(with));
}

QString rest(const QString& key)
{
    return key.mid(key.indexOf(QLatin1Char(':')) + 1);
}

std::vector<std::string> utf8(const QStringList& texts)
{
    std::vector<std::string> all;
    for (const QString& text : texts) {
        all.push_back(text.toStdString());
    }
    return all;
}

/// The clustered rows of the embedding; no copy where that is all of them in order.
core::Matrix vectorsOf(const ClusteredRows& input)
{
    const std::vector<std::uint32_t>& rows = input.based->inputRow;
    bool all = rows.size() == input.x().rows();
    for (std::size_t r = 0; all && r < rows.size(); ++r) {
        all = rows[r] == r;
    }
    return all ? input.x() : core::takeRows(input.x(), {rows.begin(), rows.end()});
}

std::shared_ptr<const ClusterWordsFound> findNames(const core::Document& doc, const std::vector<std::string>& words,
                                                   const core::Matrix& vectors, core::JobContext& job)
{
    QString problem;
    const auto input = clusteredRows(doc, problem);
    if (!input) {
        throw core::Error(core::Code::Mismatch, problem.toStdString());
    }
    auto found = std::make_shared<ClusterWordsFound>();
    found->of = input->of;
    found->rows = input->based->assignment.size();
    found->words = std::make_shared<const std::vector<std::string>>(words);
    found->naming = core::nameClusters(vectorsOf(*input), input->based->assignment,
                                       static_cast<int>(input->based->sizes.size()), vectors, job);
    return found;
}

} // namespace

ClusterNamer::ClusterNamer(Session* session, Settings* settings, Captions* captions, QObject* parent)
    : QObject(parent), m_session(session), m_settings(settings), m_captions(captions)
{
    for (const auto signal :
         {&Session::dataChanged, &Session::modelChanged, &Session::embeddingChanged, &Session::clusteringChanged}) {
        connect(session, signal, this, &ClusterNamer::follow);
    }
    connect(captions, &Captions::changed, this, [this] {
        if (m_waiting && m_captions->embedding()) {
            m_waiting = false;
            runCaptions();
        } else if (m_waiting && !m_captions->busy()) {
            m_waiting = false;
        }
        Q_EMIT changed();
    });
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool over = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
        if (over && report.id == m_job) {
            m_job = 0;
            Q_EMIT changed();
        }
    });
}

std::shared_ptr<const ClusterWordsFound> ClusterNamer::found() const
{
    return m_found && m_found->of == m_session->document().clustering ? m_found : nullptr;
}

/// A naming of other clusters, or by another model, is of no use.
void ClusterNamer::follow()
{
    if (m_vectors && m_vectors->model && m_vectors->model != m_session->model()) {
        m_vectors.reset();
    }
    Q_EMIT changed();
}

QString ClusterNamer::modelProblem() const
{
    const auto model = m_session->model();
    const bool captions =
        m_captions->inDataset() && m_captions->problem().isEmpty() && problem(QStringLiteral("captions")).isEmpty();
    return !model ? (captions ? tr("Naming needs the CLIP that made the vectors: open it (Model, Open CLIP file), or "
                                   "choose the dataset's captions.")
                              : tr("Naming needs the CLIP that made the vectors: open it (Model, Open CLIP file)."))
           : model->tokenizer() == nullptr ? tr("The open CLIP has no vocabulary, so it cannot read words. %1")
                                                 .arg(QString::fromStdString(core::vocabularyHelp()))
                                           : QString();
}

/// Whether words of the open model and the clustered vectors can be compared.
QString ClusterNamer::spaceProblem() const
{
    const auto model = m_session->model();
    const auto& e = m_session->document().embedding;
    if (!model || !e) {
        return {};
    }
    const auto own = static_cast<std::size_t>(model->info().clip.embedDim);
    if (own != e->rows.cols()) {
        return tr("The clustered vectors have %1 numbers and the open CLIP gives %2: open the model that made them.")
            .arg(e->rows.cols())
            .arg(own);
    }
    return !e->spec.modelHash.empty() && e->spec.modelHash != model->weightsHash()
               ? tr("The clustered vectors were made by another model than the one that is open.")
               : QString();
}

QString ClusterNamer::problem(const QString& key) const
{
    const core::Document& doc = m_session->document();
    if (!doc.clustering) {
        return tr("There are no clusters to name yet.");
    }
    if (!doc.embedding) {
        return tr("The vectors that were clustered are not here.");
    }
    if (key == QLatin1String("captions") && (m_captions->embedding() || m_captions->problem().isEmpty())) {
        const auto& captions = m_captions->embedding();
        return captions && captions->rows.cols() != doc.embedding->rows.cols()
                   ? tr("The captions' vectors have %1 numbers and the clustered ones %2: they are of other models.")
                         .arg(captions->rows.cols())
                         .arg(doc.embedding->rows.cols())
                   : QString();
    }
    const QString model = modelProblem();
    return model.isEmpty() ? spaceProblem() : model;
}

std::vector<ui::VocabularyItem> ClusterNamer::vocabularies() const
{
    std::vector<ui::VocabularyItem> all;
    const auto add = [this, &all](const QString& key, const QString& tip) {
        all.push_back({key, vocabularyTitle(key), tip});
    };
    add(QStringLiteral("general"), tr("Things, animals, food, people, places, actions, materials and looks: %1 words")
                                       .arg(core::generalVocabulary().size()));
    if (!core::wordnetNouns().empty()) {
        add(QStringLiteral("wordnet"), tr("The %1 most used nouns of WordNet, as installed here").arg(kNouns));
    }
    if (m_captions->inDataset()) {
        add(QStringLiteral("captions"), tr("Every caption of the dataset is a candidate for a name"));
    }
    if (m_session->data()) {
        for (const core::Attribute& a : m_session->data()->attributes) {
            if (!a.numeric() && a.labels.size() > 1 && a.labels.size() <= kMostLabels) {
                add(QStringLiteral("attribute:") + QString::fromStdString(a.name),
                    tr("The values of this column: %1 words").arg(a.labels.size()));
            }
        }
    }
    add(QStringLiteral("own"), tr("Your own list; “words…” edits it"));
    const QString file = m_settings->clusterVocabulary();
    if (begins(file, "file:")) {
        add(file, rest(file));
    }
    return all;
}

QString ClusterNamer::vocabularyTitle(const QString& key) const
{
    return key == QLatin1String("general")    ? tr("general words")
           : key == QLatin1String("wordnet")  ? tr("nouns of WordNet")
           : key == QLatin1String("captions") ? tr("the dataset's captions")
           : key == QLatin1String("own")      ? tr("own words")
           : begins(key, "attribute:")        ? tr("values of “%1”").arg(rest(key))
                                              : QFileInfo(rest(key)).fileName();
}

std::vector<std::string> ClusterNamer::words(const QString& key) const
{
    if (key == QLatin1String("wordnet")) {
        return core::readWordnet(core::wordnetNouns(), kNouns);
    }
    if (key == QLatin1String("own")) {
        const QStringList own = m_settings->clusterWords();
        return own.isEmpty() ? core::generalVocabulary() : utf8(own);
    }
    if (begins(key, "file:")) {
        return core::readWordList(rest(key).toLocal8Bit().toStdString());
    }
    if (key == QLatin1String("captions") && m_session->data()) {
        std::vector<std::string> texts;
        for (const core::Sample& s : m_session->data()->samples) {
            texts.insert(texts.end(), s.captions.begin(), s.captions.end());
        }
        return texts;
    }
    if (begins(key, "attribute:") && m_session->data()) {
        for (const core::Attribute& a : m_session->data()->attributes) {
            if (a.name == rest(key).toStdString()) {
                return a.labels;
            }
        }
    }
    return core::generalVocabulary();
}

void ClusterNamer::run(const QString& key)
{
    const QString lacking = problem(key);
    if (running() || !lacking.isEmpty()) {
        return;
    }
    if (key == QLatin1String("captions")) {
        if (m_captions->embedding()) {
            runCaptions();
            return;
        }
        m_waiting = true;
        m_captions->want();
        m_waiting = m_captions->busy();
        Q_EMIT changed();
        return;
    }
    try {
        runWords(key, words(key));
    } catch (const core::Error& e) {
        Q_EMIT m_session->notice(QString::fromUtf8(e.what()), true);
    }
}

void ClusterNamer::runWords(const QString& key, std::vector<std::string> words)
{
    const auto model = m_session->model();
    const bool known = m_vectors && m_vectors->model == model && m_vectors->asked == words;
    const auto kept = known ? m_vectors : nullptr;
    start(
        [model, kept, words = std::move(words)](core::JobContext& job) {
            if (kept) {
                return kept;
            }
            auto made = std::make_shared<Vectors>();
            made->model = model;
            made->asked = words;
            made->words = std::make_shared<const std::vector<std::string>>(words);
            made->rows = core::wordVectors(*model, {words, core::nameTemplates(), core::StoreSpec{}}, job);
            return std::shared_ptr<const Vectors>(made);
        },
        key);
}

/// Of captions that are equal the first counts.
void ClusterNamer::runCaptions()
{
    const auto captions = m_captions->embedding();
    auto made = std::make_shared<Vectors>();
    std::vector<std::string> texts;
    std::vector<std::size_t> rows;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t r = 0; r < captions->rows.rows(); ++r) {
        std::string text = m_captions->text(r).toStdString();
        if (!text.empty() && seen.emplace(text, r).second) {
            texts.push_back(std::move(text));
            rows.push_back(r);
        }
    }
    if (texts.empty()) {
        Q_EMIT m_session->notice(tr("The captions have vectors but no texts, so they name nothing."), true);
        return;
    }
    made->words = std::make_shared<const std::vector<std::string>>(std::move(texts));
    start(
        [captions, made, rows](core::JobContext&) {
            made->rows = core::takeRows(captions->rows, rows);
            return std::shared_ptr<const Vectors>(made);
        },
        QStringLiteral("captions"));
}

void ClusterNamer::start(std::function<std::shared_ptr<const Vectors>(core::JobContext&)> make, const QString& key)
{
    core::Document doc; // what the job needs of it
    doc.clustering = m_session->document().clustering;
    doc.clusterSample = m_session->document().clusterSample;
    doc.embedding = m_session->document().embedding;
    const QString title = vocabularyTitle(key);
    const auto model = m_session->model();
    m_job = m_session->jobs()->start(
        core::Lane::Work, tr("Naming %1 clusters with %2").arg(doc.clustering->sizes.size()).arg(title), this,
        [doc, make = std::move(make)](core::JobContext& job) {
            const auto vectors = make(job);
            job.progress("finding names", "step", 0, 1);
            return Outcome{findNames(doc, *vectors->words, vectors->rows, job), vectors};
        },
        [this, title, model](const Outcome& outcome) {
            m_job = 0;
            if (outcome.vectors->model) {
                m_vectors = outcome.vectors;
            }
            auto found = std::make_shared<ClusterWordsFound>(*outcome.found);
            found->vocabulary = title;
            found->model = outcome.vectors->model ? QString::fromStdString(outcome.vectors->model->info().name)
                                                  : tr("the captions' own vectors");
            m_found = std::move(found);
            if (m_found->of == m_session->document().clustering) {
                Q_EMIT named();
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void ClusterNamer::cancel()
{
    m_waiting = false;
    m_session->jobs()->cancel(m_job);
    Q_EMIT changed();
}

} // namespace semascope::app
