#include "widgets/panels/PromptPopover.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QScreen>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kWidth = 340;

QRadioButton* makeRadio(const ControlText& what, QWidget* parent)
{
    auto* button = new QRadioButton(what.text, parent);
    button->setObjectName(what.name);
    button->setAccessibleName(what.text);
    button->setToolTip(tipText(what.tip));
    return button;
}

QLineEdit* makeText(const QString& name, const QString& accessible, QWidget* parent)
{
    auto* field = new QLineEdit(parent);
    field->setObjectName(name);
    field->setAccessibleName(accessible);
    return field;
}

} // namespace

PromptPopover::PromptPopover(const PromptText& prompt, const QString& neutral, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_prompt(prompt)
{
    setObjectName(QStringLiteral("promptPopover"));
    setAccessibleName(tr("What to contrast the prompt with"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setFixedWidth(kWidth);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(Tokens::kGrid);
    auto* title = new ElidedLabel(this);
    title->setProperty("role", QStringLiteral("title"));
    title->setWhole(tr("Contrast “%1” with").arg(prompt.text));
    column->addWidget(title);
    column->addWidget(makeChoices());
    column->addWidget(makeCaption(tr("The contrast is the difference of the two cosines. An opposite asks which of the "
                                     "two it is; a neutral prompt takes away what all pictures share with any text."),
                                  QStringLiteral("promptPopoverHint"), this));
    auto* apply = makeButton({tr("Apply"), QStringLiteral("promptPopoverApply"), tr("Score all samples again")},
                             ButtonRole::Primary, this);
    column->addWidget(apply, 0, Qt::AlignRight);
    connect(apply, &QPushButton::clicked, this, &PromptPopover::take);
    m_oppositeText->setText(prompt.neutral ? QString() : prompt.opposite);
    m_neutralText->setText(prompt.neutral ? prompt.opposite : neutral);
    (prompt.opposite.isEmpty() ? m_nothing : prompt.neutral ? m_neutral : m_opposite)->setChecked(true);
    connectChoices();
}

QWidget* PromptPopover::makeChoices()
{
    auto* choices = new QWidget(this);
    auto* grid = new QGridLayout(choices);
    grid->setContentsMargins(0, 0, 0, 0);
    m_nothing = makeRadio({tr("nothing"), QStringLiteral("contrastNothing"), tr("The cosine alone")}, choices);
    m_opposite = makeRadio({tr("an opposite"), QStringLiteral("contrastOpposite"),
                            tr("“glasses” against “no glasses”: which of the two is it?")},
                           choices);
    m_neutral = makeRadio({tr("a neutral prompt"), QStringLiteral("contrastNeutral"),
                           tr("“a face with glasses” less “a face”: what do the glasses add?")},
                          choices);
    m_oppositeText = makeText(QStringLiteral("contrastOppositeText"), tr("The opposite"), choices);
    m_oppositeText->setPlaceholderText(tr("such as “no glasses”"));
    m_neutralText = makeText(QStringLiteral("contrastNeutralText"), tr("The neutral prompt"), choices);
    grid->addWidget(m_nothing, 0, 0, 1, 2);
    grid->addWidget(m_opposite, 1, 0);
    grid->addWidget(m_oppositeText, 1, 1);
    grid->addWidget(m_neutral, 2, 0);
    grid->addWidget(m_neutralText, 2, 1);
    grid->setColumnStretch(1, 1);
    return choices;
}

void PromptPopover::connectChoices()
{
    connect(m_opposite, &QRadioButton::clicked, m_oppositeText, [this] { m_oppositeText->setFocus(); });
    connect(m_neutral, &QRadioButton::clicked, m_neutralText, [this] { m_neutralText->selectAll(); });
    connect(m_oppositeText, &QLineEdit::textEdited, m_opposite, [this] { m_opposite->setChecked(true); });
    connect(m_neutralText, &QLineEdit::textEdited, m_neutral, [this] { m_neutral->setChecked(true); });
    for (QLineEdit* field : {m_oppositeText, m_neutralText}) {
        connect(field, &QLineEdit::returnPressed, this, &PromptPopover::take);
    }
}

PromptText PromptPopover::asked() const
{
    if (m_opposite->isChecked()) {
        return {m_prompt.text, m_oppositeText->text().simplified()};
    }
    const QString neutral = m_neutral->isChecked() ? m_neutralText->text().simplified() : QString();
    return {m_prompt.text, neutral, !neutral.isEmpty()};
}

void PromptPopover::take()
{
    Q_EMIT chosen(asked());
    close();
}

void PromptPopover::popup(const QWidget* anchor)
{
    adjustSize();
    const QRect room = anchor->screen()->availableGeometry();
    const QPoint below = anchor->mapToGlobal(QPoint(0, anchor->height() + 4));
    move(std::clamp(below.x(), room.left(), std::max(room.left(), room.right() - width())),
         std::min(below.y(), std::max(room.top(), room.bottom() - height())));
    show();
    (m_nothing->isChecked() ? m_neutral : m_opposite->isChecked() ? m_opposite : m_neutral)->setFocus();
}

} // namespace semascope::ui
