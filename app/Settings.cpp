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

QString Settings::device() const
{
    return read("compute/device", QStringLiteral("auto"));
}

QString Settings::precision() const
{
    return read("compute/precision", QStringLiteral("auto"));
}

void Settings::setCompute(const QString& device, const QString& precision)
{
    write("compute/device", device);
    write("compute/precision", precision);
}

int Settings::sampleSize() const
{
    constexpr int kUsual = 2000;
    return read("embed/sample", kUsual);
}

void Settings::setSampleSize(int count)
{
    write("embed/sample", count);
}

QStringList Settings::ownTemplates() const
{
    return read("zeroShot/templates", QStringList());
}

void Settings::setOwnTemplates(const QStringList& templates)
{
    write("zeroShot/templates", templates);
}

QString Settings::activation(const QString& hash) const
{
    return QSettings().value(QStringLiteral("activations/") + hash).toString();
}

void Settings::setActivation(const QString& hash, const QString& word)
{
    QSettings().setValue(QStringLiteral("activations/") + hash, word);
}

QString Settings::clusterVocabulary() const
{
    return read("clusters/vocabulary", QStringLiteral("general"));
}

void Settings::setClusterVocabulary(const QString& key)
{
    write("clusters/vocabulary", key);
}

QStringList Settings::clusterWords() const
{
    return read("clusters/words", QStringList());
}

void Settings::setClusterWords(const QStringList& words)
{
    write("clusters/words", words);
}

QString Settings::templateSet() const
{
    return read("zeroShot/set", QString());
}

void Settings::setTemplateSet(const QString& name)
{
    write("zeroShot/set", name);
}

} // namespace semascope::app
