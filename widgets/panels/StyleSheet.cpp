#include "widgets/Theme.h"

#include <QHash>

namespace semascope::ui {
namespace {

// Names in @ are replaced by the tokens. Roles ("link", "primary", "caption", …) are set by panels/Controls.h.
constexpr const char* kControls = R"(
QToolTip { background: @tip; color: @tipText; border: 1px solid @line; padding: 4px 6px; font-size: 12px; }

QPushButton, QToolButton[role="button"] {
    background: @panel; color: @text; border: 1px solid @line; border-radius: 6px; padding: 5px 12px; }
QPushButton:hover { background: @background; }
QPushButton:pressed { background: @soft; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @faint; border-color: @line; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[role="primary"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: @accentHover; }
QPushButton[role="primary"]:focus { border-color: @text; }
QPushButton[role="primary"]:disabled { background: @line; border-color: @line; color: @muted; }
QPushButton[role="link"] {
    background: transparent; color: @accent; border: 0; border-radius: 3px; padding: 1px 2px; text-align: left;
    font-size: 11px; }
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus { text-decoration: underline; }
QPushButton[role="link"]:focus { background: @soft; }
QPushButton[role="link"]:disabled { color: @faint; }
QPushButton[role="link"]:checked { color: @text; text-decoration: underline; }
QPushButton[role="quiet"] { background: transparent; border: 0; border-radius: 6px; padding: 6px 8px; color: @muted; }
QPushButton[role="quiet"]:hover { background: @background; color: @text; }
QPushButton[role="quiet"]:focus { background: @background; color: @text; border: 1px solid @accent; padding: 5px 7px; }
QPushButton[role="tab"] { background: transparent; border: 1px solid transparent; color: @muted; padding: 5px 13px; }
QPushButton[role="tab"]:hover { color: @text; background: @background; }
QPushButton[role="tab"]:checked { color: @accent; background: @soft; font-weight: 600; }
QPushButton[role="tab"]:focus { border-color: @accent; }

QCheckBox::indicator:unchecked { background: @panel; border: 1px solid @muted; border-radius: 2px; width: 11px;
    height: 11px; }

QToolButton { background: transparent; color: @text; border: 0; border-radius: 4px; padding: 3px 6px; }
QToolButton:hover { background: @background; }
QToolButton:checked { background: @soft; color: @accent; }

QLabel[role="caption"] { color: @muted; font-size: 11px; }
QLabel[role="section"] { color: @muted; font-size: 11px; }
QLabel[role="value"] { font-size: 11px; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="warning"] { color: @warning; font-size: 11px; }
QLabel[role="error"] { color: @error; font-size: 11px; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: @panel; color: @text; border: 1px solid @line; border-radius: 6px; padding: 4px 8px; min-height: 18px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus { border-color: @accent; }
#clusterMethod { padding: 4px 2px 4px 6px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: @faint; }
QLineEdit[role="prompt"] { border: 1px dashed @line; border-radius: 13px; padding: 3px 12px; min-height: 18px; }
QLineEdit[role="prompt"]:disabled { color: @muted; }
QLineEdit[role="prompt"]:focus { border: 1px solid @accent; }
QComboBox::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    width: 0; height: 0; border-left: 4px solid @panel; border-right: 4px solid @panel; border-top: 5px solid @muted; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    width: 0; height: 0; border-left: 4px solid @panel; border-right: 4px solid @panel;
    border-bottom: 5px solid @muted; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    background: transparent; border: 0; width: 18px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; outline: 0; padding: 2px; }
QComboBox[role="quiet"] { border: 1px solid transparent; color: @muted; padding: 1px 2px; font-size: 11px;
    min-height: 16px; }
QComboBox[role="quiet"]:hover { color: @text; }
QComboBox[role="quiet"]:focus { border-color: @accent; }
)";

constexpr const char* kViews = R"(
QAbstractScrollArea { background: @panel; border: 0; }
QTreeView, QListView, QTableView { background: @panel; alternate-background-color: @background; border: 0; outline: 0;
    selection-background-color: @soft; selection-color: @text; }
QTreeView::item, QListView::item { padding: 3px 4px; border-radius: 4px; }
QTreeView::item:hover, QListView::item:hover { background: @background; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: @soft; color: @text; }
QHeaderView::section { background: @panel; color: @muted; border: 0; border-bottom: 1px solid @line;
    padding: 3px 4px; font-size: 11px; }
QPlainTextEdit, QTextEdit { background: @background; color: @text; border: 0; border-radius: 6px; padding: 4px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent;
    border: 0; width: 0; height: 0; }

QProgressBar { background: @soft; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QSlider::groove:horizontal { background: @line; height: 3px; border-radius: 1px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 1px; }
QSlider::handle:horizontal { background: @panel; border: 2px solid @accent; width: 9px; height: 9px; margin: -5px 0;
    border-radius: 6px; }
QSlider::handle:horizontal:focus { background: @accent; }
QSlider[role="quiet"]::sub-page:horizontal { background: @line; }
QSlider[role="quiet"]::handle:horizontal { border-color: @muted; width: 6px; height: 6px; margin: -4px 0;
    border-radius: 5px; }
QSlider[role="quiet"]::handle:horizontal:focus { border-color: @accent; }

QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @soft; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenuBar { background: @panel; }
QMenuBar::item:selected { background: @soft; border-radius: 4px; }
QStatusBar { background: @panel; color: @muted; border-top: 1px solid @line; font-size: 11px; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: @muted; font-size: 11px; }
QDockWidget { color: @muted; font-size: 11px; border: 0; }
QDockWidget::title { background: @panel; border: 0; padding: 7px 8px 3px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { background: transparent; border: 0; border-radius: 4px;
    padding: 0; subcontrol-position: top right; subcontrol-origin: margin; position: absolute; top: 5px; width: 18px;
    height: 18px; }
QDockWidget::close-button { right: 8px; }
QDockWidget::float-button { right: 28px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: @background; }
QSplitter::handle, QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QTabBar::tab { background: transparent; color: @muted; border: 0; border-radius: 6px; padding: 5px 12px; }
QTabBar::tab:selected { background: @soft; color: @accent; }
QTabWidget::pane { border: 0; }

#topBar, #promptBar, #noticeBar { border-bottom: 1px solid @line; background: @panel; }
#leftRail { border-right: 1px solid @line; background: @panel; }
#dataDrawer, #clustersDrawer, #jobsPanel { border-right: 1px solid @line; background: @panel; }
#noticeBar { background: @soft; }
#queryCard { background: @soft; border: 0; border-radius: 6px; }
#promptPopover { background: @panel; border: 1px solid @line; border-radius: 6px; }
)";

QString hex(const QColor& c)
{
    return c.name();
}

} // namespace

QString Theme::styleSheetOf(const Tokens& t)
{
    const QPalette palette = paletteOf(t);
    // Longer names first where one begins with another.
    const std::pair<const char*, QColor> names[] = {
        {"@tipText", palette.color(QPalette::ToolTipText)},
        {"@tip", palette.color(QPalette::ToolTipBase)},
        {"@accentHover", t.dark ? t.accent.lighter(112) : t.accent.darker(112)},
        {"@accent", t.accent},
        {"@onAccent", palette.color(QPalette::HighlightedText)},
        {"@faint", palette.color(QPalette::Disabled, QPalette::Text)},
        {"@background", t.background},
        {"@panel", t.panel},
        {"@line", t.line},
        {"@text", t.text},
        {"@muted", t.muted},
        {"@soft", t.soft},
        {"@warning", t.warning},
        {"@error", t.error},
    };
    QString sheet = QLatin1String(kControls) + QLatin1String(kViews);
    for (const auto& [name, colour] : names) {
        sheet.replace(QLatin1String(name), hex(colour));
    }
    return sheet;
}

} // namespace semascope::ui
