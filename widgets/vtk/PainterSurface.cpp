#include "widgets/vtk/PainterSurface.h"

#include <QPaintEvent>
#include <QPainter>

#include <cmath>
#include <numeric>

namespace semascope::ui {
namespace {

constexpr qsizetype kMaxSprites = 8192;

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](double x, double y) { return static_cast<float>(x + share * (y - x)); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

} // namespace

PainterSurface::PainterSurface(const PointScene& scene, QWidget* parent) : QWidget(parent), m_scene(scene)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void PainterSurface::refresh()
{
    m_dirty = true;
    update();
}

QString PainterSurface::renderer() const
{
    return QStringLiteral("QPainter");
}

void PainterSurface::resizeEvent(QResizeEvent*)
{
    m_dirty = true;
}

void PainterSurface::paintEvent(QPaintEvent* event)
{
    if (m_dirty || m_picture.size() != size() * devicePixelRatioF()) {
        drawScene();
        m_dirty = false;
    }
    QPainter painter(this);
    painter.setClipRegion(event->region());
    painter.drawImage(0, 0, m_picture);
}

/// 0: stepped back, 1: normal, 2: current.
int PainterSurface::layer(std::size_t drawn) const
{
    const auto& state = m_scene.cloud.states()[drawn];
    if (state.current) {
        return 2;
    }
    return m_scene.selecting() && !state.selected ? 0 : 1;
}

PainterSurface::Look PainterSurface::look(std::size_t drawn, double pixelRatio) const
{
    constexpr double emphasis[] = {1, 1, 1.35}, stepBack = 0.78;
    const int rank = layer(drawn);
    const auto& rgba = m_scene.cloud.colours()[drawn];
    QColor fill(rgba[0], rgba[1], rgba[2]);
    Look result;
    if (rank == 2) {
        result.ring = m_scene.theme.accent.rgba();
    } else if (m_scene.selecting() && rank == 1) {
        result.ring = mixed(fill, m_scene.theme.text, 0.45).rgba();
    } else if (rank == 0) {
        fill = mixed(fill, m_scene.theme.background, stepBack);
    }
    fill.setAlphaF(rank == 2 ? 1.0F : m_scene.opacity * static_cast<float>(rgba[3]) / 255.0F);
    result.fill = fill.rgba();
    // Depth is 1 − near/distance, with the near plane at a hundredth of the way to the target.
    const double nearness = m_scene.camera.flat ? 1 : std::clamp((1.0 - m_depth[drawn]) * 100, 0.5, 2.0);
    result.diameter4 = qRound(4 * m_scene.sizePx * pixelRatio * emphasis[rank] * nearness);
    return result;
}

const QImage& PainterSurface::sprite(const Look& look)
{
    if (m_sprites.size() > kMaxSprites) {
        m_sprites.clear();
    }
    QImage& image = m_sprites[look];
    if (image.isNull()) {
        const double diameter = look.diameter4 / 4.0;
        const int side = static_cast<int>(std::ceil(diameter)) + 2;
        image = QImage(side, side, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        const double ringWidth = look.ring ? std::max(1.0, 0.07 * diameter) : 0;
        painter.setPen(look.ring ? QPen(QColor::fromRgba(look.ring), ringWidth) : QPen(Qt::NoPen));
        painter.setBrush(QColor::fromRgba(look.fill));
        const double radius = (diameter - ringWidth) / 2;
        painter.drawEllipse(QPointF(side / 2.0, side / 2.0), radius, radius);
    }
    return image;
}

/// Layer after layer; within one, 3D goes from back to front and 2D keeps the order of the points.
std::vector<std::uint32_t> PainterSurface::drawingOrder(std::size_t count) const
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::erase_if(order, [this](std::uint32_t i) { return !m_scene.cloud.visible()[i] || std::isnan(m_xy[2 * i]); });
    const bool deep = !m_scene.camera.flat;
    std::stable_sort(order.begin(), order.end(), [this, deep](std::uint32_t a, std::uint32_t b) {
        const int layerA = layer(a), layerB = layer(b);
        return layerA != layerB ? layerA < layerB : deep && m_depth[a] > m_depth[b];
    });
    return order;
}

void PainterSurface::drawScene()
{
    const double ratio = devicePixelRatioF();
    m_picture = QImage(size() * ratio, QImage::Format_RGB32);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(m_scene.theme.background);
    const std::size_t count = pointsToDraw(m_scene);
    if (count == 0 || m_picture.isNull()) {
        return;
    }
    const auto places = m_scene.cloud.placesShown(m_scene.transition, count);
    m_xy.resize(2 * count);
    m_depth.resize(count);
    core::projectPoints(places.front().data(), count, 3, {}, m_scene.camera, m_picture.width(), m_picture.height(),
                        m_xy.data(), m_depth.data());
    QPainter painter(&m_picture);
    painter.scale(1 / ratio, 1 / ratio); // device pixels: sprites land on whole ones
    for (const std::uint32_t i : drawingOrder(count)) {
        const QImage& image = sprite(look(i, ratio));
        const QPointF corner(m_xy[2 * i] - image.width() / 2.0, m_xy[2 * i + 1] - image.height() / 2.0);
        if (corner.x() > -image.width() && corner.y() > -image.height() && corner.x() < m_picture.width() &&
            corner.y() < m_picture.height()) {
            painter.drawImage(corner.toPoint(), image);
        }
    }
}

} // namespace semascope::ui
