#include "app/ModelDesk.h"

#include "app/Session.h"
#include "app/Settings.h"
#include "core/checkpoint/ModelCard.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/ModelCardDialog.h"
#include "widgets/panels/ModelCardQuestion.h"

namespace semascope::app {

namespace {

void present(QDialog* dialog)
{
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace

ModelDesk::ModelDesk(Session* session, Settings* settings, QWidget* window)
    : QObject(window), m_session(session), m_settings(settings), m_window(window)
{
    connect(session, &Session::modelQuestion, this, &ModelDesk::ask);
    connect(session, &Session::modelChanged, this, &ModelDesk::refresh);
}

core::ModelCard ModelDesk::card() const
{
    const auto model = m_session->model();
    core::CardFacts facts;
    facts.hash = model->weightsHash();
    facts.vocabulary = model->info().vocabulary;
    facts.vocabularyGiven = !m_session->modelSpec().vocabulary.empty();
    facts.device = model->deviceName();
    facts.precision = model->precision();
    return core::modelCard(model->info(), facts);
}

std::vector<std::pair<QString, QString>> ModelDesk::shortCard() const
{
    std::vector<std::pair<QString, QString>> rows;
    if (!m_session->model()) {
        return rows;
    }
    const core::ModelCard whole = card();
    rows.emplace_back(tr("Name"), ui::pathText(whole.name));
    for (const core::CardRow& row : whole.rows) {
        if (!row.brief.empty()) {
            rows.emplace_back(ui::pathText(row.label), ui::pathText(row.brief));
        }
    }
    return rows;
}

QString ModelDesk::remarks() const
{
    if (!m_session->model()) {
        return {};
    }
    const core::CheckpointInfo& info = m_session->model()->info();
    QStringList parts;
    if (const auto n = info.clip.assumed.size(); n > 0) {
        parts << (n == 1 ? tr("1 assumption") : tr("%1 assumptions").arg(n));
    }
    if (const auto n = info.warnings.size(); n > 0) {
        parts << (n == 1 ? tr("1 note") : tr("%1 notes").arg(n));
    }
    return parts.join(QStringLiteral(", "));
}

void ModelDesk::refresh()
{
    if (!m_card) {
        return;
    }
    if (!m_session->model()) {
        m_card->close();
        return;
    }
    const core::ModelCard whole = card();
    m_card->setContents(ui::cardPieces(whole), ui::pathText(whole.text()));
}

void ModelDesk::showCard()
{
    if (!m_session->model()) {
        showGet();
        return;
    }
    if (!m_card) {
        m_card = new ui::ModelCardDialog(tr("Model card"), m_window);
        m_card->setAttribute(Qt::WA_DeleteOnClose);
        QPushButton* activation =
            m_card->addButton(tr("Activation…"), QStringLiteral("modelCardActivation"),
                              tr("Open the model again with another activation than is written on the card"));
        QPushButton* get = m_card->addButton(tr("Get a CLIP…"), QStringLiteral("modelCardGet"),
                                             tr("Which files to get for a real CLIP, and where to put them"));
        connect(activation, &QPushButton::clicked, this, &ModelDesk::changeActivation);
        connect(get, &QPushButton::clicked, this, &ModelDesk::showGet);
    }
    refresh();
    present(m_card);
}

void ModelDesk::showGet()
{
    if (!m_get) {
        m_get = new ui::ModelCardDialog(tr("Get a CLIP"), m_window);
        m_get->setAttribute(Qt::WA_DeleteOnClose);
        m_get->setContents(ui::getModelPieces(), QString::fromStdString(core::getModelText()));
    }
    present(m_get);
}

void ModelDesk::ask(const ModelQuestion& question)
{
    delete m_question; // one model is opened at a time
    m_question = new ui::ModelCardQuestion(question.info, m_window);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QDialog::accepted, this, [this, question, dialog = m_question.data()] {
        core::ModelSpec spec = question.spec;
        spec.activation = dialog->activation();
        if (dialog->remember()) {
            m_settings->setActivation(QString::fromStdString(question.filesHash),
                                      QString::fromLatin1(core::activationName(*spec.activation)));
        }
        m_session->openModel(spec);
    });
    m_question->open();
}

void ModelDesk::changeActivation()
{
    const auto model = m_session->model();
    if (model) {
        const std::string hash = model->weightsHash();
        ask({m_session->modelSpec(), model->info(), hash.substr(0, hash.find('+'))});
    }
}

} // namespace semascope::app
