#pragma once
#include <QWidget>

#include <limits>
#include <vector>

namespace semascope::ui {

/// A prompt's score for one sample among all samples. lo, hi and median are of the cosines of all samples with the
/// text; a contrast is the cosine minus that of the opposite text, NaN where there is none; so is a percentile that is
/// not known.
struct PromptScore
{
    QString text, opposite;
    double cosine = std::numeric_limits<double>::quiet_NaN();
    double percentile = std::numeric_limits<double>::quiet_NaN();
    double lo = 0, hi = 0, median = 0;
    double contrast = std::numeric_limits<double>::quiet_NaN();

    bool operator==(const PromptScore&) const = default;
};

/// One row: the prompt, a bar from lo to hi with a tick at the median, the value.
class ScoreRow : public QWidget
{
    Q_OBJECT

public:
    explicit ScoreRow(QWidget* parent = nullptr);
    void setScore(const PromptScore& score, bool active);
    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void paintBar(QPainter& painter, const QRectF& groove) const;
    bool hasContrast() const;

    PromptScore m_score;
    bool m_active = false;
};

/// The bars of all prompts, one under the other; rows stay the same widgets while the numbers change.
class ScoreBars : public QWidget
{
    Q_OBJECT

public:
    explicit ScoreBars(QWidget* parent = nullptr);
    /// `active` is the prompt that colours the map, or −1.
    void setScores(const std::vector<PromptScore>& scores, int active);
    int count() const { return int(m_rows.size()); }

Q_SIGNALS:
    void chosen(int prompt); ///< wants the map coloured by it

private:
    std::vector<ScoreRow*> m_rows;
};

} // namespace semascope::ui
