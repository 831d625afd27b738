#include "widgets/panels/PromptText.h"

#include <QRegularExpression>

namespace semascope::ui {

PromptText parsePrompt(const QString& typed)
{
    // "+-" needs room around it, as it also stands inside words such as "C+-".
    static const QRegularExpression separator(
        QStringLiteral("\\x{00b1}|\\||(?<=\\s)\\+/?-(?=\\s|$)|(?<=\\s)\\x{2212}(?=\\s|$)"));
    const QRegularExpressionMatch match = separator.match(typed);
    if (!match.hasMatch()) {
        return {typed.simplified(), QString()};
    }
    PromptText prompt{typed.left(match.capturedStart()).simplified(), typed.mid(match.capturedEnd()).simplified()};
    if (prompt.text.isEmpty()) {
        return {};
    }
    prompt.neutral = !prompt.opposite.isEmpty() && match.captured() == QStringLiteral("−");
    return prompt;
}

QString promptText(const PromptText& prompt)
{
    const QString sign = prompt.neutral ? QStringLiteral(" − ") : QStringLiteral(" ± ");
    return prompt.opposite.isEmpty() ? prompt.text : prompt.text + sign + prompt.opposite;
}

} // namespace semascope::ui
