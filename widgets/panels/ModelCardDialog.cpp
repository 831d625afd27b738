#include "widgets/panels/ModelCardDialog.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>

namespace semascope::ui {

ModelCardDialog::ModelCardDialog(const QString& title, QWidget* parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("modelCardDialog"));
    setWindowTitle(title);
    m_card = new ModelCardText(this);
    QPushButton* copy =
        makeButton({tr("Copy as text"), QStringLiteral("modelCardCopy"), tr("All of it, to paste elsewhere")},
                   ButtonRole::Plain, this);
    QPushButton* close =
        makeButton({tr("Close"), QStringLiteral("modelCardClose"), tr("Esc")}, ButtonRole::Primary, this);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(Tokens::kGrid);
    m_buttons->addStretch(1);
    m_buttons->addWidget(copy);
    m_buttons->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(12);
    column->addWidget(m_card, 1);
    column->addLayout(m_buttons);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text); });
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    close->setDefault(true);
    close->setFocus();
}

void ModelCardDialog::setContents(std::vector<CardPiece> pieces, const QString& text)
{
    m_text = text;
    m_card->setPieces(std::move(pieces));
}

QPushButton* ModelCardDialog::addButton(const QString& text, const QString& name, const QString& tip)
{
    QPushButton* button = makeButton({text, name, tip}, ButtonRole::Plain, this);
    m_buttons->insertWidget(m_buttons->count() - 3, button);
    return button;
}

} // namespace semascope::ui
