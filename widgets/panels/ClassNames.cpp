#include "widgets/panels/ClassNames.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/ZeroShotText.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPlainTextEdit>

namespace semascope::ui {

ClassNames::ClassNames(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("classNames"));
    QLabel* title = makeSection(tr("CLASSES, ONE A LINE"), this);
    m_count = makeSection(QString(), this);
    m_count->setObjectName(QStringLiteral("classCount"));
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("classText"));
    m_text->setAccessibleName(tr("Class names, one a line"));
    m_text->setPlaceholderText(tr("cat\ndog\nfire truck"));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(56);
    auto* head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_count);
    makeLinks();
    auto* links = new QHBoxLayout;
    links->setSpacing(Tokens::kGrid + 4);
    for (QPushButton* link : {m_labels, m_paste, m_file}) {
        links->addWidget(link);
    }
    links->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(head);
    column->addWidget(m_text, 1);
    column->addLayout(links);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ClassNames::read);
    setSources({});
}

void ClassNames::makeLinks()
{
    m_labels = makeButton({tr("from labels"), QStringLiteral("classesFromLabels"),
                           tr("Take the class names from a column of the data; '_' becomes a blank")},
                          ButtonRole::Link, this);
    m_paste = makeButton({tr("paste"), QStringLiteral("classesPaste"),
                          tr("Replace the list by the clipboard: lines, or one line with commas")},
                         ButtonRole::Link, this);
    m_file = makeButton({tr("from file…"), QStringLiteral("classesFromFile"), tr("A text file, one class name a line")},
                        ButtonRole::Link, this);
    connect(m_paste, &QPushButton::clicked, this, &ClassNames::paste);
    connect(m_file, &QPushButton::clicked, this, &ClassNames::fileWanted);
    connect(m_labels, &QPushButton::clicked, this, [this] {
        if (m_sources.size() == 1) {
            takeFrom(m_sources.front());
            return;
        }
        QMenu menu(this);
        for (const LabelSource& source : m_sources) {
            menu.addAction(tr("%1 (%2)").arg(source.name).arg(source.labels.size()), this,
                           [this, source] { takeFrom(source); });
        }
        menu.exec(m_labels->mapToGlobal(QPoint(0, m_labels->height())));
    });
}

void ClassNames::setSources(std::vector<LabelSource> sources)
{
    m_sources = std::move(sources);
    m_labels->setEnabled(!m_sources.empty());
    m_labels->setToolTip(tipText(m_sources.empty()
                                     ? tr("The data have no column with labels")
                                     : tr("Take the class names from a column of the data; '_' becomes a blank")));
}

void ClassNames::setNames(const QStringList& names)
{
    m_text->setPlainText(names.join(QLatin1Char('\n')));
}

void ClassNames::takeFrom(const LabelSource& source)
{
    QStringList names;
    for (const QString& label : source.labels) {
        names << classNameOf(label);
    }
    setNames(names);
    Q_EMIT taken(source.name);
}

void ClassNames::paste()
{
    QString text = QGuiApplication::clipboard()->text().trimmed();
    if (!text.contains(QLatin1Char('\n'))) {
        text.replace(QLatin1Char(','), QLatin1Char('\n'));
    }
    const QStringList names = classLines(text);
    if (!names.isEmpty()) {
        setNames(names);
    }
}

void ClassNames::read()
{
    const QStringList names = classLines(m_text->toPlainText());
    qsizetype lines = 0;
    for (const QString& line : m_text->toPlainText().split(QLatin1Char('\n'))) {
        lines += line.trimmed().isEmpty() ? 0 : 1;
    }
    const qsizetype repeated = lines - names.size();
    m_count->setText(repeated > 0 ? tr("%1, %2 repeated").arg(names.size()).arg(repeated)
                                  : QString::number(names.size()));
    m_count->setToolTip(repeated > 0 ? tipText(tr("Lines that differ only in case, blanks, '_' or '-' count once."))
                                     : QString());
    if (names != m_names) {
        m_names = names;
        Q_EMIT changed();
    }
}

} // namespace semascope::ui
