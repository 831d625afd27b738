#pragma once
#include <string>

namespace semascope::ui {

/// The four ways to say how well a prompt fits a sample.
enum class ScoreKind { Cosine, Percentile, Contrast, Probability };

/// "cosine", "percentile", "contrast", "probability".
inline const char* scoreWord(ScoreKind kind)
{
    switch (kind) {
    case ScoreKind::Cosine:
        return "cosine";
    case ScoreKind::Percentile:
        return "percentile";
    case ScoreKind::Contrast:
        return "contrast";
    case ScoreKind::Probability:
        return "probability";
    }
    return "cosine";
}

} // namespace semascope::ui
