#pragma once

#include "widgets/figure/FigureExport.h"
#include "widgets/figure/FigureInks.h"
#include "widgets/figure/PublishedResults.h"

namespace semascope::ui {

/// NMI of clusterings: published ones as dots, those measured here as marked dots beside them.
struct PublishedFigure
{
    struct Own
    {
        QString method; ///< "DEC"
        QString encoder;
        double nmi = 0, sd = 0;
        bool comparable = false; ///< measured on CIFAR-10; drawn hollow otherwise
    };

    std::vector<PublishedResult> published; ///< those without an NMI are left out
    std::vector<Own> own;
    QString ownOf; ///< what they were measured on: "digits, n 1 797, seeds 0–2"
    QString title, subtitle, footer;
    FigureInks inks;
};

/// Paints into `page`, in points (1/72 inch).
void paintPublished(QPainter& painter, const QRectF& page, const PublishedFigure& figure);
/// Where the dot of own result `index` is; for tests and pointers.
QPointF publishedOwnDot(const PublishedFigure& figure, const QRectF& page, std::size_t index);
/// The height in millimetres at which every line can be read.
double publishedHeightMm(const PublishedFigure& figure);
/// As points, for a widget.
double publishedHeight(const PublishedFigure& figure);

Figure figureOf(PublishedFigure published);

} // namespace semascope::ui
