#pragma once

#include "core/reduce/Layout.h"
#include "core/session/Camera.h"
#include "widgets/figure/FigureSize.h"
#include "widgets/figure/Legend.h"

#include <QImage>
#include <QJsonObject>
#include <QRectF>
#include <QString>
#include <QVector>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace semascope::ui {

/// Bits of MapFigure::flags.
inline constexpr std::uint8_t kPointSelected = 1;
inline constexpr std::uint8_t kPointHidden = 2;

/// A map as it goes on paper: everything that paintMap needs, as values.
struct MapFigure
{
    struct Thumbnail
    {
        std::size_t point = 0;
        QImage picture;
        /// What the recipe calls it; the number of its point when empty.
        QString id{};
    };
    struct Label
    {
        QString text;
        /// The point it belongs to; when absent it belongs to the layout coordinates `at`.
        std::optional<std::size_t> point;
        std::array<double, 3> at{0, 0, 0};
        /// The group that it names, if it is one: the label points at one of its points near `at` that is seen.
        std::vector<std::uint32_t> members{};
    };

    std::shared_ptr<const core::Layout> layout;
    /// One colour (with alpha) a point, or none at all.
    std::vector<QRgb> colours;
    /// Bits a point, or none at all. When any is selected the others are drawn pale.
    std::vector<std::uint8_t> flags;

    /// Lines between points.
    struct Link
    {
        std::uint32_t from = 0, to = 0;
    };
    QVector<Link> links;

    core::Camera camera;
    /// Ignore where the camera is and show all of the layout (a 3D camera keeps its rotation).
    bool fit = false;

    /// Diameter in points (1/72 inch) on the page.
    double pointSize = 3.5;
    double opacity = 0.85;
    bool axes = true;
    /// At most; smaller on small pages.
    double thumbnailSize = 24.0;

    QString title;
    QString subtitle;
    /// What made it: see describeLayout.
    QString footer;
    Legend legend;
    QVector<Thumbnail> thumbnails;
    QVector<Label> labels;

    /// Above so many visible points a vector file gets them as one picture at `rasterDpi`.
    qsizetype vectorPoints = 20'000;
    int rasterDpi = 300;
};

/// Paints into `page`, in points (1/72 inch).
void paintMap(QPainter& painter, const QRectF& page, const MapFigure& figure);

/// "MDS, n = 500, stress-1 0.312, seed 0": what a footer should say about a layout.
QString describeLayout(const core::Layout& layout);

/// What the recipe of such a figure should say of the way it is drawn: counts, camera, sizes, pictures, and whether its
/// points are pixels in a file of this format.
QJsonObject mapRecipe(const MapFigure& figure, FigureFormat format);

} // namespace semascope::ui
