#pragma once
#include "widgets/vtk/PointSurface.h"

#include <QPainterPath>
#include <QWidget>

#include <vector>

namespace semascope::ui {

/// Everything painted over the points that takes no clicks: shape being drawn, hover card, thumbnails, markers, axes,
/// footer. Transparent to the mouse; reads the scene when it paints. GUI thread.
class MapOverlay : public QWidget
{
    Q_OBJECT

public:
    /// The scene must outlive the overlay.
    MapOverlay(const PointScene& scene, QWidget* parent);

    void setOutline(const QPainterPath& outline);
    void setBrush(const QPointF& at, double radius); ///< radius 0: none
    void setFooter(const QString& text);
    void setNotice(const QString& text); ///< top right, such as "software drawing: no OpenGL"
    /// Shown beside the hovered point; both empty hides it. Text may be HTML.
    void setHoverCard(const QImage& image, const QString& text);
    void setThumbnails(std::vector<MapThumbnail> thumbnails);
    void setMarkers(std::vector<MapMarker> markers);
    void setLinks(std::vector<MapLink> links);
    void setFocusFrame(bool on);
    void setAvoided(const QRect& area) { m_avoided = area; } ///< where the hover card shall not go
    /// The camera moved: repaints only what goes with it, because every repaint costs an upload.
    void followCamera();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QPointF> toPixels(const std::vector<PointCloud::Position>& places) const;
    void paintThumbnails(QPainter& painter) const;
    void paintMarkers(QPainter& painter) const;
    void paintLinks(QPainter& painter) const;
    void paintTriad(QPainter& painter) const;
    QRect triadArea() const;
    void paintTexts(QPainter& painter) const;
    void paintOutline(QPainter& painter) const;
    void paintHovered(QPainter& painter) const;
    QPointF cardCorner(const QPointF& at, const QSizeF& size) const;
    void paintCard(QPainter& painter, const QPointF& at) const;

    const PointScene& m_scene;
    QPainterPath m_outline;
    QPointF m_brushAt;
    double m_brushRadius = 0;
    QString m_footer, m_notice, m_cardText;
    QImage m_cardImage;
    std::vector<MapThumbnail> m_thumbnails;
    std::vector<MapMarker> m_markers;
    std::vector<MapLink> m_links;
    QRectF m_avoided;
    bool m_focusFrame = false;
};

} // namespace semascope::ui
