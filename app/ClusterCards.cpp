#include "app/ClusterCards.h"

#include "app/ClusterFiles.h"
#include "app/ClusterLabels.h"
#include "app/RowPictures.h"
#include "widgets/panels/Numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::app {

namespace {

constexpr int kSoonMs = 60; ///< changes that come together are looked at once

void addWords(std::vector<ui::ClusterCard>& cards, const ClusterWordsFound& found)
{
    const QString with =
        ClusterCards::tr("among %1 words (%2), by %3; %4 clustered rows")
            .arg(ui::countText(found.words->size()), found.vocabulary, found.model, ui::countText(found.rows));
    const QString chance =
        found.naming.chance > 0
            ? ClusterCards::tr("\nThe line in the bar: 95 of 100 random groups of these sizes find no "
                               "word above %1.")
                  .arg(ui::cosineText(found.naming.chance))
            : QString();
    for (std::size_t g = 0; g < std::min(cards.size(), found.naming.top.size()); ++g) {
        cards[g].chance = found.naming.chance;
        for (const core::NameCandidate& c : found.naming.top[g]) {
            ui::CardWord word;
            word.word = QString::fromStdString((*found.words)[c.word]);
            word.score = c.score;
            word.margin = c.margin;
            word.taken = word.word == cards[g].name;
            word.tip = ClusterCards::tr("“%1”: cosine %2 with what sets this cluster apart (its mean minus the mean of "
                                        "the others: the contrastive centroid), %3 against the best other cluster; %4."
                                        "\nClick to take it as the name.")
                           .arg(word.word, ui::cosineText(c.score), ui::contrastText(c.margin), with) +
                       chance;
            cards[g].words.push_back(std::move(word));
        }
    }
}

} // namespace

ClusterCards::ClusterCards(Session* session, QObject* parent) : QObject(parent), m_session(session)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    connect(&m_soon, &QTimer::timeout, this, &ClusterCards::start);
    for (const auto signal : {&Session::dataChanged, &Session::embeddingChanged, &Session::clusteringChanged}) {
        connect(session, signal, this, &ClusterCards::follow);
    }
    connect(session->selection(), &ui::SelectionModel::selectionChanged, this, [this] {
        count();
        Q_EMIT selectedChanged();
    });
}

std::shared_ptr<const ClusterFacts> ClusterCards::facts() const
{
    return m_facts && m_facts->of == m_session->document().clustering ? m_facts : nullptr;
}

void ClusterCards::follow()
{
    const core::Document& doc = m_session->document();
    const bool same = doc.clustering == m_seen && doc.embedding == m_embedding && m_session->data() == m_data &&
                      doc.userAttributes.size() == m_made;
    count();
    if (!same) {
        m_seen = doc.clustering;
        m_embedding = doc.embedding;
        m_data = m_session->data();
        m_made = doc.userAttributes.size();
        m_session->jobs()->cancel(m_job);
        m_job = 0;
        m_soon.start();
    }
    Q_EMIT changed();
}

void ClusterCards::start()
{
    const core::Document& doc = m_session->document();
    if (!doc.clustering || !doc.embedding || !m_session->data()) {
        return;
    }
    core::Document part; // what the job needs of it
    part.clustering = doc.clustering;
    part.clusterSample = doc.clusterSample;
    part.embedding = doc.embedding;
    FactsSpec spec{m_session->data(), doc.userAttributes, m_session->data()->vectors.has_value()};
    m_job = m_session->jobs()->start(
        core::Lane::Query, tr("Describing %1 clusters").arg(doc.clustering->sizes.size()), this,
        [part, spec](core::JobContext& job) {
            ClusterFacts facts;
            facts.of = part.clustering;
            try {
                if (const auto input = clusteredRows(part, facts.problem)) {
                    facts = clusterFacts(*input, spec, job);
                }
            } catch (const core::Error& e) {
                if (e.code() == core::Code::Cancelled) {
                    throw;
                }
                facts.problem = QString::fromUtf8(e.what());
            }
            return std::make_shared<const ClusterFacts>(std::move(facts));
        },
        [this](std::shared_ptr<const ClusterFacts> facts) {
            m_job = 0;
            m_facts = std::move(facts);
            Q_EMIT changed();
        });
}

void ClusterCards::count()
{
    const core::Document& doc = m_session->document();
    const ui::SelectionModel* selection = m_session->selection();
    m_selected.assign(doc.clustering ? doc.clustering->sizes.size() : 0, 0);
    if (selection->selectedCount() == 0 || m_selected.empty()) {
        return;
    }
    for (std::size_t r = 0; r < doc.clusterSample.size(); ++r) {
        if (doc.clusterSample[r] < selection->size() && selection->isSelected(doc.clusterSample[r])) {
            ++m_selected[static_cast<std::size_t>(doc.clustering->assignment[r])];
        }
    }
}

std::vector<std::uint32_t> ClusterCards::prototypes(std::size_t cluster, std::size_t most) const
{
    std::vector<std::uint32_t> samples;
    const auto known = facts();
    if (known && cluster < known->clusters.size()) {
        samples = known->clusters[cluster].prototypes;
    } else if (cluster < m_session->prototypes().size()) {
        samples = m_session->prototypes()[cluster];
    }
    samples.resize(std::min(most, samples.size()));
    return samples;
}

double ClusterCards::confidence(std::size_t cluster) const
{
    const auto known = facts();
    return known && cluster < known->clusters.size() ? known->clusters[cluster].confidence
                                                     : std::numeric_limits<double>::quiet_NaN();
}

QString ClusterCards::summary() const
{
    const auto& c = m_session->document().clustering;
    return !c ? QString()
              : tr("%1 clusters of %2 samples · %3, seed %4")
                        .arg(c->sizes.size())
                        .arg(ui::countText(c->assignment.size()), ui::methodName(c->spec.method))
                        .arg(c->spec.seed) +
                    (changedByHand(*c) ? tr(" · changed by hand") : QString());
}

void ClusterCards::addFacts(ui::ClusterCard& card, const ClusterFact& fact) const
{
    card.confidence = fact.confidence;
    card.outliers = fact.outliers;
    card.centreSample = fact.centreSample;
    if (!fact.decoded.empty()) {
        card.centre = pictureOf(fact.decoded, facts()->lo, facts()->hi);
        card.centreTip = tr("The centroid through the decoder: what the network takes for the middle of the cluster.");
    } else if (fact.centreSample >= 0) {
        card.centreTip = tr("The vectors are no pictures, so this is the sample of the cluster that is nearest to the "
                            "decoded centroid (by direction).");
    }
    if (std::isfinite(fact.confidence)) {
        const bool soft = !m_session->document().clustering->soft.empty();
        card.confidenceTip =
            soft ? tr("Mean confidence %1: the share of each sample that its cluster has (soft assignment).")
                       .arg(ui::cosineText(fact.confidence))
                 : tr("Mean confidence %1: how much nearer samples are to this cluster's centre than to the next, "
                      "1 − d₁/d₂; for trained networks the soft assignment.")
                       .arg(ui::cosineText(fact.confidence));
    }
    for (const core::Enrichment& e : fact.enrichment) {
        const bool more = e.value.empty() ? e.effect > 0 : e.logOdds > 0;
        card.facts.push_back({enrichmentText(e), enrichmentTip(e), more});
    }
}

std::vector<ui::ClusterCard> ClusterCards::cards(const ClusterWordsFound* found) const
{
    const core::Document& doc = m_session->document();
    std::vector<ui::ClusterCard> all;
    if (!doc.clustering) {
        return all;
    }
    const core::Clustering& c = *doc.clustering;
    const auto known = facts();
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
        ui::ClusterCard card;
        card.name = g < doc.clusterNames.size() ? QString::fromStdString(doc.clusterNames[g]) : QString();
        card.colour = ui::categoryColour(static_cast<int>(g), static_cast<int>(c.sizes.size()));
        card.size = c.sizes[g];
        card.share =
            c.assignment.empty() ? 0 : static_cast<double>(c.sizes[g]) / static_cast<double>(c.assignment.size());
        card.selected = g < m_selected.size() ? m_selected[g] : 0;
        card.prototypes = prototypes(g, FactsSpec::kPrototypes);
        if (known && g < known->clusters.size()) {
            addFacts(card, known->clusters[g]);
        }
        all.push_back(std::move(card));
    }
    if (found != nullptr) {
        addWords(all, *found);
    }
    return all;
}

} // namespace semascope::app
