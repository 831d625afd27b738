#include "core/cluster/ComparisonText.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/panels/Numbers.h"

#include <QSet>

#include <algorithm>
#include <map>

namespace semascope::ui {

bool isCifar10(const core::Dataset& data, const std::vector<std::string>& labelNames)
{
    if (data.kind == core::DatasetKind::Cifar10) {
        return true;
    }
    static const QSet<QString> classes{QStringLiteral("airplane"), QStringLiteral("automobile"), QStringLiteral("bird"),
                                       QStringLiteral("cat"),      QStringLiteral("deer"),       QStringLiteral("dog"),
                                       QStringLiteral("frog"),     QStringLiteral("horse"),      QStringLiteral("ship"),
                                       QStringLiteral("truck")};
    QSet<QString> named;
    for (const std::string& name : labelNames) {
        named.insert(QString::fromStdString(name).trimmed().toLower());
    }
    return named == classes;
}

PublishedFigure publishedFigure(const core::ClusterComparison& comparison, const MeasuredOn& on)
{
    PublishedFigure figure;
    figure.published = publishedCifar10();
    const std::vector<std::string> titles = core::comparedTitles(comparison);
    for (std::size_t m = 0; m < comparison.methods.size(); ++m) {
        const core::ComparedMethod& method = comparison.methods[m];
        if (method.meanScores.nmi) {
            figure.own.push_back({QString::fromStdString(titles[m]), on.encoder, *method.meanScores.nmi,
                                  method.sdScores.nmi.value_or(0), on.cifar10});
        }
    }
    figure.ownOf = QStringLiteral("%1, n %2, k %3, seeds %4, labels “%5”")
                       .arg(on.dataset, countText(comparison.labelled))
                       .arg(comparison.k)
                       .arg(QString::fromStdString(core::seedWords(comparison.seeds)),
                            QString::fromStdString(comparison.labelName));
    figure.footer =
        QStringLiteral("Normalised mutual information, arithmetic mean. Published figures as their sources state "
                       "them; ours: mean ± sd over seeds, of the rows "
                       "clustered.");
    return figure;
}

QString kSweepCaption(const core::KSweep& sweep)
{
    QString caption = QStringLiteral("%1, %2 rows clustered, %3 seeds a k; silhouette (%4)")
                          .arg(QString::fromStdString(core::clusterMethodTitle(sweep.spec.method)), countText(sweep.n))
                          .arg(sweep.seeds)
                          .arg(sweep.cosine ? QStringLiteral("cosine") : QStringLiteral("Euclidean"));
    if (sweep.silhouetteRows > 0 && sweep.silhouetteRows < sweep.n) {
        caption += QStringLiteral(" on %1 of the rows").arg(countText(sweep.silhouetteRows));
    }
    return caption;
}

bool atEdge(const core::KSweep& sweep, int k)
{
    const auto [least, most] = std::minmax_element(sweep.points.begin(), sweep.points.end(),
                                                   [](const auto& a, const auto& b) { return a.k < b.k; });
    return least == sweep.points.end() || k <= least->k || k >= most->k;
}

int proposedK(const core::KSweep& sweep)
{
    std::map<int, int> votes;
    for (const int k : {sweep.bySilhouette, sweep.byCodingLength, sweep.byStability}) {
        votes[k] += k > 0 && !atEdge(sweep, k) ? 1 : 0;
    }
    for (const auto& [k, count] : votes) {
        if (count > 1) {
            return k;
        }
    }
    return sweep.bySilhouette > 0     ? sweep.bySilhouette
           : sweep.byCodingLength > 0 ? sweep.byCodingLength
                                      : sweep.byStability;
}

KSweepFigure kSweepFigure(const core::KSweep& sweep, const QString& title)
{
    KSweepFigure figure;
    figure.sweep = sweep;
    figure.chosen = proposedK(sweep);
    figure.title = title;
    figure.footer = kSweepCaption(sweep) + QStringLiteral(". Coding length: Ma et al. 2007. Dashed: the k proposed.");
    return figure;
}

} // namespace semascope::ui
