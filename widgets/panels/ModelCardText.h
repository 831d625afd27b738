#pragma once
#include "core/checkpoint/ModelCard.h"

#include <QTextBrowser>

#include <vector>

namespace semascope::ui {

/// A piece of a card: a heading, rows of label and value, and sentences; any of them may be empty.
struct CardPiece
{
    QString heading, about;
    std::vector<std::pair<QString, QString>> rows;
    QStringList sentences;
};
std::vector<CardPiece> cardPieces(const core::ModelCard& card);
/// "Get a CLIP": models, files, places.
std::vector<CardPiece> getModelPieces();

/// Pieces as one text that can be read, selected and copied; long paths are broken anywhere.
class ModelCardText : public QTextBrowser
{
    Q_OBJECT

public:
    explicit ModelCardText(QWidget* parent = nullptr);
    void setPieces(std::vector<CardPiece> pieces);
    QSize sizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    std::vector<CardPiece> m_pieces;
    bool m_refreshing = false;
};

} // namespace semascope::ui
