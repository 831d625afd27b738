#pragma once
#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

class QApplication;

namespace semascope::ui {

/// The design's colours and measures, for widgets that paint themselves. Lengths are device-independent pixels.
struct Tokens
{
    QColor background, panel, line, text, muted, accent, soft;
    QColor warning, error, done; ///< of states; never the only sign
    bool dark = false;

    static constexpr int kBodyPx = 13;
    static constexpr int kCaptionPx = 11;
    static constexpr int kGrid = 8;
    static constexpr int kRadius = 6;

    static Tokens light();
    static Tokens darkness();
    bool operator==(const Tokens&) const = default;
};

/// The tokens that the application's palette stands for. Widgets read them while painting, so a new theme needs only a
/// repaint, which Qt asks for itself (QEvent::PaletteChange).
Tokens tokens();
/// The application's font at caption size.
QFont captionFont();

enum class ThemeChoice { System, Light, Dark };

/// Dresses the application: palette, font and one style sheet, light, dark or as the desktop is. GUI thread; one per
/// application.
class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject* parent = nullptr);

    /// Takes over the look of `application` and keeps following the desktop while the choice is System.
    void apply(QApplication& application);
    void setChoice(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    const Tokens& current() const { return m_tokens; }

    static QPalette paletteOf(const Tokens& tokens);
    static QString styleSheetOf(const Tokens& tokens);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// Palette and style sheet are in place already.
    void changed(const semascope::ui::Tokens& tokens);

private:
    void refresh();
    bool systemIsDark();

    QApplication* m_application = nullptr;
    ThemeChoice m_choice = ThemeChoice::System;
    Tokens m_tokens = Tokens::light();
    bool m_refreshing = false;
};

} // namespace semascope::ui
