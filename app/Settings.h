#pragma once
#include <QByteArray>
#include <QObject>
#include <QString>

namespace semascope::app {

/// What the program remembers between runs. Typed; setting an equal value does nothing. GUI thread.
class Settings : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    QByteArray geometry() const;
    void setGeometry(const QByteArray& bytes);
    QByteArray windowState() const;
    void setWindowState(const QByteArray& bytes);
    /// "system", "light" or "dark".
    QString theme() const;
    void setTheme(const QString& word);
    QString lastFolder() const;
    void setLastFolder(const QString& path);

Q_SIGNALS:
    void themeChanged(const QString& word);
};

} // namespace semascope::app
