#pragma once
#include "widgets/panels/PromptText.h"

#include <QFrame>

class QLineEdit;
class QRadioButton;

namespace semascope::ui {

/// Asks what a prompt is contrasted with: nothing, an opposite, or a neutral prompt. Deletes itself when it closes.
class PromptPopover : public QFrame
{
    Q_OBJECT

public:
    /// `neutral` is offered where the prompt has no neutral text yet.
    PromptPopover(const PromptText& prompt, const QString& neutral, QWidget* parent);
    /// Below `anchor`, within its screen.
    void popup(const QWidget* anchor);

Q_SIGNALS:
    void chosen(const semascope::ui::PromptText& prompt);

private:
    QWidget* makeChoices();
    void connectChoices();
    PromptText asked() const;
    void take();

    const PromptText m_prompt;
    QRadioButton *m_nothing = nullptr, *m_opposite = nullptr, *m_neutral = nullptr;
    QLineEdit *m_oppositeText = nullptr, *m_neutralText = nullptr;
};

} // namespace semascope::ui
