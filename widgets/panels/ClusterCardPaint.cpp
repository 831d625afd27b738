#include "widgets/Theme.h"
#include "widgets/panels/ClusterCardGrid.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kSwatch = 11;
constexpr double kBar = 6;

void heading(QPainter& painter, const QRect& box, const QString& text, Qt::Alignment side = Qt::AlignLeft)
{
    if (!box.isNull()) {
        QFont font = captionFont();
        font.setPixelSize(Tokens::kCaptionPx - 1);
        painter.setFont(font);
        painter.setPen(tokens().muted);
        painter.drawText(box, static_cast<int>(side | Qt::AlignVCenter), text);
    }
}

QColor faded(QColor colour, double alpha)
{
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

/// The part above the next best cluster is dark; without one the whole bar is grey. A line stands where chance gets.
/// `scale`: the score that fills the groove, and that of chance.
void paintScore(QPainter& painter, const QRectF& groove, const CardWord& word, const std::pair<double, double>& scale)
{
    const auto [best, chance] = scale;
    const Tokens t = tokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(groove, kBar / 2, kBar / 2);
    if (best <= 0 || word.score <= 0) {
        return;
    }
    QRectF bar = groove;
    bar.setWidth(std::max(kBar, groove.width() * std::min(1.0, word.score / best)));
    const bool leads = word.margin > 0;
    painter.setBrush(leads ? faded(t.accent, 0.4) : faded(t.muted, 0.5));
    painter.drawRoundedRect(bar, kBar / 2, kBar / 2);
    if (leads) {
        const double part = groove.width() * std::min(1.0, word.margin / best);
        bar.setLeft(std::max(bar.left(), bar.right() - std::max(2.0, part)));
        painter.setBrush(t.accent);
        painter.drawRoundedRect(bar, std::min(kBar, bar.width()) / 2, kBar / 2);
    }
    if (chance > 0 && chance < best) {
        const double x = groove.left() + groove.width() * chance / best;
        painter.fillRect(QRectF(x - 0.5, groove.top() - 3, 1, groove.height() + 6), t.text);
    }
}

} // namespace

void ClusterCardGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), tokens().background);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const auto [first, last] = visibleRange();
    for (qsizetype i = first; i < last; ++i) {
        if (event->region().intersects(cardRect(i))) {
            paintCard(painter, i);
        }
    }
}

void ClusterCardGrid::paintCard(QPainter& painter, qsizetype place)
{
    const Tokens t = tokens();
    const ClusterCard& card = cardAt(place);
    const bool chosen = m_chosen.contains(m_order[static_cast<std::size_t>(place)]);
    const bool cursor = place == m_cursor && hasFocus();
    painter.save();
    painter.translate(cardRect(place).topLeft());
    painter.setBrush(t.panel);
    painter.setPen(QPen(chosen || cursor         ? t.accent
                        : m_hover.place == place ? t.muted
                                                 : t.line,
                        chosen ? 2 : 1, cursor && !chosen ? Qt::DashLine : Qt::SolidLine));
    painter.drawRoundedRect(QRectF(0, 0, m_layout.width(), m_layout.height()).adjusted(0.5, 0.5, -0.5, -0.5),
                            Tokens::kRadius, Tokens::kRadius);
    paintHead(painter, card);
    paintSamples(painter, card);
    paintWords(painter, card);
    paintFacts(painter, card);
    if (m_hover.place == place && m_hover.part.kind != CardPart::Head && live(m_hover)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(t.text, m_hover.part.kind == CardPart::Word ? 0.6 : 1.5));
        painter.drawRoundedRect(QRectF(m_layout.rectOf(m_hover.part)).adjusted(-0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    painter.restore();
}

void ClusterCardGrid::paintHead(QPainter& painter, const ClusterCard& card) const
{
    const Tokens t = tokens();
    const QRect head = m_layout.head();
    painter.setPen(Qt::NoPen);
    painter.setBrush(card.colour);
    painter.drawEllipse(QRect(head.left(), head.center().y() - kSwatch / 2, kSwatch, kSwatch));
    QFont bold = font();
    bold.setBold(true);
    const QString size = card.selected > 0 ? tr("%1 of %2 selected").arg(countText(card.selected), countText(card.size))
                                           : tr("%1 · %2").arg(countText(card.size), probabilityText(card.share));
    QRect name = m_layout.name();
    name.setRight(head.right() - QFontMetrics(font()).horizontalAdvance(size) - Tokens::kGrid);
    painter.setFont(bold);
    painter.setPen(t.text);
    painter.drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(bold).elidedText(card.name, Qt::ElideRight, name.width()));
    painter.setFont(font());
    painter.setPen(card.selected > 0 ? t.accent : t.muted);
    painter.drawText(head, Qt::AlignVCenter | Qt::AlignRight, size);
    if (std::isfinite(card.confidence)) {
        painter.setFont(captionFont());
        painter.setPen(t.muted);
        painter.drawText(m_layout.meta(), Qt::AlignVCenter | Qt::AlignLeft,
                         tr("mean confidence %1").arg(cosineText(card.confidence)));
    }
}

void ClusterCardGrid::paintSamples(QPainter& painter, const ClusterCard& card)
{
    for (std::size_t i = 0; i < card.prototypes.size(); ++i) {
        m_cells.paint(painter, m_layout.prototype(static_cast<int>(i)), card.prototypes[i]);
    }
    if (!card.outliers.empty()) {
        heading(painter, m_layout.outlierTitle(), tr("FIT LEAST"));
    }
    for (std::size_t i = 0; i < card.outliers.size(); ++i) {
        m_small.paint(painter, m_layout.outlier(static_cast<int>(i)), card.outliers[i]);
    }
    if (!card.centre.isNull()) {
        heading(painter, m_layout.centreTitle(), tr("DECODED CENTRE"), Qt::AlignRight);
        painter.drawImage(m_layout.centre(), card.centre);
    } else if (card.centreSample >= 0) {
        heading(painter, m_layout.centreTitle(), tr("NEAR ITS CENTRE"), Qt::AlignRight);
        m_small.paint(painter, m_layout.centre(), static_cast<std::uint32_t>(card.centreSample));
    }
}

void ClusterCardGrid::paintWords(QPainter& painter, const ClusterCard& card) const
{
    if (card.words.empty()) {
        return;
    }
    constexpr int numbers = 72;
    const Tokens t = tokens();
    heading(painter, m_layout.wordTitle(), tr("WORDS"));
    heading(painter, m_layout.wordTitle(), tr("cosine, margin"), Qt::AlignRight);
    for (std::size_t i = 0; i < card.words.size(); ++i) {
        const CardWord& word = card.words[i];
        const QRect row = m_layout.word(static_cast<int>(i));
        const int name = row.width() * 45 / 100;
        QFont font = this->font();
        font.setPixelSize(Tokens::kCaptionPx + 1);
        font.setBold(word.taken);
        painter.setFont(font);
        painter.setPen(t.text);
        painter.drawText(row.adjusted(2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(font).elidedText(word.taken ? tr("%1 ✓").arg(word.word) : word.word,
                                                       Qt::ElideRight, name - 6));
        const QRectF groove(row.left() + name, row.center().y() - kBar / 2 + 0.5, row.width() - name - numbers, kBar);
        paintScore(painter, groove, word, {m_bestScore, card.chance});
        painter.setFont(captionFont());
        painter.setPen(t.text);
        painter.drawText(row.adjusted(0, 0, -36, 0), Qt::AlignVCenter | Qt::AlignRight, cosineText(word.score));
        painter.setPen(t.muted);
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight, contrastText(word.margin));
    }
}

void ClusterCardGrid::paintFacts(QPainter& painter, const ClusterCard& card) const
{
    if (card.facts.empty()) {
        return;
    }
    const Tokens t = tokens();
    heading(painter, m_layout.factTitle(), tr("MORE ▲ OR LESS ▽ THAN ELSEWHERE"));
    QFont font = this->font();
    font.setPixelSize(Tokens::kCaptionPx + 1);
    for (std::size_t i = 0; i < card.facts.size(); ++i) {
        const CardFact& fact = card.facts[i];
        const QRect row = m_layout.fact(static_cast<int>(i));
        painter.setFont(font);
        painter.setPen(fact.more ? t.accent : t.muted);
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, fact.more ? QStringLiteral("▲") : QStringLiteral("▽"));
        painter.setPen(t.text);
        const QRect text = row.adjusted(16, 0, 0, 0);
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetrics(font).elidedText(fact.text, Qt::ElideRight, text.width()));
    }
}

} // namespace semascope::ui
