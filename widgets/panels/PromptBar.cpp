#include "widgets/panels/PromptBar.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FlowLayout.h"
#include "widgets/panels/PromptChip.h"
#include "widgets/panels/PromptPopover.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kFieldWidth = 220, kRows = 3, kRowHeight = 28, kGap = 8, kMargin = 8;
constexpr int kLongestPrompt = 1000;

/// A field as wide as the design wants it, not as its text.
class PromptField : public QLineEdit
{
public:
    using QLineEdit::QLineEdit;
    QSize sizeHint() const override { return {kFieldWidth, kRowHeight}; }
};

QLineEdit* makeField(const QString& name, QWidget* parent)
{
    auto* field = new PromptField(parent);
    field->setObjectName(name);
    field->setProperty("role", QStringLiteral("prompt"));
    field->setMaxLength(kLongestPrompt);
    return field;
}

} // namespace

PromptBar::PromptBar(QWidget* parent) : QScrollArea(parent), m_neutral(tr("a photo"))
{
    setObjectName(QStringLiteral("promptBar"));
    setAccessibleName(tr("Prompts"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_content = new QWidget(this);
    m_flow = new FlowLayout(m_content, kGap);
    m_flow->setContentsMargins(14, kMargin, 14, kMargin);
    m_field = makeField(QStringLiteral("promptField"), m_content);
    m_field->setAccessibleName(tr("Add a prompt"));
    m_flow->addWidget(m_field);
    m_editor = makeField(QStringLiteral("promptEditor"), m_content);
    m_editor->setAccessibleName(tr("Edit the prompt"));
    m_editor->hide();
    m_editor->installEventFilter(this);
    m_field->installEventFilter(this);
    setWidget(m_content);
    connect(m_field, &QLineEdit::returnPressed, this, &PromptBar::takeTyped);
    connect(m_editor, &QLineEdit::returnPressed, this, [this] { endEdit(true); });
    setAvailable(true);
    fitHeight();
}

void PromptBar::setPrompts(const std::vector<PromptText>& prompts)
{
    endEdit(false);
    bool focusLost = false;
    while (m_chips.size() > prompts.size()) {
        PromptChip* chip = m_chips.back();
        focusLost = focusLost || chip->hasFocus();
        m_flow->removeWidget(chip);
        chip->hide();
        chip->deleteLater(); // it may be the sender
        m_chips.pop_back();
    }
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        if (i == m_chips.size()) {
            m_chips.push_back(makeChip(prompts[i]));
            m_flow->insertWidget(int(i), m_chips.back());
            m_chips.back()->show();
        } else if (m_chips[i]->prompt() != prompts[i]) {
            m_chips[i]->setPrompt(prompts[i]);
            m_chips[i]->setBusy(false);
        }
    }
    if (focusLost) {
        (m_chips.empty() ? static_cast<QWidget*>(m_field) : m_chips.back())->setFocus();
    }
    setActive(m_active);
    orderTabs();
    fitHeight();
    if (m_field->hasFocus()) {
        m_content->adjustSize();
        ensureWidgetVisible(m_field);
    }
}

PromptChip* PromptBar::makeChip(const PromptText& prompt)
{
    auto* chip = new PromptChip(prompt, m_content);
    chip->setEnabled(m_field->isEnabled());
    connect(chip, &PromptChip::clicked, this, [this, chip] { clicked(chip); });
    connect(chip, &PromptChip::removeWanted, this, [this, chip] { Q_EMIT removed(indexOf(chip)); });
    connect(chip, &PromptChip::editWanted, this, [this, chip](bool afterClick) { beginEdit(chip, afterClick); });
    connect(chip, &PromptChip::contrastWanted, this, [this, chip] { askContrast(indexOf(chip)); });
    return chip;
}

int PromptBar::indexOf(const PromptChip* chip) const
{
    const auto it = std::find(m_chips.begin(), m_chips.end(), chip);
    return it == m_chips.end() ? -1 : int(it - m_chips.begin());
}

void PromptBar::clicked(const PromptChip* chip)
{
    m_beforeClick = m_active;
    const int index = indexOf(chip);
    setActive(index == m_active ? -1 : index);
    Q_EMIT colourBy(m_active);
}

void PromptBar::setActive(int prompt)
{
    m_active = prompt >= 0 && prompt < count() ? prompt : -1;
    for (int i = 0; i < count(); ++i) {
        m_chips[std::size_t(i)]->setChecked(i == m_active);
    }
}

void PromptBar::setBusy(int prompt, bool busy)
{
    if (prompt >= 0 && prompt < count()) {
        m_chips[std::size_t(prompt)]->setBusy(busy);
    }
    fitHeight();
}

void PromptBar::setAvailable(bool available, const QString& reason)
{
    m_field->setEnabled(available);
    m_field->setPlaceholderText(available ? tr("search by text, Enter…") : tr("prompts need a CLIP model"));
    m_field->setToolTip(
        tipText(available ? tr("A text to compare all pictures with, such as “a bicycle”: Enter shows the best matches "
                               "first and colours the map by it. With an opposite, such as “glasses ± no glasses” (or "
                               "|, or +-), the difference of the two counts.")
                          : reason));
    m_field->setAccessibleDescription(available ? QString() : reason);
    for (PromptChip* chip : m_chips) {
        chip->setEnabled(available);
    }
    setToolTip(available ? QString() : tipText(reason));
}

void PromptBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    ensureWidgetVisible(m_field);
}

void PromptBar::takeTyped()
{
    const PromptText prompt = parsePrompt(m_field->text());
    if (prompt.text.isEmpty()) {
        return;
    }
    m_field->clear();
    for (int i = 0; i < count(); ++i) {
        if (m_chips[std::size_t(i)]->prompt() == prompt) { // known already: show it instead
            setActive(i);
            Q_EMIT colourBy(i);
            return;
        }
    }
    Q_EMIT added(prompt.text, prompt.opposite, prompt.neutral);
}

void PromptBar::beginEdit(PromptChip* chip, bool afterClick)
{
    endEdit(false);
    if (afterClick && m_beforeClick != m_active) { // the first half of a double click has coloured the map
        setActive(m_beforeClick);
        Q_EMIT colourBy(m_active);
    }
    m_edited = chip;
    m_flow->insertWidget(indexOf(chip), m_editor);
    chip->hide();
    m_editor->setText(promptText(chip->prompt()));
    m_editor->show();
    m_editor->selectAll();
    m_editor->setFocus();
    fitHeight();
}

void PromptBar::endEdit(bool keep)
{
    if (!m_edited) {
        return;
    }
    const PromptText prompt = parsePrompt(m_editor->text());
    PromptChip* chip = m_edited;
    m_edited = nullptr; // hiding the editor takes its focus away and comes back here
    const bool hadFocus = m_editor->hasFocus();
    m_flow->removeWidget(m_editor);
    m_editor->hide();
    chip->show();
    if (hadFocus) {
        chip->setFocus();
    }
    fitHeight();
    const int index = indexOf(chip);
    if (keep && index >= 0 && !prompt.text.isEmpty() && prompt != chip->prompt()) {
        Q_EMIT edited(index, prompt.text, prompt.opposite, prompt.neutral);
    }
}

void PromptBar::askContrast(int prompt)
{
    if (prompt < 0 || prompt >= count() || !m_field->isEnabled()) {
        return;
    }
    const PromptChip* chip = m_chips[std::size_t(prompt)];
    auto* popover = new PromptPopover(chip->prompt(), m_neutral, this);
    connect(popover, &PromptPopover::chosen, this, [this, prompt](const PromptText& text) {
        if (prompt < count() && text != m_chips[std::size_t(prompt)]->prompt()) {
            m_neutral = text.neutral ? text.opposite : m_neutral;
            Q_EMIT edited(prompt, text.text, text.opposite, text.neutral);
        }
    });
    popover->popup(chip);
}

bool PromptBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_editor && event->type() == QEvent::FocusOut) {
        endEdit(false);
    }
    const bool escape = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
    if (escape && watched == m_editor) {
        endEdit(false);
        return true;
    }
    if (escape && watched == m_field && !m_field->text().isEmpty()) {
        m_field->clear();
        return true;
    }
    return QScrollArea::eventFilter(watched, event);
}

void PromptBar::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    fitHeight();
}

QSize PromptBar::sizeHint() const
{
    return {400, height()};
}

QSize PromptBar::minimumSizeHint() const
{
    return {kFieldWidth, kRowHeight + 2 * kMargin};
}

void PromptBar::fitHeight()
{
    constexpr int kMost = kRows * kRowHeight + (kRows - 1) * kGap + 2 * kMargin;
    m_flow->invalidate();
    setFixedHeight(std::min(m_flow->heightForWidth(std::max(width(), 1)), kMost) + 1);
}

/// Chips are made later than everything else in the window, but stand before the field.
void PromptBar::orderTabs()
{
    QWidget* before = m_field;
    do {
        before = before->previousInFocusChain();
    } while (before != m_field && (m_content->isAncestorOf(before) || !(before->focusPolicy() & Qt::TabFocus)));
    for (PromptChip* chip : m_chips) {
        QWidget::setTabOrder(before, chip);
        before = chip;
    }
    if (!m_chips.empty()) {
        QWidget::setTabOrder(before, m_field);
    }
}

} // namespace semascope::ui
