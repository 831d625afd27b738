#pragma once
#include "core/cluster/Clustering.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace semascope::ui {

class OptionForm;

/// How to find groups: method, number of groups, seed, which samples, and every option of the method. One button starts
/// it and, while it runs, stops it.
class ClusterSetup : public QWidget
{
    Q_OBJECT

public:
    explicit ClusterSetup(QWidget* parent = nullptr);

    core::ClusterSpec spec() const;
    void setSpec(const core::ClusterSpec& spec);
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason = {});
    /// While it runs the button stops it; `stage` is what to say of it, such as "refining, update 8".
    void setRunning(bool running, const QString& stage = {});
    /// What to be wary of in the clusters there are: first sentences stand under the button while nothing runs.
    void setWarnings(const QStringList& warnings);
    /// How many samples are selected now.
    void setSelected(std::size_t count);
    bool selectionOnly() const;
    /// Whether the map is to show a training.
    bool showsTraining() const;
    void setShowsTraining(bool on);

    /// "round groups (k-means)"; the word itself for one that is not known.
    static QString methodText(const std::string& method);
    static QString methodTip(const std::string& method);

Q_SIGNALS:
    void clusterWanted(const semascope::core::ClusterSpec& spec);
    void stopWanted();
    void showsTrainingChanged(bool on);

private:
    void makeChoices(QFormLayout* form);
    void makeRun();
    void adoptMethod();
    void refresh();

    QComboBox *m_method = nullptr, *m_samples = nullptr;
    QSpinBox *m_count = nullptr, *m_seed = nullptr;
    OptionForm *m_common = nullptr, *m_rest = nullptr;
    QPushButton *m_more = nullptr, *m_run = nullptr;
    QCheckBox* m_live = nullptr;
    QLabel *m_stage = nullptr, *m_warnings = nullptr;
    bool m_ready = false, m_running = false;
    std::size_t m_selected = 0;
    QString m_reason;
};

} // namespace semascope::ui
