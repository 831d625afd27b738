#include "widgets/panels/ComparisonTable.h"

#include "core/cluster/ComparisonText.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kRowHeight = 28;
constexpr int kHeaderPad = 20; // beside a title, with room for the arrow of the order

QString plainCell(const QModelIndex& index)
{
    const QString text = index.data().toString(), spread = index.data(ComparisonTableModel::SpreadRole).toString();
    return spread.isEmpty() ? text : text + QLatin1Char(' ') + spread;
}

} // namespace

void ComparisonTableModel::setComparison(std::shared_ptr<const core::ClusterComparison> comparison)
{
    const bool same = m_comparison && comparison && m_comparison->methods.size() == comparison->methods.size();
    if (!same) {
        beginResetModel();
    }
    m_comparison = std::move(comparison);
    m_titles = m_comparison ? core::comparedTitles(*m_comparison) : std::vector<std::string>{};
    if (!same) {
        endResetModel();
    } else if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

int ComparisonTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_comparison ? 0 : static_cast<int>(m_comparison->methods.size());
}

int ComparisonTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kComparedColumns;
}

QVariant ComparisonTableModel::text(std::size_t m, ComparedColumn column) const
{
    const core::ComparedMethod& method = m_comparison->methods[m];
    const auto run = shownRun(method);
    if (column == ComparedColumn::Method) {
        const QString title = QString::fromStdString(m_titles[m]);
        return method.problem.empty() || run ? title
                                             : title + QStringLiteral(": ") + QString::fromStdString(method.problem);
    }
    if (column == ComparedColumn::Sizes) {
        return run ? sizesText(*run) : QStringLiteral("–");
    }
    return comparedMean(comparedValue(method, column), column);
}

QVariant ComparisonTableModel::sortValue(std::size_t m, ComparedColumn column) const
{
    const core::ComparedMethod& method = m_comparison->methods[m];
    if (column == ComparedColumn::Method) {
        return static_cast<int>(m); // as they were listed
    }
    if (column == ComparedColumn::Sizes) {
        const auto run = shownRun(method);
        return run && !run->sizes.empty()
                   ? static_cast<qulonglong>(*std::max_element(run->sizes.begin(), run->sizes.end()))
                   : 0ULL;
    }
    return comparedValue(method, column).mean.value_or(-2.0);
}

QString ComparisonTableModel::tip(std::size_t m, ComparedColumn column) const
{
    const core::ComparedMethod& method = m_comparison->methods[m];
    if (!method.problem.empty() && method.runs.empty()) {
        return QString::fromStdString(method.problem);
    }
    if (column == ComparedColumn::Method) {
        QStringList lines{tr("%1 of %2 runs done").arg(method.runs.size()).arg(m_comparison->seeds.size())};
        if (const auto run = shownRun(method)) {
            lines << tr("shown: the run with the highest silhouette, seed %1").arg(run->spec.seed);
            if (!method.problem.empty()) {
                lines << tr("a run failed: %1").arg(QString::fromStdString(method.problem));
            }
            for (const std::string& warning : run->warnings) {
                lines << QString::fromStdString(warning);
            }
        }
        return lines.join(QLatin1Char('\n'));
    }
    return comparedTip(column);
}

QVariant ComparisonTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_comparison) {
        return {};
    }
    const auto m = static_cast<std::size_t>(index.row());
    const auto column = static_cast<ComparedColumn>(index.column());
    const core::ComparedMethod& method = m_comparison->methods[m];
    switch (role) {
    case Qt::DisplayRole:
        return text(m, column);
    case SortRole:
        return sortValue(m, column);
    case SpreadRole:
        return comparedSpread(comparedValue(method, column));
    case BestRole:
        return isBest(*m_comparison, m, column);
    case ProblemRole:
        return !method.problem.empty() && method.runs.empty();
    case SizesRole: {
        QVariantList sizes;
        if (const auto run = shownRun(method); run && column == ComparedColumn::Sizes) {
            std::vector<std::size_t> ordered = run->sizes;
            std::sort(ordered.rbegin(), ordered.rend());
            std::transform(ordered.begin(), ordered.end(), std::back_inserter(sizes),
                           [](std::size_t n) { return static_cast<qulonglong>(n); });
        }
        return sizes;
    }
    case Qt::ToolTipRole:
        return tipText(tip(m, column));
    default:
        return {};
    }
}

QVariant ComparisonTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    const auto column = static_cast<ComparedColumn>(section);
    switch (role) {
    case Qt::DisplayRole:
        return comparedTitle(column);
    case Qt::ToolTipRole:
        return tipText(comparedTip(column));
    case Qt::TextAlignmentRole:
        return column == ComparedColumn::Method || column == ComparedColumn::Sizes
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    default:
        return {};
    }
}

ComparisonTable::ComparisonTable(QWidget* parent)
    : QTreeView(parent),
      m_model(new ComparisonTableModel(this)),
      m_delegate(new ComparisonDelegate(this)),
      m_sorted(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("comparisonTable"));
    setAccessibleName(tr("Methods compared"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ComparisonTableModel::SortRole);
    setModel(m_sorted);
    setItemDelegate(m_delegate);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSortingEnabled(true);
    sortByColumn(int(ComparedColumn::Method), Qt::AscendingOrder);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(30);
    header()->setSectionsMovable(false);
    const auto activate = [this](const QModelIndex& index) { Q_EMIT methodActivated(methodAt(index)); };
    connect(this, &QTreeView::activated, this, activate);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        const int method = methodAt(now);
        if (method >= 0 && method != m_chosen) {
            m_chosen = method;
            Q_EMIT methodChosen(method);
        }
    });
    connect(m_sorted, &QAbstractItemModel::layoutChanged, this, &ComparisonTable::span);
}

int ComparisonTable::methodAt(const QModelIndex& index) const
{
    return index.isValid() ? m_sorted->mapToSource(index).row() : -1;
}

void ComparisonTable::setComparison(std::shared_ptr<const core::ClusterComparison> comparison)
{
    const bool judged = comparison && comparison->labelled > 0;
    m_model->setComparison(std::move(comparison));
    for (int c = 0; c < kComparedColumns; ++c) {
        setColumnHidden(c, isJudged(static_cast<ComparedColumn>(c)) && !judged);
    }
    const int rows = m_model->rowCount();
    m_chosen = rows == 0 ? -1 : std::min(m_chosen, rows - 1);
    span();
    fit();
    setFixedHeight(header()->sizeHint().height() + std::clamp(rows, 1, 8) * kRowHeight + 4);
}

void ComparisonTable::choose(int method)
{
    if (method >= 0 && method < m_model->rowCount()) {
        setCurrentIndex(m_sorted->mapFromSource(m_model->index(method, 0)));
    }
}

/// A method that failed has a sentence in place of figures.
void ComparisonTable::span()
{
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        setFirstColumnSpanned(row, {}, m_sorted->index(row, 0).data(ComparisonTableModel::ProblemRole).toBool());
    }
}

/// Deviations are shown where there is room for them; the sizes take what is left.
void ComparisonTable::fit()
{
    ensurePolished();
    const auto widthOf = [this](int column) {
        int width = QFontMetrics(captionFont()).horizontalAdvance(comparedTitle(static_cast<ComparedColumn>(column))) +
                    kHeaderPad;
        for (int row = 0; row < m_sorted->rowCount(); ++row) {
            if (!isFirstColumnSpanned(row, {})) {
                width = std::max(width, sizeHintForIndex(m_sorted->index(row, column)).width());
            }
        }
        return width;
    };
    constexpr int kLeastSizes = 124, kMostSizes = 600;
    for (const bool spreads : {true, false}) {
        m_delegate->setSpreads(spreads);
        int used = kLeastSizes;
        for (int c = 0; c < kComparedColumns; ++c) {
            if (!isColumnHidden(c) && c != int(ComparedColumn::Sizes)) {
                header()->resizeSection(c, widthOf(c));
                used += header()->sectionSize(c);
            }
        }
        const int left = viewport()->width() - used;
        header()->resizeSection(int(ComparedColumn::Sizes), std::clamp(kLeastSizes + left, kLeastSizes, kMostSizes));
        if (left >= 0) {
            break;
        }
    }
    viewport()->update();
}

void ComparisonTable::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fit();
}

void ComparisonTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    QTreeView::keyPressEvent(event);
}

QString ComparisonTable::plainText() const
{
    QStringList lines, head;
    for (int c = 0; c < kComparedColumns; ++c) {
        if (!isColumnHidden(c)) {
            head << comparedTitle(static_cast<ComparedColumn>(c));
        }
    }
    lines << head.join(QLatin1Char('\t'));
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        QStringList cells;
        for (int c = 0; c < kComparedColumns; ++c) {
            if (!isColumnHidden(c)) {
                cells << plainCell(m_sorted->index(row, c));
            }
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void ComparisonTable::copy() const
{
    QGuiApplication::clipboard()->setText(plainText());
}

} // namespace semascope::ui
