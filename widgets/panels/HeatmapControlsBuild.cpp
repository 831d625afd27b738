#include "core/clip/ScoreMeaning.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FlowLayout.h"
#include "widgets/panels/HeatmapControls.h"
#include "widgets/panels/HeatmapGrid.h"

#include <QActionGroup>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QSlider>
#include <QSpinBox>

#include <climits>

namespace semascope::ui {
namespace {

constexpr int kMostColumns = 1000;

void add(QComboBox* box, const QString& text, int value, const QString& tip)
{
    box->addItem(text, value);
    box->setItemData(box->count() - 1, tipText(tip), Qt::ToolTipRole);
}

QString sentence(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

QWidget* HeatmapControls::pair(const QString& label, const std::vector<QWidget*>& widgets)
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 8, 0);
    row->setSpacing(4);
    if (!label.isEmpty()) {
        row->addWidget(makeSection(label, box));
    }
    for (QWidget* widget : widgets) {
        row->addWidget(widget);
    }
    layout()->addWidget(box);
    return box;
}

QComboBox* HeatmapControls::combo(const QString& name, const QString& accessible, const QString& tip)
{
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tipText(tip));
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(box, &QComboBox::activated, this, &HeatmapControls::read);
    return box;
}

HeatmapControls::HeatmapControls(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("heatmapControls"));
    setAccessibleName(tr("What the heatmap shows"));
    new FlowLayout(this, Tokens::kGrid - 2);
    buildChoice();
    buildLook();
    buildMenu();
    show(m_spec);
}

void HeatmapControls::buildChoice()
{
    using Rows = HeatmapChoice::Rows;
    using Pick = HeatmapChoice::Pick;
    m_rows = combo(QStringLiteral("heatmapRows"), tr("Texts of the heatmap"), tr("What the rows are"));
    add(m_rows, tr("prompts"), int(Rows::Prompts), tr("The chips of the prompt bar; an opposite is a row of its own"));
    add(m_rows, tr("own captions"), int(Rows::Captions),
        tr("The first caption of each picture shown: own ones lie on the diagonal, framed"));
    add(m_rows, tr("all captions"), int(Rows::AllCaptions), tr("Every caption of each picture shown"));
    m_pick = combo(QStringLiteral("heatmapPick"), tr("Pictures of the heatmap"), tr("What the columns are"));
    add(m_pick, tr("selection"), int(Pick::Selection), tr("The selected pictures; the first ones while none is"));
    add(m_pick, tr("first"), int(Pick::First), tr("The first pictures of the dataset"));
    add(m_pick, tr("best of each"), int(Pick::Best), tr("The pictures that fit each prompt best"));
    add(m_pick, tr("cluster examples"), int(Pick::Prototypes), tr("The pictures nearest to each cluster's centre"));
    add(m_pick, tr("random"), int(Pick::Random), tr("A random choice, the same again for the same seed"));
    m_count = new QSpinBox(this);
    m_count->setObjectName(QStringLiteral("heatmapCount"));
    m_count->setRange(1, kMostColumns);
    m_count->setKeyboardTracking(false);
    m_seed = new QSpinBox(this);
    m_seed->setObjectName(QStringLiteral("heatmapSeed"));
    m_seed->setAccessibleName(tr("Seed of the random choice"));
    m_seed->setRange(0, INT_MAX);
    m_seed->setKeyboardTracking(false);
    for (QSpinBox* box : {m_count, m_seed}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setFixedWidth(54);
        connect(box, &QSpinBox::valueChanged, this, &HeatmapControls::read);
    }
    pair(tr("Texts"), {m_rows});
    pair(tr("Pictures"), {m_pick, m_count});
    m_seedBox = pair(tr("Seed"), {m_seed});
}

void HeatmapControls::buildLook()
{
    m_value = combo(QStringLiteral("heatmapValue"), tr("Value of the cells"), tr("What the cells show"));
    add(m_value, tr("cosine"), int(ScoreKind::Cosine), sentence(core::cosineMeaning()));
    add(m_value, tr("percentile"), int(ScoreKind::Percentile),
        tr("How many of 100 pictures of the dataset fit the text less than this one"));
    add(m_value, tr("contrast"), int(ScoreKind::Contrast),
        tr("Cosine with the prompt minus cosine with its opposite or neutral text"));
    add(m_value, tr("probability"), int(ScoreKind::Probability),
        tr("Softmax over the texts shown, with the model's own scale: which of these texts"));
    buildScale();
    pair(tr("Value"), {m_value});
    pair(tr("Scale"), {m_scale});
    m_rangeBox = pair({}, {m_lo, makeSection(QStringLiteral("–"), this), m_hi});
    m_order =
        combo(QStringLiteral("heatmapOrder"), tr("Order of the pictures"), tr("In which order the pictures stand"));
    m_group = combo(QStringLiteral("heatmapGroup"), tr("Groups of the pictures"), tr("Pictures under headings"));
    // Rarely chosen words may be cut off in the boxes: two lines of controls leave more to the cells.
    const std::pair<QComboBox*, int> lengths[] = {{m_pick, 9}, {m_scale, 6}, {m_order, 9}, {m_group, 9}};
    for (const auto& [box, letters] : lengths) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(letters);
        widenPopup(box);
    }
    pair(tr("Order"), {m_order});
    pair(tr("Groups"), {m_group});
}

void HeatmapControls::buildScale()
{
    using Scale = HeatmapFigure::Scale;
    m_scale = combo(QStringLiteral("heatmapScale"), tr("Scale of the colours"), tr("What the colours span"));
    add(m_scale, tr("shared"), int(Scale::Shared), tr("One scale for all texts, from the least value to the greatest"));
    add(m_scale, tr("per text"), int(Scale::PerRow),
        tr("Each text from its least value to its greatest: shows the order within a row, hides how rows differ"));
    add(m_scale, tr("fixed"), int(Scale::Fixed), tr("The same range whatever is shown, to compare figures"));
    m_scale->addItem(tr(".1–.3 as in 2021"), -1);
    m_lo = new QDoubleSpinBox(this);
    m_lo->setObjectName(QStringLiteral("heatmapLow"));
    m_lo->setAccessibleName(tr("Lower end of the colours"));
    m_hi = new QDoubleSpinBox(this);
    m_hi->setObjectName(QStringLiteral("heatmapHigh"));
    m_hi->setAccessibleName(tr("Upper end of the colours"));
    for (QDoubleSpinBox* box : {m_lo, m_hi}) {
        box->setLocale(QLocale::c());
        box->setRange(-100, 100);
        box->setDecimals(3);
        box->setSingleStep(0.01);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setFixedWidth(62);
        box->setKeyboardTracking(false);
        connect(box, &QDoubleSpinBox::valueChanged, this, &HeatmapControls::read);
    }
}

void HeatmapControls::buildMenu()
{
    auto* more = makeButton({tr("More…"), QStringLiteral("heatmapMore"), tr("Numbers, colours, order of the texts")},
                            ButtonRole::Plain, this);
    m_menu = new QMenu(this);
    const auto check = [this](const QString& text, const QString& name) {
        QAction* action = m_menu->addAction(text);
        action->setObjectName(name);
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, &HeatmapControls::read);
        return action;
    };
    m_numbers = check(tr("Numbers in the cells"), QStringLiteral("heatmapNumbers"));
    m_textsByMean = check(tr("Texts by their mean, highest first"), QStringLiteral("heatmapTextsByMean"));
    m_lowFirst = check(tr("Lowest pictures first"), QStringLiteral("heatmapLowFirst"));
    m_menu->addSeparator();
    m_ramps = new QActionGroup(this);
    const std::pair<QString, int> ramps[] = {{tr("Colours that suit the value"), -1},
                                             {tr("Viridis"), int(Ramp::Viridis)},
                                             {tr("Blue to red"), int(Ramp::Diverging)}};
    for (const auto& [text, ramp] : ramps) {
        QAction* action = check(text, QStringLiteral("heatmapRamp%1").arg(ramp));
        action->setData(ramp);
        m_ramps->addAction(action);
    }
    more->setMenu(m_menu);
    auto* figure = makeButton({tr("Export…"), QStringLiteral("heatmapExport"),
                               tr("This heatmap as PNG, SVG or PDF at a size in millimetres")},
                              ButtonRole::Plain, this);
    connect(figure, &QPushButton::clicked, this, &HeatmapControls::exportWanted);
    m_size = new QSlider(Qt::Horizontal, this);
    m_size->setObjectName(QStringLiteral("heatmapCellSize"));
    m_size->setAccessibleName(tr("Size of the cells"));
    m_size->setToolTip(tr("Size of the cells (Ctrl + wheel)"));
    m_size->setProperty("role", QStringLiteral("quiet"));
    m_size->setRange(HeatmapGrid::kMinCell, HeatmapGrid::kMaxCell);
    m_size->setValue(HeatmapGrid::kFirstCell);
    m_size->setFixedWidth(72);
    connect(m_size, &QSlider::valueChanged, this, &HeatmapControls::cellWidthChosen);
    pair({}, {more, figure, m_size});
}

} // namespace semascope::ui
