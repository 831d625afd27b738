#pragma once

#include <QString>
#include <QVector>

namespace semascope::ui {

/// Round numbers within a range, all multiples of `step` (1, 2 or 5 times a power of ten).
struct Ticks
{
    QVector<double> values;
    double step = 0.0;

    /// Numbers of one scale have the same decimals; very large and very small ones are written with an exponent.
    QString label(double value) const;
};

/// About `wanted` ticks within [lo, hi]; none when the range is empty or not finite.
Ticks niceTicks(double lo, double hi, int wanted);
/// The multiples of `step` within [lo, hi].
Ticks ticksOfStep(double lo, double hi, double step);

} // namespace semascope::ui
