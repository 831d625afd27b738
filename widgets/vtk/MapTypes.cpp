#include "widgets/vtk/MapTypes.h"

#include "core/session/Document.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {

MapTheme MapTheme::light()
{
    return {QColor(0xff, 0xff, 0xff), QColor(0xf3, 0xf4, 0xf6), QColor(0xd9, 0xdc, 0xe1), QColor(0x1f, 0x23, 0x28),
            QColor(0x6b, 0x72, 0x80), QColor(0x0b, 0x66, 0xc3), QColor(0xe8, 0xee, 0xf6)};
}

MapTheme MapTheme::dark()
{
    return {QColor(0x1f, 0x22, 0x26), QColor(0x17, 0x19, 0x1c), QColor(0x33, 0x37, 0x3d), QColor(0xe6, 0xe8, 0xeb),
            QColor(0x9a, 0xa1, 0xab), QColor(0x5a, 0xa9, 0xf2), QColor(0x26, 0x32, 0x40)};
}

double automaticPointSize(std::size_t points)
{
    constexpr double few = 2000, least = 2;
    const double usual = core::MapView{}.pointSize;
    if (static_cast<double>(points) <= few) {
        return usual;
    }
    const double px = usual * std::pow(few / static_cast<double>(points), 0.25); // the area shrinks with the root
    return std::max(least, std::round(2 * px) / 2);
}

} // namespace semascope::ui
