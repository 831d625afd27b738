#include "widgets/vtk/MapToolbar.h"

#include "widgets/vtk/MapLook.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QWidgetAction>

namespace semascope::ui {

MapToolbar::MapToolbar(QWidget* parent)
    : QFrame(parent),
      m_row(new QHBoxLayout(this)),
      m_dimensions(new QButtonGroup(this)),
      m_tools(new QButtonGroup(this))
{
    setObjectName(QStringLiteral("mapToolbar"));
    setAccessibleName(tr("Map tools"));
    setAttribute(Qt::WA_StyledBackground);
    setCursor(Qt::ArrowCursor);
    m_row->setContentsMargins(3, 3, 3, 3);
    m_row->setSpacing(2);
    m_dimensions->addButton(addButton(tr("2D"), QStringLiteral("mapFlat"), tr("Flat map")), 2);
    m_dimensions->addButton(addButton(tr("3D"), QStringLiteral("mapDeep"), tr("Map with depth; drag to turn it")), 3);
    addSeparator();
    const auto addTool = [this](MapTool tool, const QString& text, const char* name, const QString& tip) {
        m_tools->addButton(addButton(text, QLatin1String(name), tip), static_cast<int>(tool));
    };
    addTool(MapTool::Pan, tr("pan"), "mapPan", tr("Drag to move the map (with any tool: middle button or Space)"));
    const QString combine = tr("Shift adds, Ctrl takes away");
    addTool(MapTool::Lasso, tr("lasso"), "mapLasso", tr("Draw around points to select them. %1").arg(combine));
    addTool(MapTool::Box, tr("box"), "mapBox", tr("Draw a rectangle to select. %1").arg(combine));
    addTool(MapTool::Brush, tr("brush"), "mapBrush", tr("Paint over points to select; [ and ] size. %1").arg(combine));
    addSeparator();
    QToolButton* reset = addButton(tr("reset view"), QStringLiteral("mapReset"), tr("Show all points (R)"));
    reset->setCheckable(false);
    QToolButton* look = addButton(tr("look"), QStringLiteral("mapLook"), tr("Size and opacity of the points"));
    look->setCheckable(false);
    look->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(look);
    auto* holder = new QWidgetAction(menu);
    m_look = new MapLook(menu);
    holder->setDefaultWidget(m_look);
    menu->addAction(holder);
    look->setMenu(menu);
    connect(reset, &QToolButton::clicked, this, &MapToolbar::resetChosen);
    connect(m_dimensions, &QButtonGroup::idClicked, this, [this](int id) { Q_EMIT flatChosen(id == 2); });
    connect(m_tools, &QButtonGroup::idClicked, this, [this](int id) { Q_EMIT toolChosen(static_cast<MapTool>(id)); });
    setFlat(true);
    setTool(MapTool::Pan);
}

QToolButton* MapToolbar::addButton(const QString& text, const QString& name, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setText(text);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    m_row->addWidget(button);
    return button;
}

void MapToolbar::addSeparator()
{
    auto* line = new QFrame(this);
    line->setObjectName(QStringLiteral("mapSeparator"));
    line->setFixedSize(1, 14);
    m_row->addSpacing(6);
    m_row->addWidget(line);
    m_row->addSpacing(6);
}

void MapToolbar::setFlat(bool flat)
{
    m_dimensions->button(flat ? 2 : 3)->setChecked(true);
}

void MapToolbar::setTool(MapTool tool)
{
    m_tools->button(static_cast<int>(tool))->setChecked(true);
}

void MapToolbar::setTheme(const MapTheme& theme)
{
    m_theme = theme;
    applyStyle();
}

void MapToolbar::fit(int width)
{
    constexpr int tightens = 520;
    const bool tight = width < tightens;
    if (tight != m_tight) {
        m_tight = tight;
        m_row->setSpacing(tight ? 0 : 2);
        applyStyle();
    }
    adjustSize();
}

void MapToolbar::applyStyle()
{
    const QString style = QStringLiteral(
        "#mapToolbar { background: %1; border: 1px solid %2; border-radius: 6px; }"
        "#mapSeparator { background: %2; }"
        "QToolButton { color: %3; background: transparent; border: 1px solid transparent; border-radius: 4px;"
        " padding: %7; font-size: %8px; }"
        "QToolButton:hover { color: %4; }"
        "QToolButton:checked { color: %5; background: %6; }"
        "QToolButton::menu-indicator { image: none; }"
        "QToolButton:focus { border-color: %5; }");
    setStyleSheet(style.arg(m_theme.panel.name(), m_theme.line.name(), m_theme.muted.name(), m_theme.text.name(),
                            m_theme.accent.name(), m_theme.soft.name(),
                            m_tight ? QStringLiteral("2px 3px") : QStringLiteral("2px 6px"),
                            m_tight ? QStringLiteral("12") : QStringLiteral("13")));
}

} // namespace semascope::ui
