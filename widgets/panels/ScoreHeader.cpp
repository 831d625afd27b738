#include "widgets/panels/ScoreHeader.h"

#include "core/clip/ScoreMeaning.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QHBoxLayout>

namespace semascope::ui {
namespace {

constexpr std::array kKinds{ScoreKind::Cosine, ScoreKind::Percentile, ScoreKind::Contrast, ScoreKind::Probability};

ControlText textOf(ScoreKind kind)
{
    using H = ScoreHeader;
    switch (kind) {
    case ScoreKind::Percentile:
        return {H::tr("percentile"), QStringLiteral("scorePercentile"),
                H::tr("Where the cosine lies among those of all samples")};
    case ScoreKind::Contrast:
        return {H::tr("contrast"), QStringLiteral("scoreContrast"),
                H::tr("The cosine less that of an opposite or neutral prompt")};
    case ScoreKind::Probability:
        return {H::tr("probability"), QStringLiteral("scoreProbability"), H::tr("Which of the prompts fits best")};
    case ScoreKind::Cosine:
        break;
    }
    return {H::tr("cosine"), QStringLiteral("scoreCosine"), H::tr("How alike picture and text are to the model")};
}

QString lineOf(const ScoreHeader::Facts& f)
{
    using H = ScoreHeader;
    const QString n = countText(f.n);
    switch (f.front) {
    case ScoreKind::Percentile:
        return H::tr("how many of 100 samples have a lower cosine · n %1").arg(n);
    case ScoreKind::Contrast:
        return H::tr("cosine less that of the other prompt · n %1 · tick: median").arg(n);
    case ScoreKind::Probability:
        return f.prompts > 1 ? H::tr("which of the %1 prompts fits best, not whether any does · scale %2")
                                   .arg(f.prompts)
                                   .arg(f.logitScale, 0, 'f', 0)
                             : H::tr("needs two prompts or more: it says which of them fits best");
    case ScoreKind::Cosine:
        break;
    }
    return H::tr("compare among pictures, not among prompts · n %1 · tick: median").arg(n);
}

QString tipOf(const ScoreHeader::Facts& f)
{
    switch (f.front) {
    case ScoreKind::Percentile:
        return QString::fromStdString(core::percentileMeaning(f.n));
    case ScoreKind::Contrast:
        return ScoreHeader::tr("The cosine with the prompt minus the cosine with its opposite or neutral prompt: what "
                               "both texts share, and what the picture shares with any text, cancels.");
    case ScoreKind::Probability:
        return QString::fromStdString(core::probabilityMeaning(f.prompts, f.logitScale));
    case ScoreKind::Cosine:
        break;
    }
    return QString::fromStdString(core::cosineMeaning());
}

} // namespace

ScoreHeader::ScoreHeader(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scoreHeader"));
    setAccessibleName(tr("Which score is in front"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    auto* top = new QHBoxLayout;
    top->setSpacing(4);
    top->addWidget(makeSection(tr("PROMPT SCORES"), this));
    top->addStretch(1);
    m_chooser = new QWidget(this);
    auto* row = new QHBoxLayout(m_chooser);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (i > 0) {
            row->addWidget(makeSection(QStringLiteral("·"), m_chooser));
        }
        m_kinds[i] = makeButton(textOf(kKinds[i]), ButtonRole::Link, m_chooser);
        m_kinds[i]->setCheckable(true);
        row->addWidget(m_kinds[i]);
        connect(m_kinds[i], &QPushButton::clicked, this, [this, i] {
            m_kinds[i]->setChecked(true); // a second click does not take it back
            Q_EMIT chosen(kKinds[i]);
        });
    }
    top->addWidget(m_chooser);
    column->addLayout(top);
    m_line = makeCaption(QString(), QStringLiteral("scoreMeaning"), this);
    column->addWidget(m_line);
    setFacts({});
}

void ScoreHeader::setFacts(const Facts& facts)
{
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        m_kinds[i]->setChecked(kKinds[i] == facts.front);
    }
    m_line->setText(lineOf(facts));
    m_line->setToolTip(tipText(tipOf(facts)));
}

void ScoreHeader::setAnyScores(bool any)
{
    m_chooser->setVisible(any);
    m_line->setVisible(any);
}

} // namespace semascope::ui
