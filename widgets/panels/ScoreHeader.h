#pragma once
#include "widgets/ScoreKind.h"

#include <QWidget>

#include <array>

class QLabel;
class QPushButton;

namespace semascope::ui {

/// The heading of the prompt scores: which of the four values is in front, and in one line what that value says.
class ScoreHeader : public QWidget
{
    Q_OBJECT

public:
    struct Facts
    {
        ScoreKind front = ScoreKind::Cosine;
        std::size_t n = 0;       ///< samples with a score
        std::size_t prompts = 0; ///< in the set
        double logitScale = 100;
    };

    explicit ScoreHeader(QWidget* parent = nullptr);
    void setFacts(const Facts& facts);
    /// Without prompts there is nothing to choose: the title alone.
    void setAnyScores(bool any);

Q_SIGNALS:
    void chosen(semascope::ui::ScoreKind kind);

private:
    std::array<QPushButton*, 4> m_kinds{};
    QWidget* m_chooser = nullptr;
    QLabel* m_line = nullptr;
};

} // namespace semascope::ui
