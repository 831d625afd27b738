#include "widgets/panels/ClusterWords.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QSet>
#include <QStyle>
#include <QVBoxLayout>

namespace semascope::ui {
namespace {

QStringList wordsOf(const QString& text)
{
    QStringList words;
    QSet<QString> seen;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        const QString word = line.section(QLatin1Char('#'), 0, 0).simplified();
        if (!word.isEmpty() && !seen.contains(word)) {
            seen.insert(word);
            words << word;
        }
    }
    return words;
}

} // namespace

ClusterWords::ClusterWords(const QString& title, const QStringList& words, int least, QWidget* parent)
    : QDialog(parent), m_least(least)
{
    setObjectName(QStringLiteral("clusterWordsDialog"));
    setWindowTitle(tr("Words to name clusters with"));
    resize(420, 520);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(Tokens::kGrid);
    column->addWidget(makeTitle(title, this));
    column->addWidget(makeCaption(tr("One word or short phrase a line. What you change becomes your own list and is "
                                     "remembered; “own words” in the list of vocabularies."),
                                  QStringLiteral("clusterWordsHelp"), this));
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("clusterWordsText"));
    m_text->setAccessibleName(tr("Words, one a line"));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setPlainText(words.join(QLatin1Char('\n')));
    column->addWidget(m_text, 1);
    m_count = makeCaption(QString(), QStringLiteral("clusterWordsCount"), this);
    column->addWidget(m_count);
    auto* buttons = new QDialogButtonBox(this);
    auto* cancel = makeButton({tr("Cancel"), QStringLiteral("clusterWordsCancel"), QString()}, ButtonRole::Plain, this);
    auto* file = makeButton({tr("From a file…"), QStringLiteral("clusterWordsFile"), tr("One word a line")},
                            ButtonRole::Plain, this);
    buttons->addButton(file, QDialogButtonBox::ResetRole);
    connect(file, &QPushButton::clicked, this, &ClusterWords::fileWanted);
    m_use =
        makeButton({tr("Use these words"), QStringLiteral("clusterWordsUse"), QString()}, ButtonRole::Primary, this);
    buttons->addButton(cancel, QDialogButtonBox::RejectRole);
    buttons->addButton(m_use, QDialogButtonBox::AcceptRole);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ClusterWords::read);
    m_first = wordsOf(m_text->toPlainText());
    read();
}

void ClusterWords::read()
{
    m_words = wordsOf(m_text->toPlainText());
    const auto count = static_cast<std::size_t>(m_words.size());
    const bool enough = m_words.size() >= m_least;
    m_count->setText(enough ? tr("%1 words").arg(countText(count))
                            : tr("%1 words; %2 clusters need at least as many, as no word is given twice.")
                                  .arg(countText(count))
                                  .arg(m_least));
    m_count->setProperty("role", enough ? QStringLiteral("caption") : QStringLiteral("error"));
    m_count->style()->unpolish(m_count);
    m_count->style()->polish(m_count);
    m_use->setEnabled(enough);
}

} // namespace semascope::ui
