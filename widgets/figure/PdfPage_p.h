#pragma once

#include "widgets/figure/FigureSize.h"

#include <QByteArray>

namespace semascope::ui {

/// A PDF of one page as Qt writes it, with the page's exact size (Qt rounds to whole points) and a date that does not
/// change from run to run: that of SOURCE_DATE_EPOCH, or none. The length stays, so that offsets in it stay true.
QByteArray settledPdf(QByteArray pdf, const FigureSize& size);

} // namespace semascope::ui
