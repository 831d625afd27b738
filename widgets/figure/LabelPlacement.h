#pragma once

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QVector>

namespace semascope::ui {

/// A label that wants to be near `anchor`.
struct LabelWish
{
    QPointF anchor;
    QSizeF size;
    /// Where it may point instead, best first, if no line to the anchor can be drawn.
    QVector<QPointF> otherAnchors{};
};

struct PlacedLabel
{
    QRectF box;
    /// Where it points: the wish's anchor, or one of the others.
    QPointF anchor;
    /// Where a line from the anchor should meet the box; the anchor itself when the box is at it.
    QPointF leaderEnd;
    /// Never through a `taken` box: a label without a free way to its anchor gets no line.
    bool leader = false;
    /// False when there was no free place; such a label is not to be drawn.
    bool placed = false;
};

/// Finds a box for each label: inside `area`, off each other and off `taken`, near its anchor, over as few `points` as
/// possible. Greedy, in the given order; O(labels · (candidates · labels + points)). Result i belongs to wish i.
QVector<PlacedLabel> placeLabels(const QVector<LabelWish>& wishes, const QRectF& area, const QVector<QRectF>& taken,
                                 const QVector<QPointF>& points);

} // namespace semascope::ui
