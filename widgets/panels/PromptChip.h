#pragma once
#include "widgets/panels/PromptText.h"

#include <QAbstractButton>
#include <QTimer>

namespace semascope::ui {

/// One prompt as a rounded chip: checked while it colours the map. Delete removes, F2 or a double click edits, C asks
/// what to contrast it with.
class PromptChip : public QAbstractButton
{
    Q_OBJECT

public:
    explicit PromptChip(const PromptText& prompt, QWidget* parent = nullptr);

    const PromptText& prompt() const { return m_prompt; }
    void setPrompt(const PromptText& prompt);
    /// Its text is being encoded: a turning arc.
    void setBusy(bool busy);
    bool isBusy() const { return m_busy; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void removeWanted();
    void editWanted(bool afterClick); ///< afterClick: a click was sent already, as the first half of a double click
    void contrastWanted();            ///< wants to say what it is contrasted with

protected:
    void paintEvent(QPaintEvent* event) override;
    bool hitButton(const QPoint& point) const override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QRect crossRect() const;
    QFont chipFont() const;
    void paintText(QPainter& painter, const QColor& strong) const;

    PromptText m_prompt;
    QTimer m_turn;
    int m_angle = 0;
    bool m_busy = false, m_overCross = false, m_pressedCross = false;
};

} // namespace semascope::ui
