#include "widgets/panels/FrameScrubber.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kMovieMs = 6000, kFastestMs = 120, kSlowestMs = 500; // a training is played in about six seconds

} // namespace

FrameScrubber::FrameScrubber(QWidget* parent)
    : QWidget(parent),
      m_playButton(makeButton({QStringLiteral("▶"), QStringLiteral("scrubberPlay"), tr("Play the training (Space)")},
                              ButtonRole::Quiet, this)),
      m_stop(makeButton(
          {tr("Stop"), QStringLiteral("scrubberStop"), tr("Stop it: map and clusters stay as they were before")},
          ButtonRole::Link, this)),
      m_curves(makeButton({tr("Curves"), QStringLiteral("scrubberCurves"), tr("Loss and changed assignments")},
                          ButtonRole::Link, this)),
      m_done(makeButton({tr("Done"), QStringLiteral("scrubberDone"), tr("Back to the result (Esc)")}, ButtonRole::Link,
                        this)),
      m_map(makeButton({QString(), QStringLiteral("scrubberMap"), QString()}, ButtonRole::Link, this)),
      m_close(makeButton({QStringLiteral("✕"), QStringLiteral("scrubberClose"),
                          tr("Close this bar; Analyse, Training of the clusters opens it again")},
                         ButtonRole::Quiet, this)),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_label(new ElidedLabel(this))
{
    setObjectName(QStringLiteral("frameScrubber"));
    setAccessibleName(tr("Training"));
    setAttribute(Qt::WA_StyledBackground);
    m_playButton->setAccessibleName(tr("Play the training"));
    m_close->setAccessibleName(tr("Close the training bar"));
    m_slider->setObjectName(QStringLiteral("scrubberSlider"));
    m_slider->setAccessibleName(tr("Moment of the training"));
    m_slider->setToolTip(tr("Through the training, moment by moment"));
    m_slider->setMinimumWidth(120);
    auto* text = new QHBoxLayout;
    text->setSpacing(Tokens::kGrid);
    text->addWidget(m_label, 1);
    for (QPushButton* button : {m_stop, m_curves, m_close}) {
        text->addWidget(button);
    }
    auto* movie = new QHBoxLayout;
    movie->setSpacing(Tokens::kGrid);
    movie->addWidget(m_playButton);
    movie->addWidget(m_slider, 1);
    movie->addWidget(m_done);
    movie->addWidget(m_map);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Tokens::kGrid + 4, 2, Tokens::kGrid, 2);
    column->setSpacing(0);
    column->addLayout(text);
    column->addLayout(movie);
    connect(&m_play, &QTimer::timeout, this, &FrameScrubber::step);
    connect(m_playButton, &QPushButton::clicked, this, [this] { setPlaying(!playing()); });
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        refresh();
        Q_EMIT frameChosen(value);
    });
    connect(m_slider, &QSlider::sliderPressed, this, [this] { setPlaying(false); });
    connect(m_stop, &QPushButton::clicked, this, &FrameScrubber::stopWanted);
    connect(m_curves, &QPushButton::clicked, this, &FrameScrubber::curvesWanted);
    connect(m_map, &QPushButton::clicked, this, &FrameScrubber::mapToggled);
    for (QPushButton* button : {m_done, m_close}) {
        connect(button, &QPushButton::clicked, this, [this] { setPlaying(false); });
    }
    connect(m_done, &QPushButton::clicked, this, &FrameScrubber::doneWanted);
    connect(m_close, &QPushButton::clicked, this, &FrameScrubber::closeWanted);
    showNothing();
}

void FrameScrubber::showRunning(const QString& text)
{
    m_running = true;
    m_runningText = text;
    setPlaying(false);
    refresh();
    show();
}

void FrameScrubber::showFrames(const QStringList& texts)
{
    setPlaying(false);
    m_running = false;
    m_texts = texts;
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, std::max(0, frameCount() - 1));
    m_slider->setValue(m_slider->maximum());
    refresh();
    setVisible(!texts.isEmpty());
}

void FrameScrubber::showNothing()
{
    showFrames({});
}

void FrameScrubber::setFrame(int frame)
{
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(frame);
    refresh();
}

int FrameScrubber::frame() const
{
    return m_slider->value();
}

void FrameScrubber::setMapChoice(const QString& text, const QString& tip)
{
    m_map->setText(text);
    m_map->setAccessibleName(text);
    m_map->setToolTip(tipText(tip));
    refresh();
}

void FrameScrubber::setPlaying(bool playing)
{
    playing = playing && !m_running && frameCount() > 1;
    if (playing) {
        if (frame() == m_slider->maximum()) {
            m_slider->setValue(0);
        }
        m_play.start(std::clamp(kMovieMs / frameCount(), kFastestMs, kSlowestMs));
    } else {
        m_play.stop();
    }
    refresh();
}

void FrameScrubber::step()
{
    if (frame() >= m_slider->maximum()) {
        setPlaying(false);
        Q_EMIT doneWanted();
    } else {
        m_slider->setValue(frame() + 1);
    }
}

void FrameScrubber::refresh()
{
    const bool frames = !m_running && frameCount() > 1;
    m_playButton->setVisible(frames);
    m_playButton->setText(playing() ? QStringLiteral("❚❚") : QStringLiteral("▶"));
    m_slider->setVisible(frames);
    m_stop->setVisible(m_running);
    m_done->setVisible(frames && frame() != m_slider->maximum());
    m_map->setVisible(!m_running && !m_map->text().isEmpty());
    m_close->setVisible(!m_running);
    m_label->setWhole(m_running ? m_runningText : m_texts.value(frame()));
}

void FrameScrubber::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && !m_running) {
        setPlaying(!playing());
    } else if (event->key() == Qt::Key_Escape && !m_running) {
        setPlaying(false);
        Q_EMIT doneWanted();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void FrameScrubber::hideEvent(QHideEvent* event)
{
    setPlaying(false);
    QWidget::hideEvent(event);
}

} // namespace semascope::ui
