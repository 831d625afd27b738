#pragma once

#include "widgets/figure/FigureText.h"

namespace semascope::ui {

/// Colours of a figure's furniture where the window paints the same figure on its own background. The defaults are
/// those of paper.
struct FigureInks
{
    QRgb ink = kInk, muted = kMutedInk, axis = kAxisInk, faint = kFaintInk;
    QRgb accent = 0xff0b66c3, paper = 0xffffffff;
};

} // namespace semascope::ui
