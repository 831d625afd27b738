#pragma once
#include "core/checkpoint/Detect.h"

#include <QDialog>

class QCheckBox;
class QPushButton;
class QRadioButton;

namespace semascope::ui {

/// Asks for the activation of a checkpoint that does not tell it. Nothing is chosen beforehand: a guess would be as
/// good as a coin.
class ModelCardQuestion : public QDialog
{
    Q_OBJECT

public:
    explicit ModelCardQuestion(const core::CheckpointInfo& info, QWidget* parent = nullptr);
    core::Activation activation() const;
    bool remember() const;

private:
    QRadioButton* addChoice(const QString& word, const QString& about);

    QRadioButton *m_quick = nullptr, *m_exact = nullptr;
    QCheckBox* m_remember = nullptr;
    QPushButton* m_open = nullptr;
};

} // namespace semascope::ui
