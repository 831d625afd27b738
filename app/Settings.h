#pragma once
#include <QByteArray>
#include <QObject>
#include <QStringList>

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
    /// Where models compute ("auto", "cpu", "cuda:0") and in which arithmetic ("auto", "fp32", …).
    QString device() const;
    QString precision() const;
    void setCompute(const QString& device, const QString& precision);
    /// Pictures of the sample that is proposed for a large folder.
    int sampleSize() const;
    void setSampleSize(int count);
    /// The person's own prompt templates for zero-shot, and the name of the set that was last used.
    QStringList ownTemplates() const;
    void setOwnTemplates(const QStringList& templates);
    /// The activation that a person chose for the weights of this hash; empty when none was remembered.
    QString activation(const QString& hash) const;
    void setActivation(const QString& hash, const QString& word);
    /// Where the words come from that clusters are named with, see ClusterNamer, and the person's own words.
    QString clusterVocabulary() const;
    void setClusterVocabulary(const QString& key);
    QStringList clusterWords() const;
    void setClusterWords(const QStringList& words);
    QString templateSet() const;
    void setTemplateSet(const QString& name);

Q_SIGNALS:
    void themeChanged(const QString& word);
};

} // namespace semascope::app
