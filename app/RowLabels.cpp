#include "app/RowLabels.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace semascope::app {

namespace {

constexpr std::size_t kMostClasses = 300, kMostNumbers = 50;

/// The whole numbers that occur; nothing when there are others, or too many.
std::optional<std::vector<double>> wholeNumbers(const core::Attribute& attribute)
{
    std::set<double> found;
    for (const double value : attribute.numbers) {
        if (std::isfinite(value) &&
            (value != std::floor(value) || (found.insert(value), found.size() > kMostNumbers))) {
            return std::nullopt;
        }
    }
    return std::vector<double>(found.begin(), found.end());
}

bool sortsIntoClasses(const core::Attribute& a)
{
    if (a.numeric()) {
        const auto numbers = wholeNumbers(a);
        return numbers && numbers->size() > 1;
    }
    return a.labels.size() > 1 && a.labels.size() <= kMostClasses;
}

bool soundsLikeLabels(const QString& name)
{
    static const QStringList words{QStringLiteral("label"), QStringLiteral("class"), QStringLiteral("category"),
                                   QStringLiteral("target"), QStringLiteral("digit")};
    return std::any_of(words.begin(), words.end(),
                       [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); });
}

} // namespace

QStringList labelAttributes(const Session& session)
{
    QStringList names;
    if (session.data()) {
        for (const core::Attribute* a : ui::allAttributes(*session.data(), session.document())) {
            if (sortsIntoClasses(*a)) {
                names << QString::fromStdString(a->name);
            }
        }
    }
    std::stable_partition(names.begin(), names.end(), soundsLikeLabels);
    return names;
}

ui::RowLabels rowLabels(const Session& session, const QString& attribute, const std::vector<std::uint32_t>& samples)
{
    ui::RowLabels result;
    if (!session.data() || attribute.isEmpty()) {
        return result;
    }
    for (const core::Attribute* a : ui::allAttributes(*session.data(), session.document())) {
        if (QString::fromStdString(a->name) != attribute || !sortsIntoClasses(*a)) {
            continue;
        }
        result.name = attribute;
        const std::vector<double> numbers = a->numeric() ? *wholeNumbers(*a) : std::vector<double>{};
        result.names = a->labels;
        for (const double value : numbers) {
            result.names.push_back(std::to_string(static_cast<long long>(value)));
        }
        for (const std::uint32_t s : samples) {
            const bool missing = a->numeric() && !std::isfinite(a->numbers[s]);
            result.labels.push_back(missing        ? -1
                                    : a->numeric() ? std::lower_bound(numbers.begin(), numbers.end(), a->numbers[s]) -
                                                         numbers.begin()
                                                   : a->categories[s]);
        }
        return result;
    }
    return result;
}

} // namespace semascope::app
