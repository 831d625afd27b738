#include "widgets/figure/PageFrame_p.h"

#include "widgets/figure/FigureText.h"

namespace semascope::ui {
namespace {

constexpr double kMargin = 8.0;
constexpr double kSmallPage = 290.0;
constexpr TextStyle kSubtitle{7.0, false, kMutedInk};
constexpr TextStyle kFooter{6.5, false, kMutedInk};

struct FrameLines
{
    QStringList title;
    QStringList subtitle;
    QStringList footer;
};

QRectF inner(const QRectF& page)
{
    return page.adjusted(kMargin, kMargin, -kMargin, -kMargin);
}

TextStyle titleStyle(const QRectF& page)
{
    return {page.width() < kSmallPage ? 8.0 : 9.0, true, kInk};
}

FrameLines linesOf(const QRectF& page, const PageFrame& frame)
{
    const double width = inner(page).width();
    return {wrapped(frame.title, titleStyle(page), width, 2), wrapped(frame.subtitle, kSubtitle, width, 2),
            wrapped(frame.footer, kFooter, width, frame.footerLines)};
}

double heightOf(const QStringList& lines, const TextStyle& style)
{
    return static_cast<double>(lines.size()) * lineHeight(style);
}

void paintLines(QPainter& painter, QPointF at, const QStringList& lines, const TextStyle& style)
{
    for (const QString& line : lines) {
        drawText(painter, {at.x(), at.y() + textAscent(style)}, line, style);
        at.ry() += lineHeight(style);
    }
}

} // namespace

QRectF pageFrameArea(const QRectF& page, const PageFrame& frame)
{
    const FrameLines lines = linesOf(page, frame);
    const double above = heightOf(lines.title, titleStyle(page)) + heightOf(lines.subtitle, kSubtitle);
    const double below = heightOf(lines.footer, kFooter);
    return inner(page).adjusted(0.0, above > 0.0 ? above + 4.0 : 0.0, 0.0, below > 0.0 ? -below - 2.0 : 0.0);
}

QRectF paintPageFrame(QPainter& painter, const QRectF& page, const PageFrame& frame)
{
    const FrameLines lines = linesOf(page, frame);
    const QRectF area = inner(page);
    paintLines(painter, area.topLeft(), lines.title, titleStyle(page));
    paintLines(painter, area.topLeft() + QPointF(0.0, heightOf(lines.title, titleStyle(page))), lines.subtitle,
               kSubtitle);
    const double below = heightOf(lines.footer, kFooter);
    const QPointF footerAt =
        area.bottomLeft() - QPointF(0.0, below - (lineHeight(kFooter) - textAscent(kFooter)) + 1.0);
    paintLines(painter, footerAt, lines.footer, kFooter);
    return pageFrameArea(page, frame);
}

} // namespace semascope::ui
