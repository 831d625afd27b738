#pragma once
#include "core/clip/ZeroShot.h"
#include "widgets/panels/ClassNames.h"

class QComboBox;
class QProgressBar;

namespace semascope::ui {

class TemplateEditor;

/// What a zero-shot run needs: class names, templates, and the labels to compare with.
class ZeroShotSetup : public QWidget
{
    Q_OBJECT

public:
    explicit ZeroShotSetup(QWidget* parent = nullptr);

    ClassNames* classNames() const { return m_classes; }
    TemplateEditor* templates() const { return m_templates; }
    /// The categorical attributes of a dataset that was opened. Class names that came from labels, or none at all, are
    /// replaced by those of the first that can be a list of classes.
    void setSources(const std::vector<LabelSource>& sources, bool otherData);
    core::ZeroShotSpec spec() const;
    /// Empty: nothing to compare with.
    QString labelAttribute() const;
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason = {});
    /// Shown instead of the button that starts.
    void setRunning(bool running);
    void setProgress(const QString& stage, std::size_t done, std::size_t total);

Q_SIGNALS:
    void runWanted();
    void cancelWanted();
    void labelAttributeChosen(const QString& name);

private:
    void makeRun();
    void setLabelAttribute(const QString& name);
    void refresh();

    std::vector<LabelSource> m_sources;
    bool m_ready = false, m_running = false;
    bool m_typed = false; ///< the class names are the person's own
    bool m_filling = false;
    QString m_reason;
    ClassNames* m_classes = nullptr;
    TemplateEditor* m_templates = nullptr;
    QComboBox* m_labels = nullptr;
    QPushButton *m_run = nullptr, *m_cancel = nullptr;
    QLabel* m_cost = nullptr;
    QProgressBar* m_progress = nullptr;
};

} // namespace semascope::ui
