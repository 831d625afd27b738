#pragma once
#include "widgets/HeatmapSpec.h"

#include <QWidget>

class QAction;
class QActionGroup;
class QComboBox;
class QDoubleSpinBox;
class QMenu;
class QSlider;
class QSpinBox;

namespace semascope::ui {

/// What a heatmap can be asked for now; what cannot be had is greyed out and says why.
struct HeatmapOffer
{
    bool captions = false, clusters = false, contrast = false, probability = false;
    QStringList attributes;
    QStringList texts; ///< that the pictures can be ordered by
    bool operator==(const HeatmapOffer&) const = default;
};

/// The controls above a heatmap. They wrap into as many lines as the width asks for.
class HeatmapControls : public QWidget
{
    Q_OBJECT

public:
    explicit HeatmapControls(QWidget* parent = nullptr);
    void setOffer(const HeatmapOffer& offer);
    void setSpec(const HeatmapSpec& spec);
    const HeatmapSpec& spec() const { return m_spec; }
    void setCellWidth(int width);

Q_SIGNALS:
    void specChanged(const semascope::ui::HeatmapSpec& spec);
    void cellWidthChosen(int width);
    void exportWanted();

private:
    // HeatmapControlsBuild.cpp
    QWidget* pair(const QString& label, const std::vector<QWidget*>& widgets);
    QComboBox* combo(const QString& name, const QString& accessible, const QString& tip);
    void buildChoice();
    void buildLook();
    void buildScale();
    void buildMenu();
    // HeatmapControls.cpp
    void fillOrder();
    void fillGroups();
    void show(const HeatmapSpec& spec);
    void read();

    HeatmapSpec m_spec;
    HeatmapOffer m_offer;
    bool m_filling = false;
    QComboBox *m_rows, *m_pick, *m_value, *m_scale, *m_order, *m_group;
    QSpinBox *m_count, *m_seed;
    QWidget *m_seedBox, *m_rangeBox;
    QDoubleSpinBox *m_lo, *m_hi;
    QMenu* m_menu;
    QAction *m_numbers, *m_lowFirst, *m_textsByMean;
    QActionGroup* m_ramps;
    QSlider* m_size;
};

} // namespace semascope::ui
