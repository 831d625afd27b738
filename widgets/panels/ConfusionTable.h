#pragma once
#include "core/clip/ZeroShot.h"

#include <QAbstractScrollArea>

#include <memory>

namespace semascope::ui {

/// A confusion matrix as a heatmap: a row for each label, a column for each prediction, darker for more. Numbers stand
/// in the cells where they fit; names stay in sight while it is scrolled. −1 for a row or column means all of them.
class ConfusionTable : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int kLeastCell = 15;

    explicit ConfusionTable(QWidget* parent = nullptr);

    /// Null, or a result without labels, clears it.
    void setResult(std::shared_ptr<const core::ZeroShotResult> result);
    /// Shares of each row, or counts.
    void setShares(bool shares);
    bool shares() const { return m_shares; }
    /// Where the cell is in the viewport now; it may be out of sight.
    QRect cellRect(int label, int prediction) const;
    QSize cellSize() const { return m_cell; }

Q_SIGNALS:
    /// A cell, or the name of a row or column, was clicked.
    void cellChosen(int label, int prediction, Qt::KeyboardModifiers modifiers);
    /// What is under the pointer or the keyboard's cell, as a sentence; empty for nothing.
    void pointed(const QString& sentence);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    static constexpr int kAxisLine = 18; ///< above the columns: says what they are
    struct Place
    {
        int label = -2, prediction = -2; ///< −2: nowhere, −1: all
        bool there() const { return label >= -1 && prediction >= -1 && (label >= 0 || prediction >= 0); }
        bool operator==(const Place&) const = default;
    };
    int classes() const;
    void arrange();
    Place placeAt(const QPoint& at) const;
    void point(const Place& place);
    void reveal(const Place& place);
    double value(int label, int prediction) const;
    QString number(int label, int prediction) const;
    void paintCells(QPainter& painter, const QRect& area) const;
    void paintNames(QPainter& painter, const QRect& area) const;
    void paintAxes(QPainter& painter, const QRect& area) const;
    void paintScale(QPainter& painter, int right) const;

    std::shared_ptr<const core::ZeroShotResult> m_result;
    QStringList m_names;
    std::vector<std::uint32_t> m_rowSum;
    std::uint32_t m_most = 0;
    bool m_shares = true;
    bool m_upwards = false; ///< the names of columns are turned
    QSize m_head;           ///< of the names: width at the left, height above
    QSize m_cell{kLeastCell, kLeastCell};
    Place m_at, m_pressed;
};

} // namespace semascope::ui
