#pragma once
#include "core/data/Matrix.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

/// What one run of the real executable gave.
struct ProgramRun
{
    int exitCode = -1; ///< -1 when it crashed or did not end in time
    QByteArray out, err;
    QJsonObject json; ///< of standard output; empty when that is not one JSON object

    QString errorCode() const;
    /// All there is to know, for a failure message.
    QByteArray report() const;
};

/// Runs the program without a display, with a cache folder of its own, and waits.
ProgramRun runProgram(const QStringList& arguments);
/// The same with --json added.
ProgramRun runJson(const QStringList& arguments);
/// Sends SIGINT after this many milliseconds.
ProgramRun interruptProgram(const QStringList& arguments, int afterMs);

/// The cache folder of those runs; gone when the test ends.
QString programCache();
/// A NumPy array as float32 n×d; empty when it cannot be read.
semascope::core::Matrix readMatrix(const QString& path);
