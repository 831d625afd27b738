#include "widgets/panels/HeatmapLegend.h"

#include "widgets/Theme.h"
#include "widgets/figure/ColourBar.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kBar = 150, kBarHeight = 9, kGap = 10;
constexpr int kSteps = 32;

/// Decimals that tell the ends of the bar apart.
int decimalsFor(double span)
{
    return span > 0 ? std::clamp(1 - int(std::floor(std::log10(span))), 1, 5) : 3;
}

} // namespace

HeatmapLegend::HeatmapLegend(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("heatmapLegend"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFont(captionFont());
}

void HeatmapLegend::setFigure(const HeatmapFigure& figure)
{
    m_empty = figure.values.empty();
    m_ramp = figure.ramp;
    m_title = figure.barTitle;
    const ColourBar bar = heatmapBar(figure);
    const int decimals = decimalsFor(bar.hi - bar.lo);
    const auto number = [&](double value) { return heatmapNumber(figure.value, value, decimals); };
    const bool rows = figure.scale == HeatmapFigure::Scale::PerRow;
    m_lo = rows ? bar.loText : number(bar.lo);
    m_hi = rows ? bar.hiText : number(bar.hi);
    m_middle = rows ? QString() : number((bar.lo + bar.hi) / 2);
    const auto beyond = std::count_if(figure.values.begin(), figure.values.end(), [&](float v) {
        return figure.scale == HeatmapFigure::Scale::Fixed && (double(v) < bar.lo || double(v) > bar.hi);
    });
    m_scale = rows                                           ? tr("each text has its own scale")
              : figure.scale == HeatmapFigure::Scale::Shared ? tr("one scale for all texts")
              : beyond > 0                                   ? tr("fixed scale, %1 beyond it").arg(beyond)
                                                             : tr("fixed scale");
    setAccessibleName(tr("Colours: %1, %2, from %3 to %4").arg(m_title, m_scale, m_lo, m_hi));
    updateGeometry();
    update();
}

QSize HeatmapLegend::sizeHint() const
{
    const QFontMetrics metrics(font());
    const int words = std::max(metrics.horizontalAdvance(m_title), metrics.horizontalAdvance(m_scale)) + 4;
    return {kBar + kGap + words, kBarHeight + metrics.height() + 5};
}

void HeatmapLegend::paintEvent(QPaintEvent*)
{
    if (m_empty) {
        return;
    }
    QPainter painter(this);
    const Tokens t = tokens();
    const QFontMetrics metrics(font());
    const QRect bar(0, 2, kBar, kBarHeight);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int k = 0; k <= kSteps; ++k) {
        gradient.setColorAt(double(k) / kSteps, QColor::fromRgb(rampColour(m_ramp, double(k) / kSteps)));
    }
    painter.fillRect(bar, gradient);
    const QRect numbers(0, bar.bottom() + 3, kBar, metrics.height());
    painter.setPen(t.muted);
    painter.drawText(numbers, Qt::AlignLeft, m_lo);
    painter.drawText(numbers, Qt::AlignRight, m_hi);
    const int ends = metrics.horizontalAdvance(m_lo) + metrics.horizontalAdvance(m_hi);
    if (ends + metrics.horizontalAdvance(m_middle) + 2 * kGap < kBar) {
        painter.drawText(numbers, Qt::AlignHCenter, m_middle);
    }
    const int left = kBar + kGap;
    painter.setPen(t.text);
    painter.drawText(QRect(left, -1, width() - left, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    painter.setPen(t.muted);
    painter.drawText(QRect(left, numbers.top(), width() - left, metrics.height()), Qt::AlignLeft, m_scale);
}

} // namespace semascope::ui
