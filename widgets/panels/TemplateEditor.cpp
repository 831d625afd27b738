#include "widgets/panels/TemplateEditor.h"

#include "widgets/panels/Controls.h"
#include "widgets/panels/ZeroShotText.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr const char* kOwn = "custom";

QStringList textsOf(const core::TemplateSet& set)
{
    QStringList texts;
    for (const std::string& text : set.templates) {
        texts << QString::fromStdString(text);
    }
    return texts;
}

} // namespace

TemplateEditor::TemplateEditor(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("templateEditor"));
    m_own.name = kOwn;
    m_sets = new QComboBox(this);
    m_sets->setObjectName(QStringLiteral("templateSets"));
    m_sets->setAccessibleName(tr("Set of templates"));
    m_sets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sets->setMinimumContentsLength(10);
    m_sets->setToolTip(
        tipText(tr("Every class name is put into every template; the texts' embeddings are averaged into one vector a "
                   "class. More ways to say it make it steadier.")));
    for (const core::TemplateSet& set : core::templateSets()) {
        m_sets->addItem(templateSetTitle(set), QString::fromStdString(set.name));
    }
    m_sets->addItem(templateSetTitle(m_own), QString::fromLatin1(kOwn));
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("templateText"));
    m_text->setAccessibleName(tr("Templates, one a line; {} stands for the class name"));
    m_text->setPlaceholderText(tr("a photo of a {}."));
    m_text->setToolTip(tipText(tr("One template a line; {} stands for the class name. What you change becomes your own "
                                  "set and is remembered.")));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(48);
    m_sentence = makeCaption(QString(), QStringLiteral("templateProblem"), this);
    m_sentence->setProperty("role", QStringLiteral("error"));
    m_sentence->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeSection(tr("TEMPLATES"), this));
    column->addWidget(m_sets);
    column->addWidget(m_text, 1);
    column->addWidget(m_sentence);
    connect(m_sets, &QComboBox::activated, this, &TemplateEditor::choose);
    connect(m_text, &QPlainTextEdit::textChanged, this, &TemplateEditor::read);
    setChosen(core::templateSets().front().name);
}

void TemplateEditor::setOwn(const QStringList& templates)
{
    m_own.templates.clear();
    for (const QString& text : templates) {
        m_own.templates.push_back(text.toStdString());
    }
    if (m_set.name == kOwn) {
        show(m_own);
    }
}

void TemplateEditor::setChosen(const std::string& name)
{
    const int index = m_sets->findData(QString::fromStdString(name));
    if (index >= 0) {
        choose(index);
    }
}

void TemplateEditor::choose(int index)
{
    const std::string name = m_sets->itemData(index).toString().toStdString();
    if (name != kOwn) {
        show(core::templateSet(name));
        return;
    }
    if (m_own.templates.empty()) {
        m_own.templates = m_set.templates; // something to start from
    }
    show(m_own);
}

void TemplateEditor::show(const core::TemplateSet& set)
{
    m_set = set;
    m_sets->setCurrentIndex(m_sets->findData(QString::fromStdString(set.name)));
    m_filling = true;
    m_text->setPlainText(textsOf(set).join(QLatin1Char('\n')));
    m_filling = false;
    read();
    Q_EMIT changed();
}

/// Takes over what the list says now; edited by hand it is the person's own set.
void TemplateEditor::read()
{
    if (m_filling) {
        return;
    }
    std::vector<std::string> templates;
    QString lacking;
    for (const QString& line : m_text->toPlainText().split(QLatin1Char('\n'))) {
        const QString text = line.trimmed();
        if (text.isEmpty()) {
            continue;
        }
        templates.push_back(text.toStdString());
        if (lacking.isEmpty() && !text.contains(QLatin1String("{}"))) {
            lacking = text;
        }
    }
    m_problem = templates.empty()   ? tr("Write at least one template, such as “a photo of a {}.”")
                : lacking.isEmpty() ? QString()
                                    : tr("“%1” has no {}: every class would get the same text. Put {} where the class "
                                         "name goes.")
                                          .arg(lacking);
    m_sentence->setText(m_problem);
    m_sentence->setVisible(!m_problem.isEmpty());
    if (templates == m_set.templates) {
        return;
    }
    m_own.templates = templates;
    m_set = m_own;
    m_sets->setCurrentIndex(m_sets->count() - 1);
    Q_EMIT ownEdited(textsOf(m_own));
    Q_EMIT changed();
}

} // namespace semascope::ui
