#include "widgets/panels/ScoreBars.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kRowHeight = 22, kTallRowHeight = 36;
constexpr int kBarHeight = 7;
constexpr int kValueWidth = 84;
constexpr double kNameShare = 0.35;

} // namespace

ScoreRow::ScoreRow(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scoreRow"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

bool ScoreRow::hasContrast() const
{
    return std::isfinite(m_score.contrast);
}

void ScoreRow::setScore(const PromptScore& score, bool active)
{
    if (score == m_score && active == m_active && !toolTip().isEmpty()) {
        return;
    }
    const bool taller = std::isfinite(score.contrast) != hasContrast();
    m_score = score;
    m_active = active;
    if (taller) {
        updateGeometry();
    }
    QString spoken = tr("%1: cosine %2").arg(score.text, cosineText(score.cosine));
    QString tip = tr("“%1”: cosine %2, between %3 and %4 in this dataset (median %5).")
                      .arg(score.text, cosineText(score.cosine), cosineText(score.lo), cosineText(score.hi),
                           cosineText(score.median));
    if (std::isfinite(score.percentile)) {
        const long percent = std::lround(score.percentile);
        spoken += tr(", percentile %1").arg(percent);
        tip += QLatin1Char('\n') + tr("p%1 (percentile): %1 % of the samples score lower.").arg(percent);
    }
    if (hasContrast()) {
        spoken += tr(", against %1 %2").arg(score.opposite, contrastText(score.contrast));
        tip += QLatin1Char('\n') +
               tr("%1 is the cosine minus that of “%2”.").arg(contrastText(score.contrast), score.opposite);
    }
    tip +=
        QLatin1Char('\n') +
        tr("The cosine says how alike picture and text are to the model: compare it among samples, not among prompts.\n"
           "Click to colour the map by this prompt.");
    setAccessibleName(spoken);
    setToolTip(tipText(tip));
    update();
}

QSize ScoreRow::sizeHint() const
{
    return {200, hasContrast() ? kTallRowHeight : kRowHeight};
}

void ScoreRow::paintBar(QPainter& painter, const QRectF& groove) const
{
    const Tokens t = tokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(groove, kBarHeight / 2.0, kBarHeight / 2.0);
    const double span = m_score.hi - m_score.lo;
    if (!std::isfinite(m_score.cosine) || !(span > 0)) {
        return;
    }
    const auto place = [&](double value) { return std::clamp((value - m_score.lo) / span, 0.0, 1.0) * groove.width(); };
    QRectF filled = groove;
    filled.setWidth(std::max(place(m_score.cosine), double(kBarHeight)));
    const bool low = std::isfinite(m_score.percentile) && m_score.percentile < 50;
    painter.setBrush(low && hasContrast() ? t.muted : t.accent);
    painter.drawRoundedRect(filled, kBarHeight / 2.0, kBarHeight / 2.0);
    painter.setPen(QPen(t.text, 1.5));
    const double x = groove.left() + place(m_score.median);
    painter.drawLine(QPointF(x, groove.top() - 3.5), QPointF(x, groove.bottom() + 3.5));
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
    const QRect line(0, 0, width(), kRowHeight);
    QFont font = this->font();
    font.setBold(m_active);
    painter.setFont(font);
    painter.setPen(t.text);
    const QString name =
        m_score.opposite.isEmpty() ? m_score.text : m_score.text + QStringLiteral(" ± ") + m_score.opposite;
    painter.drawText(line.adjusted(2, 0, 0, 0).intersected(QRect(0, 0, nameWidth, kRowHeight)),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(name, Qt::ElideRight, nameWidth - 2));
    const double left = width() * kNameShare;
    paintBar(painter, QRectF(left, (kRowHeight - kBarHeight) / 2.0, std::max(24.0, width() - kValueWidth - left - 8),
                             kBarHeight));
    painter.setFont(this->font());
    painter.setPen(t.text);
    const QString percentile = percentileText(m_score.percentile);
    const QString cosine = percentile.isEmpty() ? cosineText(m_score.cosine)
                                                : cosineText(m_score.cosine) + QStringLiteral(" · ") + percentile;
    if (!hasContrast()) {
        painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, cosine);
        return;
    }
    painter.setPen(m_score.contrast > 0 ? t.accent : t.muted);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, contrastText(m_score.contrast));
    painter.setFont(captionFont());
    painter.setPen(t.muted);
    painter.drawText(QRectF(left, kRowHeight - 5, width() - left, 16), Qt::AlignVCenter | Qt::AlignLeft,
                     tr("cosine %1").arg(cosine));
}

void ScoreRow::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        Q_EMIT chosen();
    }
}

void ScoreRow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT chosen();
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
        layout()->addWidget(row);
        m_rows.push_back(row);
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
        m_rows[i]->setScore(scores[i], int(i) == active);
    }
}

} // namespace semascope::ui
