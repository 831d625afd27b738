#pragma once
#include "widgets/panels/PromptText.h"

#include <QScrollArea>

#include <vector>

class QLineEdit;

namespace semascope::ui {

class FlowLayout;
class PromptChip;

/// The prompts as chips, and a field to add one. Wraps into at most three rows, then scrolls. Tab goes from chip to
/// chip, Space colours by one, Delete removes it, F2 edits it.
class PromptBar : public QScrollArea
{
    Q_OBJECT

public:
    explicit PromptBar(QWidget* parent = nullptr);

    void setPrompts(const std::vector<PromptText>& prompts);
    /// The prompt that colours the map, or −1.
    void setActive(int prompt);
    void setBusy(int prompt, bool busy);
    /// Without a tokenizer nothing can be added: `reason` says why and what to do.
    void setAvailable(bool available, const QString& reason = {});
    /// Puts the cursor into the field.
    void focusField();
    /// Asks beside the chip what the prompt is to be contrasted with.
    void askContrast(int prompt);
    int count() const { return int(m_chips.size()); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void added(const QString& text, const QString& opposite, bool neutral);
    void edited(int prompt, const QString& text, const QString& opposite, bool neutral);
    void removed(int prompt);
    void colourBy(int prompt); ///< −1: no longer by a prompt

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    PromptChip* makeChip(const PromptText& prompt);
    int indexOf(const PromptChip* chip) const;
    void clicked(const PromptChip* chip);
    void takeTyped();
    void beginEdit(PromptChip* chip, bool afterClick);
    void endEdit(bool keep);
    void fitHeight();
    void orderTabs();

    std::vector<PromptChip*> m_chips;
    QWidget* m_content = nullptr;
    FlowLayout* m_flow = nullptr;
    QLineEdit *m_field = nullptr, *m_editor = nullptr;
    PromptChip* m_edited = nullptr;
    QString m_neutral; ///< the neutral text offered next
    int m_active = -1, m_beforeClick = -1;
};

} // namespace semascope::ui
