// The only file with raw GL: VTK's GL header must come before any other, and Qt's may not come at all.
#include <vtk_glew.h>

#include "widgets/vtk/PointCloudMapper.h"

#include "widgets/vtk/PointSurface.h"

#include <vtkObjectFactory.h>
#include <vtkOpenGLBufferObject.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLShaderCache.h>
#include <vtkOpenGLState.h>
#include <vtkOpenGLVertexArrayObject.h>
#include <vtkRenderer.h>
#include <vtkShaderProgram.h>

#include <QFile>

#include <algorithm>
#include <array>

static void loadShaderResources()
{
    Q_INIT_RESOURCE(shaders);
}

namespace semascope::ui {
namespace {

std::string shaderSource(const char* name)
{
    QFile file(QStringLiteral(":/shaders/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// A vertex buffer with the revision of the array that it holds.
struct Buffer
{
    vtkNew<vtkOpenGLBufferObject> object;
    std::uint64_t revision = 0;

    template<class T> void upload(const std::vector<T>& array, std::uint64_t wanted)
    {
        if (revision != wanted) {
            object->Upload(array, vtkOpenGLBufferObject::ArrayBuffer);
            revision = wanted;
        }
    }
    void release()
    {
        object->ReleaseGraphicsResources();
        revision = 0;
    }
};

} // namespace

struct PointCloudMapper::Gl
{
    Buffer from, to, colours, states;
    vtkNew<vtkOpenGLVertexArrayObject> arrays;
    vtkShaderProgram* program = nullptr; // owned by the window's shader cache
    bool bound = false;
    std::string vertexSource, fragmentSource;
};

vtkStandardNewMacro(PointCloudMapper)

    PointCloudMapper::PointCloudMapper()
    : m_gl(std::make_unique<Gl>())
{
    loadShaderResources();
    m_gl->vertexSource = shaderSource("point.vert.glsl");
    m_gl->fragmentSource = shaderSource("point.frag.glsl");
    StaticOn(); // there is no input to bring up to date
    std::copy_n(std::array<double, 6>{-1, 1, -1, 1, -1, 1}.begin(), 6, Bounds);
}

PointCloudMapper::~PointCloudMapper() = default;

double* PointCloudMapper::GetBounds()
{
    return Bounds;
}

void PointCloudMapper::setFrame(std::size_t points, double pixelRatio)
{
    m_points = points;
    m_pixelRatio = pixelRatio;
}

bool PointCloudMapper::prepareProgram(vtkRenderer* renderer)
{
    auto* window = static_cast<vtkOpenGLRenderWindow*>(renderer->GetRenderWindow());
    auto* program =
        window->GetShaderCache()->ReadyShaderProgram(m_gl->vertexSource.c_str(), m_gl->fragmentSource.c_str(), "");
    if (program != m_gl->program) {
        m_gl->program = program;
        m_gl->bound = false;
    }
    m_failed = program == nullptr;
    return !m_failed;
}

void PointCloudMapper::upload()
{
    const PointCloud& cloud = m_scene->cloud;
    const auto& wanted = cloud.revisions();
    m_gl->from.upload(cloud.from(), wanted.from);
    m_gl->to.upload(cloud.to(), wanted.to);
    m_gl->colours.upload(cloud.colours(), wanted.colours);
    m_gl->states.upload(cloud.states(), wanted.states);
}

void PointCloudMapper::bindArrays()
{
    m_gl->arrays->Bind();
    if (m_gl->bound) {
        return;
    }
    m_gl->arrays->ShaderProgramChanged();
    m_gl->arrays->Bind();
    const auto add = [this](Buffer& buffer, const char* name, std::size_t stride, int type, int components) {
        m_gl->arrays->AddAttributeArray(m_gl->program, buffer.object, name, 0, stride, type, components,
                                        type == VTK_UNSIGNED_CHAR);
    };
    add(m_gl->from, "posA", sizeof(PointCloud::Position), VTK_FLOAT, 3);
    add(m_gl->to, "posB", sizeof(PointCloud::Position), VTK_FLOAT, 3);
    add(m_gl->colours, "colour", sizeof(PointCloud::Colour), VTK_UNSIGNED_CHAR, 4);
    add(m_gl->states, "state", sizeof(PointCloud::State), VTK_UNSIGNED_CHAR, 4);
    m_gl->bound = true;
}

void PointCloudMapper::setUniforms(vtkRenderer* renderer)
{
    vtkShaderProgram* program = m_gl->program;
    const int* size = renderer->GetRenderWindow()->GetSize();
    const auto matrix = m_scene->camera.matrix(static_cast<double>(size[0]) / std::max(1, size[1]));
    float columns[16]; // GL wants columns one after the other
    for (int i = 0; i < 16; ++i) {
        columns[i] = static_cast<float>(matrix[static_cast<std::size_t>(i % 4 * 4 + i / 4)]);
    }
    program->SetUniformMatrix4x4("worldToClip", columns);
    program->SetUniformf("targetDepth", static_cast<float>(m_scene->camera.targetDistance()));
    program->SetUniformf("transition", m_scene->transition);
    program->SetUniformf("sizePx", m_scene->sizePx * static_cast<float>(m_pixelRatio));
    program->SetUniformf("opacity", m_scene->opacity);
    program->SetUniformi("selecting", m_scene->selecting() ? 1 : 0);
    const auto setColour = [program](const char* name, const QColor& colour) {
        const float rgb[3] = {colour.redF(), colour.greenF(), colour.blueF()};
        program->SetUniform3f(name, rgb);
    };
    setColour("background", m_scene->theme.background);
    setColour("ink", m_scene->theme.text);
    setColour("accent", m_scene->theme.accent);
}

void PointCloudMapper::RenderPiece(vtkRenderer* renderer, vtkActor*)
{
    if (!m_scene || m_points == 0 || m_scene->cloud.size() == 0 || !prepareProgram(renderer)) {
        return;
    }
    upload();
    bindArrays();
    setUniforms(renderer);
    auto* state = static_cast<vtkOpenGLRenderWindow*>(renderer->GetRenderWindow())->GetState();
    state->vtkglEnable(GL_DEPTH_TEST);
    state->vtkglDepthFunc(GL_LEQUAL);
    state->vtkglDepthMask(GL_TRUE);
    state->vtkglEnable(GL_BLEND);
    state->vtkglBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    state->vtkglEnable(GL_PROGRAM_POINT_SIZE);
    glDrawArrays(GL_POINTS, 0, static_cast<GLsizei>(std::min(m_points, m_scene->cloud.size())));
    state->vtkglDisable(GL_PROGRAM_POINT_SIZE);
    m_gl->arrays->Release();
}

void PointCloudMapper::ReleaseGraphicsResources(vtkWindow* window)
{
    for (Buffer* buffer : {&m_gl->from, &m_gl->to, &m_gl->colours, &m_gl->states}) {
        buffer->release();
    }
    m_gl->arrays->ReleaseGraphicsResources();
    m_gl->program = nullptr;
    m_gl->bound = false;
    vtkOpenGLPolyDataMapper::ReleaseGraphicsResources(window);
}

} // namespace semascope::ui
