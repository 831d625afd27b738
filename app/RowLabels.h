#pragma once
#include "app/Session.h"
#include "widgets/ComparisonFigures.h"

namespace semascope::app {

/// Attributes that sort samples into classes: categories, and numbers of which there are few whole ones (digits 0 to
/// 9). Those that are called label, class and the like come first.
QStringList labelAttributes(const Session& session);
/// The labels of these samples; empty for an attribute that is none of the above.
ui::RowLabels rowLabels(const Session& session, const QString& attribute, const std::vector<std::uint32_t>& samples);

} // namespace semascope::app
