#pragma once
#include "widgets/panels/ModelCardText.h"

#include <QDialog>

class QHBoxLayout;
class QPushButton;

namespace semascope::ui {

/// A card in a window of its own, with a button that copies it as text.
class ModelCardDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ModelCardDialog(const QString& title, QWidget* parent = nullptr);
    /// What is shown, and what "Copy" copies.
    void setContents(std::vector<CardPiece> pieces, const QString& text);
    /// A button at the left.
    QPushButton* addButton(const QString& text, const QString& name, const QString& tip);

private:
    ModelCardText* m_card = nullptr;
    QHBoxLayout* m_buttons = nullptr;
    QString m_text;
};

} // namespace semascope::ui
