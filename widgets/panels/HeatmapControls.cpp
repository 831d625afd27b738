#include "widgets/panels/HeatmapControls.h"

#include "widgets/panels/Controls.h"

#include <QActionGroup>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>

#include <tuple>

namespace semascope::ui {
namespace {

constexpr int kPreset = -1;       // data of the fixed scale of 2021
constexpr int kByText = 100;      // data of the order by text i: kByText + i
constexpr int kByAttribute = 100; // data of the group by attribute i: kByAttribute + i

void allow(QComboBox* box, int value, bool allowed)
{
    const int at = box->findData(value);
    if (auto* model = qobject_cast<QStandardItemModel*>(box->model()); model && at >= 0) {
        model->item(at)->setEnabled(allowed);
    }
}

void choose(QComboBox* box, int value)
{
    box->setCurrentIndex(std::max(0, box->findData(value)));
}

/// The whole range of a value, to begin with as a fixed scale.
std::pair<double, double> wholeRange(ScoreKind value)
{
    switch (value) {
    case ScoreKind::Percentile:
        return {0, 100};
    case ScoreKind::Contrast:
        return {-0.1, 0.1};
    case ScoreKind::Probability:
        return {0, 1};
    case ScoreKind::Cosine:
        break;
    }
    return {HeatmapLook{}.lo, HeatmapLook{}.hi};
}

/// Of a menu's entry: long prompts must not make it wider than the window.
QString shortened(const QString& text)
{
    constexpr qsizetype kLongest = 48;
    return text.size() <= kLongest ? text : text.left(kLongest - 1) + QChar(0x2026);
}

} // namespace

void HeatmapControls::setOffer(const HeatmapOffer& offer)
{
    if (m_offer == offer) {
        return;
    }
    m_offer = offer;
    show(m_spec);
}

void HeatmapControls::setSpec(const HeatmapSpec& spec)
{
    m_spec = spec;
    show(spec);
}

void HeatmapControls::setCellWidth(int width)
{
    const QSignalBlocker quiet(m_size);
    m_size->setValue(width);
}

void HeatmapControls::fillOrder()
{
    using Order = HeatmapLook::Order;
    m_order->clear();
    m_order->addItem(tr("as chosen"), int(Order::Chosen));
    m_order->addItem(tr("by mean"), int(Order::Mean));
    m_order->addItem(tr("by cluster"), int(Order::Cluster));
    allow(m_order, int(Order::Cluster), m_offer.clusters);
    for (qsizetype i = 0; i < m_offer.texts.size(); ++i) {
        m_order->addItem(tr("by “%1”").arg(shortened(m_offer.texts[i])), kByText + int(i));
        m_order->setItemData(m_order->count() - 1, tipText(m_offer.texts[i]), Qt::ToolTipRole);
    }
    widenPopup(m_order);
}

void HeatmapControls::fillGroups()
{
    using Group = HeatmapLook::Group;
    m_group->clear();
    m_group->addItem(tr("none"), int(Group::None));
    m_group->addItem(tr("by best text"), int(Group::Text));
    m_group->addItem(tr("by cluster"), int(Group::Cluster));
    allow(m_group, int(Group::Cluster), m_offer.clusters);
    for (qsizetype i = 0; i < m_offer.attributes.size(); ++i) {
        m_group->addItem(tr("by %1").arg(shortened(m_offer.attributes[i])), kByAttribute + int(i));
    }
    widenPopup(m_group);
}

void HeatmapControls::show(const HeatmapSpec& spec)
{
    const QScopedValueRollback filling(m_filling, true);
    const HeatmapChoice& choice = spec.choice;
    const HeatmapLook& look = spec.look;
    allow(m_rows, int(HeatmapChoice::Rows::Captions), m_offer.captions);
    allow(m_rows, int(HeatmapChoice::Rows::AllCaptions), m_offer.captions);
    allow(m_pick, int(HeatmapChoice::Pick::Prototypes), m_offer.clusters);
    allow(m_value, int(ScoreKind::Contrast), m_offer.contrast);
    allow(m_value, int(ScoreKind::Probability), m_offer.probability);
    allow(m_scale, kPreset, look.value == ScoreKind::Cosine);
    fillOrder();
    fillGroups();
    choose(m_rows, int(choice.rows));
    choose(m_pick, int(choice.pick));
    m_count->setValue(choice.perGroup() ? choice.each : choice.count);
    m_count->setAccessibleName(choice.perGroup() ? tr("Pictures of each text or cluster") : tr("Pictures at most"));
    m_count->setToolTip(m_count->accessibleName());
    m_seed->setValue(int(choice.seed));
    m_seedBox->setVisible(choice.pick == HeatmapChoice::Pick::Random);
    choose(m_value, int(look.value));
    choose(m_scale, int(look.scale));
    m_lo->setValue(look.lo);
    m_hi->setValue(look.hi);
    m_rangeBox->setVisible(look.scale == HeatmapFigure::Scale::Fixed);
    const auto text = m_offer.texts.indexOf(look.orderText);
    choose(m_order, look.order != HeatmapLook::Order::Text ? int(look.order) : text < 0 ? 0 : kByText + int(text));
    const auto attribute = m_offer.attributes.indexOf(look.attribute);
    choose(m_group, look.group != HeatmapLook::Group::Attribute ? int(look.group)
                    : attribute < 0                             ? 0
                                                                : kByAttribute + int(attribute));
    m_numbers->setChecked(look.numbers);
    m_textsByMean->setChecked(look.textsByMean);
    m_lowFirst->setChecked(look.lowFirst);
    m_lowFirst->setEnabled(look.order == HeatmapLook::Order::Text || look.order == HeatmapLook::Order::Mean);
    for (QAction* action : m_ramps->actions()) {
        action->setChecked(action->data().toInt() == (look.ramp ? int(*look.ramp) : -1));
    }
}

/// What the controls say now, and what they imply.
void HeatmapControls::read()
{
    if (m_filling) {
        return;
    }
    HeatmapSpec spec = m_spec;
    spec.choice.rows = HeatmapChoice::Rows(m_rows->currentData().toInt());
    spec.choice.pick = HeatmapChoice::Pick(m_pick->currentData().toInt());
    if (spec.choice.pick == m_spec.choice.pick) { // else the number is still that of the other choice
        (spec.choice.perGroup() ? spec.choice.each : spec.choice.count) = m_count->value();
    }
    spec.choice.seed = std::uint64_t(m_seed->value());
    HeatmapLook& look = spec.look;
    look.value = ScoreKind(m_value->currentData().toInt());
    const int scale = m_scale->currentData().toInt();
    look.scale = scale == kPreset ? HeatmapFigure::Scale::Fixed : HeatmapFigure::Scale(scale);
    look.lo = m_lo->value();
    look.hi = m_hi->value();
    if (scale == kPreset || look.value != m_spec.look.value) {
        std::tie(look.lo, look.hi) = wholeRange(look.value);
    }
    if (!(look.lo < look.hi)) { // the end that was typed stays
        (look.lo != m_spec.look.lo ? look.hi : look.lo) = look.lo != m_spec.look.lo ? look.lo + 0.1 : look.hi - 0.1;
    }
    const int order = m_order->currentData().toInt();
    look.order = order >= kByText ? HeatmapLook::Order::Text : HeatmapLook::Order(order);
    look.orderText = order >= kByText ? m_offer.texts.value(order - kByText) : QString();
    const int group = m_group->currentData().toInt();
    look.group = group >= kByAttribute ? HeatmapLook::Group::Attribute : HeatmapLook::Group(group);
    look.attribute = group >= kByAttribute ? m_offer.attributes.value(group - kByAttribute) : QString();
    look.numbers = m_numbers->isChecked();
    look.textsByMean = m_textsByMean->isChecked();
    look.lowFirst = m_lowFirst->isChecked();
    const QAction* ramp = m_ramps->checkedAction();
    const int chosen = ramp ? ramp->data().toInt() : -1;
    look.ramp = chosen < 0 ? std::nullopt : std::optional(Ramp(chosen));
    if (spec == m_spec && scale != kPreset) {
        return;
    }
    setSpec(spec);
    Q_EMIT specChanged(m_spec);
}

} // namespace semascope::ui
