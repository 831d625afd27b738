#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace semascope::ui {

/// A published figure of a method on CIFAR-10; shares of 1.
struct PublishedResult
{
    QString method, encoder, source;
    std::optional<double> acc, nmi, ari;
    bool quoted = false; ///< taken over second hand: indicative only
};

/// The table that the program carries (resources/published). Throws core::Error(BadFormat) when it is damaged.
const std::vector<PublishedResult>& publishedCifar10();
/// The same of such a text: lines that begin with '#' are comments, the first other line names the columns. Throws
/// core::Error(BadFormat).
std::vector<PublishedResult> parsePublished(const QString& text);

} // namespace semascope::ui
