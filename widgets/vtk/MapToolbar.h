#pragma once
#include "widgets/vtk/MapTypes.h"

#include <QFrame>

class QButtonGroup;
class QHBoxLayout;
class QToolButton;

namespace semascope::ui {

class MapLook;

/// The strip at the map's top left: 2D | 3D, the tools, reset view. Shows what it is told and emits what is clicked.
class MapToolbar : public QFrame
{
    Q_OBJECT

public:
    explicit MapToolbar(QWidget* parent = nullptr);

    void setFlat(bool flat);
    void setTool(MapTool tool);
    void setTheme(const MapTheme& theme);
    /// As wide as its words want, or closer together where the map has less than that.
    void fit(int width);
    MapLook* look() const { return m_look; }

Q_SIGNALS:
    void flatChosen(bool flat);
    void toolChosen(semascope::ui::MapTool tool);
    void resetChosen();

private:
    void applyStyle();

    QToolButton* addButton(const QString& text, const QString& name, const QString& tip);
    void addSeparator();

    QHBoxLayout* m_row;
    QButtonGroup* m_dimensions;
    QButtonGroup* m_tools;
    MapLook* m_look = nullptr;
    MapTheme m_theme;
    bool m_tight = false;
};

} // namespace semascope::ui
