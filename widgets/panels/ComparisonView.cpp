#include "widgets/panels/ComparisonView.h"

#include "core/cluster/ComparisonText.h"
#include "core/job/Error.h"
#include "widgets/Theme.h"
#include "widgets/panels/ComparisonMaps.h"
#include "widgets/panels/ComparisonTable.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FigurePane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QScrollArea>
#include <QStackedWidget>

#include <cmath>

namespace semascope::ui {
namespace {

QVBoxLayout* columnOf(QWidget* widget, int spacing)
{
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing);
    return column;
}

} // namespace

ComparisonView::ComparisonView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("comparisonView"));
    setAccessibleName(tr("Comparison of clusterings"));
    setAutoFillBackground(true);
    m_setup = new ComparisonSetup(this);
    m_pages = new QStackedWidget(this);
    m_message = makeCaption({}, QStringLiteral("comparisonMessage"), m_pages);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(4 * Tokens::kGrid);
    m_pages->addWidget(m_message);
    m_pages->addWidget(makeResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Tokens::kGrid, Tokens::kGrid + 4, 2 * Tokens::kGrid, Tokens::kGrid);
    column->setSpacing(Tokens::kGrid);
    column->addWidget(m_setup);
    column->addWidget(m_pages, 1);
    makeExportMenu();
    showPage(0);
    setComparison(nullptr);
}

QWidget* ComparisonView::makeResult()
{
    auto* page = new QWidget(m_pages);
    QVBoxLayout* column = columnOf(page, Tokens::kGrid);
    m_words = makeCaption({}, QStringLiteral("comparisonWords"), page);
    m_table = new ComparisonTable(page);
    m_views = new QStackedWidget(page);
    m_maps = new ComparisonMaps(m_views);
    m_views->addWidget(m_maps);
    column->addWidget(m_words);
    column->addWidget(m_table);
    column->addWidget(makeBar());
    m_views->addWidget(makeConfusion());
    m_views->addWidget(makePublished());
    column->addWidget(m_views, 1);
    connect(m_table, &ComparisonTable::methodChosen, this, &ComparisonView::choose);
    connect(m_table, &ComparisonTable::methodActivated, this, &ComparisonView::useWanted);
    connect(m_maps, &ComparisonMaps::methodChosen, m_table, &ComparisonTable::choose);
    connect(m_maps, &ComparisonMaps::methodActivated, this, &ComparisonView::useWanted);
    return page;
}

QWidget* ComparisonView::makeBar()
{
    auto* bar = new QWidget(m_pages);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    const ControlText tabs[] = {
        {tr("Maps"), QStringLiteral("comparisonMapsTab"),
         tr("The present map in the colours of each method's clusters")},
        {tr("Confusion"), QStringLiteral("comparisonConfusionTab"), tr("Clusters of the chosen method against labels")},
        {tr("Published NMI"), QStringLiteral("comparisonPublishedTab"), tr("Beside published figures on CIFAR-10")}};
    for (const ControlText& what : tabs) {
        QPushButton* tab = makeButton(what, ButtonRole::Tab, bar);
        tab->setCheckable(true);
        row->addWidget(tab);
        const int index = static_cast<int>(m_tabs.size());
        connect(tab, &QPushButton::clicked, this, [this, index] { showPage(index); });
        m_tabs.push_back(tab);
    }
    row->addStretch(1);
    m_use = makeButton({tr("Use these clusters"), QStringLiteral("comparisonUse"),
                        tr("Put the chosen method's clusters onto the map, in these colours")},
                       ButtonRole::Link, bar);
    auto* copy =
        makeButton({tr("Copy the table"), QStringLiteral("comparisonCopy"), tr("With tabs, for a spreadsheet")},
                   ButtonRole::Link, bar);
    m_export = makeButton({tr("Export ▾"), QStringLiteral("comparisonExport"), tr("As a figure, CSV or LaTeX")},
                          ButtonRole::Link, bar);
    for (QPushButton* link : {m_use, copy, m_export}) {
        row->addWidget(link);
        row->addSpacing(link == m_export ? 0 : Tokens::kGrid);
    }
    connect(m_use, &QPushButton::clicked, this, [this] { Q_EMIT useWanted(method()); });
    connect(copy, &QPushButton::clicked, this, [this] { m_table->copy(); });
    return bar;
}

QWidget* ComparisonView::makeConfusion()
{
    auto* page = new QWidget(m_views);
    QVBoxLayout* column = columnOf(page, 4);
    auto* row = new QHBoxLayout;
    row->setSpacing(Tokens::kGrid);
    m_sentence = new ElidedLabel(page);
    m_sentence->setObjectName(QStringLiteral("comparisonSentence"));
    m_sentence->setProperty("role", QStringLiteral("caption"));
    m_against = new QComboBox(page);
    m_against->setObjectName(QStringLiteral("comparisonAgainst"));
    m_against->setAccessibleName(tr("Attribute to set clusters against"));
    m_against->setToolTip(tr("Which attribute the rows of the table are"));
    m_norm = new QComboBox(page);
    m_norm->setObjectName(QStringLiteral("comparisonNorm"));
    m_norm->setAccessibleName(tr("Numbers of the confusion table"));
    m_norm->addItem(tr("% of each row"));
    m_norm->addItem(tr("counts"));
    for (QComboBox* box : {m_against, m_norm}) {
        box->setProperty("role", QStringLiteral("quiet"));
    }
    row->addWidget(m_sentence, 1);
    row->addWidget(m_against);
    row->addWidget(m_norm);
    m_confusionPane = new FigurePane(QStringLiteral("comparisonConfusion"), page);
    m_confusionPane->setAccessibleName(tr("Labels by clusters"));
    column->addWidget(m_confusionPane, 1);
    column->addLayout(row);
    connect(m_against, &QComboBox::activated, this,
            [this](int index) { Q_EMIT againstChosen(m_against->itemData(index).toString()); });
    connect(m_norm, &QComboBox::currentIndexChanged, this, &ComparisonView::showConfusion);
    connectConfusion();
    return page;
}

void ComparisonView::connectConfusion()
{
    connect(m_confusionPane, &FigurePane::pointed, this, [this](const QPointF& at) {
        const auto [label, cluster] = cellAt(at);
        const QString said = confusionSentence(m_confusion, label, cluster);
        m_confusionPane->setCursor(said.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
        m_sentence->setWhole(said.isEmpty() ? tr("A click selects samples; Shift adds, Ctrl takes away.") : said);
    });
    connect(m_confusionPane, &FigurePane::clicked, this, [this](const QPointF& at, Qt::KeyboardModifiers modifiers) {
        const auto [label, cluster] = cellAt(at);
        if (label >= 0 && cluster >= 0) {
            Q_EMIT cellChosen(method(), m_confusion.labels[static_cast<std::size_t>(label)],
                              m_confusion.clusters[static_cast<std::size_t>(cluster)], modifiers);
        }
    });
}

QWidget* ComparisonView::makePublished()
{
    auto* area = new QScrollArea(m_views);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    m_publishedPane = new FigurePane(QStringLiteral("comparisonPublished"), area);
    m_publishedPane->setAccessibleName(tr("Published NMI on CIFAR-10, and ours"));
    area->setWidget(m_publishedPane);
    return area;
}

void ComparisonView::makeExportMenu()
{
    m_exportMenu = new QMenu(this);
    const std::pair<QString, ComparisonExport> entries[] = {
        {tr("Maps and table as a figure…"), ComparisonExport::Figure},
        {tr("Confusion as a figure…"), ComparisonExport::Confusion},
        {tr("Published NMI as a figure…"), ComparisonExport::Published},
        {tr("Table as CSV…"), ComparisonExport::Csv},
        {tr("Table as LaTeX…"), ComparisonExport::Latex},
        {tr("Confusion as CSV…"), ComparisonExport::ConfusionCsv}};
    for (const auto& [text, what] : entries) {
        m_exportMenu->addAction(text, this, [this, what = what] { Q_EMIT exportWanted(what); });
    }
    connect(m_export, &QPushButton::clicked, this,
            [this] { m_exportMenu->popup(m_export->mapToGlobal(QPoint(0, m_export->height()))); });
}

int ComparisonView::method() const
{
    return m_table->chosen();
}

bool ComparisonView::shares() const
{
    return m_norm->currentIndex() == 0;
}

void ComparisonView::showPage(int page)
{
    m_views->setCurrentIndex(page);
    for (std::size_t i = 0; i < m_tabs.size(); ++i) {
        m_tabs[i]->setChecked(static_cast<int>(i) == page);
    }
    refreshPage();
}

void ComparisonView::setComparison(std::shared_ptr<const core::ClusterComparison> comparison, const QString& message)
{
    m_comparison = std::move(comparison);
    m_message->setText(message);
    m_pages->setCurrentIndex(m_comparison ? 1 : 0);
    m_table->setComparison(m_comparison);
    if (m_comparison) {
        QString words = QString::fromStdString(core::comparisonWords(*m_comparison));
        if (m_comparison->done < m_comparison->total) {
            words.prepend(tr("%1 of %2 runs done. ").arg(m_comparison->done).arg(m_comparison->total));
        }
        m_words->setText(words);
        if (m_table->chosen() < 0) {
            m_table->choose(0);
        }
    }
    const bool judged = m_comparison && m_comparison->labelled > 0;
    m_exportMenu->actions().at(2)->setEnabled(judged);
    choose(m_table->chosen());
}

void ComparisonView::setMap(ComparedMap map)
{
    m_map = std::move(map);
    refreshPage();
}

void ComparisonView::setMeasuredOn(const MeasuredOn& on)
{
    m_on = on;
    refreshPage();
}

void ComparisonView::setAttributes(const QStringList& names, const QString& chosen)
{
    m_against->clear();
    for (const QString& name : names) {
        m_against->addItem(tr("against %1").arg(name), name);
    }
    m_against->setCurrentIndex(m_against->findData(chosen));
    m_against->setVisible(!names.isEmpty());
    widenPopup(m_against);
}

void ComparisonView::setAgainst(RowLabels labels)
{
    m_labels = std::move(labels);
    m_against->setCurrentIndex(m_against->findData(m_labels.name));
    refreshPage();
}

void ComparisonView::choose(int method)
{
    const auto* comparison = m_comparison.get();
    const bool there = comparison && method >= 0 && static_cast<std::size_t>(method) < comparison->methods.size() &&
                       shownRun(comparison->methods[static_cast<std::size_t>(method)]);
    m_use->setEnabled(there);
    for (const int at : {1, 5}) {
        m_exportMenu->actions().at(at)->setEnabled(there && !m_labels.names.empty());
    }
    m_maps->setChosen(method);
    refreshPage();
}

/// Only what is seen is made; a page is made anew when it comes to the front.
void ComparisonView::refreshPage()
{
    if (!m_comparison || !m_publishedPane) {
        return;
    }
    switch (m_views->currentIndex()) {
    case 0:
        showMaps();
        break;
    case 1:
        showConfusion();
        break;
    default:
        showPublished();
    }
}

void ComparisonView::showMaps()
{
    m_maps->setFigure(comparisonFigure(*m_comparison, m_map, {}), m_comparison->labelled > 0 ? 1 : 0);
    m_maps->setAbout(m_map.about, m_map.favours);
    m_maps->setChosen(method());
}

void ComparisonView::showConfusion()
{
    m_confusion = {};
    QString missing = tr("There is no categorical attribute to set the clusters against.");
    if (m_comparison && method() >= 0 && !m_labels.names.empty() && m_labels.labels.size() == m_comparison->n) {
        m_confusion = clusterConfusion(*m_comparison, static_cast<std::size_t>(method()), m_labels);
        missing = tr("This method has no clusters yet.");
    }
    m_confusion.figure.shares = shares();
    m_confusion.figure.bar = false;
    m_sentence->setWhole(
        m_confusion.figure.classes.isEmpty() ? missing : tr("A click selects samples; Shift adds, Ctrl takes away."));
    ConfusionFigure figure = m_confusion.figure;
    figure.footer.clear();
    m_confusionPane->setFigure([figure](QPainter& painter, const QRectF& page, const FigureInks& inks) {
        ConfusionFigure inked = figure;
        inked.inks = inks;
        paintConfusion(painter, page, inked);
    });
}

std::pair<qsizetype, qsizetype> ComparisonView::cellAt(const QPointF& at) const
{
    ConfusionFigure figure = m_confusion.figure;
    figure.footer.clear();
    if (figure.classes.isEmpty()) {
        return {-1, -1};
    }
    const QRectF first = confusionCell(figure, m_confusionPane->page(), 0, 0);
    const auto column = static_cast<qsizetype>(std::floor((at.x() - first.left()) / first.width()));
    const auto row = static_cast<qsizetype>(std::floor((at.y() - first.top()) / first.height()));
    const bool inside = row >= 0 && row < figure.classes.size() && column >= 0 && column < figure.columnCount();
    return inside ? std::pair{row, column} : std::pair<qsizetype, qsizetype>{-1, -1};
}

void ComparisonView::showPublished()
{
    PublishedFigure figure = publishedFigure(*m_comparison, m_on);
    figure.footer.clear();
    m_publishedPane->setLeastHeight(publishedHeight(figure) - 30.0);
    m_publishedPane->setFigure([figure](QPainter& painter, const QRectF& page, const FigureInks& inks) {
        PublishedFigure inked = figure;
        inked.inks = inks;
        paintPublished(painter, page, inked);
    });
}

void ComparisonView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    Q_EMIT shown();
}

} // namespace semascope::ui
