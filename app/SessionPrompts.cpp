#include "app/Session.h"

#include "core/clip/Embedder.h"

namespace semascope::app {

void Session::addPrompt(const QString& text, const QString& opposite, bool neutral)
{
    core::Prompt prompt;
    prompt.text = text.trimmed().toStdString();
    prompt.opposite = opposite.trimmed().toStdString();
    prompt.neutral = neutral && !prompt.opposite.empty();
    if (prompt.text.empty()) {
        return;
    }
    m_doc.prompts.push_back(std::move(prompt));
    m_doc.view.hidden.clear();
    m_doc.view.colourBy = "prompt:" + std::to_string(m_doc.prompts.size() - 1);
    Q_EMIT promptsChanged();
    encodePrompts();
}

void Session::editPrompt(std::size_t index, const QString& text, const QString& opposite, bool neutral)
{
    if (index >= m_doc.prompts.size() || text.trimmed().isEmpty()) {
        return;
    }
    core::Prompt& prompt = m_doc.prompts[index];
    prompt = {};
    prompt.text = text.trimmed().toStdString();
    prompt.opposite = opposite.trimmed().toStdString();
    prompt.neutral = neutral && !prompt.opposite.empty();
    Q_EMIT promptsChanged();
    encodePrompts();
}

void Session::showPromptValue(ui::ScoreKind kind)
{
    if (m_doc.view.promptValue != ui::scoreWord(kind)) {
        m_doc.view.promptValue = ui::scoreWord(kind);
        m_doc.view.hidden.clear();
        Q_EMIT promptsChanged();
        refreshColours();
    }
}

void Session::removePrompt(std::size_t index)
{
    if (index >= m_doc.prompts.size()) {
        return;
    }
    m_doc.prompts.erase(m_doc.prompts.begin() + static_cast<std::ptrdiff_t>(index));
    if (m_doc.view.colourBy.rfind("prompt:", 0) == 0) {
        const std::size_t shown = std::stoul(m_doc.view.colourBy.substr(7));
        if (shown == index) {
            m_doc.view.colourBy.clear();
        } else if (shown > index) {
            m_doc.view.colourBy = "prompt:" + std::to_string(shown - 1);
        }
    }
    refreshScores();
}

void Session::setPrompts(std::vector<core::Prompt> prompts, const std::string& colour)
{
    m_doc.prompts = std::move(prompts);
    m_doc.view.hidden.clear();
    m_doc.view.colourBy = colour;
    Q_EMIT promptsChanged();
    encodePrompts();
}

void Session::encodePrompts()
{
    if (!m_model) {
        refreshScores();
        return;
    }
    if (m_model->tokenizer() == nullptr) {
        refreshScores();
        return;
    }
    std::vector<std::string> texts;
    for (const core::Prompt& p : m_doc.prompts) {
        for (const auto* side : {&p.text, &p.opposite}) {
            if (!side->empty()) {
                texts.push_back(*side);
            }
        }
    }
    if (texts.empty()) {
        refreshScores();
        return;
    }
    const auto model = m_model;
    m_jobs.start(
        core::Lane::Query, tr("Encoding prompts"), this,
        [model, texts](core::JobContext& job) { return std::make_pair(texts, model->encodeTexts(texts, job)); },
        [this, model](const std::pair<std::vector<std::string>, core::Matrix>& encoded) {
            if (model != m_model) {
                return;
            }
            const auto vectorOf = [&encoded](const std::string& text) -> std::vector<float> {
                for (std::size_t i = 0; i < encoded.first.size(); ++i) {
                    if (encoded.first[i] == text) {
                        const float* row = encoded.second.row(i);
                        return {row, row + encoded.second.cols()};
                    }
                }
                return {};
            };
            for (core::Prompt& p : m_doc.prompts) {
                p.vector = vectorOf(p.text);
                p.oppositeVector = p.opposite.empty() ? std::vector<float>{} : vectorOf(p.opposite);
            }
            if (m_doc.embedding && m_doc.embedding->rows.cols() != encoded.second.cols()) {
                Q_EMIT notice(tr("The vectors have %1 dimensions but the model gives %2, so prompts cannot be compared "
                                 "with them; open "
                                 "the model that made them.")
                                  .arg(m_doc.embedding->rows.cols())
                                  .arg(encoded.second.cols()),
                              true);
            }
            refreshScores();
        });
}

void Session::refreshScores()
{
    m_jobs.cancel(m_scoreJob);
    m_scores.clear();
    Q_EMIT promptsChanged();
    if (!m_data || !m_doc.embedding || m_doc.prompts.empty()) {
        refreshColours();
        return;
    }
    const auto embedding = m_doc.embedding;
    const auto prompts = m_doc.prompts;
    const std::size_t samples = m_data->samples.size();
    const double scale = m_doc.view.logitScale;
    m_scoreJob = m_jobs.start(
        core::Lane::Query, tr("Scoring"), this,
        [embedding, prompts, samples, scale](core::JobContext& job) {
            return ui::promptValues(*embedding, samples, prompts, scale, job);
        },
        [this](std::vector<ui::PromptValues> all) {
            m_scores = std::move(all);
            Q_EMIT promptsChanged();
            refreshColours();
        });
}

} // namespace semascope::app
