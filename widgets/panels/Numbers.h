#pragma once
#include <QString>

#include <cstddef>

namespace semascope::ui {

/// ".284", "−.012", "1.00"; NaN is "–". Always with a point, whatever the locale.
QString cosineText(double value);
/// With its sign: "+.041".
QString contrastText(double value);
/// "p97"; NaN is empty.
QString percentileText(double percentile);
/// "82 %", "<1 %", ">99 %"; of 0 … 1, NaN is "–".
QString probabilityText(double probability);
/// "34 pictures/s", "1.4 pictures/s"; empty when unknown (≤ 0).
QString rateText(double perSecond, const QString& unit);
/// "12 s left", "2 min left", "1 h 5 min left"; empty when unknown (negative).
QString timeLeftText(double seconds);
/// Thousands are set apart by narrow spaces from 10,000 on.
QString countText(std::size_t count);
/// A number of a table: at most four significant digits.
QString numberText(double value);

} // namespace semascope::ui
