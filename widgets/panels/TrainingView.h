#pragma once
#include "widgets/figure/TrainingFigure.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace semascope::ui {

class ElidedLabel;
class TrainingCurves;

/// What the tab shows of a training.
struct TrainingShown
{
    TrainingFigure figure; ///< its title says of what, its subtitle how far
    QStringList warnings;  ///< what was seen and what helps
    QStringList notes;
    bool running = false;
};

/// The tab with the curves of a training, what to be wary of, and the values under the pointer.
class TrainingView : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingView(QWidget* parent = nullptr);
    /// An empty curve brings the hint.
    void setShown(const TrainingShown& shown);
    /// The moment that the map shows, as a point of the curve; −1: the result.
    void setMarked(qsizetype point);
    const TrainingCurves* curves() const { return m_curves; }
    const TrainingFigure& figure() const;

Q_SIGNALS:
    void pointChosen(qsizetype point);
    void exportWanted();

private:
    QWidget* makeHead();
    void showReadout(qsizetype point);
    void setNotes(const TrainingShown& shown);

    QWidget *m_body, *m_hint;
    ElidedLabel *m_title = nullptr, *m_stage = nullptr;
    QLabel *m_readout = nullptr, *m_notes = nullptr;
    QVBoxLayout* m_warnings = nullptr;
    QStringList m_warned;
    QPushButton* m_export = nullptr;
    TrainingCurves* m_curves;
};

} // namespace semascope::ui
