#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace semascope::ui {

/// `fields` (data, model, seed, spec and so on) with the program's name, its version and that of Qt. An object
/// "libraries" in `fields` is kept and completed. The time comes in only when SOURCE_DATE_EPOCH says which, so that
/// equal figures are equal files.
QJsonObject makeRecipe(const QJsonObject& fields);

/// The JSON of the recipe that a PNG, SVG or PDF figure carries. Throws core::Error: NotFound when there is no such
/// file or no recipe in it, BadFormat when it is none of the three or the recipe is damaged.
QByteArray readRecipe(const QString& path);

/// The name under which it is stored in PNG text and as the element of `recipeElement`.
inline constexpr char kRecipeKey[] = "semascope";

/// `json` as an XML element, for SVG metadata and XMP.
QByteArray recipeElement(const QByteArray& json);

} // namespace semascope::ui
