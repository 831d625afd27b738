#pragma once
#include <QLabel>
#include <QPushButton>

class QComboBox;

namespace semascope::ui {

/// How a small control looks; the words are the roles of the style sheet.
enum class ButtonRole { Plain, Primary, Link, Quiet, Tab };

/// What a control says: text, object name, tip.
struct ControlText
{
    QString text, name, tip;
};

/// What the style sheet makes of a button; may change while it is shown.
void setRole(QPushButton* button, ButtonRole role);
/// A button whose accessible name is its text.
QPushButton* makeButton(const ControlText& what, ButtonRole role, QWidget* parent);
/// The small grey heading of a block, such as "PROMPT SCORES".
QLabel* makeSection(const QString& text, QWidget* parent);
/// Small grey wrapped text.
QLabel* makeCaption(const QString& text, const QString& name, QWidget* parent);
/// A heading of a drawer.
QLabel* makeTitle(const QString& text, QWidget* parent);

/// Makes the popup of `box` as wide as its longest entry.
void widenPopup(QComboBox* box);

/// One line of plain text that gives way with an ellipsis in the middle; the whole text is its tooltip then.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    void setWhole(const QString& text);
    const QString& whole() const { return m_whole; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void elide();

    QString m_whole;
};

/// `text` for a tooltip: never read as markup, and wrapped when it is long.
QString tipText(const QString& text);
/// Bytes of a path as text; bytes that are no UTF-8 become replacement characters.
QString pathText(const std::string& bytes);
/// What to call sample `id`: the last part of a path.
QString shortName(const std::string& id);

} // namespace semascope::ui
