#include "app/Settings.h"

#include <QSettings>

namespace semascope::app {

namespace {

constexpr qsizetype kRecentFiles = 10;

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

QStringList Settings::recentFiles() const
{
    return read("recent", QStringList());
}

void Settings::addRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    files.prepend(path);
    if (write("recent", QStringList(files.mid(0, kRecentFiles)))) {
        Q_EMIT recentFilesChanged();
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

QString Settings::vocabulary() const
{
    return read("vocabulary", QString());
}

void Settings::setVocabulary(const QString& path)
{
    write("vocabulary", path);
}

} // namespace semascope::app
