#include "widgets/HeatmapSpec.h"

#include "core/job/Error.h"

namespace semascope::ui {

using core::Code;
using core::Error;

namespace {

const QStringList kPicks{QStringLiteral("selection"), QStringLiteral("first"), QStringLiteral("best"),
                         QStringLiteral("prototypes"), QStringLiteral("random")};

int indexOf(const QStringList& words, const QString& word, const char* what)
{
    const auto found = words.indexOf(word);
    if (found < 0) {
        throw Error(Code::Misuse, std::string(what) + " must be one of " +
                                      words.join(QStringLiteral(", ")).toStdString() + ", not \"" + word.toStdString() +
                                      "\".");
    }
    return static_cast<int>(found);
}

/// ".1", "0.10", "1e-3" of this text, whatever the locale.
bool readRange(const QString& lo, const QString& hi, HeatmapLook& look)
{
    bool first = false, second = false;
    const double low = lo.toDouble(&first), high = hi.toDouble(&second);
    if (!first || !second || !(low < high) || !qIsFinite(low) || !qIsFinite(high)) {
        return false;
    }
    look.scale = HeatmapFigure::Scale::Fixed;
    look.lo = low;
    look.hi = high;
    return true;
}

} // namespace

QString heatmapWord(HeatmapChoice::Pick pick)
{
    return kPicks[static_cast<int>(pick)];
}

HeatmapChoice::Pick heatmapPick(const QString& word)
{
    return static_cast<HeatmapChoice::Pick>(indexOf(kPicks, word, "The choice of pictures"));
}

ScoreKind heatmapValueOf(const QString& word)
{
    QStringList words;
    for (const ScoreKind kind :
         {ScoreKind::Cosine, ScoreKind::Contrast, ScoreKind::Percentile, ScoreKind::Probability}) {
        words << QString::fromLatin1(scoreWord(kind));
        if (words.last() == word) {
            return kind;
        }
    }
    (void)indexOf(words, word, "The value shown");
    return ScoreKind::Cosine;
}

void readHeatmapScale(const QString& word, HeatmapLook& look)
{
    if (word == QLatin1String("shared")) {
        look.scale = HeatmapFigure::Scale::Shared;
        return;
    }
    if (word == QLatin1String("per-row") || word == QLatin1String("row")) {
        look.scale = HeatmapFigure::Scale::PerRow;
        return;
    }
    const QStringList parts = word.split(QLatin1Char(':'));
    if (parts.size() == 3 && parts[0] == QLatin1String("fixed") && readRange(parts[1], parts[2], look)) {
        return;
    }
    const QStringList ends = word.split(QStringLiteral(".."));
    if (ends.size() == 2 && readRange(ends[0], ends[1], look)) {
        return;
    }
    throw Error(Code::Misuse, "The scale must be shared, per-row or fixed:LOW:HIGH such as fixed:.1:.3, not \"" +
                                  word.toStdString() + "\".");
}

QString heatmapScaleWord(const HeatmapLook& look)
{
    switch (look.scale) {
    case HeatmapFigure::Scale::Shared:
        return QStringLiteral("shared");
    case HeatmapFigure::Scale::PerRow:
        return QStringLiteral("per-row");
    case HeatmapFigure::Scale::Fixed:
        break;
    }
    return QStringLiteral("fixed:%1:%2").arg(look.lo).arg(look.hi);
}

void readHeatmapGroup(const QString& word, HeatmapLook& look)
{
    constexpr QLatin1String attribute("attribute:");
    if (word.startsWith(attribute) && word.size() > attribute.size()) {
        look.group = HeatmapLook::Group::Attribute;
        look.attribute = word.mid(attribute.size());
        return;
    }
    static const QStringList words{QStringLiteral("none"), QStringLiteral("text"), QStringLiteral("cluster"),
                                   QStringLiteral("attribute:NAME")}; // the last one was read above
    look.group = static_cast<HeatmapLook::Group>(indexOf(words, word, "The grouping"));
}

QString heatmapGroupWord(const HeatmapLook& look)
{
    switch (look.group) {
    case HeatmapLook::Group::None:
        return QStringLiteral("none");
    case HeatmapLook::Group::Text:
        return QStringLiteral("text");
    case HeatmapLook::Group::Cluster:
        return QStringLiteral("cluster");
    case HeatmapLook::Group::Attribute:
        break;
    }
    return QStringLiteral("attribute:") + look.attribute;
}

QJsonObject heatmapSpecJson(const HeatmapSpec& spec)
{
    static const QString rows[] = {QStringLiteral("prompts"), QStringLiteral("captions"),
                                   QStringLiteral("all-captions")};
    static const QString orders[] = {QStringLiteral("none"), QStringLiteral("text"), QStringLiteral("mean"),
                                     QStringLiteral("cluster")};
    const HeatmapChoice& choice = spec.choice;
    const HeatmapLook& look = spec.look;
    QJsonObject json{{QStringLiteral("texts"), rows[static_cast<int>(choice.rows)]},
                     {QStringLiteral("pick"), heatmapWord(choice.pick)},
                     {QStringLiteral("count"), choice.perGroup() ? choice.each : choice.count},
                     {QStringLiteral("value"), QString::fromLatin1(scoreWord(look.value))},
                     {QStringLiteral("scale"), heatmapScaleWord(look)},
                     {QStringLiteral("sort"), orders[static_cast<int>(look.order)]},
                     {QStringLiteral("sort_texts"), look.textsByMean ? QStringLiteral("mean") : QStringLiteral("none")},
                     {QStringLiteral("group"), heatmapGroupWord(look)}};
    if (choice.pick == HeatmapChoice::Pick::Random) {
        json.insert(QStringLiteral("seed"), static_cast<qint64>(choice.seed));
    }
    if (look.order == HeatmapLook::Order::Text) {
        json.insert(QStringLiteral("sort_text"), look.orderText);
    }
    if (look.order != HeatmapLook::Order::Chosen) {
        json.insert(QStringLiteral("low_first"), look.lowFirst);
    }
    return json;
}

} // namespace semascope::ui
