#pragma once
#include <QString>

namespace semascope::ui {

/// A prompt as it is typed, and what it is contrasted with: `opposite`, which may be empty.
struct PromptText
{
    QString text, opposite;
    bool neutral = false; ///< `opposite` is a neutral text

    bool operator==(const PromptText&) const = default;
};

/// Splits "glasses ± no glasses" at the first "±", "|", " +- " or " +/- ", and "a face with glasses − a face" (neutral)
/// at the first minus sign (not hyphen) between blanks. White space is tidied. Text without anything before the sign
/// has no prompt: both parts are empty.
PromptText parsePrompt(const QString& typed);
/// The inverse: "glasses ± no glasses".
QString promptText(const PromptText& prompt);

} // namespace semascope::ui
