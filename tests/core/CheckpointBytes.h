#pragma once
#include "core/checkpoint/Checkpoint.h"
#include "core/job/Error.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <QtEndian>

/// Bytes and files for the checkpoint tests.
namespace fixture {

template<class T> QByteArray little(T value)
{
    QByteArray bytes(sizeof(T), '\0');
    qToLittleEndian(value, bytes.data());
    return bytes;
}

inline std::string save(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes)
{
    QFile file(folder.filePath(name));
    file.remove(); // a file cut to nothing and written again is flushed by some file systems, which is slow
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("the test cannot write its files");
    }
    return file.fileName().toStdString();
}

inline QByteArray load(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QByteArray floats(const std::vector<float>& values)
{
    QByteArray bytes;
    for (const float value : values) {
        bytes += little(qFromLittleEndian<quint32>(&value));
    }
    return bytes;
}

} // namespace fixture
