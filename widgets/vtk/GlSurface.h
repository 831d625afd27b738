#pragma once
#include "widgets/vtk/PointSurface.h"
#include "widgets/vtk/VtkView.h"

#include <vtkNew.h>

class vtkActor;

namespace semascope::ui {

class PointCloudMapper;

/// Draws a PointScene with OpenGL, through VTK. GUI thread.
class GlSurface : public VtkView, public PointSurface
{
    Q_OBJECT

public:
    /// The scene must outlive the surface.
    GlSurface(const PointScene& scene, QWidget* parent);
    ~GlSurface() override;

    QWidget* widget() override { return this; }
    void refresh() override { update(); }
    QString renderer() const override { return driver(); }
    std::size_t movingBudget() const override;

protected:
    void prepareFrame() override;
    QString frameFailure() const override;

private:
    const PointScene& m_scene;
    vtkNew<PointCloudMapper> m_mapper;
    vtkNew<vtkActor> m_actor;
};

} // namespace semascope::ui
