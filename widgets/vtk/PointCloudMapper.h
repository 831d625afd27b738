#pragma once
#include <vtkOpenGLPolyDataMapper.h>

#include <cstddef>
#include <memory>

namespace semascope::ui {

struct PointScene;

/// Draws a PointScene as antialiased discs. Position (from, to), colour and state are persistent buffers, uploaded only
/// when their array changed; camera, size, opacity and transition are uniforms. GUI thread, inside a render.
class PointCloudMapper : public vtkOpenGLPolyDataMapper
{
public:
    static PointCloudMapper* New();
    vtkTypeMacro(PointCloudMapper, vtkOpenGLPolyDataMapper)

        /// The scene must outlive the mapper's last render.
        void setScene(const PointScene* scene)
    {
        m_scene = scene;
    }
    /// What differs from frame to frame: points to draw, and device pixels per pixel.
    void setFrame(std::size_t points, double pixelRatio);

    /// Whether the driver refused the shaders.
    bool failed() const noexcept { return m_failed; }

    void RenderPiece(vtkRenderer* renderer, vtkActor* actor) override;
    void ReleaseGraphicsResources(vtkWindow* window) override;
    using vtkOpenGLPolyDataMapper::GetBounds;
    double* GetBounds() override;
    bool HasOpaqueGeometry() override { return true; }
    bool HasTranslucentPolygonalGeometry() override { return false; }

protected:
    PointCloudMapper();
    ~PointCloudMapper() override;

private:
    struct Gl;
    bool prepareProgram(vtkRenderer* renderer);
    void upload();
    void bindArrays();
    void setUniforms(vtkRenderer* renderer);

    std::unique_ptr<Gl> m_gl;
    const PointScene* m_scene = nullptr;
    std::size_t m_points = 0;
    double m_pixelRatio = 1;
    bool m_failed = false;
};

} // namespace semascope::ui
