#pragma once
#include <QColor>
#include <QImage>
#include <QString>

#include <cstdint>
#include <limits>
#include <vector>

namespace semascope::ui {

/// A word that could name a cluster.
struct CardWord
{
    QString word, tip;
    double score = 0;  ///< cosine with the contrastive centroid
    double margin = 0; ///< above the best other cluster; negative when another one fits better
    bool taken = false;
};

/// Something that is more, or less, frequent in a cluster than elsewhere.
struct CardFact
{
    QString text, tip;
    bool more = true;
};

/// A cluster as people see it on its card.
struct ClusterCard
{
    QString name;
    QColor colour;
    std::size_t size = 0;
    double share = 0;                                             ///< of all rows that were clustered
    double confidence = std::numeric_limits<double>::quiet_NaN(); ///< mean; NaN: not known
    QString confidenceTip;
    std::size_t selected = 0;              ///< of the map's selection
    std::vector<std::uint32_t> prototypes; ///< samples nearest the centre, best first
    std::vector<std::uint32_t> outliers;   ///< samples that fit least, worst first
    QImage centre;                         ///< the decoded centroid as a picture; null: none
    std::int64_t centreSample = -1;        ///< the sample nearest the decoded centroid, where that is no picture
    QString centreTip;
    std::vector<CardWord> words; ///< candidates for a name, best first
    double chance = 0;           ///< the score that random groups reach; 0: not known
    std::vector<CardFact> facts; ///< strongest first
};

/// Which order clusters are listed in.
enum class ClusterSort { Number, Size, Name, Confidence };

} // namespace semascope::ui
