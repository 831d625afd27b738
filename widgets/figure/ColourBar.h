#pragma once

#include "widgets/Palette.h"

#include <QRectF>
#include <QString>

class QPainter;

namespace semascope::ui {

/// A scale from colours to numbers.
struct ColourBar
{
    QString title;
    Ramp ramp = Ramp::Viridis;
    double lo = 0.0;
    double hi = 1.0;
    /// Words for the two ends in place of numbers, where the scale means something else in every row.
    QString loText;
    QString hiText;
};

/// Points that a vertical bar with its numbers and its title needs in width.
double colourBarWidth(const ColourBar& bar);
/// Points that a horizontal bar with its numbers needs in height; its title stands above.
double colourBarHeight();

/// Vertical: bar at the left edge of `area`, numbers and a title read from below at its right.
void paintColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar);
/// Horizontal: title, bar, numbers from top to bottom.
void paintFlatColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar);

} // namespace semascope::ui
