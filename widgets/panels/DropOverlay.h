#pragma once
#include <QWidget>

#include <vector>

class QMimeData;

namespace semascope::ui {

/// Covers the window while something is dragged over it and offers what can be done with it, each in a zone of its own.
class DropOverlay : public QWidget
{
    Q_OBJECT

public:
    struct Zone
    {
        QString title, hint;
        bool enabled = true; ///< else `hint` says why not
    };

    explicit DropOverlay(QWidget* parent);
    /// Covers the parent. One zone or two, side by side.
    void offer(std::vector<Zone> zones);
    int zoneAt(const QPoint& point) const; ///< −1: none that can be dropped on
    QRect zoneRect(int zone) const;

Q_SIGNALS:
    void dropped(int zone, const QMimeData* data);

protected:
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow(QDragMoveEvent& event);

    std::vector<Zone> m_zones;
    int m_over = -1;
};

} // namespace semascope::ui
