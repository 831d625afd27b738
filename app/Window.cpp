#include "app/Window.h"

#include "app/MainWindow.h"
#include "app/cli/QtScope.h"
#include "core/job/Compute.h"
#include "core/job/Parallel.h"
#include "resources/Resources.h"

#include <QApplication>
#include <QSocketNotifier>
#include <QSurfaceFormat>
#include <QTimer>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace semascope::app {

namespace {

constexpr std::chrono::milliseconds kLongestClose{2500};
int g_signalPipe[2] = {-1, -1};

extern "C" void onTerminate(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(g_signalPipe[1], &byte, 1);
}

/// SIGTERM and SIGINT close the window as its own button does.
void quitOnSignals(QApplication& application)
{
    if (::pipe2(g_signalPipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return;
    }
    auto* notifier = new QSocketNotifier(g_signalPipe[0], QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, [] {
        QApplication::closeAllWindows();
        QApplication::quit();
    });
    std::signal(SIGTERM, onTerminate);
    std::signal(SIGINT, onTerminate);
}

bool displayThere()
{
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        if (!qEnvironmentVariableIsEmpty(name)) {
            return true;
        }
    }
    return false;
}

} // namespace

void prepareGraphics()
{
    // VTK's loader speaks GLX only: under Wayland go through XWayland
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && !qEnvironmentVariableIsEmpty("DISPLAY")) {
        qputenv("QT_QPA_PLATFORM", "xcb");
    }
    QSurfaceFormat format;
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts); // a floated dock keeps its GL objects
}

int runWindow(int argc, char** argv)
{
    if (!displayThere()) {
        std::fprintf(
            stderr,
            "semascope: there is no display here; use the commands (semascope --help) or semascope demo --headless.\n");
        return 1;
    }
    prepareGraphics();
    int status = 0;
    {
        qInstallMessageHandler(logQtMessage);
        QApplication application(argc, argv);
        QCoreApplication::setApplicationName(QStringLiteral("Semascope"));
        QCoreApplication::setOrganizationName(QStringLiteral("semascope"));
        QCoreApplication::setApplicationVersion(QStringLiteral(SEMASCOPE_VERSION));
        ui::initResources();
        core::setThreadCount(0);
        core::applyThreads();
        const core::BlasReport blas = core::blasReport();
        if (!blas.consistent) {
            spdlog::warn(blas.problem);
        }
        quitOnSignals(application);
        MainWindow window(blas);
        window.show();
        std::vector<std::string> files(argv + 1, argv + argc);
        QTimer::singleShot(0, &window, [&window, files] { window.openAtStart(files); });
        status = QApplication::exec();
        // a decoder or a network folder that does not answer must not keep the program alive
        std::thread([] {
            std::this_thread::sleep_for(kLongestClose);
            ::_exit(0);
        }).detach();
    }
    return status;
}

} // namespace semascope::app
