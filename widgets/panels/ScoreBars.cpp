#include "widgets/panels/ScoreBars.h"

#include "core/clip/ScoreMeaning.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/PromptText.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kLine = 20, kRowHeight = 38;
constexpr int kBarHeight = 7;
constexpr int kValueWidth = 72;
constexpr double kNameShare = 0.35;

QString valueText(ScoreKind kind, double value)
{
    switch (kind) {
    case ScoreKind::Percentile:
        return std::isfinite(value) ? percentileText(value) : cosineText(value);
    case ScoreKind::Contrast:
        return contrastText(value);
    case ScoreKind::Probability:
        return probabilityText(value);
    case ScoreKind::Cosine:
        break;
    }
    return cosineText(value);
}

/// An end of the bar: without the p of a percentile and the plus of a contrast.
QString scaleText(ScoreKind kind, double value)
{
    if (kind == ScoreKind::Percentile) {
        return QString::number(std::lround(value));
    }
    return kind == ScoreKind::Probability ? probabilityText(value) : cosineText(value);
}

double valueOf(const PromptScore& score, ScoreKind kind)
{
    switch (kind) {
    case ScoreKind::Percentile:
        return score.percentile;
    case ScoreKind::Contrast:
        return score.contrast;
    case ScoreKind::Probability:
        return score.probability;
    case ScoreKind::Cosine:
        break;
    }
    return score.cosine;
}

} // namespace

double PromptScore::value() const
{
    return valueOf(*this, front);
}

ScoreRow::ScoreRow(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scoreRow"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

bool ScoreRow::lacksContrast() const
{
    return m_score.front == ScoreKind::Contrast && m_score.opposite.isEmpty();
}

void ScoreRow::setScore(const PromptScore& score, bool active)
{
    if (score == m_score && active == m_active && !toolTip().isEmpty()) {
        return;
    }
    m_score = score;
    m_active = active;
    setAccessibleName(spoken());
    setToolTip(tipText(tip()));
    update();
}

QString ScoreRow::spoken() const
{
    QString words = tr("%1: cosine %2").arg(m_score.text, cosineText(m_score.cosine));
    if (std::isfinite(m_score.percentile)) {
        words += tr(", percentile %1 of %2").arg(std::lround(m_score.percentile)).arg(m_score.n);
    }
    if (std::isfinite(m_score.contrast)) {
        words += tr(", against %1 %2").arg(m_score.opposite, contrastText(m_score.contrast));
    }
    if (std::isfinite(m_score.probability)) {
        words += tr(", probability %1").arg(probabilityText(m_score.probability));
    }
    return words;
}

QString ScoreRow::tip() const
{
    const auto plain = [](const std::string& text) { return QString::fromStdString(text); };
    QStringList lines{tr("“%1”").arg(m_score.text)};
    lines << tr("cosine %1; the %2 samples lie between %3 and %4, median %5. %6")
                 .arg(cosineText(m_score.cosine), countText(m_score.n), cosineText(m_score.cosineLo),
                      cosineText(m_score.cosineHi), cosineText(m_score.cosineMedian), plain(core::cosineMeaning()));
    if (std::isfinite(m_score.percentile)) {
        lines << tr("%1: %2").arg(percentileText(m_score.percentile), plain(core::percentileMeaning(m_score.n)));
    }
    if (std::isfinite(m_score.contrast)) {
        lines << tr("contrast %1: %2")
                     .arg(contrastText(m_score.contrast),
                          plain(core::contrastMeaning(m_score.text.toStdString(), m_score.opposite.toStdString())));
    }
    if (std::isfinite(m_score.probability)) {
        lines << tr("probability %1: %2")
                     .arg(probabilityText(m_score.probability),
                          plain(core::probabilityMeaning(m_score.prompts, m_score.logitScale)));
    }
    lines << (lacksContrast() ? tr("Click to say what to contrast it with.")
                              : tr("Click to colour the map by this prompt."));
    return lines.join(QLatin1Char('\n'));
}

QSize ScoreRow::sizeHint() const
{
    return {200, kRowHeight};
}

QRectF ScoreRow::groove() const
{
    const double left = width() * kNameShare;
    return {left, (kLine - kBarHeight) / 2.0 + 1, std::max(24.0, width() - kValueWidth - left - 8), kBarHeight};
}

void ScoreRow::paintBar(QPainter& painter) const
{
    const Tokens t = tokens();
    const QRectF bar = groove();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(bar, kBarHeight / 2.0, kBarHeight / 2.0);
    const double span = m_score.hi - m_score.lo, value = m_score.value();
    if (!std::isfinite(value) || !(span > 0)) {
        return;
    }
    const auto place = [&](double v) { return std::clamp((v - m_score.lo) / span, 0.0, 1.0) * bar.width(); };
    QRectF filled = bar;
    filled.setWidth(std::max(place(value), double(kBarHeight)));
    painter.setBrush(m_score.front == ScoreKind::Contrast && value <= 0 ? t.muted : t.accent);
    painter.drawRoundedRect(filled, kBarHeight / 2.0, kBarHeight / 2.0);
    painter.setPen(QPen(t.text, 1.5));
    const double x = bar.left() + place(m_score.median);
    painter.drawLine(QPointF(x, bar.top() - 3.5), QPointF(x, bar.bottom() + 3.5));
}

/// The other values, in the order of the chooser; each is told by how it is written.
QString ScoreRow::others() const
{
    QStringList parts;
    for (const ScoreKind kind :
         {ScoreKind::Cosine, ScoreKind::Percentile, ScoreKind::Contrast, ScoreKind::Probability}) {
        const double value = valueOf(m_score, kind);
        if (kind != m_score.front && std::isfinite(value)) {
            parts << valueText(kind, value);
        }
    }
    return parts.join(QStringLiteral(" · "));
}

/// The second line: other values, the ends and the median of the scale, and what the value above is.
void ScoreRow::paintNumbers(QPainter& painter) const
{
    const Tokens t = tokens();
    const QRectF bar = groove();
    const QRectF line(0, kLine - 3, width(), kRowHeight - kLine);
    painter.setFont(captionFont());
    painter.setPen(t.muted);
    const QFontMetricsF metrics(captionFont());
    painter.drawText(line.adjusted(2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     metrics.elidedText(others(), Qt::ElideRight, bar.left() - 10));
    const bool labelled = !lacksContrast();
    if (labelled) {
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, QLatin1String(scoreWord(m_score.front)));
    }
    if (!(m_score.hi > m_score.lo)) {
        return;
    }
    const QRectF scale(bar.left(), line.top(), bar.width(), line.height());
    const QString lo = scaleText(m_score.front, m_score.lo), hi = scaleText(m_score.front, m_score.hi);
    const QString median = scaleText(m_score.front, m_score.median);
    painter.drawText(scale, Qt::AlignVCenter | Qt::AlignLeft, lo);
    painter.drawText(scale, Qt::AlignVCenter | Qt::AlignRight, hi);
    const double half = metrics.horizontalAdvance(median) / 2, gap = 5;
    const double x = bar.left() + (m_score.median - m_score.lo) / (m_score.hi - m_score.lo) * bar.width();
    const bool clear = x - half > scale.left() + metrics.horizontalAdvance(lo) + gap &&
                       x + half < scale.right() - metrics.horizontalAdvance(hi) - gap;
    if (clear) {
        painter.drawText(QRectF(x - half - 1, line.top(), 2 * half + 2, line.height()), Qt::AlignCenter, median);
    }
}

void ScoreRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    if (hasFocus()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.background);
        painter.drawRoundedRect(rect(), 4, 4);
    }
    const int nameWidth = int(width() * kNameShare) - Tokens::kGrid;
    const QRect line(0, 0, width(), kLine);
    QFont font = this->font();
    font.setBold(m_active);
    painter.setFont(font);
    painter.setPen(t.text);
    const bool pair = m_score.front == ScoreKind::Contrast;
    const QString name = pair ? promptText({m_score.text, m_score.opposite, m_score.neutral}) : m_score.text;
    painter.drawText(line.adjusted(2, 0, 0, 0).intersected(QRect(0, 0, nameWidth, kLine)),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(name, Qt::ElideRight, nameWidth - 2));
    paintBar(painter);
    painter.setFont(font);
    painter.setPen(lacksContrast() || (pair && m_score.contrast > 0) ? t.accent : t.text);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight,
                     lacksContrast() ? tr("choose…") : valueText(m_score.front, m_score.value()));
    paintNumbers(painter);
}

void ScoreRow::choose()
{
    lacksContrast() ? Q_EMIT contrastWanted() : Q_EMIT chosen();
}

void ScoreRow::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        choose();
    }
}

void ScoreRow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        choose();
        return;
    }
    QWidget::keyPressEvent(event);
}

void ScoreRow::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void ScoreRow::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

ScoreBars::ScoreBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scoreBars"));
    setAccessibleName(tr("Prompt scores of the current sample"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
}

void ScoreBars::setScores(const std::vector<PromptScore>& scores, int active)
{
    while (m_rows.size() > scores.size()) {
        delete m_rows.back();
        m_rows.pop_back();
    }
    while (m_rows.size() < scores.size()) {
        auto* row = new ScoreRow(this);
        const int index = int(m_rows.size());
        connect(row, &ScoreRow::chosen, this, [this, index] { Q_EMIT chosen(index); });
        connect(row, &ScoreRow::contrastWanted, this, [this, index] { Q_EMIT contrastWanted(index); });
        layout()->addWidget(row);
        m_rows.push_back(row);
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
        m_rows[i]->setScore(scores[i], int(i) == active);
    }
}

} // namespace semascope::ui
