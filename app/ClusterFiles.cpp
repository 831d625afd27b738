#include "app/ClusterFiles.h"

#include "core/data/Arrays.h"
#include "core/data/Csv.h"
#include "widgets/panels/Numbers.h"

#include <QFile>

namespace semascope::app {

namespace {

std::string idsOf(const core::Dataset& data, const std::vector<std::uint32_t>& samples)
{
    std::string text;
    for (const std::uint32_t s : samples) {
        text += (text.empty() ? "" : "; ") + data.samples[s].id;
    }
    return core::csvField(text);
}

std::string wordsOf(const ClusterWordsFound& found, std::size_t cluster)
{
    std::string text;
    for (const core::NameCandidate& c : found.naming.top[cluster]) {
        text += (text.empty() ? "" : "; ") + (*found.words)[c.word] + " (" + core::csvNumber(c.score) + ", " +
                core::csvNumber(c.margin) + ")";
    }
    return core::csvField(text);
}

double share(std::size_t part, std::size_t of)
{
    return of > 0 ? static_cast<double>(part) / static_cast<double>(of) : 0;
}

} // namespace

QString enrichmentText(const core::Enrichment& e)
{
    const QString name = QString::fromStdString(e.attribute);
    if (e.value.empty()) {
        return QObject::tr("%1: mean %2, elsewhere %3")
            .arg(name, ui::numberText(e.meanInside), ui::numberText(e.meanOutside));
    }
    return QObject::tr("%1 = %2: %3 of %4, elsewhere %5")
        .arg(name, QString::fromStdString(e.value), ui::probabilityText(share(e.inside, e.insideOf)),
             ui::countText(e.insideOf), ui::probabilityText(share(e.outside, e.outsideOf)));
}

QString enrichmentTip(const core::Enrichment& e)
{
    const QString p = e.pValue < 1e-4 ? QString::number(e.pValue, 'e', 0) : QString::number(e.pValue, 'g', 2);
    if (e.value.empty()) {
        return QObject::tr("%1\nMeans of %2 samples in the cluster and %3 elsewhere; difference %4 deviations (Cohen's "
                           "d).\np = %5: Welch's t test, two-sided, times the number of tests (Bonferroni).")
            .arg(enrichmentText(e), ui::countText(e.insideOf), ui::countText(e.outsideOf),
                 QString::number(e.effect, 'f', 2), p);
    }
    return QObject::tr("%1\n%2 of %3 in the cluster, %4 of %5 elsewhere, where the attribute is known; log odds ratio "
                       "%6.\np = %7: Fisher's exact test, two-sided, times the number of tests (Bonferroni).")
        .arg(enrichmentText(e), ui::countText(e.inside), ui::countText(e.insideOf), ui::countText(e.outside),
             ui::countText(e.outsideOf), QString::number(e.logOdds, 'f', 2), p);
}

std::string clusterRowsCsv(const ClusterFile& file)
{
    const core::Clustering& c = *file.clustering;
    const bool graded = c.confidence.size() == c.assignment.size();
    std::string text = graded ? "id,cluster,name,confidence\n" : "id,cluster,name\n";
    for (std::size_t r = 0; r < c.assignment.size() && r < file.sample.size(); ++r) {
        const auto g = static_cast<std::size_t>(c.assignment[r]);
        text += core::csvField(file.data->samples[file.sample[r]].id) + "," + std::to_string(g + 1) + "," +
                core::csvField(file.names[g]);
        text += graded ? "," + core::csvNumber(static_cast<double>(c.confidence[r])) : "";
        text += '\n';
    }
    return text;
}

std::string clusterTableCsv(const ClusterFile& file)
{
    const core::Clustering& c = *file.clustering;
    std::string text = "cluster,name,size,share,mean_confidence,prototypes,outliers,words,attributes\n";
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
        text += std::to_string(g + 1) + "," + core::csvField(file.names[g]) + "," + std::to_string(c.sizes[g]) + "," +
                core::csvNumber(share(c.sizes[g], c.assignment.size()));
        const bool facts = file.facts && g < file.facts->clusters.size();
        const ClusterFact fact = facts ? file.facts->clusters[g] : ClusterFact{};
        text += "," + (facts ? core::csvNumber(fact.confidence) : std::string());
        text += "," + idsOf(*file.data, fact.prototypes) + "," + idsOf(*file.data, fact.outliers);
        text += "," + (file.found && g < file.found->naming.top.size() ? wordsOf(*file.found, g) : std::string());
        std::string enriched;
        for (const core::Enrichment& e : fact.enrichment) {
            enriched += (enriched.empty() ? "" : "; ") + enrichmentText(e).toStdString() + " (p " +
                        core::csvNumber(e.pValue) + ")";
        }
        text += "," + core::csvField(enriched) + "\n";
    }
    return text;
}

void writeClusterCsv(Session& session, const ClusterFile& file, bool rows, const QString& path)
{
    session.jobs()->start(
        core::Lane::Query, QObject::tr("Writing %1").arg(path), &session,
        [file, rows, path](core::JobContext&) {
            const std::string text = rows ? clusterRowsCsv(file) : clusterTableCsv(file);
            core::writeFileAtomic(QFile::encodeName(path).toStdString(), text.data(), text.size());
        },
        [&session, path] { Q_EMIT session.remark(QObject::tr("Written to %1").arg(path)); });
}

} // namespace semascope::app
