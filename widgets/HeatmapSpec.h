#pragma once
#include "widgets/figure/HeatmapFigure.h"

#include <optional>

namespace semascope::ui {

/// Which texts and pictures a heatmap is of. A change of it means new scores.
struct HeatmapChoice
{
    /// Prompts (an opposite is a row of its own), or the first caption, or every caption, of the shown pictures.
    enum class Rows { Prompts, Captions, AllCaptions };
    /// Selection: the selected pictures, or the first ones while nothing is selected. Best: of each text. Prototypes:
    /// the nearest to the centre of each cluster.
    enum class Pick { Selection, First, Best, Prototypes, Random };

    Rows rows = Rows::Prompts;
    Pick pick = Pick::Selection;
    int count = 24; ///< columns at most
    int each = 4;   ///< of each text or cluster, for Best and Prototypes
    std::uint64_t seed = 0;

    bool perGroup() const { return pick == Pick::Best || pick == Pick::Prototypes; }
    bool operator==(const HeatmapChoice&) const = default;
};

/// How the scores are shown: order, groups and colours. Cheap to change.
struct HeatmapLook
{
    /// Of pictures, best first: as chosen, by the text `orderText`, by the mean of all texts, by cluster.
    enum class Order { Chosen, Text, Mean, Cluster };
    /// Text: under the text that each picture fits best.
    enum class Group { None, Text, Cluster, Attribute };

    ScoreKind value = ScoreKind::Cosine;
    HeatmapFigure::Scale scale = HeatmapFigure::Scale::Shared;
    double lo = 0.1, hi = 0.3; ///< of the fixed scale; those of the figures of 2021
    Order order = Order::Chosen;
    QString orderText;
    bool lowFirst = false;
    bool textsByMean = false;
    Group group = Group::None;
    QString attribute;
    std::optional<Ramp> ramp; ///< by what is shown when absent: diverging for a contrast
    bool numbers = true;

    bool operator==(const HeatmapLook&) const = default;
};

struct HeatmapSpec
{
    HeatmapChoice choice;
    HeatmapLook look;
    bool operator==(const HeatmapSpec&) const = default;
};

// The words of the command line and of recipes. A reader throws core::Error(Misuse) naming the words that there are.
QString heatmapWord(HeatmapChoice::Pick pick);
HeatmapChoice::Pick heatmapPick(const QString& word);
ScoreKind heatmapValueOf(const QString& word);
/// "shared", "per-row" ("row") or "fixed:LOW:HIGH" ("LOW..HIGH").
void readHeatmapScale(const QString& word, HeatmapLook& look);
QString heatmapScaleWord(const HeatmapLook& look);
/// "none", "text", "cluster" or "attribute:NAME".
void readHeatmapGroup(const QString& word, HeatmapLook& look);
QString heatmapGroupWord(const HeatmapLook& look);

/// All of it in those words.
QJsonObject heatmapSpecJson(const HeatmapSpec& spec);

} // namespace semascope::ui
