#pragma once
#include <QWidget>

#include <vector>

namespace semascope::ui {

/// A caption found, the sample it is of, and how alike it is.
struct CaptionItem
{
    std::uint32_t sample = 0;
    QString text;
    double cosine = 0;
    bool own = false; ///< a caption of the sample that was asked about
};

/// Captions under one another, best first, each with its cosine. Up and Down move, Enter activates its sample.
class CaptionList : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kRow = 19, kRows = 5;

    explicit CaptionList(QWidget* parent = nullptr);
    void setItems(std::vector<CaptionItem> items);
    /// Shown while there are no items.
    void setEmptyText(const QString& text);
    const std::vector<CaptionItem>& items() const { return m_items; }
    int indexAt(const QPoint& point) const; ///< −1: none
    QSize sizeHint() const override;

Q_SIGNALS:
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void hovered(qint64 sample);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int shown() const { return std::min(int(m_items.size()), kRows); }
    void setHover(int index);

    std::vector<CaptionItem> m_items;
    QString m_emptyText;
    int m_cursor = 0, m_hover = -1;
};

} // namespace semascope::ui
