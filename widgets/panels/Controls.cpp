#include "widgets/panels/Controls.h"

#include "widgets/Theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QEvent>
#include <QFontMetrics>
#include <QStyle>
#include <QTextDocument>

namespace semascope::ui {
namespace {

const char* roleWord(ButtonRole role)
{
    switch (role) {
    case ButtonRole::Plain:
        return "plain";
    case ButtonRole::Primary:
        return "primary";
    case ButtonRole::Link:
        return "link";
    case ButtonRole::Quiet:
        return "quiet";
    case ButtonRole::Tab:
        return "tab";
    }
    return "plain";
}

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", QLatin1String(role));
    return label;
}

} // namespace

void setRole(QPushButton* button, ButtonRole role)
{
    const QLatin1String word(roleWord(role));
    if (button->property("role").toString() != word) {
        button->setProperty("role", word);
        button->style()->unpolish(button);
        button->style()->polish(button);
    }
}

QPushButton* makeButton(const ControlText& what, ButtonRole role, QWidget* parent)
{
    auto* button = new QPushButton(what.text, parent);
    button->setObjectName(what.name);
    button->setAccessibleName(what.text);
    button->setToolTip(tipText(what.tip));
    setRole(button, role);
    button->setFlat(role == ButtonRole::Link);
    button->setAutoDefault(false);
    if (role == ButtonRole::Tab) { // room for the bold text of the chosen one
        QFont bold = button->font();
        bold.setBold(true);
        constexpr int kTabPadding = 32;
        button->setMinimumWidth(QFontMetrics(bold).horizontalAdvance(what.text) + kTabPadding);
    }
    if (role == ButtonRole::Link) {
        button->setCursor(Qt::PointingHandCursor);
        button->setFocusPolicy(Qt::TabFocus); // links come and go: a click must not leave the focus to a neighbour
        button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    }
    return button;
}

QLabel* makeSection(const QString& text, QWidget* parent)
{
    QLabel* label = makeLabel(text, "section", parent);
    QFont font = captionFont();
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.4);
    label->setFont(font);
    return label;
}

QLabel* makeCaption(const QString& text, const QString& name, QWidget* parent)
{
    QLabel* label = makeLabel(text, "caption", parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QLabel* makeTitle(const QString& text, QWidget* parent)
{
    return makeLabel(text, "title", parent);
}

void widenPopup(QComboBox* box)
{
    constexpr int kFrame = 24;
    box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + kFrame);
}

ElidedLabel::ElidedLabel(QWidget* parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setWhole(const QString& text)
{
    if (text == m_whole) {
        return;
    }
    m_whole = text;
    setAccessibleName(text);
    updateGeometry();
    elide();
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_whole) + 2, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        elide();
    }
}

void ElidedLabel::elide()
{
    const QString shown = fontMetrics().elidedText(m_whole, Qt::ElideMiddle, width());
    if (shown != text()) {
        setText(shown);
    }
    setToolTip(shown == m_whole ? QString() : tipText(m_whole));
}

QString tipText(const QString& text)
{
    constexpr qsizetype kLongLine = 70;
    if (text.size() <= kLongLine && !Qt::mightBeRichText(text)) {
        return text;
    }
    QString escaped = text.toHtmlEscaped();
    escaped.replace(QLatin1Char('\n'), QLatin1String("<br>"));
    return QLatin1String("<p>") + escaped + QLatin1String("</p>");
}

QString pathText(const std::string& bytes)
{
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

QString shortName(const std::string& id)
{
    const QString text = pathText(id);
    const qsizetype slash = text.lastIndexOf(QLatin1Char('/'));
    return slash >= 0 && slash + 1 < text.size() ? text.mid(slash + 1) : text;
}

} // namespace semascope::ui
