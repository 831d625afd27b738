#include "app/Captions.h"
#include "app/ExplorePage.h"
#include "app/Search.h"
#include "core/clip/ScoreMeaning.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/GalleryView.h"
#include "widgets/panels/Numbers.h"
#include "widgets/vtk/MapView.h"

#include <QTimer>

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

constexpr int kHoverSide = 128;
constexpr std::size_t kNeighbours = 12;

QString attributeText(const core::Attribute& a, std::size_t sample)
{
    if (a.numeric()) {
        const double value = a.numbers[sample];
        const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
        return !std::isfinite(value) ? QString()
               : whole               ? QString::number(static_cast<qint64>(value))
                                     : QString::number(value, 'g', 5);
    }
    const std::int32_t c = a.categories[sample];
    return c < 0 ? QString() : QString::fromStdString(a.labels[static_cast<std::size_t>(c)]);
}

/// The prompt that colours the map, or −1.
int colouringPrompt(const core::Document& doc)
{
    const std::string& by = doc.view.colourBy;
    return by.rfind("prompt:", 0) == 0 ? std::stoi(by.substr(7)) : -1;
}

double valueAt(const std::vector<float>& values, std::size_t sample)
{
    return sample < values.size() ? static_cast<double>(values[sample]) : ui::PromptScore::kNone;
}

ui::PromptScore scoreOf(const core::Document& doc, std::size_t prompt, const ui::PromptValues& values,
                        std::size_t sample)
{
    ui::PromptScore score;
    score.front = ui::shownKind(doc.view, doc.prompts[prompt]);
    score.cosine = valueAt(values.cosine, sample);
    score.percentile = valueAt(values.percentile, sample);
    score.contrast = valueAt(values.contrast, sample);
    score.probability = valueAt(values.probability, sample);
    const ui::PromptValues::Range range = values.rangeOf(score.front);
    score.lo = range.lo;
    score.median = range.median;
    score.hi = range.hi;
    score.cosineLo = values.cosineRange.lo;
    score.cosineMedian = values.cosineRange.median;
    score.cosineHi = values.cosineRange.hi;
    score.n = values.cosineRange.n;
    return score;
}

/// Vectors from a file may be of anything.
QString neighbourLine(const core::Dataset& data, const core::Embedding& embedding)
{
    const QString of = ui::countText(embedding.rows.rows());
    const bool texts = embedding.spec.modality == core::Modality::Text;
    return data.vectors ? ExplorePage::tr("cosine, within the %1 vectors").arg(of)
           : texts      ? ExplorePage::tr("cosine, within the %1 captions").arg(of)
                        : ExplorePage::tr("cosine, within the %1 pictures").arg(of);
}

} // namespace

void ExplorePage::connectDetails()
{
    connect(m_details, &ui::DetailsPanel::promptChosen, this,
            [this](int prompt) { m_session->colourBy("prompt:" + std::to_string(prompt)); });
    connect(m_details, &ui::DetailsPanel::scoreKindChosen, m_session, &Session::showPromptValue);
    connect(m_details, &ui::DetailsPanel::contrastWanted, this, &ExplorePage::contrastWanted);
    connect(m_session, &Session::coloursChanged, this, &ExplorePage::showScores);
    connect(m_session, &Session::embeddingChanged, this,
            [this] { m_search->findNeighbours(m_details->sample(), kNeighbours); });
    connect(m_search, &Search::neighboursFound, this, &ExplorePage::showNeighbours);
    Captions* captions = m_search->captions();
    ui::NeighbourPanel* panel = m_details->neighbours();
    connect(captions, &Captions::changed, this, &ExplorePage::showCaptionOffer);
    connect(m_session, &Session::modelChanged, this, &ExplorePage::showCaptionOffer);
    connect(panel, &ui::NeighbourPanel::captionsWanted, this, [this, captions] {
        captions->findNearest(m_details->sample(), ui::CaptionList::kRows);
        showCaptionOffer();
    });
    connect(panel, &ui::NeighbourPanel::likeThisWanted, this, [this] { m_search->likeSample(m_details->sample()); });
    connect(captions, &Captions::found, this,
            [this, panel](qint64 sample, const std::vector<ui::CaptionItem>& items, double gap) {
                if (sample == m_details->sample()) {
                    panel->setCaptions(
                        items, tr("centred cosine, picture to caption; gap %1 subtracted").arg(ui::cosineText(gap)),
                        QString::fromStdString(core::neighbourMeaning(true)));
                }
            });
}

void ExplorePage::showNeighbours(qint64 sample, const std::vector<core::Neighbour>& neighbours)
{
    if (sample != m_details->sample()) {
        return;
    }
    std::vector<ui::NeighbourItem> items;
    for (const core::Neighbour& n : neighbours) {
        items.push_back({n.row, static_cast<double>(n.cosine)});
    }
    const auto& embedding = m_session->document().embedding;
    const auto samples = m_session->data();
    const QString line = embedding && samples ? neighbourLine(*samples, *embedding) : QString();
    m_details->neighbours()->setNeighbours(std::move(items), line,
                                           QString::fromStdString(core::neighbourMeaning(false)));
}

void ExplorePage::showCaptionOffer()
{
    const Captions* captions = m_search->captions();
    ui::NeighbourPanel* panel = m_details->neighbours();
    panel->setCaptionsOffered(captions->inDataset(), captions->problem());
    if (panel->showsCaptions() && captions->busy()) {
        panel->setCaptionsBusy(tr("Embedding %1 captions…").arg(ui::countText(captions->count())));
    }
}

void ExplorePage::showCurrent(qint64 sample)
{
    ui::SampleFacts facts;
    const auto samples = m_session->data();
    const core::Document& doc = m_session->document();
    if (samples && sample >= 0) {
        const auto at = static_cast<std::size_t>(sample);
        for (const core::Attribute* a : ui::allAttributes(*samples, doc)) {
            const QString text = attributeText(*a, at);
            if (!text.isEmpty()) {
                facts.attributes.emplace_back(QString::fromStdString(a->name), text);
            }
        }
        const auto found =
            std::find(doc.clusterSample.begin(), doc.clusterSample.end(), static_cast<std::uint32_t>(sample));
        if (doc.clustering && found != doc.clusterSample.end()) {
            const auto cluster =
                doc.clustering->assignment[static_cast<std::size_t>(found - doc.clusterSample.begin())];
            facts.cluster = QString::fromStdString(doc.clusterNames[static_cast<std::size_t>(cluster)]);
        }
        if (samples->samples[at].transparent) {
            facts.notes << tr("The model sees the colours under the transparency.");
        }
    }
    const bool first = m_details->sample() < 0 && sample >= 0;
    m_details->setSample(sample, facts);
    m_gallery->setCurrent(sample, false);
    showScores();
    if (first) {
        QTimer::singleShot(0, this, &ExplorePage::makeRoom); // once the panel knows its size
    }
    m_search->findNeighbours(sample, kNeighbours);
    if (m_details->neighbours()->showsCaptions()) {
        m_search->captions()->findNearest(sample, ui::CaptionList::kRows);
    }
}

void ExplorePage::showScores()
{
    const core::Document& doc = m_session->document();
    const qint64 sample = m_details->sample();
    const int active = colouringPrompt(doc);
    ui::ScoreHeader::Facts header;
    header.logitScale = doc.view.logitScale;
    for (std::size_t i = 0; i < doc.prompts.size(); ++i) {
        header.prompts += m_session->hasScores(i) ? 1 : 0;
    }
    std::vector<ui::PromptScore> scores;
    for (std::size_t i = 0; i < doc.prompts.size(); ++i) {
        ui::PromptScore score;
        if (sample >= 0 && m_session->hasScores(i)) {
            score = scoreOf(doc, i, m_session->scores(i), static_cast<std::size_t>(sample));
            header.n = score.n;
        }
        score.front = ui::shownKind(doc.view, doc.prompts[i]);
        score.text = QString::fromStdString(doc.prompts[i].text);
        score.opposite = QString::fromStdString(doc.prompts[i].opposite);
        score.neutral = doc.prompts[i].neutral;
        score.prompts = header.prompts;
        score.logitScale = header.logitScale;
        if (i == 0 || static_cast<int>(i) == active) {
            header.front = score.front;
        }
        scores.push_back(score);
    }
    m_details->setScores(scores, active, header);
    if (!m_anyPrompts && !scores.empty()) {
        QTimer::singleShot(0, this, &ExplorePage::makeRoom);
    }
    m_anyPrompts = !scores.empty();
}

void ExplorePage::showHover(qint64 sample)
{
    m_hovered = sample;
    m_gallery->setHovered(sample);
    const auto samples = m_session->data();
    if (!samples || sample < 0) {
        m_map->setHoverCard({}, {});
        return;
    }
    const auto at = static_cast<std::size_t>(sample);
    QStringList lines{ui::sampleName(*samples, at)};
    if (!samples->samples[at].captions.empty()) {
        lines << QString::fromStdString(samples->samples[at].captions.front());
    }
    for (const core::Attribute* a : ui::allAttributes(*samples, m_session->document())) {
        const QString text = attributeText(*a, at);
        if (!text.isEmpty() && lines.size() < 6) {
            lines << QString::fromStdString(a->name) + QStringLiteral(": ") + text;
        }
    }
    QImage picture;
    if (samples->hasPicture(at)) {
        picture = m_thumbnails->findAny(static_cast<std::uint32_t>(sample), kHoverSide);
        m_thumbnails->request(static_cast<std::uint32_t>(sample), kHoverSide);
    }
    m_map->setHoverCard(picture, lines.join(QLatin1Char('\n')));
}

} // namespace semascope::app
