#include "widgets/panels/GuessBars.h"

#include "widgets/Theme.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/ZeroShotText.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kBarHeight = 7;
constexpr int kNumber = 64, kCosine = 86;
constexpr int kLeastName = 72, kWidestName = 190;

} // namespace

GuessBars::GuessBars(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("guessBars"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setGuesses({});
}

void GuessBars::setGuesses(std::vector<Guess> guesses)
{
    const bool other = guesses.size() != m_guesses.size();
    m_guesses = std::move(guesses);
    QStringList spoken;
    for (const Guess& g : m_guesses) {
        spoken << (g.label ? tr("%1 (its label): %2, cosine %3") : tr("%1: %2, cosine %3"))
                      .arg(g.name, shareText(g.probability), cosineText(g.cosine));
    }
    setAccessibleName(spoken.isEmpty() ? tr("Most probable classes of the current sample")
                                       : spoken.join(QStringLiteral("; ")));
    if (other) {
        updateGeometry();
    }
    update();
}

QSize GuessBars::sizeHint() const
{
    return {300, kRowHeight * static_cast<int>(std::max<std::size_t>(1, m_guesses.size()))};
}

QString GuessBars::nameOf(const Guess& guess) const
{
    return guess.label ? tr("%1 ✓").arg(guess.name) : guess.name;
}

void GuessBars::paintRow(QPainter& painter, const Guess& guess, const QRect& row, int nameWidth) const
{
    const Tokens t = tokens();
    QFont font = this->font();
    font.setBold(guess.label);
    painter.setFont(font);
    painter.setPen(t.text);
    const QString name = nameOf(guess);
    painter.drawText(QRect(row.left(), row.top(), nameWidth, row.height()), Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(name, Qt::ElideMiddle, nameWidth));
    const double left = row.left() + nameWidth + Tokens::kGrid;
    QRectF groove(left, row.center().y() - kBarHeight / 2 + 0.5,
                  std::max(24.0, row.right() - kNumber - kCosine - Tokens::kGrid - left), kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(groove, kBarHeight / 2, kBarHeight / 2);
    const double share = std::isfinite(guess.probability) ? std::clamp(guess.probability, 0.0, 1.0) : 0.0;
    if (share > 0) {
        groove.setWidth(std::max(kBarHeight, share * groove.width()));
        painter.setBrush(t.accent);
        painter.drawRoundedRect(groove, kBarHeight / 2, kBarHeight / 2);
    }
    painter.setFont(this->font());
    painter.setPen(t.text);
    painter.drawText(QRect(row.right() - kNumber - kCosine, row.top(), kNumber, row.height()),
                     Qt::AlignVCenter | Qt::AlignRight, shareText(guess.probability));
    painter.setPen(t.muted);
    painter.setFont(captionFont());
    painter.drawText(QRect(row.right() - kCosine, row.top(), kCosine, row.height()), Qt::AlignVCenter | Qt::AlignRight,
                     tr("cosine %1").arg(cosineText(guess.cosine)));
}

void GuessBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont bold = font();
    bold.setBold(true);
    int widest = kLeastName;
    for (const Guess& guess : m_guesses) {
        widest = std::max(widest, QFontMetrics(bold).horizontalAdvance(nameOf(guess)));
    }
    const int nameWidth = std::min({widest, kWidestName, width() * 3 / 10});
    QRect row(0, 0, width(), kRowHeight);
    for (const Guess& guess : m_guesses) {
        paintRow(painter, guess, row, nameWidth);
        row.translate(0, kRowHeight);
    }
}

} // namespace semascope::ui
