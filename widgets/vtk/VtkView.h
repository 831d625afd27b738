#pragma once
#include <QOpenGLWidget>

#include <memory>

#include <vtkNew.h>

class QOffscreenSurface;
class vtkGenericOpenGLRenderWindow;
class vtkRenderer;

namespace semascope::ui {

/// Hosts one vtkGenericOpenGLRenderWindow with one renderer in Qt 6. GUI thread only; call update() to redraw. GL
/// resources are released whenever Qt takes the context away and made again on the next paint, so that docks may float.
class VtkView : public QOpenGLWidget
{
    Q_OBJECT

public:
    explicit VtkView(QWidget* parent = nullptr);
    ~VtkView() override;

    /// Whether a context as this view needs it can be had at all; tells why not in `reason`. Cheap after the first
    /// call.
    static bool available(QString* reason = nullptr);

    bool usable() const noexcept { return m_reason.isEmpty(); }
    const QString& reason() const noexcept { return m_reason; } ///< why it is not usable; one sentence
    const QString& driver() const noexcept { return m_driver; } ///< GL version and renderer, once initialised

Q_SIGNALS:
    /// The context turned out to be useless; the view stays empty from now on.
    void failed(const QString& reason);

protected:
    vtkRenderer* scene() { return m_renderer; }
    virtual void prepareFrame() {} ///< before every Render(), context current
    /// After every Render(): why the frame could not be drawn and never will be; empty when it could.
    virtual QString frameFailure() const { return {}; }
    /// Gives all GL resources back; harmless when there are none. Subclasses call it in their destructors.
    void releaseGl();

    void initializeGL() override;
    void paintGL() override;

private:
    void hookWindow();
    bool contextIsCurrent() const;
    void makeContextCurrent();
    void giveUp(const QString& reason);

    vtkNew<vtkGenericOpenGLRenderWindow> m_window;
    vtkNew<vtkRenderer> m_renderer;
    std::unique_ptr<QOffscreenSurface> m_spareSurface; ///< to release with, when the own surface is gone
    QString m_reason, m_driver;
    bool m_inPaint = false;
};

} // namespace semascope::ui
