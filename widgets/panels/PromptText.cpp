#include "widgets/panels/PromptText.h"

#include <QRegularExpression>

namespace semascope::ui {

PromptText parsePrompt(const QString& typed)
{
    // "+-" needs room around it, as it also stands inside words such as "C+-".
    static const QRegularExpression separator(QStringLiteral("\\x{00b1}|\\||(?<=\\s)\\+/?-(?=\\s|$)"));
    const QRegularExpressionMatch match = separator.match(typed);
    if (!match.hasMatch()) {
        return {typed.simplified(), QString()};
    }
    PromptText prompt{typed.left(match.capturedStart()).simplified(), typed.mid(match.capturedEnd()).simplified()};
    if (prompt.text.isEmpty()) {
        return {};
    }
    return prompt;
}

QString promptText(const PromptText& prompt)
{
    return prompt.opposite.isEmpty() ? prompt.text : prompt.text + QStringLiteral(" ± ") + prompt.opposite;
}

} // namespace semascope::ui
