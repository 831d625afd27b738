#pragma once
#include "app/ModelQuestion.h"
#include "core/checkpoint/ModelCard.h"

#include <QObject>
#include <QPointer>

namespace semascope::ui {
class ModelCardDialog;
class ModelCardQuestion;
} // namespace semascope::ui

namespace semascope::app {

class Session;
class Settings;

/// Everything about the model that is a conversation: its card, where to get one, and what must be asked.
class ModelDesk : public QObject
{
    Q_OBJECT

public:
    ModelDesk(Session* session, Settings* settings, QWidget* window);

    /// Rows of the short card; none without a model.
    std::vector<std::pair<QString, QString>> shortCard() const;
    /// "2 assumptions, 1 note"; empty when there are none.
    QString remarks() const;
    /// The card of the open model; without one, where to get one.
    void showCard();
    void showGet();

private:
    core::ModelCard card() const;
    void refresh();
    void ask(const ModelQuestion& question);
    void changeActivation();

    Session* m_session;
    Settings* m_settings;
    QWidget* m_window;
    QPointer<ui::ModelCardDialog> m_card, m_get;
    QPointer<ui::ModelCardQuestion> m_question;
};

} // namespace semascope::app
