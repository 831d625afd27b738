#include "widgets/HeatmapTable.h"

#include "widgets/Colouring.h"
#include "widgets/DocumentFigures.h"
#include "widgets/HeatmapTable_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace semascope::ui {

namespace {

constexpr int kThumbnailSide = 256;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr QChar kMinus(0x2212);

QString utf8(const std::string& text)
{
    return QString::fromStdString(text);
}

/// NaN stands behind every number.
bool higher(float a, float b)
{
    return std::isnan(b) ? !std::isnan(a) : a > b;
}

bool lower(float a, float b)
{
    return std::isnan(b) ? !std::isnan(a) : a < b;
}

/// Columns of the scores from left to right.
std::vector<std::size_t> orderedColumns(const HeatmapScores& scores, const HeatmapLook& look,
                                        const HeatmapValues& values, const std::optional<HeatmapGrouping>& groups,
                                        const core::Document& doc)
{
    std::vector<std::size_t> order(scores.samples.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::vector<float> key;
    if (look.order == HeatmapLook::Order::Text) {
        for (std::size_t r = 0; r < values.rows.size() && key.empty(); ++r) {
            if (utf8(scores.texts[values.rows[r]].text) == look.orderText) {
                key = values.of[r];
            }
        }
    } else if (look.order == HeatmapLook::Order::Mean) {
        for (std::size_t c = 0; c < order.size(); ++c) {
            key.push_back(values.columnMean(c));
        }
    } else if (look.order == HeatmapLook::Order::Cluster) {
        for (const std::int32_t cluster : heatmapClusters(scores, doc)) {
            key.push_back(cluster < 0 ? kMissing : -static_cast<float>(cluster)); // the first cluster first
        }
    }
    if (!key.empty()) {
        const auto before = look.lowFirst ? lower : higher;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return before(key[a], key[b]); });
    }
    if (groups) {
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return groups->of[a] < groups->of[b]; });
    }
    return order;
}

/// Rows of `values` from top to bottom; captions stand as their pictures do, so that own ones lie on the diagonal.
std::vector<std::size_t> orderedRows(const HeatmapScores& scores, const HeatmapLook& look, const HeatmapValues& values,
                                     const std::vector<std::size_t>& columns)
{
    std::vector<std::size_t> order(values.rows.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    if (look.textsByMean) {
        std::vector<float> mean;
        for (std::size_t r = 0; r < order.size(); ++r) {
            mean.push_back(values.mean(r));
        }
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return higher(mean[a], mean[b]); });
    } else if (scores.choice.rows != HeatmapChoice::Rows::Prompts) {
        std::map<std::uint32_t, std::size_t> place;
        for (std::size_t p = 0; p < columns.size(); ++p) {
            place[scores.samples[columns[p]]] = p;
        }
        std::vector<std::size_t> first;
        for (const std::size_t r : values.rows) {
            std::size_t least = columns.size();
            for (const std::uint32_t owner : scores.texts[r].owners) {
                least = std::min(least, place.at(owner));
            }
            first.push_back(least);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return first[a] < first[b]; });
    }
    return order;
}

QString labelOf(const HeatmapScores& scores, std::size_t row, ScoreKind kind)
{
    const HeatmapText& text = scores.texts[row];
    if (kind != ScoreKind::Contrast) {
        return utf8(text.text);
    }
    return utf8(text.text) + QStringLiteral(" %1 ").arg(kMinus) +
           utf8(scores.texts[static_cast<std::size_t>(text.opposite)].text);
}

/// How often a picture's own caption is the best of all, and a caption's own picture; ties are misses.
QString ownCheck(const HeatmapScores& scores)
{
    const core::Matrix& cosine = scores.scores.cosine;
    std::size_t texts = 0, pictures = 0, withCaption = 0;
    const auto owns = [&](std::size_t t, std::size_t c) {
        const auto& owners = scores.texts[t].owners;
        return std::find(owners.begin(), owners.end(), scores.samples[c]) != owners.end();
    };
    for (std::size_t t = 0; t < cosine.rows(); ++t) {
        float own = -2, other = -2;
        for (std::size_t c = 0; c < cosine.cols(); ++c) {
            float& best = owns(t, c) ? own : other;
            best = std::max(best, std::isnan(cosine.at(t, c)) ? -2.0F : cosine.at(t, c));
        }
        texts += own > other ? 1 : 0;
    }
    for (std::size_t c = 0; c < cosine.cols(); ++c) {
        float own = -2, other = -2;
        for (std::size_t t = 0; t < cosine.rows(); ++t) {
            float& best = owns(t, c) ? own : other;
            best = std::max(best, std::isnan(cosine.at(t, c)) ? -2.0F : cosine.at(t, c));
        }
        withCaption += own > -2 ? 1 : 0;
        pictures += own > other ? 1 : 0;
    }
    return QStringLiteral("an own caption fits best for %1 of %2 pictures, the own picture for %3 of %4 captions")
        .arg(pictures)
        .arg(withCaption)
        .arg(texts)
        .arg(cosine.rows());
}

QString barTitle(const HeatmapScores& scores, ScoreKind kind)
{
    switch (kind) {
    case ScoreKind::Cosine:
        return QStringLiteral("cosine similarity");
    case ScoreKind::Contrast:
        return QStringLiteral("contrast of cosines");
    case ScoreKind::Percentile:
        return QStringLiteral("percentile of %1").arg(scores.scores.among);
    case ScoreKind::Probability:
        return QStringLiteral("probability among texts");
    }
    return {};
}

/// What a reader needs to know of order, groups and values, for the foot of the figure.
QStringList saidOf(const HeatmapScores& scores, const HeatmapTable& table, const HeatmapLook& look, bool grouped)
{
    QStringList said{scores.chosen};
    const QString first = look.lowFirst ? QStringLiteral("lowest") : QStringLiteral("highest");
    if (table.sortedBy >= 0) {
        said << QStringLiteral("%1 “%2” first").arg(first, table.figure.texts[table.sortedBy]);
    } else if (look.order == HeatmapLook::Order::Mean) {
        said << QStringLiteral("%1 mean first").arg(first);
    } else if (look.order == HeatmapLook::Order::Cluster && !grouped) {
        said << QStringLiteral("in the order of clusters");
    }
    if (grouped) {
        said << (look.group == HeatmapLook::Group::Text      ? QStringLiteral("grouped by best text")
                 : look.group == HeatmapLook::Group::Cluster ? QStringLiteral("grouped by cluster")
                                                             : QStringLiteral("grouped by ") + look.attribute);
    }
    if (look.value == ScoreKind::Contrast) {
        said << QStringLiteral("contrast: cosine minus that with the opposite");
    } else if (look.value == ScoreKind::Percentile) {
        said << QStringLiteral("percentile: % of all pictures that fit the text less");
    } else if (look.value == ScoreKind::Probability && scores.logitScale) {
        said << QStringLiteral("probability: softmax of %1 × cosine over the texts")
                    .arg(QString::number(*scores.logitScale, 'g', 4));
    }
    return said;
}

void addGroups(HeatmapTable& table, const HeatmapGrouping& groups)
{
    for (const std::size_t c : table.columnOf) {
        const QString& heading = groups.headings[static_cast<qsizetype>(groups.of[c])];
        auto& shown = table.figure.groups;
        if (shown.isEmpty() || shown.last().heading != heading) {
            shown.push_back({heading, 0});
        }
        ++shown.last().count;
    }
}

void addOwn(HeatmapTable& table, const HeatmapScores& scores)
{
    std::map<std::uint32_t, qsizetype> place;
    for (std::size_t p = 0; p < table.columnOf.size(); ++p) {
        place[scores.samples[table.columnOf[p]]] = static_cast<qsizetype>(p);
    }
    for (const std::size_t row : table.rowOf) {
        std::vector<qsizetype> columns;
        for (const std::uint32_t owner : scores.texts[row].owners) {
            columns.push_back(place.at(owner));
        }
        table.figure.own.push_back(std::move(columns));
    }
}

void setLook(HeatmapFigure& f, const HeatmapLook& look)
{
    f.value = look.value;
    f.scale = look.scale;
    f.lo = look.lo;
    f.hi = look.hi;
    f.numbers = look.numbers;
    f.ramp = look.ramp.value_or(look.value == ScoreKind::Contrast ? Ramp::Diverging : Ramp::Viridis);
}

} // namespace

HeatmapTable arrangeHeatmap(const HeatmapScores& scores, const HeatmapLook& look, const core::Dataset& data,
                            const core::Document& doc)
{
    HeatmapTable table;
    HeatmapFigure& f = table.figure;
    const HeatmapValues values = heatmapValues(scores, look.value, table.notes);
    const auto groups = heatmapGrouping(scores, look, values, data, doc);
    table.columnOf = orderedColumns(scores, look, values, groups, doc);
    setLook(f, look);
    f.barTitle = barTitle(scores, look.value);
    for (const std::size_t c : table.columnOf) {
        f.pictures.push_back({sampleName(data, scores.samples[c]), {}, scores.samples[c]});
    }
    for (const std::size_t r : orderedRows(scores, look, values, table.columnOf)) {
        const std::size_t row = values.rows[r];
        if (look.order == HeatmapLook::Order::Text && utf8(scores.texts[row].text) == look.orderText) {
            table.sortedBy = static_cast<int>(f.texts.size());
        }
        table.rowOf.push_back(row);
        f.texts << labelOf(scores, row, look.value);
        for (const std::size_t c : table.columnOf) {
            f.values.push_back(values.of[r][c]);
        }
    }
    if (groups) {
        addGroups(table, *groups);
    }
    if (scores.choice.rows != HeatmapChoice::Rows::Prompts && !f.texts.isEmpty()) {
        addOwn(table, scores);
        table.notes << ownCheck(scores);
    }
    if (scores.unencoded > 0) {
        table.notes << QStringLiteral("%1 not encoded yet").arg(scores.unencoded);
    }
    if (scores.uncaptioned > 0) {
        table.notes << QStringLiteral("%1 without a caption").arg(scores.uncaptioned);
    }
    QStringList footer{utf8(doc.modelName)};
    footer.removeAll(QString());
    f.footer = (footer + saidOf(scores, table, look, groups.has_value())).join(QStringLiteral(" · "));
    f.subtitle = table.notes.join(QStringLiteral(", "));
    f.choice = heatmapSpecJson({scores.choice, look});
    return table;
}

void readHeatmapPictures(HeatmapFigure& figure, const core::Dataset& data, core::JobContext& job)
{
    std::size_t done = 0;
    for (HeatmapFigure::Column& column : figure.pictures) {
        job.checkpoint();
        column.picture = sampleImage(data, column.sample, kThumbnailSide);
        job.progress("reading pictures", "pictures", ++done, static_cast<std::size_t>(figure.pictures.size()));
    }
}

HeatmapCell heatmapCellOf(const HeatmapScores& scores, const HeatmapTable& table, std::size_t text, std::size_t picture)
{
    const std::size_t row = table.rowOf[text], column = table.columnOf[picture];
    const core::Matrix& cosine = scores.scores.cosine;
    const auto at = [&](std::size_t r) { return static_cast<double>(cosine.at(r, column)); };
    HeatmapCell cell{at(row), static_cast<double>(scores.scores.percentile.at(row, column)),
                     static_cast<double>(kMissing), static_cast<double>(kMissing)};
    if (scores.texts[row].opposite >= 0) {
        cell.contrast = cell.cosine - at(static_cast<std::size_t>(scores.texts[row].opposite));
    }
    double sum = 0; // of exponents relative to this row's, which keeps it in range where it matters
    std::size_t among = 0;
    for (std::size_t r = 0; r < scores.texts.size() && scores.logitScale; ++r) {
        if (!scores.texts[r].neutral) {
            sum += std::exp(*scores.logitScale * (at(r) - cell.cosine));
            ++among;
        }
    }
    if (among > 1) {
        cell.probability = 1.0 / sum;
    }
    return cell;
}

} // namespace semascope::ui
