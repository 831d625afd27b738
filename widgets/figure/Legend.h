#pragma once

#include "widgets/Palette.h"

#include <QColor>
#include <QString>
#include <QVector>

namespace semascope::ui {

/// What the colours of a map mean; the map view and the exported figure show the same one.
struct Legend
{
    struct Entry
    {
        QString label;
        QRgb colour = 0;
        /// Points of this class, hidden ones included.
        qsizetype count = 0;
        /// The class is switched off; its points are not drawn.
        bool hidden = false;
    };

    QString title;
    /// A colour bar from lo to hi (true), or one swatch per entry (false).
    bool continuous = false;
    double lo = 0.0;
    double hi = 1.0;
    Ramp ramp = Ramp::Viridis;
    QVector<Entry> entries;

    bool isEmpty() const { return !continuous && entries.isEmpty(); }
};

} // namespace semascope::ui
