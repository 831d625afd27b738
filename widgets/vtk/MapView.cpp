#include "widgets/vtk/MapView.h"

#include "core/session/Document.h"
#include "widgets/SelectionModel.h"
#include "widgets/vtk/GlSurface.h"
#include "widgets/vtk/MapLegend.h"
#include "widgets/vtk/MapLook.h"
#include "widgets/vtk/MapNavigation.h"
#include "widgets/vtk/MapOverlay.h"
#include "widgets/vtk/MapToolbar.h"
#include "widgets/vtk/PainterSurface.h"

#include <QEasingCurve>

namespace semascope::ui {
namespace {

constexpr int kRestMs = 120, kTransitionMs = 350, kMargin = 12;
constexpr QMargins kCovered{0, 46, 0, 30}; // by toolbar and footer

} // namespace

MapView::MapView(QWidget* parent)
    : QWidget(parent),
      m_overlay(new MapOverlay(m_scene, this)),
      m_toolbar(new MapToolbar(this)),
      m_legend(new MapLegend(this)),
      m_sizePx(core::MapView{}.pointSize)
{
    setObjectName(QStringLiteral("map"));
    setAccessibleName(tr("Map"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(240, 180);
    m_restTimer.setSingleShot(true);
    m_restTimer.setInterval(kRestMs);
    m_transition.setDuration(kTransitionMs);
    m_transition.setStartValue(0.0);
    m_transition.setEndValue(1.0);
    m_transition.setEasingCurve(QEasingCurve::InOutCubic);
    createSurface();
    connectControls();
    setTheme(MapTheme::light());
    m_legend->setTheme(m_scene.theme);
    m_toolbar->setTheme(m_scene.theme);
    updateCursor();
    updateAccessibility();
}

MapView::~MapView()
{
    m_transition.stop();
}

void MapView::createSurface()
{
    QString reason;
    if (qEnvironmentVariableIntValue("SEMASCOPE_NO_GL") != 0) {
        usePainter(tr("OpenGL is switched off by SEMASCOPE_NO_GL."));
    } else if (!VtkView::available(&reason)) {
        usePainter(reason);
    } else {
        auto gl = std::make_unique<GlSurface>(m_scene, this);
        // Queued: the surface is in the midst of its first paint when it finds out.
        connect(gl.get(), &VtkView::failed, this, &MapView::usePainter, Qt::QueuedConnection);
        m_usesOpenGl = true;
        adoptSurface(std::move(gl));
    }
}

void MapView::usePainter(const QString& reason)
{
    m_usesOpenGl = false;
    m_overlay->setNotice(tr("software drawing: no OpenGL"));
    setToolTip(reason);
    adoptSurface(std::make_unique<PainterSurface>(m_scene, this));
}

void MapView::adoptSurface(std::unique_ptr<PointSurface> surface)
{
    m_surface = std::move(surface);
    QWidget* widget = m_surface->widget();
    widget->setObjectName(QStringLiteral("mapSurface"));
    widget->setAttribute(Qt::WA_TransparentForMouseEvents);
    widget->setFocusPolicy(Qt::NoFocus);
    widget->setGeometry(rect());
    widget->lower();
    widget->setVisible(true);
}

void MapView::connectControls()
{
    connect(m_toolbar, &MapToolbar::flatChosen, this, &MapView::chooseFlat);
    connect(m_toolbar, &MapToolbar::toolChosen, this, &MapView::chooseTool);
    connect(m_toolbar, &MapToolbar::resetChosen, this, &MapView::resetView);
    connect(m_toolbar->look(), &MapLook::sizeChosen, this, [this](double px) {
        setPointSize(px);
        Q_EMIT lookChanged(m_sizePx, static_cast<double>(m_scene.opacity));
    });
    connect(m_toolbar->look(), &MapLook::opacityChosen, this, [this](double opacity) {
        setOpacity(opacity);
        Q_EMIT lookChanged(m_sizePx, opacity);
    });
    connect(m_legend, &MapLegend::toggled, this, &MapView::legendToggled);
    connect(&m_restTimer, &QTimer::timeout, this, &MapView::rest);
    connect(&m_transition, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_scene.transition = value.toFloat();
        m_surface->refresh();
    });
    connect(&m_transition, &QVariantAnimation::finished, this, &MapView::rest);
}

void MapView::setPoints(std::shared_ptr<const core::Layout> layout, std::vector<std::uint32_t> sampleOfPoint,
                        bool animate)
{
    const float shown = m_transition.state() == QAbstractAnimation::Running ? m_scene.transition : 1;
    m_transition.stop();
    const std::int64_t hoveredSample = m_scene.cloud.sampleOrNone(m_scene.hovered);
    m_scene.cloud.setPoints(std::move(layout), std::move(sampleOfPoint), shown);
    m_scene.hovered = m_scene.cloud.drawnOf(hoveredSample);
    m_scene.transition = 1;
    adoptPointSize();
    pointsChanged();
    if (animate && isVisible() && m_scene.cloud.canAnimate()) {
        m_scene.moving = true;
        m_scene.transition = 0;
        m_transition.start();
    }
}

void MapView::pointsChanged()
{
    readSelection();
    m_picker.invalidate();
    fitIfFollowing();
    refresh();
}

void MapView::setColours(const std::vector<std::uint32_t>& colours)
{
    m_scene.cloud.setColours(colours);
    m_surface->refresh();
}

void MapView::setLegend(const Legend& legend)
{
    m_legend->setLegend(legend);
    placeControls();
}

void MapView::setSelection(const SelectionModel* selection)
{
    if (m_selection) {
        disconnect(m_selection, nullptr, this, nullptr);
    }
    m_selection = selection;
    if (m_selection) {
        connect(m_selection, &SelectionModel::selectionChanged, this, &MapView::readSelection);
        connect(m_selection, &SelectionModel::currentChanged, this, &MapView::readSelection);
        connect(m_selection, &SelectionModel::filterChanged, this, &MapView::readSelection);
        connect(m_selection, &SelectionModel::hoverChanged, this, [this](qint64 sample) {
            if (sample != m_scene.cloud.sampleOrNone(m_scene.hovered)) { // a sample may have several points
                showHovered(m_scene.cloud.drawnOf(sample));
            }
        });
    }
    readSelection();
}

void MapView::readSelection()
{
    m_scene.cloud.setStates(m_selection ? m_selection->bytes() : std::vector<std::uint8_t>(),
                            m_selection ? m_selection->current() : -1);
    m_picker.invalidate();
    updateAccessibility();
    refresh();
}

void MapView::setPointSize(double px)
{
    if (px > 0) {
        m_sizePx = px;
        adoptPointSize();
    }
}

/// The usual size is nobody's choice: many points are drawn smaller, so that they do not hide each other.
void MapView::adoptPointSize()
{
    const bool usual = m_sizePx == core::MapView{}.pointSize;
    const auto px = static_cast<float>(usual ? automaticPointSize(m_scene.cloud.size()) : m_sizePx);
    if (px != m_scene.sizePx) {
        m_scene.sizePx = px;
        m_toolbar->look()->setLook(static_cast<double>(px), static_cast<double>(m_scene.opacity));
        m_surface->refresh();
    }
}

void MapView::setOpacity(double opacity)
{
    const float next = std::clamp(static_cast<float>(opacity), 0.02F, 1.0F);
    if (next != m_scene.opacity) {
        m_scene.opacity = next;
        m_toolbar->look()->setLook(static_cast<double>(m_scene.sizePx), static_cast<double>(m_scene.opacity));
        m_surface->refresh();
    }
}

void MapView::setCamera(const core::Camera& camera)
{
    if (camera == m_scene.camera) {
        return;
    }
    m_following = false;
    const bool turned = camera.flat != m_scene.camera.flat;
    m_scene.camera = camera;
    m_toolbar->setFlat(camera.flat);
    m_picker.invalidate();
    m_surface->refresh();
    if (turned) {
        m_overlay->update();
    } else {
        m_overlay->followCamera();
    }
}

void MapView::setFlat(bool flat)
{
    if (flat == m_scene.camera.flat) {
        return;
    }
    m_scene.camera.flat = flat;
    if (!flat && m_scene.camera.rotation == core::Camera{}.rotation) {
        tilt(m_scene.camera); // else the depth would not show
    }
    m_following = true;
    m_toolbar->setFlat(flat);
    fitIfFollowing();
    m_picker.invalidate();
    refresh();
}

void MapView::setTool(Tool tool)
{
    m_tool = tool;
    m_toolbar->setTool(tool);
    updateCursor();
}

void MapView::setFooter(const QString& text)
{
    m_overlay->setFooter(text);
}

void MapView::setHoverCard(const QImage& image, const QString& text)
{
    m_overlay->setHoverCard(image, text);
}

void MapView::setThumbnails(std::vector<MapThumbnail> thumbnails)
{
    m_overlay->setThumbnails(std::move(thumbnails));
}

void MapView::setMarkers(std::vector<MapMarker> markers)
{
    m_overlay->setMarkers(std::move(markers));
}

void MapView::setLinks(std::vector<MapLink> links)
{
    m_overlay->setLinks(std::move(links));
}

void MapView::setTheme(const MapTheme& theme)
{
    if (theme == m_scene.theme) {
        return;
    }
    m_scene.theme = theme;
    m_toolbar->setTheme(theme);
    m_legend->setTheme(theme);
    refresh();
}

void MapView::resetView()
{
    core::Camera camera = m_scene.camera;
    camera.rotation = core::Camera{}.rotation;
    if (!camera.flat) {
        tilt(camera);
    }
    m_following = true;
    applyCamera(fittingCamera(camera, m_scene.cloud, size(), kCovered));
}

void MapView::fitIfFollowing()
{
    if (!m_following || m_scene.cloud.size() == 0 || size().isEmpty()) {
        return;
    }
    const core::Camera fitted = fittingCamera(m_scene.camera, m_scene.cloud, size(), kCovered);
    if (fitted != m_scene.camera) {
        m_scene.camera = fitted;
        Q_EMIT cameraChanged(fitted);
    }
}

void MapView::applyCamera(const core::Camera& camera)
{
    if (camera == m_scene.camera) {
        return;
    }
    m_scene.camera = camera;
    m_scene.moving = true;
    m_restTimer.start();
    m_picker.invalidate();
    m_surface->refresh();
    m_overlay->followCamera();
    Q_EMIT cameraChanged(camera);
}

void MapView::rest()
{
    if (m_transition.state() == QAbstractAnimation::Running || m_restTimer.isActive()) {
        return; // the other one is still under way and will call again
    }
    m_scene.moving = false;
    m_surface->refresh();
    if (underMouse()) {
        updateHover(mapFromGlobal(QCursor::pos()));
    }
}

void MapView::refresh()
{
    m_surface->refresh();
    m_overlay->update();
}

QImage MapView::grabPoints()
{
    auto* gl = qobject_cast<QOpenGLWidget*>(m_surface->widget());
    return gl ? gl->grabFramebuffer() : m_surface->widget()->grab().toImage();
}

void MapView::placeControls()
{
    m_surface->widget()->setGeometry(rect());
    m_overlay->setGeometry(rect());
    m_toolbar->fit(width());
    m_toolbar->move(kMargin - 2, kMargin - 2);
    m_legend->fit({width() / 2, height() - m_toolbar->height() - 3 * kMargin});
    m_legend->move(width() - m_legend->width() - kMargin, height() - m_legend->height() - kMargin);
    m_overlay->setAvoided(m_legend->isHidden() ? QRect() : m_legend->geometry());
}

void MapView::updateAccessibility()
{
    setAccessibleDescription(tr("%1 points, %2 shown, %3 selected")
                                 .arg(m_scene.cloud.size())
                                 .arg(m_scene.cloud.visibleCount())
                                 .arg(m_scene.cloud.selectedCount()));
}

} // namespace semascope::ui
