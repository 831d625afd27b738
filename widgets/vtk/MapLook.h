#pragma once
#include <QWidget>

class QSlider;

namespace semascope::ui {

/// How the points look: size and opacity. Shown in a popup of the map's toolbar.
class MapLook : public QWidget
{
    Q_OBJECT

public:
    explicit MapLook(QWidget* parent = nullptr);
    /// Diameter in pixels and opacity from 0 to 1; emits nothing.
    void setLook(double sizePx, double opacity);

Q_SIGNALS:
    void sizeChosen(double px);
    void opacityChosen(double opacity);

private:
    QSlider *m_size, *m_opacity;
};

} // namespace semascope::ui
