#pragma once
#include <QStringList>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QSlider;

namespace semascope::ui {

class ElidedLabel;

/// A bar under the map: what a network that trains is doing, and afterwards a slider through its training.
class FrameScrubber : public QWidget
{
    Q_OBJECT

public:
    explicit FrameScrubber(QWidget* parent = nullptr);

    /// A training goes on: `text` says where it is.
    void showRunning(const QString& text);
    /// It is over: one text for each moment that was kept; the last one is the result.
    void showFrames(const QStringList& texts);
    /// Which moment the map shows; the last one is the result.
    void setFrame(int frame);
    int frame() const;
    int frameCount() const { return int(m_texts.size()); }
    /// What the button offers that goes between the map before and the code; nothing for an empty text.
    void setMapChoice(const QString& text, const QString& tip);
    /// Neither a training nor its moments.
    void showNothing();
    void setPlaying(bool playing);
    bool playing() const { return m_play.isActive(); }

Q_SIGNALS:
    void frameChosen(int frame);
    /// Back to the result.
    void doneWanted();
    void mapToggled();
    void stopWanted();
    void curvesWanted();
    void closeWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();
    void step();

    QStringList m_texts;
    QString m_runningText;
    bool m_running = false;
    QTimer m_play;
    QPushButton *m_playButton, *m_stop, *m_curves, *m_done, *m_map, *m_close;
    QSlider* m_slider;
    ElidedLabel* m_label;
};

} // namespace semascope::ui
