#pragma once
#include <QWidget>

#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QPushButton;
class QSpinBox;

namespace semascope::ui {

/// What a comparison of clusterings is to do.
struct ComparisonChoice
{
    std::vector<std::string> methods;
    int k = 10;
    int seeds = 3;
    QString labels; ///< the attribute that judges; empty for none
    bool selectionOnly = false;
    bool cosine = true; ///< the silhouette's distance, else Euclidean
};

/// One calm row: methods, k, runs, what judges, which rows, Run or Stop.
class ComparisonSetup : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonSetup(QWidget* parent = nullptr);

    ComparisonChoice choice() const;
    void setChoice(const ComparisonChoice& choice);
    /// The categorical attributes; keeps the chosen one where it still exists, else takes the first when `prefer`.
    void setAttributes(const QStringList& names, bool prefer);
    void setSelected(std::size_t count);
    void setCosine(bool cosine);
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason);
    void setRunning(bool running);

Q_SIGNALS:
    void runWanted(const semascope::ui::ComparisonChoice& choice);
    void stopWanted();
    /// By hand; empty for none.
    void labelsChosen(const QString& attribute);

private:
    QWidget* makeMethods();
    QWidget* makeNumbers();
    QWidget* makeChoices();
    void refresh();

    std::vector<QCheckBox*> m_methods;
    QSpinBox *m_k = nullptr, *m_seeds = nullptr;
    QComboBox *m_labels = nullptr, *m_rows = nullptr, *m_measure = nullptr;
    QPushButton* m_run = nullptr;
    bool m_ready = false, m_running = false;
    QString m_reason;
};

} // namespace semascope::ui
