#pragma once
#include "widgets/vtk/MapGesture.h"
#include "widgets/vtk/MapPicker.h"

#include <QPointer>
#include <QTimer>
#include <QVariantAnimation>
#include <QWidget>

#include <memory>

namespace semascope::ui {

struct Legend;
class MapLegend;
class MapOverlay;
class MapToolbar;
class SelectionModel;

/// The map: points (by OpenGL, else by QPainter) with tools, legend and everything drawn over them. Setters are cheap
/// and idempotent and emit nothing; what the user does comes out as signals, and only camera, tool and hover change by
/// themselves. GUI thread.
class MapView : public QWidget
{
    Q_OBJECT

public:
    using Tool = MapTool;

    explicit MapView(QWidget* parent = nullptr);
    ~MapView() override;

    /// Row r of the layout is sample sampleOfPoint[r]. With `animate` the points glide from where they were.
    void setPoints(std::shared_ptr<const core::Layout> layout, std::vector<std::uint32_t> sampleOfPoint, bool animate);
    void setColours(const std::vector<std::uint32_t>& colours); ///< one per row, as QColor::rgba() packs it
    void setLegend(const Legend& legend);
    void setSelection(const SelectionModel* selection); ///< null: none; must outlive the view or be replaced
    /// Diameter in pixels. The document's usual size stands for automaticPointSize().
    void setPointSize(double px);
    void setOpacity(double opacity);
    void setCamera(const core::Camera& camera);
    const core::Camera& camera() const noexcept { return m_scene.camera; }
    void setFlat(bool flat);
    void setTool(Tool tool);
    Tool tool() const noexcept { return m_tool; }
    void setFooter(const QString& text);
    void setHoverCard(const QImage& image, const QString& text); ///< for the sample last told by hovered()
    void setThumbnails(std::vector<MapThumbnail> thumbnails);
    void setMarkers(std::vector<MapMarker> markers);
    void setLinks(std::vector<MapLink> links);
    void setTheme(const MapTheme& theme);
    void setDark(bool dark) { setTheme(dark ? MapTheme::dark() : MapTheme::light()); }
    const MapTheme& theme() const noexcept { return m_scene.theme; }

    /// Shows all points again, and follows new layouts and sizes until the user moves the camera.
    void resetView();
    const PointScene& scene() const noexcept { return m_scene; }
    PointSurface& surface() { return *m_surface; }
    bool usesOpenGl() const noexcept { return m_usesOpenGl; }
    /// Draws fewer points as if the camera were on its way, until the view next comes to rest.
    void setMoving(bool moving) { m_scene.moving = moving; }
    /// What was drawn last, without the overlay where OpenGL draws.
    QImage grabPoints();

Q_SIGNALS:
    void lassoed(const std::vector<std::uint32_t>& samples, semascope::core::Combine mode);
    void hovered(qint64 sample);
    void clicked(qint64 sample, Qt::KeyboardModifiers modifiers);
    void menuWanted(qint64 sample, const QPoint& globalPos); ///< a right click; −1 beside the points
    void cameraChanged(const semascope::core::Camera& camera);
    void legendToggled(int entry);
    void flatChanged(bool flat);
    void toolChanged(semascope::ui::MapTool tool);
    void lookChanged(double sizePx, double opacity);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void createSurface();
    void usePainter(const QString& reason);
    void adoptSurface(std::unique_ptr<PointSurface> surface);
    void connectControls();
    void placeControls();
    void refresh(); ///< points and overlay
    void pointsChanged();
    void adoptPointSize();
    void readSelection();
    void applyCamera(const core::Camera& camera); ///< by the user: tells, and draws fewer points until it rests
    void fitIfFollowing();
    void rest();
    void chooseFlat(bool flat);
    void chooseTool(Tool tool);
    void updateHover(const QPointF& at);
    void showHovered(std::int64_t drawn);
    MapGesture::Kind gestureFor(const QMouseEvent& event) const;
    void finishGesture(Qt::KeyboardModifiers modifiers);
    bool handleKey(const QKeyEvent& event);
    void updateCursor();
    void updateAccessibility();

    PointScene m_scene;
    std::unique_ptr<PointSurface> m_surface;
    MapOverlay* m_overlay;
    MapToolbar* m_toolbar;
    MapLegend* m_legend;
    QPointer<const SelectionModel> m_selection;
    MapPicker m_picker{m_scene};
    MapGesture m_gesture;
    Tool m_tool = Tool::Pan;
    double m_sizePx; ///< as asked for
    QTimer m_restTimer;
    QVariantAnimation m_transition;
    bool m_usesOpenGl = false, m_following = true, m_spaceHeld = false;
};

} // namespace semascope::ui
