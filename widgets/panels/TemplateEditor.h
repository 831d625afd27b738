#pragma once
#include "core/clip/ZeroShot.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace semascope::ui {

/// Chooses a set of prompt templates and lets it be edited; what is edited becomes the person's own set.
class TemplateEditor : public QWidget
{
    Q_OBJECT

public:
    explicit TemplateEditor(QWidget* parent = nullptr);

    /// The person's own templates, as remembered; none yet when empty.
    void setOwn(const QStringList& templates);
    /// Chooses a set by name ("custom" for the person's own).
    void setChosen(const std::string& name);
    const core::TemplateSet& set() const { return m_set; }
    /// One sentence about what is wrong with the list; empty when it can be used.
    const QString& problem() const { return m_problem; }

Q_SIGNALS:
    void changed();
    void ownEdited(const QStringList& templates);

private:
    void choose(int index);
    void read();
    void show(const core::TemplateSet& set);

    core::TemplateSet m_set, m_own;
    QString m_problem;
    bool m_filling = false;
    QComboBox* m_sets = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_sentence = nullptr;
};

} // namespace semascope::ui
