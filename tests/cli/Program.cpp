#include "cli/Program.h"

#include "core/data/Arrays.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <csignal>

namespace {

constexpr int kTimeoutMs = 240'000;

ProgramRun run(const QStringList& arguments, int interruptAfterMs)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LD_LIBRARY_PATH"}) {
        environment.remove(QString::fromLatin1(name));
    }
    environment.insert(QStringLiteral("XDG_CACHE_HOME"), programCache());
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(SEMASCOPE_PROGRAM), arguments, QIODevice::ReadOnly);
    ProgramRun result;
    if (interruptAfterMs > 0 && process.waitForStarted() && !process.waitForFinished(interruptAfterMs)) {
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    }
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(kTimeoutMs)) {
        process.kill();
        process.waitForFinished();
    }
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    result.exitCode = process.exitStatus() == QProcess::NormalExit && process.error() != QProcess::FailedToStart
                          ? process.exitCode()
                          : -1;
    result.json = QJsonDocument::fromJson(result.out).object();
    return result;
}

} // namespace

QString ProgramRun::errorCode() const
{
    return json[QLatin1String("error")].toObject()[QLatin1String("code")].toString();
}

QByteArray ProgramRun::report() const
{
    return "exit " + QByteArray::number(exitCode) + "\n" + out.left(2000) + "\n" + err.left(2000);
}

ProgramRun runProgram(const QStringList& arguments)
{
    return run(arguments, 0);
}

ProgramRun runJson(const QStringList& arguments)
{
    return run(arguments + QStringList{QStringLiteral("--json")}, 0);
}

ProgramRun interruptProgram(const QStringList& arguments, int afterMs)
{
    return run(arguments, afterMs);
}

QString programCache()
{
    static const QTemporaryDir folder;
    return folder.path();
}

semascope::core::Matrix readMatrix(const QString& path)
{
    try {
        return semascope::core::toMatrix(semascope::core::readArray(path.toStdString()), "the array", true);
    } catch (const std::exception&) {
        return {};
    }
}
