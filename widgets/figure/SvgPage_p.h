#pragma once

#include "widgets/figure/FigureSize.h"

#include <QByteArray>

namespace semascope::ui {

/// An SVG as Qt writes it, with the page's exact size (Qt knows whole units only), the recipe `json` as metadata, and
/// font sizes as they are on the page. Throws core::Error(Io) when it is not of the form that is known.
QByteArray completedSvg(const QByteArray& svg, const FigureSize& size, const QByteArray& json);

} // namespace semascope::ui
