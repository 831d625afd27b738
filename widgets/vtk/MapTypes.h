#pragma once

#include <QColor>
#include <QImage>
#include <QMetaType>
#include <QString>

#include <cstddef>
#include <cstdint>

namespace semascope::ui {

/// What the left mouse button does on the map.
enum class MapTool { Pan, Lasso, Box, Brush };

/// The colours of the map and what is drawn over it.
struct MapTheme
{
    QColor background, panel, line, text, muted, accent, soft;
    bool operator==(const MapTheme&) const = default;

    static MapTheme light();
    static MapTheme dark();
};

/// A labelled spot that is no sample: a prompt, a reconstruction, an edited picture. Coordinates are the layout's.
struct MapMarker
{
    double x = 0, y = 0, z = 0;
    QString label;
    QColor colour;
    bool filled = true;
    bool joined = false; ///< a line leads here from the marker before
    bool dashed = false; ///< of that line
    bool operator==(const MapMarker&) const = default;
};

/// A line between two points of the layout.
struct MapLink
{
    std::uint32_t from = 0, to = 0; ///< rows of the layout
    bool strong = false;            ///< of what is hovered or current
    bool operator==(const MapLink&) const = default;
};

/// A picture shown at a point of the layout.
struct MapThumbnail
{
    std::uint32_t point = 0; ///< row of the layout
    QImage image;
};

/// Diameter in pixels at which this many points still show one by one: the usual size up to 2,000, then ever smaller.
double automaticPointSize(std::size_t points);

} // namespace semascope::ui

Q_DECLARE_METATYPE(semascope::ui::MapTool)
