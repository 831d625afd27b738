#pragma once
#include "Shared.h"

#include "widgets/SelectionModel.h"
#include "widgets/vtk/MapView.h"

#include <QSignalSpy>

#include <array>
#include <cstdlib>

using namespace semascope;
using ui::MapView;

inline constexpr std::uint32_t kRed = 0xffd01010U, kBlue = 0xff1010d0U;

/// Five points, far from each other; the first and last are red, the others blue.
struct MapFixture
{
    ui::SelectionModel selection;
    MapView map;

    explicit MapFixture(std::size_t dim = 3)
    {
        std::vector<float> values;
        for (const auto& p : {std::array<float, 3>{-4, 3, 1}, {4, 3, -2}, {-4, -3, 2}, {4, -3, -1}, {0, 0, 0}}) {
            values.insert(values.end(), p.begin(), p.begin() + static_cast<std::ptrdiff_t>(dim));
        }
        auto layout = std::make_shared<core::Layout>();
        layout->points = core::Matrix::from(std::move(values), 5, dim);
        selection.reset(5);
        map.resize(640, 480);
        map.setSelection(&selection);
        map.setPoints(layout, {0, 1, 2, 3, 4}, false);
        map.setColours({kRed, kBlue, kBlue, kBlue, kRed});
        map.setPointSize(16);
        map.setOpacity(1);
    }
    bool show()
    {
        map.show();
        return QTest::qWaitForWindowExposed(&map);
    }
    QPointF pixelOf(std::int64_t sample) const
    {
        std::vector<float> xy, depth;
        map.scene().cloud.project(map.camera(), map.width(), map.height(), xy, depth);
        const auto i = static_cast<std::size_t>(map.scene().cloud.drawnOf(sample));
        return {xy[2 * i], xy[2 * i + 1]};
    }
    QColor colourAt(std::int64_t sample)
    {
        const QImage image = map.grabPoints();
        return image.pixelColor((pixelOf(sample) * image.devicePixelRatio()).toPoint());
    }
    bool looks(std::int64_t sample, std::uint32_t colour)
    {
        const QColor seen = colourAt(sample), wanted = QColor::fromRgba(colour);
        return std::abs(seen.red() - wanted.red()) < 12 && std::abs(seen.green() - wanted.green()) < 12 &&
               std::abs(seen.blue() - wanted.blue()) < 12;
    }
};
