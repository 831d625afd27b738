#include "widgets/Theme.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTimer>

namespace semascope::ui {
namespace {

/// Fusion, the one style that takes every colour from the palette, with less drawn: no pictures on dialog buttons, thin
/// signs in the titles of docks.
class CalmStyle : public QProxyStyle
{
public:
    CalmStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* data) const override
    {
        return hint == SH_DialogButtonBox_ButtonsHaveIcons ? 0 : QProxyStyle::styleHint(hint, option, widget, data);
    }

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override
    {
        return metric == PM_DockWidgetTitleBarButtonMargin ? 4 : QProxyStyle::pixelMetric(metric, option, widget);
    }

    QIcon standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const override
    {
        const bool dock = which == SP_TitleBarCloseButton || which == SP_TitleBarNormalButton;
        return dock ? dockIcon(which == SP_TitleBarCloseButton) : QProxyStyle::standardIcon(which, option, widget);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override
    {
        if (element == PE_IndicatorTabClose) {
            dockIcon(true).paint(painter, option->rect);
        } else if (element != PE_FrameTabBarBase) { // no line under tabs
            QProxyStyle::drawPrimitive(element, option, painter, widget);
        }
    }

private:
    static QIcon dockIcon(bool closing)
    {
        constexpr int side = 40; // scaled down, so that it is sharp on any screen
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(QColor(0x80, 0x87, 0x92), 3, Qt::SolidLine, Qt::RoundCap)); // on light and on dark
        if (closing) {
            painter.drawLine(11, 11, 29, 29);
            painter.drawLine(11, 29, 29, 11);
        } else {
            painter.drawRect(9, 15, 16, 16);
            painter.drawPolyline(QPolygon({QPoint(17, 8), QPoint(32, 8), QPoint(32, 23)}));
        }
        return QIcon(pixmap);
    }
};

} // namespace

Tokens Tokens::light()
{
    Tokens t;
    t.background = QColor(0xf3, 0xf4, 0xf6);
    t.panel = QColor(0xff, 0xff, 0xff);
    t.line = QColor(0xd9, 0xdc, 0xe1);
    t.text = QColor(0x1f, 0x23, 0x28);
    t.muted = QColor(0x6b, 0x72, 0x80);
    t.accent = QColor(0x0b, 0x66, 0xc3);
    t.soft = QColor(0xe8, 0xee, 0xf6);
    t.warning = QColor(0x9a, 0x67, 0x00);
    t.error = QColor(0xc2, 0x2f, 0x2f);
    t.done = QColor(0x1a, 0x7f, 0x4b);
    return t;
}

Tokens Tokens::darkness()
{
    Tokens t;
    t.background = QColor(0x17, 0x19, 0x1c);
    t.panel = QColor(0x1f, 0x22, 0x26);
    t.line = QColor(0x33, 0x37, 0x3d);
    t.text = QColor(0xe6, 0xe8, 0xeb);
    t.muted = QColor(0x9a, 0xa1, 0xab);
    t.accent = QColor(0x5a, 0xa9, 0xf2);
    t.soft = QColor(0x26, 0x32, 0x40);
    t.warning = QColor(0xe0, 0xa8, 0x3c);
    t.error = QColor(0xf0, 0x7b, 0x74);
    t.done = QColor(0x57, 0xc0, 0x85);
    t.dark = true;
    return t;
}

Tokens tokens()
{
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128 ? Tokens::darkness() : Tokens::light();
}

QFont captionFont()
{
    QFont font = QGuiApplication::font();
    font.setPixelSize(Tokens::kCaptionPx);
    return font;
}

Theme::Theme(QObject* parent) : QObject(parent) {}

void Theme::apply(QApplication& application)
{
    m_application = &application;
    QApplication::setStyle(new CalmStyle);
    QFont font = QApplication::font();
    font.setPixelSize(Tokens::kBodyPx);
    QApplication::setFont(font);
    application.installEventFilter(this);
    refresh();
}

void Theme::setChoice(ThemeChoice choice)
{
    if (m_choice == choice) {
        return;
    }
    m_choice = choice;
    refresh();
}

QPalette Theme::paletteOf(const Tokens& t)
{
    const QColor onAccent = t.dark ? t.background : Qt::white;
    QPalette p;
    p.setColor(QPalette::Window, t.panel);
    p.setColor(QPalette::Base, t.panel);
    p.setColor(QPalette::Button, t.panel);
    p.setColor(QPalette::AlternateBase, t.background);
    p.setColor(QPalette::ToolTipBase, t.dark ? t.soft : t.text);
    p.setColor(QPalette::ToolTipText, t.dark ? t.text : t.panel);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.error);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::Light, t.panel);
    p.setColor(QPalette::Midlight, t.soft);
    p.setColor(QPalette::Mid, t.line);
    p.setColor(QPalette::Dark, t.line);
    p.setColor(QPalette::Shadow, t.background);
    const QColor faint = t.dark ? t.muted.darker(150) : t.muted.lighter(150);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, faint);
    }
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
    return p;
}

void Theme::refresh()
{
    if (!m_application || m_refreshing) {
        return;
    }
    m_refreshing = true;
    const bool dark = m_choice == ThemeChoice::System ? systemIsDark() : m_choice == ThemeChoice::Dark;
    m_tokens = dark ? Tokens::darkness() : Tokens::light();
    QApplication::setPalette(paletteOf(m_tokens));
    m_application->setStyleSheet(styleSheetOf(m_tokens));
    m_refreshing = false;
    Q_EMIT changed(m_tokens);
}

bool Theme::systemIsDark()
{
    // Qt 6.4 has no colour scheme hint: the desktop's palette shows through once ours is taken away.
    QApplication::setPalette(QPalette());
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && m_choice == ThemeChoice::System && !m_refreshing) {
        QTimer::singleShot(0, this, &Theme::refresh); // once the new system palette has arrived
    }
    return QObject::eventFilter(watched, event);
}

} // namespace semascope::ui
