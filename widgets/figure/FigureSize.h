#pragma once

#include <QRectF>
#include <QSize>
#include <QString>

namespace semascope::ui {

enum class FigureFormat { Png, Svg, Pdf };

/// The format that the extension of `path` names. Throws core::Error(Misuse) for any other.
FigureFormat figureFormat(const QString& path);

/// Physical size of a figure, and the resolution of what is pixels in it.
struct FigureSize
{
    double widthMm = 180.0;
    double heightMm = 120.0;
    int dpi = 300;

    /// Reads "180x120mm", "18x12cm", "7x4in", "180x120" (mm) or "85mm" (3:2). Throws core::Error(Misuse).
    static FigureSize parse(const QString& text, int dpi = 300);

    /// Throws core::Error(Misuse) unless 40 to 2000 mm a side, 36 to 2400 dpi and at most 500 million pixels.
    void check() const;

    /// The page in points (1/72 inch), from (0, 0): the coordinates in which every figure is painted.
    QRectF page() const;
    QSize pixels() const;

    bool operator==(const FigureSize&) const = default;
};

} // namespace semascope::ui
