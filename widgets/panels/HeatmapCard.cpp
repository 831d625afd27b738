#include "widgets/panels/HeatmapCard.h"

#include "widgets/Theme.h"
#include "widgets/panels/CellPainter.h"

#include <QPainter>
#include <QTextLayout>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kPadding = 10, kGap = 10;
constexpr int kPicture = 112;
constexpr int kText = 230; // width of the words
constexpr int kMostLines = 3;

/// The beginning of `text` in so many lines of `width`.
QStringList wrappedLines(const QString& text, const QFont& font, int width)
{
    const QFontMetrics metrics(font);
    QTextLayout layout(text, font);
    layout.beginLayout();
    QStringList lines;
    while (lines.size() < kMostLines) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(width);
        const bool last = lines.size() + 1 == kMostLines;
        lines << metrics.elidedText(text.mid(line.textStart(), last ? -1 : line.textLength()), Qt::ElideRight, width);
    }
    layout.endLayout();
    return lines;
}

} // namespace

HeatmapCard::HeatmapCard(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("heatmapCard"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void HeatmapCard::setContent(Content content)
{
    m_content = std::move(content);
    const QFontMetrics metrics(font()), small(captionFont());
    QFont bold = font();
    bold.setBold(true);
    m_textLines = wrappedLines(m_content.text.simplified().left(400), bold, kText);
    m_valueLeft = 0;
    int value = 0;
    for (const Line& line : m_content.lines) {
        m_valueLeft = std::max(m_valueLeft, small.horizontalAdvance(line.what) + 8);
        value = std::max(value, metrics.horizontalAdvance(line.value) + 8);
    }
    m_noteLeft = m_valueLeft + value;
    const int words = int(m_textLines.size()) * metrics.height() + small.height() + 4 +
                      int(m_content.lines.size()) * (metrics.height() + 2);
    resize(2 * kPadding + kPicture + kGap + kText, 2 * kPadding + std::max(kPicture, words));
    update();
}

void HeatmapCard::setPicture(const QImage& picture)
{
    m_content.picture = picture;
    update();
}

void HeatmapCard::showAt(const QRect& cell)
{
    constexpr int kAway = 10;
    const QRect room = parentWidget()->rect().adjusted(4, 4, -4, -4);
    int x = cell.right() + kAway;
    if (x + width() > room.right()) {
        x = cell.left() - kAway - width();
    }
    int y = cell.bottom() + kAway;
    if (y + height() > room.bottom()) {
        y = cell.top() - kAway - height();
    }
    x = std::clamp(x, room.left(), std::max(room.left(), room.right() - width()));
    y = std::clamp(y, room.top(), std::max(room.top(), room.bottom() - height()));
    move(x, y);
    show();
    raise();
}

void HeatmapCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    painter.setPen(t.line);
    painter.setBrush(t.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Tokens::kRadius, Tokens::kRadius);
    const QRectF box(kPadding, kPadding, kPicture, kPicture);
    if (m_content.picture.isNull()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.background);
        painter.drawRoundedRect(box, 4, 4);
    } else {
        drawCropped(painter, box, m_content.picture);
    }
    const QFontMetrics metrics(font()), small(captionFont());
    const int left = kPadding + kPicture + kGap;
    int y = paintWords(painter, left);
    for (const Line& line : m_content.lines) {
        const QRect row(left, y, kText, metrics.height() + 2);
        painter.setFont(captionFont());
        painter.setPen(t.muted);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, line.what);
        painter.drawText(row.adjusted(m_noteLeft, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         small.elidedText(line.note, Qt::ElideRight, kText - m_noteLeft));
        painter.setFont(font());
        painter.setPen(t.text);
        painter.drawText(row.adjusted(m_valueLeft, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, line.value);
        y += row.height();
    }
}

/// Text and name; returns where the lines begin.
int HeatmapCard::paintWords(QPainter& painter, int left) const
{
    const QFontMetrics metrics(font()), small(captionFont());
    QFont bold = font();
    bold.setBold(true);
    const Tokens t = tokens();
    int y = kPadding;
    painter.setPen(t.text);
    painter.setFont(bold);
    for (const QString& line : m_textLines) {
        painter.drawText(QRect(left, y, kText, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter, line);
        y += metrics.height();
    }
    painter.setFont(captionFont());
    painter.setPen(t.muted);
    painter.drawText(QRect(left, y, kText, small.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     small.elidedText(m_content.name, Qt::ElideMiddle, kText));
    y += small.height() + 4;
    return y;
}

} // namespace semascope::ui
