#pragma once

#include "widgets/figure/FigureExport.h"

namespace semascope::ui {

/// Clusterings side by side: one small map a method in matched colours, its scores beneath, and the table of all.
struct ComparisonFigure
{
    struct Panel
    {
        QString title;
        QStringList caption;
        std::vector<QRgb> colours; ///< one a point of the layout; alpha 0: not drawn
        QString problem;           ///< in place of the map
    };
    struct Cell
    {
        QString text, spread; ///< ".823", "± .011"
        bool best = false;
    };

    std::shared_ptr<const core::Layout> layout;
    core::Camera camera;
    bool fit = true;
    double opacity = 0.9;
    std::vector<Panel> panels;
    QStringList head;                    ///< of the table; empty for none
    std::vector<std::vector<Cell>> rows; ///< each as long as the head
    QString title, subtitle, footer;
    int rasterDpi = 300;
};

/// Paints into `page`, in points (1/72 inch).
void paintComparison(QPainter& painter, const QRectF& page, const ComparisonFigure& figure);
/// Where the map of panel `index` is drawn.
QRectF comparisonPanel(const ComparisonFigure& figure, const QRectF& page, std::size_t index);
/// The height, in steps of 5 mm, at which maps of a usual size, captions and table fit a page of this width.
double comparisonHeightMm(const ComparisonFigure& figure, double widthMm);

Figure figureOf(ComparisonFigure comparison, int dpi);

} // namespace semascope::ui
