#pragma once
#include <QDir>
#include <QString>
#include <QTemporaryDir>
#include <QtTest>

/// Every test program has an embedding store of its own, and leaves the user's alone.
inline const bool storeIsOwn = [] {
    static const QTemporaryDir folder;
    return qputenv("SEMASCOPE_CACHE", folder.path().toUtf8());
}();

/// Where the shared real data and goldens are: SEMASCOPE_SHARED, or ../shared beside the checkout.
inline QString sharedDir()
{
    const QString fromEnv = qEnvironmentVariable("SEMASCOPE_SHARED");
    return fromEnv.isEmpty() ? QDir::cleanPath(QStringLiteral(SEMASCOPE_SHARED_DIR)) : fromEnv;
}
inline std::string sharedPath(const char* relative)
{
    return (sharedDir() + QLatin1Char('/') + QString::fromUtf8(relative)).toStdString();
}

/// Skips the test function when the shared data are absent.
#define NEEDS_SHARED(relative)                                                                                         \
    do {                                                                                                               \
        if (!QFileInfo::exists(QString::fromStdString(sharedPath(relative)))) {                                        \
            QSKIP("the shared data (" relative ") are not here");                                                      \
        }                                                                                                              \
    } while (false)
