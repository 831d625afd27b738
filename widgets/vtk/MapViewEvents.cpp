// What mouse and keyboard do on the map.
#include "widgets/vtk/MapNavigation.h"
#include "widgets/vtk/MapOverlay.h"
#include "widgets/vtk/MapToolbar.h"
#include "widgets/vtk/MapView.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>

namespace semascope::ui {
namespace {

core::Combine combineFor(Qt::KeyboardModifiers modifiers)
{
    const bool shift = modifiers.testFlag(Qt::ShiftModifier), control = modifiers.testFlag(Qt::ControlModifier);
    if (shift && control) {
        return core::Combine::Intersect;
    }
    if (shift) {
        return core::Combine::Add;
    }
    return control ? core::Combine::Subtract : core::Combine::Replace;
}

} // namespace

void MapView::resizeEvent(QResizeEvent*)
{
    placeControls();
    m_picker.invalidate();
    fitIfFollowing();
    refresh();
}

MapGesture::Kind MapView::gestureFor(const QMouseEvent& event) const
{
    using Kind = MapGesture::Kind;
    switch (event.button()) {
    case Qt::MiddleButton:
        return Kind::Pan;
    case Qt::RightButton:
        return m_scene.camera.flat ? Kind::None : Kind::Pan;
    case Qt::LeftButton:
        if (m_spaceHeld) {
            return Kind::Pan;
        }
        return m_tool == Tool::Pan && !m_scene.camera.flat ? Kind::Orbit : shapeOf(m_tool);
    default:
        return Kind::None;
    }
}

void MapView::mousePressEvent(QMouseEvent* event)
{
    const auto kind = gestureFor(*event);
    if (m_gesture.active() || kind == MapGesture::Kind::None) {
        event->ignore();
        return;
    }
    m_gesture.begin(kind, event->position());
    if (m_gesture.isShape()) {
        m_overlay->setOutline(m_gesture.outline());
    }
    updateCursor();
}

void MapView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_tool == Tool::Brush) {
        m_overlay->setBrush(event->position(), m_gesture.brushRadius());
    }
    if (!m_gesture.active()) {
        updateHover(event->position());
        return;
    }
    const QPointF step = m_gesture.extend(event->position());
    if (m_gesture.isShape()) {
        m_overlay->setOutline(m_gesture.outline());
        return;
    }
    if (!m_gesture.moved()) {
        return;
    }
    core::Camera camera = m_scene.camera;
    dragCamera(camera, m_gesture.kind() == MapGesture::Kind::Orbit ? CameraDrag::Orbit : CameraDrag::Pan, step, size());
    m_following = false;
    applyCamera(camera);
}

void MapView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_gesture.active()) {
        event->ignore();
        return;
    }
    m_gesture.extend(event->position());
    const bool isClick = !m_gesture.moved();
    if (isClick && event->button() == Qt::LeftButton) {
        const qint64 sample = m_scene.cloud.sampleOrNone(m_picker.pointAt(event->position(), size()));
        m_gesture.end();
        m_overlay->setOutline({});
        updateCursor();
        Q_EMIT clicked(sample, event->modifiers());
        return;
    }
    if (isClick && event->button() == Qt::RightButton) { // in 3D this button drags, too
        const qint64 sample = m_scene.cloud.sampleOrNone(m_picker.pointAt(event->position(), size()));
        Q_EMIT menuWanted(sample, event->globalPosition().toPoint());
    }
    finishGesture(event->modifiers());
}

void MapView::finishGesture(Qt::KeyboardModifiers modifiers)
{
    const bool isShape = m_gesture.isShape();
    const auto samples = isShape ? m_picker.samplesIn(m_gesture.mask(size())) : std::vector<std::uint32_t>();
    m_gesture.end();
    m_overlay->setOutline({});
    updateCursor();
    if (isShape) {
        Q_EMIT lassoed(samples, combineFor(modifiers));
    }
}

void MapView::wheelEvent(QWheelEvent* event)
{
    core::Camera camera = m_scene.camera;
    wheelCamera(camera, event->angleDelta().y(), event->position(), size());
    m_following = false;
    applyCamera(camera);
}

void MapView::leaveEvent(QEvent*)
{
    m_overlay->setBrush({}, 0);
    if (m_scene.hovered >= 0) {
        showHovered(-1);
        Q_EMIT hovered(-1);
    }
}

void MapView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    if (mouse && !m_scene.camera.flat) {
        return; // comes with the release, if the button did not drag
    }
    const std::int64_t drawn = mouse ? m_picker.pointAt(event->pos(), size()) : m_scene.hovered;
    Q_EMIT menuWanted(m_scene.cloud.sampleOrNone(drawn), event->globalPos());
}

/// Nothing is hovered while the camera moves: the grid is built anew once it rests.
void MapView::updateHover(const QPointF& at)
{
    if (m_scene.moving) {
        return;
    }
    const std::int64_t drawn = m_picker.pointAt(at, size());
    if (drawn != m_scene.hovered) {
        m_overlay->setHoverCard({}, {}); // of another point
        showHovered(drawn);
        Q_EMIT hovered(m_scene.cloud.sampleOrNone(drawn));
    }
}

void MapView::showHovered(std::int64_t drawn)
{
    if (drawn != m_scene.hovered) {
        m_scene.hovered = drawn;
        m_overlay->update();
    }
}

void MapView::keyPressEvent(QKeyEvent* event)
{
    if (!handleKey(*event)) {
        QWidget::keyPressEvent(event);
    }
}

bool MapView::handleKey(const QKeyEvent& event)
{
    if (event.matches(QKeySequence::SelectAll)) {
        Q_EMIT lassoed(m_picker.visibleSamples(), core::Combine::Replace);
        return true;
    }
    core::Camera camera = m_scene.camera;
    if (keyCamera(camera, event.key(), event.modifiers().testFlag(Qt::ShiftModifier), size())) {
        m_following = false;
        applyCamera(camera);
        return true;
    }
    switch (event.key()) {
    case Qt::Key_R:
    case Qt::Key_Home:
        resetView();
        return true;
    case Qt::Key_Space:
        m_spaceHeld = true;
        updateCursor();
        return true;
    case Qt::Key_BracketLeft:
    case Qt::Key_BracketRight:
        m_gesture.setBrushRadius(m_gesture.brushRadius() * (event.key() == Qt::Key_BracketLeft ? 0.8 : 1.25));
        if (m_tool == Tool::Brush) {
            m_overlay->setBrush(mapFromGlobal(QCursor::pos()), m_gesture.brushRadius());
        }
        return true;
    case Qt::Key_Escape:
        if (!m_gesture.active()) {
            return false; // somebody else may want it
        }
        m_gesture.end();
        m_overlay->setOutline({});
        updateCursor();
        return true;
    default:
        return false;
    }
}

void MapView::keyReleaseEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceHeld = false;
        updateCursor();
        return;
    }
    QWidget::keyReleaseEvent(event);
}

void MapView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    const bool byKeyboard = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    m_overlay->setFocusFrame(byKeyboard);
}

void MapView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_overlay->setFocusFrame(false);
    m_spaceHeld = false;
    updateCursor();
}

void MapView::chooseFlat(bool flat)
{
    if (flat != m_scene.camera.flat) {
        setFlat(flat);
        Q_EMIT flatChanged(flat);
        Q_EMIT cameraChanged(m_scene.camera);
    }
}

void MapView::chooseTool(Tool tool)
{
    if (tool != m_tool) {
        setTool(tool);
        Q_EMIT toolChanged(tool);
    }
}

void MapView::updateCursor()
{
    using Kind = MapGesture::Kind;
    const bool drags = m_gesture.kind() == Kind::Pan || m_gesture.kind() == Kind::Orbit;
    if (drags) {
        setCursor(Qt::ClosedHandCursor);
    } else if (m_tool == Tool::Pan || m_spaceHeld) {
        setCursor(Qt::OpenHandCursor);
    } else {
        setCursor(Qt::CrossCursor);
    }
    if (m_tool != Tool::Brush) {
        m_overlay->setBrush({}, 0);
    }
}

} // namespace semascope::ui
