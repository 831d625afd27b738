#include "widgets/panels/ModelCardText.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QEvent>
#include <QScopedValueRollback>
#include <QTextOption>

namespace semascope::ui {
namespace {

QString shown(const std::string& text)
{
    return pathText(text); // a path among the words need not be UTF-8
}

QStringList shown(const std::vector<std::string>& sentences)
{
    QStringList all;
    for (const std::string& sentence : sentences) {
        all << shown(sentence);
    }
    return all;
}

QString htmlOf(const CardPiece& piece, const Tokens& t, bool first)
{
    const QString muted = t.muted.name();
    QString html;
    if (!piece.heading.isEmpty()) {
        html += QStringLiteral("<p style='margin-top:%1px; margin-bottom:2px; font-weight:600'>%2</p>")
                    .arg(first ? 0 : 14)
                    .arg(piece.heading.toHtmlEscaped());
    }
    if (!piece.about.isEmpty()) {
        html += QStringLiteral("<p style='margin-top:0; margin-bottom:6px; color:%1'>%2</p>")
                    .arg(muted, piece.about.toHtmlEscaped());
    }
    if (!piece.rows.empty()) {
        html += QStringLiteral("<table cellspacing='0' cellpadding='0' width='100%' style='margin-top:%1px'>")
                    .arg(piece.about.isEmpty() ? 0 : Tokens::kGrid);
        for (const auto& [label, value] : piece.rows) {
            html += QStringLiteral("<tr><td width='104' style='padding:2px 12px 2px 0; color:%1'>%2</td>"
                                   "<td style='padding:2px 0'>%3</td></tr>")
                        .arg(muted, label.toHtmlEscaped(), value.toHtmlEscaped());
        }
        html += QStringLiteral("</table>");
    }
    for (const QString& sentence : piece.sentences) {
        html += QStringLiteral("<p style='margin-top:2px; margin-bottom:2px'>%1</p>").arg(sentence.toHtmlEscaped());
    }
    return html;
}

} // namespace

std::vector<CardPiece> cardPieces(const core::ModelCard& card)
{
    CardPiece head{shown(card.name), shown(card.headline), {}, {}};
    for (const core::CardRow& row : card.rows) {
        head.rows.emplace_back(shown(row.label), shown(row.value));
    }
    std::vector<CardPiece> pieces{head};
    if (!card.assumed.empty()) {
        pieces.push_back({ModelCardText::tr("Assumed"), {}, {}, shown(card.assumed)});
    }
    if (!card.notes.empty()) {
        pieces.push_back({ModelCardText::tr("Notes"), {}, {}, shown(card.notes)});
    }
    return pieces;
}

std::vector<CardPiece> getModelPieces()
{
    std::vector<CardPiece> pieces{
        {ModelCardText::tr("Get a CLIP"),
         ModelCardText::tr("Semascope downloads nothing: get one of these from its hub or project, then open it. Sizes "
                           "are approximate."),
         {},
         {}}};
    for (const core::GetModel& model : core::modelsToGet()) {
        pieces.push_back({shown(model.name),
                          {},
                          {{ModelCardText::tr("Source"), shown(model.source)},
                           {ModelCardText::tr("Files"), shown(model.files)},
                           {QString(), shown(model.remark)}},
                          {}});
    }
    for (const core::GetModelNote& note : core::getModelNotes()) {
        pieces.push_back({shown(note.heading), {}, {}, shown(note.sentences)});
    }
    return pieces;
}

ModelCardText::ModelCardText(QWidget* parent) : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("modelCardText"));
    setAccessibleName(tr("Model card"));
    setOpenLinks(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document()->setDocumentMargin(Tokens::kGrid);
}

void ModelCardText::setPieces(std::vector<CardPiece> pieces)
{
    m_pieces = std::move(pieces);
    refresh();
    moveCursor(QTextCursor::Start);
}

void ModelCardText::refresh()
{
    const QScopedValueRollback<bool> once(m_refreshing, true);
    const Tokens t = tokens();
    QString html;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        html += htmlOf(m_pieces[i], t, i == 0);
    }
    setHtml(html);
}

QSize ModelCardText::sizeHint() const
{
    return {560, 520};
}

void ModelCardText::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_refreshing) {
        refresh();
    }
}

} // namespace semascope::ui
