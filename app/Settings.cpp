#include "app/Settings.h"

#include <QSettings>

namespace semascope::app {

namespace {

template<class T> T read(const char* key, const T& fallback)
{
    return QSettings().value(QLatin1String(key), QVariant::fromValue(fallback)).template value<T>();
}

template<class T> bool write(const char* key, const T& value)
{
    QSettings store;
    const QVariant wanted = QVariant::fromValue(value);
    if (store.value(QLatin1String(key)) == wanted) {
        return false;
    }
    store.setValue(QLatin1String(key), wanted);
    return true;
}

} // namespace

QByteArray Settings::geometry() const
{
    return read("window/geometry", QByteArray());
}

void Settings::setGeometry(const QByteArray& bytes)
{
    write("window/geometry", bytes);
}

QByteArray Settings::windowState() const
{
    return read("window/state", QByteArray());
}

void Settings::setWindowState(const QByteArray& bytes)
{
    write("window/state", bytes);
}

QString Settings::theme() const
{
    return read("theme", QStringLiteral("system"));
}

void Settings::setTheme(const QString& word)
{
    if (write("theme", word)) {
        Q_EMIT themeChanged(word);
    }
}

QString Settings::lastFolder() const
{
    return read("lastFolder", QString());
}

void Settings::setLastFolder(const QString& path)
{
    write("lastFolder", path);
}

} // namespace semascope::app
