#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QString>
#include <QStringList>

class QPainter;

namespace semascope::ui {

// Colours of a figure's furniture. Figures are drawn on white whatever the window's theme.
inline constexpr QRgb kInk = 0xff1f2328;
inline constexpr QRgb kMutedInk = 0xff6b7280;
inline constexpr QRgb kAxisInk = 0xff4b5058;
inline constexpr QRgb kFaintInk = 0xffd0d4da;

/// Size in points (1/72 inch). Painters of figures have coordinates in points, so it is also a length on the page.
struct TextStyle
{
    double size = 7.5;
    bool bold = false;
    QRgb colour = kInk;
};

/// Where the given point lies on the line of text.
enum class Anchor { Left, Centre, Right };

/// Qt rounds fonts to whole pixels, so that text is set this many times larger and scaled down while it is painted.
inline constexpr int kTextScale = 8;

/// The bundled font, unhinted, kTextScale times larger than asked. Needs a QGuiApplication.
QFont figureFont(const TextStyle& style);

/// Widths and heights in points; the same on every device, screen and locale.
double textWidth(const QString& text, const TextStyle& style);
double textAscent(const TextStyle& style);
double lineHeight(const TextStyle& style);

/// Draws one line with its baseline through `at`. Control characters become spaces, so that SVG stays well-formed.
void drawText(QPainter& painter, const QPointF& at, const QString& text, const TextStyle& style,
              Anchor anchor = Anchor::Left);
/// The same, turned a quarter to the left (read from below) about `at`.
void drawTextUpwards(QPainter& painter, const QPointF& at, const QString& text, const TextStyle& style,
                     Anchor anchor = Anchor::Left);

/// The text, or its beginning with an ellipsis, within `width` points.
QString elided(const QString& text, const TextStyle& style, double width);
/// At most `maxLines` lines within `width` points, broken at spaces where there are any; the last may be elided.
QStringList wrapped(const QString& text, const TextStyle& style, double width, int maxLines);

/// The same lines, of lengths as equal as they can be.
QStringList wrappedEvenly(const QString& text, const TextStyle& style, double width, int maxLines);

/// With '.' and a true minus sign whatever the locale; NaN is an en dash.
QString formatNumber(double value, int decimals);
/// "12,345" as "12 345" (thin spaces).
QString formatCount(qsizetype count);

} // namespace semascope::ui
