#include "widgets/vtk/MapLook.h"

#include <QFormLayout>
#include <QSignalBlocker>
#include <QSlider>

namespace semascope::ui {

namespace {

constexpr double kSizeSteps = 2;      // of the slider, a pixel
constexpr double kOpacitySteps = 100; // of the slider, for 1

QSlider* slider(int low, int high, const QString& name, const char* object, QWidget* parent)
{
    auto* s = new QSlider(Qt::Horizontal, parent);
    s->setRange(low, high);
    s->setMinimumWidth(150);
    s->setAccessibleName(name);
    s->setObjectName(QLatin1String(object));
    return s;
}

} // namespace

MapLook::MapLook(QWidget* parent)
    : QWidget(parent),
      m_size(slider(2, 60, tr("Point size"), "mapPointSize", this)),
      m_opacity(slider(5, 100, tr("Opacity of the points"), "mapOpacity", this))
{
    auto* form = new QFormLayout(this);
    form->addRow(tr("point size"), m_size);
    form->addRow(tr("opacity"), m_opacity);
    connect(m_size, &QSlider::valueChanged, this, [this](int value) { Q_EMIT sizeChosen(value / kSizeSteps); });
    connect(m_opacity, &QSlider::valueChanged, this,
            [this](int value) { Q_EMIT opacityChosen(value / kOpacitySteps); });
}

void MapLook::setLook(double sizePx, double opacity)
{
    const QSignalBlocker size(m_size), faint(m_opacity);
    m_size->setValue(qRound(sizePx * kSizeSteps));
    m_opacity->setValue(qRound(opacity * kOpacitySteps));
}

} // namespace semascope::ui
