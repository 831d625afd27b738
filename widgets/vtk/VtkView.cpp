#include "widgets/vtk/VtkView.h"

#include <vtkCallbackCommand.h>
#include <vtkCollection.h>
#include <vtkCullerCollection.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>

#include <QCoreApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include <functional>

namespace semascope::ui {
namespace {

QSurfaceFormat wantedFormat()
{
    QSurfaceFormat format = QSurfaceFormat::defaultFormat();
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setSamples(0); // edges are smoothed in the shader; a blit into a multisampled framebuffer would fail
    return format;
}

QString probe()
{
    QOpenGLContext context;
    context.setFormat(wantedFormat());
    if (!context.create()) {
        return QCoreApplication::translate("VtkView", "This display offers no OpenGL context.");
    }
    if (context.isOpenGLES() || context.format().version() < std::pair(3, 2)) {
        return QCoreApplication::translate("VtkView", "OpenGL 3.2 is needed, but the driver offers %1.%2.")
            .arg(context.format().majorVersion())
            .arg(context.format().minorVersion());
    }
    QOffscreenSurface surface;
    surface.setFormat(context.format());
    surface.create();
    if (!surface.isValid() || !context.makeCurrent(&surface)) {
        return QCoreApplication::translate("VtkView", "The OpenGL context of this display cannot be made current.");
    }
    context.doneCurrent();
    return {};
}

/// Adds an observer that lives as long as `window`, and returns its tag.
unsigned long observe(vtkObject* window, unsigned long event, std::function<void(void*)> handler)
{
    auto* held =
        new std::function<void(void*)>(std::move(handler)); // owned by the command, through its delete callback
    vtkNew<vtkCallbackCommand> command;
    command->SetClientData(held);
    command->SetClientDataDeleteCallback([](void* data) { delete static_cast<std::function<void(void*)>*>(data); });
    command->SetCallback([](vtkObject*, unsigned long, void* data, void* callData) {
        (*static_cast<std::function<void(void*)>*>(data))(callData);
    });
    return window->AddObserver(event, command);
}

} // namespace

VtkView::VtkView(QWidget* parent) : QOpenGLWidget(parent)
{
    setFormat(wantedFormat());
    setProperty("_kde_no_window_grab", true);
    m_window->SetReadyForRendering(false);
    m_window->SetOwnContext(false);
    m_window->SetMultiSamples(0);
    m_window->SetFrameBlitModeToBlitToCurrent();
    m_window->AddRenderer(m_renderer);
    m_renderer->SetBackgroundAlpha(1.0);
    m_renderer->GetCullers()->RemoveAllItems(); // the mapper has a camera of its own, which the cullers do not know
    hookWindow();
}

VtkView::~VtkView()
{
    releaseGl();
    // Both would still call this object while its bases are taken down.
    if (context()) {
        disconnect(context(), nullptr, this, nullptr);
    }
    m_window->RemoveAllObservers();
}

bool VtkView::available(QString* reason)
{
    static const QString whyNot = probe();
    if (reason) {
        *reason = whyNot;
    }
    return whyNot.isEmpty();
}

void VtkView::hookWindow()
{
    observe(m_window, vtkCommand::WindowMakeCurrentEvent, [this](void*) {
        if (!contextIsCurrent()) {
            makeContextCurrent();
        }
    });
    observe(m_window, vtkCommand::WindowIsCurrentEvent,
            [this](void* out) { *static_cast<bool*>(out) = contextIsCurrent(); });
    observe(m_window, vtkCommand::WindowSupportsOpenGLEvent, [](void* out) { *static_cast<int*>(out) = 1; });
    observe(m_window, vtkCommand::WindowFrameEvent, [this](void*) {
        if (!m_inPaint) {
            update();
        }
    });
}

bool VtkView::contextIsCurrent() const
{
    return context() && QOpenGLContext::currentContext() == context();
}

void VtkView::makeContextCurrent()
{
    // Not QOpenGLWidget::makeCurrent(): that also binds Qt's framebuffer, behind the back of VTK's cached bindings.
    if (!context()) {
        return;
    }
    QSurface* surface = context()->surface();
    if (!surface && m_spareSurface) {
        surface = m_spareSurface.get();
    }
    if (surface) {
        context()->makeCurrent(surface);
    }
}

void VtkView::initializeGL()
{
    if (!m_spareSurface) {
        m_spareSurface = std::make_unique<QOffscreenSurface>();
        m_spareSurface->setFormat(context()->format());
        m_spareSurface->create();
    }
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &VtkView::releaseGl,
            Qt::ConnectionType(Qt::DirectConnection | Qt::UniqueConnection));
    if (context()->isOpenGLES() || context()->format().version() < std::pair(3, 2)) {
        giveUp(tr("OpenGL 3.2 is needed, but the driver offers less."));
        return;
    }
    m_window->SetReadyForRendering(true);
    // It says that it succeeded even where its loader failed (GLX only); the error event is the sign.
    bool failedInside = false;
    const unsigned long tag = observe(m_window, vtkCommand::ErrorEvent, [&](void*) { failedInside = true; });
    const bool initialised = m_window->InitializeFromCurrentContext();
    m_window->RemoveObserver(tag);
    if (!initialised || failedInside) {
        giveUp(tr("VTK cannot use the OpenGL context of this display; on Wayland start with QT_QPA_PLATFORM=xcb."));
        return;
    }
    auto* state = m_window->GetState();
    state->Reset();
    state->vtkglDepthFunc(GL_LEQUAL); // Qt leaves GL_LESS
    state->vtkglEnable(GL_DEPTH_TEST);
    const auto text = [this](GLenum name) {
        return QString::fromLatin1(reinterpret_cast<const char*>(context()->functions()->glGetString(name)));
    };
    m_driver = QStringLiteral("OpenGL %1, %2").arg(text(GL_VERSION), text(GL_RENDERER));
}

void VtkView::paintGL()
{
    QOpenGLFunctions* gl = context()->functions();
    if (!usable()) {
        gl->glClear(GL_COLOR_BUFFER_BIT);
        return;
    }
    m_inPaint = true;
    const double ratio = devicePixelRatioF();
    const QSize pixels = size() * ratio; // rounded as Qt rounds for its framebuffer
    m_window->SetSize(pixels.width(), pixels.height());
    m_window->SetDPI(qRound(72 * ratio));
    prepareFrame();
    auto* state = m_window->GetState();
    state->Reset(); // Qt has used the context since the last frame
    state->Push();
    state->ResetFramebufferBindings();
    m_window->Render();
    state->Pop();
    // Whatever alpha the frame left would let the desktop shine through.
    gl->glBindFramebuffer(GL_FRAMEBUFFER, defaultFramebufferObject());
    gl->glDisable(GL_SCISSOR_TEST);
    gl->glColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
    gl->glClearColor(0, 0, 0, 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    gl->glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    m_inPaint = false;
    if (const QString reason = frameFailure(); !reason.isEmpty()) {
        giveUp(reason);
    }
}

void VtkView::releaseGl()
{
    if (!m_window->GetReadyForRendering()) {
        return;
    }
    makeContextCurrent();
    if (contextIsCurrent()) {
        m_window->Finalize();
    }
    m_window->SetReadyForRendering(false);
}

void VtkView::giveUp(const QString& reason)
{
    m_window->SetReadyForRendering(false);
    m_reason = reason;
    Q_EMIT failed(reason);
}

} // namespace semascope::ui
