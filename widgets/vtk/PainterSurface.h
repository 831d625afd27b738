#pragma once
#include "widgets/vtk/PointSurface.h"

#include <QHash>
#include <QImage>
#include <QWidget>

#include <vector>

namespace semascope::ui {

/// Draws a PointScene with QPainter where OpenGL cannot be used: the same projection, colours and emphasis. GUI thread.
class PainterSurface : public QWidget, public PointSurface
{
    Q_OBJECT

public:
    /// The scene must outlive the surface.
    PainterSurface(const PointScene& scene, QWidget* parent);

    QWidget* widget() override { return this; }
    void refresh() override;
    QString renderer() const override;
    std::size_t movingBudget() const override { return 50'000; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// How one point looks; points that look the same share a picture.
    struct Look
    {
        QRgb fill = 0, ring = 0;
        int diameter4 = 0; ///< quarters of a pixel
        bool operator==(const Look&) const = default;
    };
    friend size_t qHash(const Look& look, size_t seed) noexcept
    {
        return qHashMulti(seed, look.fill, look.ring, look.diameter4);
    }

    void drawScene();
    std::vector<std::uint32_t> drawingOrder(std::size_t count) const;
    int layer(std::size_t drawn) const;
    Look look(std::size_t drawn, double pixelRatio) const;
    const QImage& sprite(const Look& look);

    const PointScene& m_scene;
    QImage m_picture; ///< device pixels
    bool m_dirty = true;
    QHash<Look, QImage> m_sprites;
    std::vector<float> m_xy, m_depth;
};

} // namespace semascope::ui
