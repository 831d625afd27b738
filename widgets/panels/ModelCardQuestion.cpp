#include "widgets/panels/ModelCardQuestion.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QVBoxLayout>

namespace semascope::ui {
namespace {

constexpr int kWidth = 480, kIndent = 22;

QLabel* sentence(const QString& text, const QString& name, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

ModelCardQuestion::ModelCardQuestion(const core::CheckpointInfo& info, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("modelQuestion"));
    setWindowTitle(tr("Which activation?"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 18, 20, 16);
    column->setSpacing(Tokens::kGrid);
    auto* name = new ElidedLabel(this);
    name->setObjectName(QStringLiteral("modelQuestionName"));
    name->setProperty("role", QStringLiteral("title"));
    name->setWhole(pathText(info.name));
    column->addWidget(name);
    column->addWidget(sentence(tr("Nothing in or beside this checkpoint says which activation it was trained with. The "
                                  "wrong one gives wrong scores, and nothing else shows it."),
                               QStringLiteral("modelQuestionText"), this));
    column->addSpacing(4);
    m_quick =
        addChoice(QStringLiteral("quick_gelu"),
                  tr("OpenAI's own models, MetaCLIP, DFN, the ResNets, YFCC and CC12M, and LAION-400M's ViT-B/32."));
    m_exact = addChoice(QStringLiteral("gelu"),
                        tr("LAION-2B, DataComp, CommonPool and nearly all else that was trained with OpenCLIP."));
    column->addSpacing(4);
    m_remember = new QCheckBox(tr("Remember for this file"), this);
    m_remember->setObjectName(QStringLiteral("modelQuestionRemember"));
    m_remember->setAccessibleName(m_remember->text());
    m_remember->setChecked(true);
    column->addWidget(m_remember);
    column->addWidget(makeCaption(tr("The model's config (config.json or open_clip_config.json) beside the weights "
                                     "answers this for good. The model card can change the answer later."),
                                  QStringLiteral("modelQuestionHint"), this));
    column->addSpacing(Tokens::kGrid);
    auto* row = new QHBoxLayout;
    QPushButton* cancel = makeButton({tr("Cancel"), QStringLiteral("modelQuestionCancel"), tr("Do not open the model")},
                                     ButtonRole::Plain, this);
    m_open = makeButton({tr("Open"), QStringLiteral("modelQuestionOpen"), tr("Open the model with this activation")},
                        ButtonRole::Primary, this);
    m_open->setEnabled(false);
    m_open->setDefault(true);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_open);
    column->addLayout(row);
    setFixedSize(kWidth, column->totalHeightForWidth(kWidth)); // wrapped sentences ask for more when they may be narrow
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_open, &QPushButton::clicked, this, &QDialog::accept);
}

QRadioButton* ModelCardQuestion::addChoice(const QString& word, const QString& about)
{
    auto* choice = new QRadioButton(word, this);
    choice->setObjectName(QStringLiteral("modelQuestion_") + word);
    choice->setAccessibleName(word);
    choice->setAccessibleDescription(about);
    auto* caption = makeCaption(about, QStringLiteral("modelQuestionAbout_") + word, this);
    caption->setContentsMargins(kIndent, 0, 0, 4);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addWidget(choice);
    column->addWidget(caption);
    connect(choice, &QRadioButton::toggled, this, [this] { m_open->setEnabled(true); });
    return choice;
}

core::Activation ModelCardQuestion::activation() const
{
    return m_quick->isChecked()   ? core::Activation::QuickGelu
           : m_exact->isChecked() ? core::Activation::Gelu
                                  : core::Activation::Unknown;
}

bool ModelCardQuestion::remember() const
{
    return m_remember->isChecked();
}

} // namespace semascope::ui
