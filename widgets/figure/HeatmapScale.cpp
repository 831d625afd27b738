#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/HeatmapPlan_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

HeatmapRange rowRange(const HeatmapFigure& figure, qsizetype text)
{
    HeatmapRange range;
    for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
        range.take(figure.at(text, p));
    }
    return range;
}

HeatmapRange usable(const HeatmapFigure& figure, HeatmapRange range)
{
    if (range.empty()) {
        return {0.0, 1.0};
    }
    if (figure.value == ScoreKind::Contrast) {
        const double most = std::max(std::abs(range.lo), std::abs(range.hi));
        return {-most, most};
    }
    return range;
}

} // namespace

void HeatmapRange::take(double value)
{
    if (std::isfinite(value)) {
        lo = std::min(lo, value);
        hi = std::max(hi, value);
    }
}

bool HeatmapFigure::isOwn(qsizetype text, qsizetype picture) const
{
    const auto row = static_cast<std::size_t>(text);
    return row < own.size() && std::find(own[row].begin(), own[row].end(), picture) != own[row].end();
}

HeatmapRange heatmapValueRange(const HeatmapFigure& figure)
{
    HeatmapRange range;
    for (const float value : figure.values) {
        range.take(value);
    }
    return range;
}

std::vector<HeatmapRange> heatmapRanges(const HeatmapFigure& figure)
{
    const auto rows = static_cast<std::size_t>(figure.texts.size());
    if (figure.scale == HeatmapFigure::Scale::Fixed) {
        return std::vector<HeatmapRange>(rows, {figure.lo, figure.hi});
    }
    if (figure.scale == HeatmapFigure::Scale::Shared) {
        return std::vector<HeatmapRange>(rows, usable(figure, heatmapValueRange(figure)));
    }
    std::vector<HeatmapRange> ranges;
    for (std::size_t t = 0; t < rows; ++t) {
        ranges.push_back(usable(figure, rowRange(figure, static_cast<qsizetype>(t))));
    }
    return ranges;
}

ColourBar heatmapBar(const HeatmapFigure& figure)
{
    ColourBar bar{figure.barTitle, figure.ramp, 0.0, 1.0, {}, {}};
    if (figure.scale == HeatmapFigure::Scale::PerRow) {
        const bool around = figure.value == ScoreKind::Contrast;
        bar.loText = around ? QStringLiteral("−row max.") : QStringLiteral("row min.");
        bar.hiText = around ? QStringLiteral("+row max.") : QStringLiteral("row max.");
    } else if (!figure.texts.isEmpty()) {
        const HeatmapRange range = heatmapRanges(figure).front();
        bar.lo = range.lo;
        bar.hi = range.hi;
    }
    return bar;
}

QString heatmapNumber(ScoreKind kind, double value, int decimals)
{
    QString text = formatNumber(value, kind == ScoreKind::Percentile ? 0 : decimals);
    const qsizetype zero = text.indexOf(QLatin1String("0."));
    const bool leads = zero == 0 || (zero == 1 && !text.at(0).isDigit());
    return leads ? text.remove(zero, 1) : text; // no value of these kinds needs its leading zero to be read
}

QString heatmapRangeText(ScoreKind kind, const HeatmapRange& range)
{
    if (range.empty()) {
        return {};
    }
    // As many decimals as tell the ends apart.
    const double span = range.hi - range.lo;
    const int decimals = span > 0 ? std::clamp(1 - static_cast<int>(std::floor(std::log10(span))), 2, 5) : 3;
    if (kind == ScoreKind::Contrast) {
        return QStringLiteral("±") + heatmapNumber(kind, range.hi, decimals);
    }
    const QString dash = range.lo < 0 ? QStringLiteral(" – ") : QStringLiteral("–"); // off a minus sign
    return heatmapNumber(kind, range.lo, decimals) + dash + heatmapNumber(kind, range.hi, decimals);
}

QRgb heatmapColour(const HeatmapFigure& figure, qsizetype text, qsizetype picture)
{
    checkHeatmapShape(figure);
    const HeatmapRange range = heatmapRanges(figure)[static_cast<std::size_t>(text)];
    return valueColour(figure.ramp, figure.at(text, picture), range.lo, range.hi);
}

PageFrame heatmapFrame(const HeatmapFigure& figure, bool unreadable)
{
    const auto missing =
        std::count_if(figure.values.begin(), figure.values.end(), [](float v) { return std::isnan(v); });
    const auto outside = std::count_if(figure.values.begin(), figure.values.end(), [&](float v) {
        return figure.scale == HeatmapFigure::Scale::Fixed && (v < figure.lo || v > figure.hi);
    });
    QStringList parts;
    if (!figure.subtitle.isEmpty()) {
        parts << figure.subtitle;
    }
    parts << QStringLiteral("%1 %2 × %3 %4")
                 .arg(formatCount(figure.texts.size()),
                      figure.texts.size() == 1 ? QStringLiteral("text") : QStringLiteral("texts"),
                      formatCount(figure.pictures.size()),
                      figure.pictures.size() == 1 ? QStringLiteral("picture") : QStringLiteral("pictures"));
    if (missing > 0) {
        parts << QStringLiteral("%1 missing").arg(formatCount(missing));
    }
    if (outside > 0) {
        parts << QStringLiteral("%1 beyond the scale").arg(formatCount(outside));
    }
    if (unreadable) {
        parts << QStringLiteral("numbers left out: no room to read them");
    }
    return {figure.title, parts.join(QStringLiteral(", ")), figure.footer};
}

} // namespace semascope::ui
