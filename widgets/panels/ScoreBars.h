#pragma once
#include "widgets/ScoreKind.h"

#include <QWidget>

#include <limits>
#include <vector>

namespace semascope::ui {

/// A prompt's scores for one sample among all samples. What is not known is NaN.
struct PromptScore
{
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

    QString text, opposite;
    bool neutral = false; ///< `opposite` is a neutral text
    ScoreKind front = ScoreKind::Cosine;
    double cosine = kNone, percentile = kNone, contrast = kNone, probability = kNone;
    double lo = 0, median = 0, hi = 0;                   ///< of the value in front, over the dataset
    double cosineLo = 0, cosineMedian = 0, cosineHi = 0; ///< of the cosine
    std::size_t n = 0;                                   ///< samples that these are of
    std::size_t prompts = 1;                             ///< in the set that probabilities are within
    double logitScale = 100;

    double value() const; ///< the one in front
    bool operator==(const PromptScore&) const = default;
};

/// One row: the prompt, a bar from lo to hi with a tick at the median, the value in front; below them the other values
/// and the numbers of the scale.
class ScoreRow : public QWidget
{
    Q_OBJECT

public:
    explicit ScoreRow(QWidget* parent = nullptr);
    void setScore(const PromptScore& score, bool active);
    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen();
    /// The contrast is in front and there is none: the user wants to say with what.
    void contrastWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QRectF groove() const;
    void paintBar(QPainter& painter) const;
    void paintNumbers(QPainter& painter) const;
    bool lacksContrast() const;
    QString others() const;
    QString spoken() const;
    QString tip() const;
    void choose();

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
    void contrastWanted(int prompt);

private:
    std::vector<ScoreRow*> m_rows;
};

} // namespace semascope::ui
