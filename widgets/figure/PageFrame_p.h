#pragma once

#include <QRectF>
#include <QString>

class QPainter;

namespace semascope::ui {

struct PageFrame
{
    QString title;
    QString subtitle;
    QString footer;
    int footerLines = 2; ///< at most; further words are cut off
};

/// What titles and footer leave of the page.
QRectF pageFrameArea(const QRectF& page, const PageFrame& frame);
/// Writes title, subtitle and footer at the edges of the page and returns what is left between them.
QRectF paintPageFrame(QPainter& painter, const QRectF& page, const PageFrame& frame);

} // namespace semascope::ui
