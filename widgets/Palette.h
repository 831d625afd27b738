#pragma once

#include <QColor>

#include <limits>

namespace semascope::ui {

/// Continuous colour scales for data. Viridis for one-sided values, Diverging (blue, white, red) for signed ones.
enum class Ramp { Viridis, Diverging };

/// Colour of a point or cell without a value.
inline constexpr QRgb kMissingColour = 0xffb4b4b4;

/// Classes that have a colour of their own; later ones repeat.
inline constexpr int kCategoryColours = 24;

/// Opaque colour of class `index` (0-based) among `classes`: the Okabe-Ito eight while they suffice, beyond that a
/// table of well separated colours. A negative index means "no class": kMissingColour.
QRgb categoryColour(qsizetype index, qsizetype classes = 8);

/// Opaque colour at `t` in [0, 1] (clamped); NaN gives kMissingColour.
QRgb rampColour(Ramp ramp, double t);

/// Opaque colour of `value` on a scale from lo to hi; NaN gives kMissingColour, lo == hi the middle of the ramp.
QRgb valueColour(Ramp ramp, double value, double lo, double hi);

/// Black or white, whichever reads better on `background` (WCAG contrast ratio).
QRgb contrastingText(QRgb background);

} // namespace semascope::ui
