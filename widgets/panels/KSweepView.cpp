#include "widgets/panels/KSweepView.h"

#include "core/cluster/ClusterOptions.h"
#include "core/cluster/ComparisonText.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FigurePane.h"
#include "widgets/panels/FlowLayout.h"
#include "widgets/panels/Numbers.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTreeWidget>

#include <algorithm>
#include <cmath>
#include <set>

namespace semascope::ui {
namespace {

enum Column { K, Silhouette, Coding, Stability, Inertia, Time, Columns };

QString known(const std::optional<double>& value, int decimals)
{
    return value && std::isfinite(*value) ? formatNumber(*value, decimals) : QStringLiteral("–");
}

KSweepFigure plotsOf(const core::KSweep& sweep, int chosen)
{
    KSweepFigure figure;
    figure.sweep = sweep;
    figure.chosen = chosen;
    return figure;
}

void arrangeHeader(QTreeWidget& table)
{
    table.header()->setStretchLastSection(false);
    table.header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (int c = 0; c < Columns; ++c) {
        table.headerItem()->setTextAlignment(c, Qt::AlignRight | Qt::AlignVCenter);
    }
}

} // namespace

std::optional<std::vector<int>> parseKs(const QString& text)
{
    constexpr int kLeast = 2, kMost = 1000;
    constexpr std::size_t kMany = 200;
    static const QRegularExpression range(QStringLiteral("^(\\d{1,4})(?:\\s*[-–]\\s*(\\d{1,4}))?$"));
    std::set<int> ks;
    for (const QString& part : text.split(QRegularExpression(QStringLiteral("[,;]")), Qt::SkipEmptyParts)) {
        const QRegularExpressionMatch match = range.match(part.trimmed());
        if (!match.hasMatch()) {
            return std::nullopt;
        }
        const int first = match.captured(1).toInt();
        const int last = match.captured(2).isEmpty() ? first : match.captured(2).toInt();
        if (first < kLeast || last > kMost || last < first) {
            return std::nullopt;
        }
        for (int k = first; k <= last; ++k) {
            ks.insert(k);
        }
    }
    if (ks.empty() || ks.size() > kMany) {
        return std::nullopt;
    }
    return std::vector<int>(ks.begin(), ks.end());
}

KSweepView::KSweepView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("kSweepView"));
    setAccessibleName(tr("Choice of the number of clusters"));
    setAutoFillBackground(true);
    m_pages = new QStackedWidget(this);
    m_message = makeCaption({}, QStringLiteral("kSweepMessage"), m_pages);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(4 * Tokens::kGrid);
    m_pages->addWidget(m_message);
    m_pages->addWidget(makeResult());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * Tokens::kGrid, Tokens::kGrid + 4, 2 * Tokens::kGrid, Tokens::kGrid);
    column->setSpacing(Tokens::kGrid);
    column->addWidget(makeSetup());
    column->addWidget(m_pages, 1);
    setSweep(nullptr);
}

void KSweepView::makeNumbers(QWidget* setup)
{
    m_ks = new QLineEdit(QStringLiteral("2–20"), setup);
    m_ks->setObjectName(QStringLiteral("kSweepKs"));
    m_ks->setAccessibleName(tr("Numbers of clusters to try"));
    m_ks->setToolTip(tr("A range such as 2–20, or a list such as 2, 4, 8, 16"));
    m_ks->setFixedWidth(110);
    m_seeds = new QSpinBox(setup);
    m_seeds->setObjectName(QStringLiteral("kSweepSeeds"));
    m_seeds->setAccessibleName(tr("Runs with each number of clusters"));
    m_seeds->setToolTip(tipText(tr("Runs with other seeds; stability is how far they agree and needs two")));
    m_seeds->setRange(1, 50);
    m_seeds->setValue(5);
    m_seeds->setFixedWidth(64);
}

QWidget* KSweepView::makeSetup()
{
    auto* setup = new QWidget(this);
    auto* flow = new FlowLayout(setup, Tokens::kGrid);
    flow->setContentsMargins(0, 0, 0, 0);
    m_method = new QComboBox(setup);
    m_method->setObjectName(QStringLiteral("kSweepMethod"));
    m_method->setAccessibleName(tr("Method of clustering"));
    for (const std::string& method : core::clusterMethods()) {
        m_method->addItem(QString::fromStdString(core::clusterMethodTitle(method)), QString::fromStdString(method));
    }
    makeNumbers(setup);
    m_rows = new QComboBox(setup);
    m_rows->setObjectName(QStringLiteral("kSweepRows"));
    m_rows->setAccessibleName(tr("Which samples"));
    m_rows->addItem(tr("all samples"), false);
    m_rows->addItem(tr("selection"), true);
    m_run = makeButton({tr("Run"), QStringLiteral("kSweepRun"), {}}, ButtonRole::Primary, setup);
    auto* group = new QWidget(setup);
    auto* row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Tokens::kGrid);
    for (QWidget* part :
         {static_cast<QWidget*>(m_method), static_cast<QWidget*>(new QLabel(tr("k"), group)),
          static_cast<QWidget*>(m_ks), static_cast<QWidget*>(new QLabel(tr("runs"), group)),
          static_cast<QWidget*>(m_seeds), static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_run)}) {
        row->addWidget(part);
    }
    flow->addWidget(group);
    connect(m_ks, &QLineEdit::textChanged, this, &KSweepView::refresh);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (m_running) {
            Q_EMIT stopWanted();
        } else if (const auto wanted = choice()) {
            m_byHand = false;
            Q_EMIT runWanted(*wanted);
        }
    });
    return setup;
}

QWidget* KSweepView::makeResult()
{
    auto* page = new QWidget(m_pages);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Tokens::kGrid);
    m_words = makeCaption({}, QStringLiteral("kSweepWords"), page);
    m_plots = new FigurePane(QStringLiteral("kSweepPlots"), page);
    m_plots->setAccessibleName(tr("Silhouette, coding length and stability against k"));
    m_plots->setMinimumHeight(200);
    m_plots->setMaximumHeight(340);
    m_table = new QTreeWidget(page);
    m_table->setObjectName(QStringLiteral("kSweepTable"));
    m_table->setAccessibleName(tr("Figures for each number of clusters"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setColumnCount(Columns);
    m_table->setHeaderLabels({tr("k"), tr("silhouette"), tr("coding length, bits a row"), tr("stability (ARI)"),
                              tr("inertia of the best seed"), tr("time")});
    arrangeHeader(*m_table);
    column->addWidget(m_words);
    column->addWidget(m_plots, 3);
    column->addWidget(makeFoot());
    column->addWidget(m_table, 2);
    connect(m_table, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item && item->data(K, Qt::UserRole).toInt() != m_chosen) {
            m_byHand = true;
            choose(item->data(K, Qt::UserRole).toInt());
        }
    });
    connect(m_plots, &FigurePane::clicked, this, [this](const QPointF& at) {
        const int k = m_sweep ? kSweepAt(plotsOf(*m_sweep, m_chosen), m_plots->page(), at) : 0;
        if (k > 0) {
            m_byHand = true;
            choose(k);
        }
    });
    return page;
}

QWidget* KSweepView::makeFoot()
{
    auto* foot = new QWidget(m_pages);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Tokens::kGrid);
    m_use = makeButton({tr("Use k"), QStringLiteral("kSweepUse"),
                        tr("Put this k into the set-up of the clusters and cluster with it")},
                       ButtonRole::Plain, foot);
    m_proposals = makeCaption({}, QStringLiteral("kSweepProposals"), foot);
    m_export =
        makeButton({tr("Export ▾"), QStringLiteral("kSweepExport"), tr("As a figure or CSV")}, ButtonRole::Link, foot);
    row->addWidget(m_use);
    row->addWidget(m_proposals, 1);
    row->addWidget(m_export);
    auto* menu = new QMenu(this);
    menu->addAction(tr("Plots as a figure…"), this, [this] { Q_EMIT exportWanted(KSweepExport::Figure); });
    menu->addAction(tr("Figures as CSV…"), this, [this] { Q_EMIT exportWanted(KSweepExport::Csv); });
    connect(m_export, &QPushButton::clicked, this,
            [this, menu] { menu->popup(m_export->mapToGlobal(QPoint(0, m_export->height()))); });
    connect(m_use, &QPushButton::clicked, this, [this] {
        if (m_chosen > 0) {
            Q_EMIT useWanted(m_chosen);
        }
    });
    return foot;
}

std::optional<KSweepChoice> KSweepView::choice() const
{
    const auto ks = parseKs(m_ks->text());
    if (!ks) {
        return std::nullopt;
    }
    return KSweepChoice{m_method->currentData().toString().toStdString(), *ks, m_seeds->value(),
                        m_rows->currentData().toBool()};
}

void KSweepView::setReady(bool ready, const QString& reason)
{
    m_ready = ready;
    m_reason = reason;
    refresh();
}

void KSweepView::setRunning(bool running)
{
    m_running = running;
    refresh();
}

void KSweepView::setSelected(std::size_t count)
{
    m_rows->setItemText(1, count > 0 ? tr("selection (%1)").arg(countText(count)) : tr("selection"));
    m_rows->setItemData(1, count > 0 ? QVariant() : QVariant(0), Qt::UserRole - 1); // greyed while there is none
    if (count == 0) {
        m_rows->setCurrentIndex(0);
    }
}

void KSweepView::refresh()
{
    if (!m_run) {
        return;
    }
    const bool readable = parseKs(m_ks->text()).has_value();
    m_run->setText(m_running ? tr("Stop") : tr("Run"));
    m_run->setAccessibleName(m_running ? tr("Stop the sweep") : tr("Run the sweep"));
    setRole(m_run, m_running ? ButtonRole::Plain : ButtonRole::Primary);
    m_run->setEnabled(m_running || (m_ready && readable));
    m_run->setToolTip(m_running   ? tr("What is done so far stays")
                      : !m_ready  ? tipText(m_reason)
                      : !readable ? tr("Write numbers of clusters such as 2–20 or 2, 4, 8 (2 to 1000)")
                                  : tr("Cluster with each of these numbers"));
    for (QWidget* control : {static_cast<QWidget*>(m_method), static_cast<QWidget*>(m_ks),
                             static_cast<QWidget*>(m_seeds), static_cast<QWidget*>(m_rows)}) {
        control->setEnabled(!m_running);
    }
}

void KSweepView::setSweep(std::shared_ptr<const core::KSweep> sweep, const QString& message)
{
    m_sweep = std::move(sweep);
    m_message->setText(message);
    m_pages->setCurrentIndex(m_sweep ? 1 : 0);
    if (!m_sweep) {
        m_chosen = 0;
        return;
    }
    m_words->setText(tr("%1. All figures are of these rows, none is held out.").arg(kSweepCaption(*m_sweep)));
    fillTable();
    const auto word = [this](int k) {
        return k <= 0 ? QStringLiteral("–") : atEdge(*m_sweep, k) ? tr("%1 (the edge)").arg(k) : QString::number(k);
    };
    m_proposals->setText(
        tr("silhouette proposes %1 · coding length %2 · stability %3")
            .arg(word(m_sweep->bySilhouette), word(m_sweep->byCodingLength), word(m_sweep->byStability)));
    const bool there = std::any_of(m_sweep->points.begin(), m_sweep->points.end(),
                                   [this](const core::KSweepPoint& p) { return p.k == m_chosen; });
    choose(m_byHand && there ? m_chosen : proposedK(*m_sweep));
}

void KSweepView::fillTable()
{
    const QSignalBlocker quiet(m_table);
    m_table->clear();
    for (const core::KSweepPoint& p : m_sweep->points) {
        auto* item = new QTreeWidgetItem(m_table);
        item->setText(K, QString::number(p.k));
        item->setData(K, Qt::UserRole, p.k);
        if (p.problem.empty()) {
            item->setText(Silhouette, known(p.silhouette, 3));
            item->setText(Coding, known(p.codingLength, 2));
            item->setText(Stability, p.sdStability
                                         ? known(p.stability, 3) + QStringLiteral(" ± ") + known(p.sdStability, 3)
                                         : known(p.stability, 3));
            item->setText(Inertia, numberText(p.inertia));
            item->setText(Time, durationText(p.seconds));
        } else {
            item->setText(Silhouette, QString::fromStdString(p.problem));
        }
        for (int c = 0; c < Columns; ++c) {
            item->setTextAlignment(c, Qt::AlignRight | Qt::AlignVCenter);
        }
        item->setToolTip(Silhouette, tipText(QString::fromStdString(p.problem)));
    }
}

void KSweepView::choose(int k)
{
    m_chosen = k;
    m_use->setText(k > 0 ? tr("Use k = %1").arg(k) : tr("Use k"));
    m_use->setAccessibleName(m_use->text());
    m_use->setEnabled(k > 0);
    const QSignalBlocker quiet(m_table);
    for (int i = 0; i < m_table->topLevelItemCount(); ++i) {
        if (m_table->topLevelItem(i)->data(K, Qt::UserRole).toInt() == k) {
            m_table->setCurrentItem(m_table->topLevelItem(i));
        }
    }
    showPlots();
}

void KSweepView::showPlots()
{
    if (!m_sweep) {
        return;
    }
    m_plots->setFigure(
        [figure = plotsOf(*m_sweep, m_chosen)](QPainter& painter, const QRectF& page, const FigureInks& inks) {
            KSweepFigure inked = figure;
            inked.inks = inks;
            paintKSweep(painter, page, inked);
        });
}

void KSweepView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    Q_EMIT shown();
}

} // namespace semascope::ui
