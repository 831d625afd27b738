#include "widgets/panels/ZeroShotView.h"

#include "widgets/Theme.h"
#include "widgets/panels/ClassTable.h"
#include "widgets/panels/ConfusionTable.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/HeadlineRow.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/ZeroShotSetup.h"

#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QStackedWidget>

#include <functional>

namespace semascope::ui {
namespace {

constexpr int kSetupWidth = 232;

QVBoxLayout* columnOf(QWidget* widget, int spacing)
{
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing);
    return column;
}

} // namespace

ZeroShotView::ZeroShotView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("zeroShotView"));
    setAccessibleName(tr("Zero-shot classification"));
    m_setup = new ZeroShotSetup(this);
    m_setup->setFixedWidth(kSetupWidth);
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(makeHint());
    m_pages->addWidget(makeResult());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * Tokens::kGrid, Tokens::kGrid + 4, Tokens::kGrid + 4, Tokens::kGrid + 4);
    row->setSpacing(3 * Tokens::kGrid);
    row->addWidget(m_setup);
    row->addWidget(m_pages, 1);
    makeMenus();
    showTable(0);
    setCurrent({}, {});
}

QWidget* ZeroShotView::makeHint()
{
    constexpr int kTextWidth = 420;
    auto* page = new QWidget(m_pages);
    QVBoxLayout* column = columnOf(page, Tokens::kGrid);
    m_hintTitle = makeTitle(QString(), page);
    m_hintTitle->setObjectName(QStringLiteral("zeroShotHint"));
    m_hintText = new QLabel(page);
    m_hintText->setTextFormat(Qt::PlainText);
    m_hintText->setObjectName(QStringLiteral("zeroShotHintText"));
    m_hintText->setWordWrap(true);
    m_hintText->setFixedWidth(kTextWidth);
    m_hintText->setAlignment(Qt::AlignHCenter);
    m_hintButton = makeButton({QString(), QStringLiteral("zeroShotHintButton"), QString()}, ButtonRole::Plain, page);
    column->addStretch(2);
    for (QWidget* part :
         {static_cast<QWidget*>(m_hintTitle), static_cast<QWidget*>(m_hintText), static_cast<QWidget*>(m_hintButton)}) {
        column->addWidget(part, 0, Qt::AlignHCenter);
    }
    column->addStretch(3);
    connect(m_hintButton, &QPushButton::clicked, this, &ZeroShotView::hintTaken);
    return page;
}

QWidget* ZeroShotView::makeResult()
{
    auto* page = new QWidget(m_pages);
    QVBoxLayout* column = columnOf(page, 4);
    m_headline = new HeadlineRow(page);
    m_provenance = makeCaption(QString(), QStringLiteral("zeroShotProvenance"), page);
    m_warning = makeCaption(QString(), QStringLiteral("zeroShotWarning"), page);
    m_warning->setProperty("role", QStringLiteral("warning"));
    column->addWidget(m_headline);
    column->addWidget(m_provenance);
    column->addWidget(m_warning);
    column->addWidget(makeActions());
    column->addWidget(makeTables(), 1);
    column->addWidget(makeCurrent());
    return page;
}

QWidget* ZeroShotView::makeActions()
{
    auto* bar = new QWidget(m_pages);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(4);
    m_confusionTab = makeButton({tr("Confusion"), QStringLiteral("confusionTab"), tr("Labels against predictions")},
                                ButtonRole::Tab, bar);
    m_classesTab =
        makeButton({tr("Classes"), QStringLiteral("classesTab"), tr("Figures of each class")}, ButtonRole::Tab, bar);
    m_wrong = makeButton({QString(), QStringLiteral("selectWrong"),
                          tr("Select the samples whose most probable class is not their label; Shift adds, Ctrl takes "
                             "away")},
                         ButtonRole::Link, bar);
    m_colour = makeButton({tr("Colour the map ▾"), QStringLiteral("zeroShotColour"),
                           tr("Keep it as an attribute of the samples and colour the map by it")},
                          ButtonRole::Link, bar);
    m_export = makeButton({tr("Export ▾"), QStringLiteral("zeroShotExport"), tr("As CSV or as a figure")},
                          ButtonRole::Link, bar);
    int index = 0;
    for (QPushButton* tab : {m_confusionTab, m_classesTab}) {
        tab->setCheckable(true);
        row->addWidget(tab);
        connect(tab, &QPushButton::clicked, this, [this, index] { showTable(index); });
        ++index;
    }
    row->addStretch(1);
    for (QPushButton* link : {m_wrong, m_colour, m_export}) {
        row->addWidget(link);
        row->addSpacing(link == m_export ? 0 : Tokens::kGrid);
    }
    connect(m_wrong, &QPushButton::clicked, this, [this] { Q_EMIT selectWrong(QGuiApplication::keyboardModifiers()); });
    return bar;
}

QWidget* ZeroShotView::makeTables()
{
    m_tables = new QStackedWidget(m_pages);
    auto* confusion = new QWidget(m_tables);
    QVBoxLayout* column = columnOf(confusion, 2);
    m_confusion = new ConfusionTable(confusion);
    m_sentence = new ElidedLabel(confusion);
    m_sentence->setObjectName(QStringLiteral("confusionSentence"));
    m_sentence->setProperty("role", QStringLiteral("caption"));
    m_norm = new QComboBox(confusion);
    m_norm->setObjectName(QStringLiteral("confusionNorm"));
    m_norm->setAccessibleName(tr("Numbers of the confusion table"));
    m_norm->setProperty("role", QStringLiteral("quiet"));
    m_norm->addItem(tr("% of each row"));
    m_norm->addItem(tr("counts"));
    m_noLabels = makeCaption(QString(), QStringLiteral("zeroShotNoLabels"), confusion);
    m_noLabels->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_sentence, 1);
    foot->addWidget(m_norm);
    column->addWidget(m_noLabels, 1);
    column->addWidget(m_confusion, 1);
    column->addLayout(foot);
    m_classes = new ClassTable(m_tables);
    m_tables->addWidget(confusion);
    m_tables->addWidget(m_classes);
    connect(m_norm, &QComboBox::currentIndexChanged, this, [this](int index) { m_confusion->setShares(index == 0); });
    connect(m_confusion, &ConfusionTable::pointed, this, [this](const QString& sentence) {
        m_sentence->setWhole(sentence.isEmpty() ? tr("A click selects samples; Shift adds, Ctrl takes away.")
                                                : sentence);
    });
    connect(m_confusion, &ConfusionTable::cellChosen, this, &ZeroShotView::selectCell);
    connect(m_classes, &ClassTable::classChosen, this, [this](int index, Qt::KeyboardModifiers modifiers) {
        m_judged ? Q_EMIT selectCell(index, -1, modifiers) : Q_EMIT selectCell(-1, index, modifiers);
    });
    return m_tables;
}

QWidget* ZeroShotView::makeCurrent()
{
    auto* box = new QWidget(m_pages);
    QVBoxLayout* column = columnOf(box, 2);
    column->setContentsMargins(0, Tokens::kGrid, 0, 0);
    auto* head = new QHBoxLayout;
    head->setSpacing(Tokens::kGrid);
    head->addWidget(makeSection(tr("MOST PROBABLE CLASSES"), box));
    m_currentName = new ElidedLabel(box);
    m_currentName->setObjectName(QStringLiteral("zeroShotCurrent"));
    m_currentName->setProperty("role", QStringLiteral("caption"));
    head->addWidget(m_currentName, 1);
    m_guesses = new GuessBars(box);
    m_currentNote = makeCaption(QString(), QStringLiteral("zeroShotCurrentNote"), box);
    m_scale = makeCaption(QString(), QStringLiteral("zeroShotScale"), box);
    column->addLayout(head);
    column->addWidget(m_guesses);
    column->addWidget(m_currentNote);
    column->addWidget(m_scale);
    return box;
}

void ZeroShotView::makeMenus()
{
    const auto fill = [this](QPushButton* button, const QList<std::pair<QString, std::function<void()>>>& entries) {
        auto* menu = new QMenu(this);
        for (const auto& [text, act] : entries) {
            menu->addAction(text, this, act);
        }
        connect(button, &QPushButton::clicked, menu,
                [menu, button] { menu->popup(button->mapToGlobal(QPoint(0, button->height()))); });
        return menu;
    };
    const auto colour = [this](ZeroShotColour what) { return [this, what] { Q_EMIT colourWanted(what); }; };
    const auto write = [this](ZeroShotExport what) { return [this, what] { Q_EMIT exportWanted(what); }; };
    m_colourMenu = fill(m_colour, {{tr("by predicted class"), colour(ZeroShotColour::Predicted)},
                                   {tr("by correct and wrong"), colour(ZeroShotColour::Correct)},
                                   {tr("by confidence"), colour(ZeroShotColour::Confidence)}});
    m_exportMenu = fill(m_export, {{tr("Predictions as CSV…"), write(ZeroShotExport::Predictions)},
                                   {tr("Confusion table as CSV…"), write(ZeroShotExport::Confusion)},
                                   {tr("Confusion table as a figure…"), write(ZeroShotExport::Figure)}});
}

void ZeroShotView::showTable(int index)
{
    m_tables->setCurrentIndex(index);
    m_confusionTab->setChecked(index == 0);
    m_classesTab->setChecked(index == 1);
}

void ZeroShotView::showHint(const ZeroShotHint& hint)
{
    m_hintTitle->setText(hint.title);
    m_hintText->setText(hint.text);
    m_hintText->setFixedHeight(m_hintText->heightForWidth(m_hintText->width())); // an aligned label is not asked for it
    m_hintButton->setText(hint.button);
    m_hintButton->setAccessibleName(hint.button);
    m_hintButton->setVisible(!hint.button.isEmpty());
    m_pages->setCurrentIndex(0);
    m_confusion->setResult(nullptr);
    m_classes->setResult(nullptr);
}

void ZeroShotView::showResult(const ZeroShotShown& shown)
{
    const core::ZeroShotResult& result = *shown.result;
    const bool judged = !result.confusion.empty();
    if (judged != m_judged) {
        showTable(judged ? 0 : 1);
    }
    m_judged = judged;
    m_headline->setFigures(headline(result));
    QString of = provenance(result, shown.unit);
    if (m_judged) {
        of += tr(" · labels: %1").arg(shown.against);
    }
    m_provenance->setText(of);
    m_warning->setText(shown.warning);
    m_warning->setVisible(!shown.warning.isEmpty());
    m_wrong->setText(tr("Select %1 wrong").arg(countText(shown.wrong)));
    m_wrong->setAccessibleName(m_wrong->text());
    m_wrong->setVisible(m_judged);
    m_wrong->setEnabled(shown.wrong > 0);
    m_colourMenu->actions().at(1)->setEnabled(m_judged);
    m_exportMenu->actions().at(1)->setEnabled(m_judged);
    m_exportMenu->actions().at(2)->setEnabled(m_judged);
    m_confusion->setResult(shown.result);
    m_classes->setResult(&result);
    m_confusion->setVisible(m_judged);
    m_sentence->setVisible(m_judged);
    m_norm->setVisible(m_judged);
    m_noLabels->setVisible(!m_judged);
    m_noLabels->setText(
        shown.against.isEmpty()
            ? tr("Nothing was compared with labels, so there is no confusion to show. Choose the column with the "
                 "labels at "
                 "the left; the result is judged at once.")
            : tr("No value of “%1” is one of the classes, so nothing can be judged. Name the classes as the labels are "
                 "written; case, blanks, '_' and '-' do not matter.")
                  .arg(shown.against));
    explainScale(result);
    m_pages->setCurrentIndex(1);
}

void ZeroShotView::explainScale(const core::ZeroShotResult& result)
{
    const QString scale = QString::number(result.logitScale, 'g', 4);
    m_scale->setText(tr("Softmax of %1 × cosine over these %2 classes; %1 is the model's own logit scale.")
                         .arg(scale)
                         .arg(result.spec.classes.size()));
    m_scale->setToolTip(tipText(tr(
        "Cosines of a picture with texts lie close together, so they say little by themselves. CLIP was trained with "
        "the cosines multiplied by this number (the logit scale) before the softmax: only with it do the shares mean "
        "what the model learned. They always add up to 100 % over the classes listed, so a picture of none of them "
        "still gets one; its low cosine shows that.")));
}

void ZeroShotView::setCurrent(const QString& name, std::vector<Guess> guesses, const QString& note)
{
    m_currentName->setWhole(name);
    m_guesses->setVisible(!guesses.empty());
    m_scale->setVisible(!guesses.empty());
    m_currentNote->setText(note);
    m_currentNote->setVisible(!note.isEmpty());
    m_guesses->setGuesses(std::move(guesses));
}

bool ZeroShotView::shares() const
{
    return m_confusion->shares();
}

} // namespace semascope::ui
