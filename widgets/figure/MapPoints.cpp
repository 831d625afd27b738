#include "widgets/figure/FigureText.h"
#include "widgets/figure/LabelPlacement.h"
#include "widgets/figure/ProjectedMap_p.h"
#include "widgets/figure/Thumbnail.h"

#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kSmallPlot = 220.0;
constexpr QRgb kPlainPoint = 0xff4a6fa5;
constexpr double kPale = 0.25;
constexpr double kThumbnailShare = 0.07; // of the plot's side, were it a square
constexpr double kLeastThumbnail = 8.0;

QColor colourOf(const MapFigure& figure, std::size_t point, double opacity)
{
    const QRgb rgba = point < figure.colours.size() ? figure.colours[point] : kPlainPoint;
    QColor colour = QColor::fromRgba(rgba);
    colour.setAlphaF(colour.alphaF() * static_cast<float>(std::clamp(opacity, 0.0, 1.0)));
    return colour;
}

/// How much nearer than the middle point each one is: sizes follow perspective, within limits.
class SizeCue
{
public:
    explicit SizeCue(const ProjectedMap& map) : m_map(map)
    {
        if (map.flat || map.order.empty()) {
            return;
        }
        std::vector<float> nearness;
        for (const std::uint32_t i : map.order) {
            nearness.push_back(1.0F - map.depth[i]);
        }
        const auto middle = nearness.begin() + static_cast<std::ptrdiff_t>(nearness.size() / 2);
        std::nth_element(nearness.begin(), middle, nearness.end());
        m_middle = *middle;
    }

    double factor(std::size_t point) const
    {
        return m_middle > 0.0F ? std::clamp((1.0 - m_map.depth[point]) / m_middle, 0.6, 1.6) : 1.0;
    }

private:
    const ProjectedMap& m_map;
    float m_middle = 0.0F;
};

void paintDiscs(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    const SizeCue cue(map);
    const bool anySelected = map.firstSelected < map.order.size();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    for (std::size_t k = 0; k < map.order.size(); ++k) {
        const std::uint32_t i = map.order[k];
        const double opacity = anySelected && k < map.firstSelected ? figure.opacity * kPale : figure.opacity;
        const double radius = figure.pointSize * cue.factor(i) / 2;
        painter.setBrush(colourOf(figure, i, opacity));
        painter.drawEllipse(map.at(i), radius, radius);
    }
    painter.setBrush(Qt::NoBrush);
}

void paintDiscsAsPicture(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    const QRectF area = map.plot.adjusted(-figure.pointSize, -figure.pointSize, figure.pointSize, figure.pointSize);
    const double scale = figure.rasterDpi / 72.0;
    const QSize size(static_cast<int>(std::ceil(area.width() * scale)),
                     static_cast<int>(std::ceil(area.height() * scale)));
    QImage layer(size, QImage::Format_ARGB32_Premultiplied);
    layer.fill(Qt::transparent);
    QPainter inner(&layer);
    inner.scale(scale, scale);
    inner.translate(-area.topLeft());
    paintDiscs(inner, figure, map);
    inner.end();
    painter.setRenderHint(QPainter::LosslessImageRendering);
    painter.drawImage(QRectF(area.topLeft(), QSizeF(size) / scale), layer, QRectF(layer.rect()));
    painter.setRenderHint(QPainter::LosslessImageRendering, false);
}

QVector<QPointF> drawnPoints(const ProjectedMap& map)
{
    QVector<QPointF> points;
    points.reserve(static_cast<qsizetype>(map.order.size()));
    for (const std::uint32_t i : map.order) {
        points.append(map.at(i));
    }
    return points;
}

bool shown(const MapFigure& figure, const ProjectedMap& map, std::size_t point)
{
    const bool hidden = point < figure.flags.size() && (figure.flags[point] & kPointHidden) != 0;
    return !hidden && point < map.depth.size() && map.shows(map.at(point));
}

double thumbnailSide(const MapFigure& figure, const QRectF& plot)
{
    const double share = kThumbnailShare * std::sqrt(plot.width() * plot.height());
    return std::min(figure.thumbnailSize, std::max(kLeastThumbnail, share));
}

constexpr qsizetype kAnchors = 12;

/// Where a label may point, best first: at its point, or at those of its group's points nearest to its place that are
/// drawn and under no thumbnail, or when it has none at the place itself. None when nothing of it is on the page.
QVector<QPointF> anchorsOf(const MapFigure& figure, const ProjectedMap& map, const MapFigure::Label& label,
                           const QVector<QRectF>& taken)
{
    QVector<QPointF> anchors;
    if (label.point) {
        if (shown(figure, map, *label.point)) {
            anchors.append(map.at(*label.point));
        }
        return anchors;
    }
    const QPointF middle = projectPlace(map, label.at, static_cast<int>(figure.layout->points.cols()));
    for (const std::uint32_t point : label.members) {
        const QPointF at = map.at(point);
        const auto covers = [&](const QRectF& box) { return box.contains(at); };
        if (shown(figure, map, point) && std::none_of(taken.begin(), taken.end(), covers)) {
            anchors.append(at);
        }
    }
    const auto nearer = [&](const QPointF& a, const QPointF& b) {
        return QLineF(a, middle).length() < QLineF(b, middle).length();
    };
    const qsizetype kept = std::min(kAnchors, anchors.size());
    std::partial_sort(anchors.begin(), anchors.begin() + kept, anchors.end(), nearer);
    anchors.resize(kept);
    if (anchors.isEmpty() && map.shows(middle)) {
        anchors.append(middle);
    }
    return anchors;
}

} // namespace

void paintPoints(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    const bool raster = painter.paintEngine()->type() == QPaintEngine::Raster;
    const qsizetype visible = static_cast<qsizetype>(map.order.size()) + map.outside;
    if (!raster && visible > figure.vectorPoints) {
        paintDiscsAsPicture(painter, figure, map);
    } else {
        paintDiscs(painter, figure, map);
    }
}

void paintLinks(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    constexpr double width = 0.35;
    painter.setPen(QPen(QColor(90, 96, 105, 120), width));
    for (const MapFigure::Link& link : figure.links) {
        if (shown(figure, map, link.from) && shown(figure, map, link.to)) {
            painter.drawLine(map.at(link.from), map.at(link.to));
        }
    }
}

QVector<QRectF> paintThumbnails(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    const double half = thumbnailSide(figure, map.plot) / 2;
    QVector<QRectF> boxes;
    for (const MapFigure::Thumbnail& thumbnail : figure.thumbnails) {
        if (thumbnail.picture.isNull() || !shown(figure, map, thumbnail.point)) {
            continue;
        }
        const QPointF at = map.at(thumbnail.point);
        const QRectF box(at.x() - half, at.y() - half, 2 * half, 2 * half);
        const bool covers = std::any_of(boxes.begin(), boxes.end(), [&](const QRectF& b) { return b.intersects(box); });
        if (!covers && map.plot.contains(box)) {
            const QRgb frame = colourOf(figure, thumbnail.point, 1.0).rgb();
            drawThumbnail(painter, box, thumbnail.picture, figure.rasterDpi, frame);
            boxes.append(box);
        }
    }
    return boxes;
}

void paintLabels(QPainter& painter, const MapFigure& figure, const ProjectedMap& map, const QVector<QRectF>& taken)
{
    const TextStyle style{map.plot.width() < kSmallPlot ? 6.0 : 7.0, true, kInk};
    QVector<LabelWish> wishes;
    QStringList texts;
    for (const MapFigure::Label& label : figure.labels) {
        const QVector<QPointF> anchors = anchorsOf(figure, map, label, taken);
        if (!anchors.isEmpty() && !label.text.trimmed().isEmpty()) {
            texts << elided(label.text, style, map.plot.width() / 2);
            const QSizeF size(textWidth(texts.last(), style) + 4.0, textAscent(style) + 5.0);
            wishes.append({anchors.first(), size, anchors.mid(1)});
        }
    }
    const QVector<PlacedLabel> placed = placeLabels(wishes, map.plot.adjusted(2, 2, -2, -2), taken, drawnPoints(map));
    for (qsizetype i = 0; i < placed.size(); ++i) {
        if (placed[i].leader) {
            painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.5));
            painter.drawLine(placed[i].anchor, placed[i].leaderEnd);
            painter.setBrush(QColor::fromRgb(kAxisInk));
            painter.setPen(Qt::NoPen);
            painter.drawEllipse(placed[i].anchor, 0.9, 0.9);
        }
    }
    for (qsizetype i = 0; i < placed.size(); ++i) {
        if (placed[i].placed) {
            const QRectF& box = placed[i].box;
            painter.setPen(Qt::NoPen);
            painter.setBrush(QColor(255, 255, 255, 205));
            painter.drawRoundedRect(box, 2.0, 2.0);
            painter.setBrush(Qt::NoBrush);
            drawText(painter, {box.center().x(), box.center().y() + textAscent(style) / 2}, texts[i], style,
                     Anchor::Centre);
        }
    }
}

} // namespace semascope::ui
