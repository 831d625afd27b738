#pragma once
#include <QString>

namespace semascope::ui {

/// A prompt as it is typed. `opposite` may be empty.
struct PromptText
{
    QString text, opposite;

    bool operator==(const PromptText&) const = default;
};

/// Splits "glasses ± no glasses" at the first "±", "|", " +- " or " +/- ". White space is tidied. Text without anything
/// before the sign has no prompt: both parts are empty.
PromptText parsePrompt(const QString& typed);
/// The inverse: "glasses ± no glasses".
QString promptText(const PromptText& prompt);

} // namespace semascope::ui
