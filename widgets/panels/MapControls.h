#pragma once
#include "core/reduce/Layout.h"

#include <QWidget>

class QComboBox;
class QPushButton;
class QSpinBox;

namespace semascope::ui {

/// How to make a map: method in plain words, two or three dimensions, seed.
class MapControls : public QWidget
{
    Q_OBJECT

public:
    explicit MapControls(QWidget* parent = nullptr);
    /// Method words (those of the command line) in the order to offer them; unknown ones are shown as they are.
    void setMethods(const std::vector<std::string>& methods);
    void setSpec(const core::LayoutSpec& spec);
    core::LayoutSpec spec() const;
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason = {});

    /// "keeps distances (MDS, SMACOF)", and what it means.
    static QString methodText(const std::string& method);
    static QString methodTip(const std::string& method);

Q_SIGNALS:
    void mapWanted(const semascope::core::LayoutSpec& spec);

private:
    QComboBox *m_method = nullptr, *m_dimension = nullptr;
    QSpinBox* m_seed = nullptr;
    QPushButton* m_map = nullptr;
};

} // namespace semascope::ui
