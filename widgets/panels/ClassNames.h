#pragma once
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace semascope::ui {

/// A categorical attribute of the dataset, from whose labels class names can be taken.
struct LabelSource
{
    QString name;
    QStringList labels;
    bool operator==(const LabelSource&) const = default;
};

/// The class names of a zero-shot run: one a line, typed, pasted, from a file or from the labels of the data.
class ClassNames : public QWidget
{
    Q_OBJECT

public:
    explicit ClassNames(QWidget* parent = nullptr);

    void setSources(std::vector<LabelSource> sources);
    void setNames(const QStringList& names);
    /// Without empty and repeated lines.
    const QStringList& names() const { return m_names; }

Q_SIGNALS:
    void changed();
    /// Class names were taken from the labels of this attribute.
    void taken(const QString& attribute);
    void fileWanted();

private:
    void makeLinks();
    void takeFrom(const LabelSource& source);
    void paste();
    void read();

    std::vector<LabelSource> m_sources;
    QStringList m_names;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_count = nullptr;
    QPushButton *m_labels = nullptr, *m_paste = nullptr, *m_file = nullptr;
};

} // namespace semascope::ui
