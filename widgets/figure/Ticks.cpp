#include "widgets/figure/Ticks.h"

#include "widgets/figure/FigureText.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {

QString Ticks::label(double value) const
{
    double largest = std::abs(value);
    for (const double v : values) {
        largest = std::max(largest, std::abs(v));
    }
    if (largest >= 1e5 || step < 1e-4) {
        return QString::number(std::abs(value) < step * 1e-6 ? 0.0 : value, 'g', 4)
            .replace(QLatin1Char('-'), QChar(0x2212));
    }
    return formatNumber(value, std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9))));
}

Ticks niceTicks(double lo, double hi, int wanted)
{
    if (!std::isfinite(lo) || !std::isfinite(hi) || hi <= lo || wanted < 1) {
        return {};
    }
    const double rough = (hi - lo) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double lead = rough / power;
    double step = 10.0;
    if (lead <= 1.5) {
        step = 1.0;
    } else if (lead <= 3.2) {
        step = 2.0;
    } else if (lead <= 7.1) {
        step = 5.0;
    }
    return ticksOfStep(lo, hi, step * power);
}

Ticks ticksOfStep(double lo, double hi, double step)
{
    Ticks ticks;
    ticks.step = step;
    if (!(step > 0.0) || !(hi > lo) || (hi - lo) / step > 1000.0) {
        return ticks;
    }
    const double slack = step * 1e-6;
    for (double k = std::ceil((lo - slack) / step); k * step <= hi + slack; k += 1.0) {
        ticks.values.append(k * step);
    }
    return ticks;
}

} // namespace semascope::ui
