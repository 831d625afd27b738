#include "widgets/panels/HeadlineRow.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QHBoxLayout>

namespace semascope::ui {

HeadlineRow::HeadlineRow(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("headline"));
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(3 * Tokens::kGrid);
    m_row->addStretch(1);
}

HeadlineRow::Cell HeadlineRow::addCell()
{
    constexpr int kFigurePx = 20;
    Cell cell{new QWidget(this), nullptr, nullptr};
    auto* column = new QVBoxLayout(cell.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    cell.value = new QLabel(cell.box);
    cell.value->setTextFormat(Qt::PlainText);
    cell.value->setStyleSheet(QStringLiteral("font-size: %1px;").arg(kFigurePx)); // a style sheet beats a font
    cell.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    cell.caption = makeSection(QString(), cell.box);
    column->addWidget(cell.value);
    column->addWidget(cell.caption);
    m_row->insertWidget(static_cast<int>(m_cells.size()), cell.box);
    return cell;
}

void HeadlineRow::setFigures(const std::vector<HeadlineFigure>& figures)
{
    while (m_cells.size() < figures.size()) {
        m_cells.push_back(addCell());
    }
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        m_cells[i].box->setVisible(i < figures.size());
        if (i < figures.size()) {
            m_cells[i].value->setText(figures[i].value);
            m_cells[i].caption->setText(figures[i].caption);
            m_cells[i].box->setToolTip(tipText(figures[i].tip));
            m_cells[i].box->setAccessibleName(figures[i].caption + QLatin1Char(' ') + figures[i].value);
        }
    }
}

} // namespace semascope::ui
