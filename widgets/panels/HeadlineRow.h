#pragma once
#include "widgets/panels/ZeroShotText.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;

namespace semascope::ui {

/// Large figures side by side, each with a small word under it.
class HeadlineRow : public QWidget
{
    Q_OBJECT

public:
    explicit HeadlineRow(QWidget* parent = nullptr);
    void setFigures(const std::vector<HeadlineFigure>& figures);

private:
    struct Cell
    {
        QWidget* box;
        QLabel *value, *caption;
    };
    Cell addCell();

    std::vector<Cell> m_cells;
    QHBoxLayout* m_row = nullptr;
};

} // namespace semascope::ui
