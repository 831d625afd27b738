#include "widgets/vtk/MapGesture.h"

#include <QLineF>
#include <QPainterPathStroker>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kClickPx = 4; // a hand that clicks shakes less than that

} // namespace

void MapGesture::begin(Kind kind, const QPointF& at)
{
    m_kind = kind;
    m_path = {at};
    m_moved = false;
}

QPointF MapGesture::extend(const QPointF& to)
{
    if (!active()) {
        return {};
    }
    const QPointF step = to - m_path.back();
    m_moved = m_moved || QLineF(m_path.front(), to).length() >= kClickPx;
    m_path.push_back(to);
    return step;
}

void MapGesture::setBrushRadius(double px)
{
    m_brushRadius = std::clamp(px, 4.0, 200.0);
}

core::PickMask MapGesture::mask(const QSize& size) const
{
    core::PickMask mask(size.width(), size.height());
    const auto x = [](const QPointF& p) { return static_cast<float>(p.x()); };
    const auto y = [](const QPointF& p) { return static_cast<float>(p.y()); };
    if (m_kind == Kind::Box) {
        mask.addRectangle(x(m_path.front()), y(m_path.front()), x(m_path.back()), y(m_path.back()));
    } else if (m_kind == Kind::Lasso) {
        std::vector<std::pair<float, float>> corners;
        corners.reserve(m_path.size());
        std::transform(m_path.begin(), m_path.end(), std::back_inserter(corners),
                       [&](const QPointF& p) { return std::pair(x(p), y(p)); });
        mask.addPolygon(corners);
    } else if (m_kind == Kind::Brush) {
        mask.addDisc(x(m_path.front()), y(m_path.front()), static_cast<float>(m_brushRadius));
        for (std::size_t i = 1; i < m_path.size(); ++i) {
            const QLineF line(m_path[i - 1], m_path[i]);
            const int steps = std::max(1, static_cast<int>(std::ceil(line.length() / (m_brushRadius / 3))));
            for (int s = 1; s <= steps; ++s) {
                const QPointF at = line.pointAt(static_cast<double>(s) / steps);
                mask.addDisc(x(at), y(at), static_cast<float>(m_brushRadius));
            }
        }
    }
    return mask;
}

QPainterPath MapGesture::outline() const
{
    QPainterPath path;
    if (!isShape()) {
        return path;
    }
    if (m_kind == Kind::Box) {
        path.addRect(QRectF(m_path.front(), m_path.back()).normalized());
        return path;
    }
    path.addPolygon(QPolygonF(QList<QPointF>(m_path.begin(), m_path.end())));
    if (m_kind == Kind::Lasso) {
        path.closeSubpath();
        return path;
    }
    if (m_path.size() == 1) {
        QPainterPath disc;
        disc.addEllipse(m_path.front(), m_brushRadius, m_brushRadius);
        return disc;
    }
    QPainterPathStroker stroker;
    stroker.setWidth(2 * m_brushRadius);
    stroker.setCapStyle(Qt::RoundCap);
    stroker.setJoinStyle(Qt::RoundJoin);
    return stroker.createStroke(path).simplified();
}

MapGesture::Kind shapeOf(MapTool tool)
{
    switch (tool) {
    case MapTool::Lasso:
        return MapGesture::Kind::Lasso;
    case MapTool::Box:
        return MapGesture::Kind::Box;
    case MapTool::Brush:
        return MapGesture::Kind::Brush;
    case MapTool::Pan:
        break;
    }
    return MapGesture::Kind::Pan;
}

} // namespace semascope::ui
