#include "widgets/vtk/GlSurface.h"

#include "widgets/vtk/PointCloudMapper.h"

#include <vtkActor.h>
#include <vtkRenderer.h>

#include <array>

namespace semascope::ui {
namespace {

constexpr std::size_t kSoftwareBudget = 50'000, kHardwareBudget = 4'000'000;

bool isSoftware(const QString& driver)
{
    constexpr std::array names{"llvmpipe", "softpipe", "swrast", "swiftshader"};
    return std::any_of(names.begin(), names.end(),
                       [&](const char* name) { return driver.contains(QLatin1String(name), Qt::CaseInsensitive); });
}

} // namespace

GlSurface::GlSurface(const PointScene& pointScene, QWidget* parent) : VtkView(parent), m_scene(pointScene)
{
    m_mapper->setScene(&m_scene);
    m_actor->SetMapper(m_mapper);
    scene()->AddActor(m_actor);
}

GlSurface::~GlSurface()
{
    releaseGl(); // while actor and mapper are alive
}

std::size_t GlSurface::movingBudget() const
{
    return isSoftware(driver()) ? kSoftwareBudget : kHardwareBudget;
}

void GlSurface::prepareFrame()
{
    const QColor& background = m_scene.theme.background;
    scene()->SetBackground(background.redF(), background.greenF(), background.blueF());
    m_mapper->setFrame(pointsToDraw(m_scene), devicePixelRatioF());
}

QString GlSurface::frameFailure() const
{
    return m_mapper->failed() ? tr("The OpenGL driver cannot compile the shaders of the map.") : QString();
}

} // namespace semascope::ui
