#include "widgets/figure/FigureText.h"

#include "resources/Resources.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

const QString& figureFamily()
{
    static const QString family = [] {
        initResources();
        const int regular = QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/DejaVuSans.ttf"));
        QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/DejaVuSans-Bold.ttf"));
        const QStringList families = QFontDatabase::applicationFontFamilies(regular);
        return families.isEmpty() ? QStringLiteral("DejaVu Sans") : families.first();
    }();
    return family;
}

QFontMetricsF metrics(const TextStyle& style)
{
    return QFontMetricsF(figureFont(style));
}

QString printable(const QString& text)
{
    QString out = text;
    for (qsizetype i = 0; i < out.size(); ++i) {
        const QChar c = out.at(i);
        const bool paired = (c.isHighSurrogate() && i + 1 < out.size() && out.at(i + 1).isLowSurrogate()) ||
                            (c.isLowSurrogate() && i > 0 && out.at(i - 1).isHighSurrogate());
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator) {
            out[i] = QLatin1Char(' ');
        } else if ((c.isSurrogate() && !paired) || c.unicode() >= 0xfffe) {
            out[i] = QChar::ReplacementCharacter;
        }
    }
    return out;
}

/// How many characters of `word` fit into `width`, at least one, not splitting a surrogate pair.
qsizetype fitting(const QString& word, const TextStyle& style, double width)
{
    qsizetype low = 1;
    qsizetype high = word.size();
    while (low < high) {
        const qsizetype middle = (low + high + 1) / 2;
        if (textWidth(word.left(middle), style) <= width) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    const bool splitsPair = low < word.size() && word.at(low).isLowSurrogate();
    return splitsPair ? (low > 1 ? low - 1 : low + 1) : low;
}

QStringList brokenLines(const QString& text, const TextStyle& style, double width)
{
    QStringList lines;
    QString line;
    QStringList words = printable(text).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    while (!words.isEmpty()) {
        const QString word = words.takeFirst();
        const QString longer = line.isEmpty() ? word : line + QLatin1Char(' ') + word;
        if (textWidth(longer, style) <= width) {
            line = longer;
        } else if (!line.isEmpty()) {
            lines << line;
            line.clear();
            words.prepend(word);
        } else {
            const qsizetype head = fitting(word, style, width);
            lines << word.left(head);
            if (head < word.size()) {
                words.prepend(word.mid(head));
            }
        }
    }
    if (!line.isEmpty()) {
        lines << line;
    }
    return lines;
}

} // namespace

QFont figureFont(const TextStyle& style)
{
    QFont font(figureFamily());
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(style.size * kTextScale))));
    font.setBold(style.bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleStrategy(static_cast<QFont::StyleStrategy>(QFont::PreferAntialias | QFont::NoSubpixelAntialias));
    return font;
}

double textWidth(const QString& text, const TextStyle& style)
{
    return metrics(style).horizontalAdvance(printable(text)) / kTextScale;
}

double textAscent(const TextStyle& style)
{
    // Of capitals and digits, which is what labels are centred by.
    return metrics(style).capHeight() / kTextScale;
}

double lineHeight(const TextStyle& style)
{
    return style.size * 1.25;
}

void drawText(QPainter& painter, const QPointF& at, const QString& text, const TextStyle& style, Anchor anchor)
{
    if (text.isEmpty()) {
        return;
    }
    const QString line = printable(text);
    double left = at.x();
    if (anchor != Anchor::Left) {
        left -= textWidth(line, style) * (anchor == Anchor::Centre ? 0.5 : 1.0);
    }
    painter.save();
    painter.translate(left, at.y());
    painter.scale(1.0 / kTextScale, 1.0 / kTextScale);
    painter.setFont(figureFont(style));
    painter.setPen(QColor::fromRgba(style.colour));
    painter.drawText(QPointF(0.0, 0.0), line);
    painter.restore();
}

void drawTextUpwards(QPainter& painter, const QPointF& at, const QString& text, const TextStyle& style, Anchor anchor)
{
    painter.save();
    painter.translate(at);
    painter.rotate(-90.0);
    drawText(painter, QPointF(0.0, 0.0), text, style, anchor);
    painter.restore();
}

QString elided(const QString& text, const TextStyle& style, double width)
{
    const QString line = printable(text);
    if (textWidth(line, style) <= width) {
        return line;
    }
    const QString dots = QStringLiteral("\u2026");
    const double room = width - textWidth(dots, style);
    return room > 0.0 ? line.left(fitting(line, style, room)).trimmed() + dots : dots;
}

QStringList wrapped(const QString& text, const TextStyle& style, double width, int maxLines)
{
    QStringList lines = brokenLines(text, style, width);
    if (lines.size() > maxLines) {
        const QString rest = QStringList(lines.mid(maxLines - 1)).join(QLatin1Char(' '));
        lines = lines.mid(0, maxLines - 1);
        lines << elided(rest, style, width);
    }
    return lines;
}

QStringList wrappedEvenly(const QString& text, const TextStyle& style, double width, int maxLines)
{
    const qsizetype lines = brokenLines(text, style, width).size();
    if (lines < 2 || lines > maxLines) {
        return wrapped(text, style, width, maxLines);
    }
    double low = width / 2;
    double high = width;
    for (int round = 0; round < 8; ++round) {
        const double middle = (low + high) / 2;
        (brokenLines(text, style, middle).size() > lines ? low : high) = middle;
    }
    return brokenLines(text, style, high);
}

QString formatNumber(double value, int decimals)
{
    if (std::isnan(value)) {
        return QStringLiteral("\u2013");
    }
    QString number = QString::number(value, 'f', decimals);
    if (number.toDouble() == 0.0) {
        number.remove(QLatin1Char('-'));
    }
    return number.replace(QLatin1Char('-'), QChar(0x2212));
}

QString formatCount(qsizetype count)
{
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        digits.insert(at, QChar(0x2009));
    }
    return digits;
}

} // namespace semascope::ui
