#include "widgets/panels/ClassTable.h"

#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <cmath>

namespace semascope::ui {

void ClassTableModel::setResult(const core::ZeroShotResult* result)
{
    beginResetModel();
    m_names.clear();
    m_reports.clear();
    if (result != nullptr) {
        for (const std::string& name : result->spec.classes) {
            m_names << QString::fromStdString(name);
        }
        m_reports = classReports(*result);
    }
    endResetModel();
}

int ClassTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_reports.size());
}

int ClassTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QString ClassTableModel::text(const ClassReport& r, int row, int column) const
{
    switch (column) {
    case Name:
        return m_names[row];
    case Labelled:
        return countText(r.labelled);
    case Recall:
        return shareText(r.recall);
    case Precision:
        return shareText(r.precision);
    case Confused:
        return r.confusedWith < 0
                   ? QString()
                   : tr("%1 (%2)").arg(m_names[r.confusedWith],
                                       shareText(static_cast<double>(r.confused) / static_cast<double>(r.labelled)));
    case Predicted:
        return countText(r.predicted);
    default:
        return shareText(r.confidence);
    }
}

QVariant ClassTableModel::number(const ClassReport& r, int row, int column) const
{
    const auto last = [](double value) { return std::isfinite(value) ? value : -1.0; };
    switch (column) {
    case Name:
        return row; // as the classes were listed
    case Labelled:
        return static_cast<qulonglong>(r.labelled);
    case Recall:
        return last(r.recall);
    case Precision:
        return last(r.precision);
    case Confused:
        return r.labelled > 0 ? static_cast<double>(r.confused) / static_cast<double>(r.labelled) : -1.0;
    case Predicted:
        return static_cast<qulonglong>(r.predicted);
    default:
        return last(r.confidence);
    }
}

QVariant ClassTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const ClassReport& report = m_reports[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(report, index.row(), index.column());
    case kSortRole:
        return number(report, index.row(), index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Name || index.column() == Confused ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                                                    : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant ClassTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const struct
    {
        const char *title, *tip;
    } kHeaders[Columns] = {
        {QT_TR_NOOP("Class"), QT_TR_NOOP("As listed; a click sorts by this column")},
        {QT_TR_NOOP("n"), QT_TR_NOOP("Samples with this label")},
        {QT_TR_NOOP("Recall"), QT_TR_NOOP("Of the samples with this label, the share that is taken for it")},
        {QT_TR_NOOP("Precision"), QT_TR_NOOP("Of the labelled samples taken for it, the share with this label")},
        {QT_TR_NOOP("Most confused with"), QT_TR_NOOP("What samples with this label are most often taken for instead")},
        {QT_TR_NOOP("Taken for it"), QT_TR_NOOP("Samples whose most probable class it is, labelled or not")},
        {QT_TR_NOOP("Confidence"), QT_TR_NOOP("Mean probability of the samples taken for it")},
    };
    if (orientation != Qt::Horizontal || section < 0 || section >= Columns) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return tr(kHeaders[section].title);
    case Qt::ToolTipRole:
        return tipText(tr(kHeaders[section].tip));
    case Qt::TextAlignmentRole:
        return section == Name || section == Confused ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                                      : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    default:
        return {};
    }
}

ClassTable::ClassTable(QWidget* parent)
    : QTreeView(parent), m_model(new ClassTableModel(this)), m_sorted(new QSortFilterProxyModel(this))
{
    setObjectName(QStringLiteral("classTable"));
    setAccessibleName(tr("Classes"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ClassTableModel::kSortRole);
    setModel(m_sorted);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSortingEnabled(true);
    sortByColumn(ClassTableModel::Name, Qt::AscendingOrder);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(ClassTableModel::Name, QHeaderView::Interactive);
    header()->setSectionResizeMode(ClassTableModel::Confused, QHeaderView::Stretch);
    header()->setStretchLastSection(false);
    const auto choose = [this](const QModelIndex& index) {
        Q_EMIT classChosen(m_sorted->mapToSource(index).row(), QGuiApplication::keyboardModifiers());
    };
    connect(this, &QTreeView::clicked, this, choose);
    connect(this, &QTreeView::activated, this, choose);
}

void ClassTable::setResult(const core::ZeroShotResult* result)
{
    m_model->setResult(result);
    const bool judged = result != nullptr && !result->confusion.empty();
    for (const int column :
         {ClassTableModel::Labelled, ClassTableModel::Recall, ClassTableModel::Precision, ClassTableModel::Confused}) {
        setColumnHidden(column, !judged);
    }
    for (const int column : {ClassTableModel::Predicted, ClassTableModel::Confidence}) {
        setColumnHidden(column, judged);
    }
    fitNames();
}

/// Names get what they need, up to a part of the width.
void ClassTable::fitNames()
{
    constexpr int kLeast = 90;
    ensurePolished(); // or the view keeps the row height of the plain style
    const int wanted = std::max(kLeast, sizeHintForColumn(ClassTableModel::Name) + 12);
    setColumnWidth(ClassTableModel::Name, std::min(wanted, std::max(kLeast, viewport()->width() / 3)));
}

void ClassTable::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    fitNames();
}

} // namespace semascope::ui
