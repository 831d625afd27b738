#include "widgets/figure/LabelPlacement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace semascope::ui {
namespace {

constexpr double kCell = 4.0;
constexpr double kGap = 1.5;
constexpr int kDirections = 24;
/// What a label costs, in points of leader length, for each point that it hides and for a line that crosses something.
constexpr double kHiddenPoint = 9.0;
constexpr double kDisc = 2.0; // about the radius of a point
constexpr double kCrossing = 150.0;
constexpr double kThroughPicture = 1e5;

/// Counts points in coarse cells, as sums over all cells above and to the left.
class Density
{
public:
    Density(const QRectF& area, const QVector<QPointF>& points)
        : m_area(area),
          m_cols(std::max(1, static_cast<int>(std::ceil(area.width() / kCell)))),
          m_rows(std::max(1, static_cast<int>(std::ceil(area.height() / kCell)))),
          m_sums(static_cast<qsizetype>(m_cols + 1) * (m_rows + 1), 0)
    {
        for (const QPointF& point : points) {
            if (area.contains(point)) {
                ++m_sums[index(column(point.x()) + 1, row(point.y()) + 1)];
            }
        }
        for (int r = 1; r <= m_rows; ++r) {
            for (int c = 1; c <= m_cols; ++c) {
                m_sums[index(c, r)] += m_sums[index(c - 1, r)] + m_sums[index(c, r - 1)] - m_sums[index(c - 1, r - 1)];
            }
        }
    }

    double under(const QRectF& box) const
    {
        const int c0 = column(box.left());
        const int c1 = column(box.right()) + 1;
        const int r0 = row(box.top());
        const int r1 = row(box.bottom()) + 1;
        return m_sums[index(c1, r1)] - m_sums[index(c0, r1)] - m_sums[index(c1, r0)] + m_sums[index(c0, r0)];
    }

private:
    int column(double x) const { return std::clamp(static_cast<int>((x - m_area.left()) / kCell), 0, m_cols - 1); }
    int row(double y) const { return std::clamp(static_cast<int>((y - m_area.top()) / kCell), 0, m_rows - 1); }
    qsizetype index(int c, int r) const { return static_cast<qsizetype>(r) * (m_cols + 1) + c; }

    QRectF m_area;
    int m_cols;
    int m_rows;
    QVector<int> m_sums;
};

QRectF centred(const QPointF& at, const QSizeF& size)
{
    return {at.x() - size.width() / 2, at.y() - size.height() / 2, size.width(), size.height()};
}

bool hitsAny(const QRectF& box, const QVector<QRectF>& others)
{
    const QRectF padded = box.adjusted(-kGap, -kGap, kGap, kGap);
    return std::any_of(others.begin(), others.end(), [&](const QRectF& other) { return other.intersects(padded); });
}

QPointF nearestOnBox(const QRectF& box, const QPointF& to)
{
    return {std::clamp(to.x(), box.left(), box.right()), std::clamp(to.y(), box.top(), box.bottom())};
}

double side(const QPointF& a, const QPointF& b, const QPointF& c)
{
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

bool cross(const QLineF& a, const QLineF& b)
{
    return side(a.p1(), a.p2(), b.p1()) * side(a.p1(), a.p2(), b.p2()) < 0.0 &&
           side(b.p1(), b.p2(), a.p1()) * side(b.p1(), b.p2(), a.p2()) < 0.0;
}

bool passes(const QLineF& line, const QRectF& box)
{
    return box.contains(line.p1()) || box.contains(line.p2()) || cross(line, {box.topLeft(), box.bottomRight()}) ||
           cross(line, {box.topRight(), box.bottomLeft()});
}

/// What is already on the page.
struct Page
{
    QRectF area;
    QVector<QRectF> taken;
    QVector<QRectF> labels;
    QVector<QLineF> leaders;
    QVector<QPointF> anchors;
};

bool crossesPicture(const QLineF& leader, const Page& page)
{
    return std::any_of(page.taken.begin(), page.taken.end(), [&](const QRectF& picture) {
        // A leader may start at a picture's edge.
        return passes(leader, picture.adjusted(0.1, 0.1, -0.1, -0.1));
    });
}

double cost(const QRectF& box, const QPointF& anchor, const Page& page, const Density& density)
{
    const QLineF leader(anchor, nearestOnBox(box, anchor));
    double sum =
        leader.length() + kHiddenPoint * std::min(density.under(box.adjusted(-kDisc, -kDisc, kDisc, kDisc)), 200.0);
    sum += crossesPicture(leader, page) ? kThroughPicture : 0.0;
    for (const QLineF& other : page.leaders) {
        sum += cross(leader, other) ? kCrossing : 0.0;
        sum += passes(other, box) ? kCrossing : 0.0;
    }
    for (const QRectF& other : page.labels) {
        sum += passes(leader, other) ? kCrossing : 0.0;
    }
    for (const QPointF& other : page.anchors) {
        sum += other != anchor && box.contains(other) ? 40.0 : 0.0;
    }
    return sum;
}

PlacedLabel placeAt(const QPointF& anchor, const QSizeF& size, const Page& page, const Density& density)
{
    PlacedLabel best;
    best.anchor = anchor;
    double bestCost = std::numeric_limits<double>::infinity();
    const double reach = std::hypot(page.area.width(), page.area.height());
    const auto consider = [&](const QPointF& centre) {
        const QRectF box = centred(centre, size);
        if (!page.area.contains(box) || hitsAny(box, page.taken) || hitsAny(box, page.labels)) {
            return;
        }
        const double c = cost(box, anchor, page, density);
        if (c < bestCost) {
            bestCost = c;
            best.box = box;
            best.placed = true;
        }
    };
    consider(anchor);
    // A ring farther out cannot be cheaper than its own distance.
    for (double ring = 4.0; ring < reach && ring < bestCost; ring += ring < 60.0 ? 6.0 : 12.0) {
        for (int k = 0; k < kDirections; ++k) {
            const double angle = 2.0 * std::numbers::pi * k / kDirections;
            consider(anchor + QPointF(std::cos(angle) * (ring + size.width() / 2),
                                      std::sin(angle) * (ring + size.height() / 2)));
        }
    }
    best.leaderEnd = best.placed ? nearestOnBox(best.box, anchor) : anchor;
    const QLineF leader(anchor, best.leaderEnd);
    best.leader = best.placed && leader.length() > 3.0 && !crossesPicture(leader, page);
    return best;
}

/// Of its anchors the first to which a line can be drawn, or else the first.
PlacedLabel place(const LabelWish& wish, const Page& page, const Density& density)
{
    const auto reaches = [&](const PlacedLabel& label) {
        return label.placed && !crossesPicture({label.anchor, label.leaderEnd}, page);
    };
    const PlacedLabel first = placeAt(wish.anchor, wish.size, page, density);
    if (!first.placed || reaches(first)) {
        return first;
    }
    for (const QPointF& other : wish.otherAnchors) {
        const PlacedLabel label = placeAt(other, wish.size, page, density);
        if (reaches(label)) {
            return label;
        }
    }
    return first;
}

} // namespace

QVector<PlacedLabel> placeLabels(const QVector<LabelWish>& wishes, const QRectF& area, const QVector<QRectF>& taken,
                                 const QVector<QPointF>& points)
{
    const Density density(area, points);
    Page page{area, taken, {}, {}, {}};
    for (const LabelWish& wish : wishes) {
        page.anchors.append(wish.anchor);
    }
    QVector<PlacedLabel> result;
    for (const LabelWish& wish : wishes) {
        const PlacedLabel label = place(wish, page, density);
        if (label.placed) {
            page.labels.append(label.box);
        }
        if (label.leader) {
            page.leaders.append(QLineF(label.anchor, label.leaderEnd));
        }
        result.append(label);
    }
    return result;
}

} // namespace semascope::ui
