#pragma once
#include <QWidget>

#include <vector>

namespace semascope::ui {

/// One of the most probable classes of a sample.
struct Guess
{
    QString name;
    double probability = 0, cosine = 0;
    bool label = false; ///< what the sample is labelled

    bool operator==(const Guess&) const = default;
};

/// The most probable classes of one sample, a row each: name, bar from 0 to 100 %, probability, cosine.
class GuessBars : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kRowHeight = 20;

    explicit GuessBars(QWidget* parent = nullptr);
    void setGuesses(std::vector<Guess> guesses);
    const std::vector<Guess>& guesses() const { return m_guesses; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString nameOf(const Guess& guess) const;
    void paintRow(QPainter& painter, const Guess& guess, const QRect& row, int nameWidth) const;

    std::vector<Guess> m_guesses;
};

} // namespace semascope::ui
