#pragma once
#include "core/cluster/ClusterOptions.h"

#include <QWidget>

#include <map>

class QFormLayout;

namespace semascope::ui {

/// A control for each option of a method, made from what the options say of themselves: choices, numbers with their
/// range, texts. What is left as it is has no value, so that the method's own usual value counts.
class OptionForm : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kLabelWidth = 62; ///< at least, so that forms one below the other are in line

    /// `name` begins the object names of the controls: "clusterOption" gives "clusterOption_n_init".
    explicit OptionForm(const QString& name, QWidget* parent = nullptr);

    void setOptions(std::vector<core::ClusterOption> options);
    const std::vector<core::ClusterOption>& options() const { return m_options; }
    /// Only those that differ from the usual.
    std::map<std::string, std::string> values() const;
    /// Keys that are not among the options are passed over; those not given become usual again.
    void setValues(const std::map<std::string, std::string>& values);

Q_SIGNALS:
    void changed();

private:
    QWidget* makeControl(const core::ClusterOption& option);
    QWidget* makeChoice(const core::ClusterOption& option);
    QWidget* makeLine(const core::ClusterOption& option);
    QString valueOf(std::size_t index) const;

    QString m_name;
    std::vector<core::ClusterOption> m_options;
    std::vector<QWidget*> m_controls; ///< a QComboBox or a QLineEdit each
    QFormLayout* m_form;
};

/// What to call an option: "learning rate" for "lr", else the key with blanks for underscores.
QString optionText(const std::string& key);

} // namespace semascope::ui
