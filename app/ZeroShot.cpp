#include "app/ZeroShot.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace semascope::app {

namespace {

constexpr const char* kColumnNames[] = {"predicted (zero-shot)", "correct (zero-shot)", "confidence (zero-shot)"};
constexpr ZeroShot::Column kColumns[] = {ZeroShot::Column::Predicted, ZeroShot::Column::Correct,
                                         ZeroShot::Column::Confidence};

std::string columnName(ZeroShot::Column column)
{
    return kColumnNames[static_cast<int>(column)];
}

/// A copy of the result, compared with labels; without an attribute, with none.
std::pair<std::shared_ptr<const core::ZeroShotResult>, std::vector<std::int32_t>>
judged(core::ZeroShotResult result, const std::optional<core::Attribute>& attribute)
{
    std::vector<std::int32_t> labels;
    result.confusion.clear();
    result.labelled = result.unlabelled = 0;
    result.top1 = result.top5 = 0;
    if (attribute) {
        labels = core::labelsFor(*attribute, result.spec.classes);
        core::judgeZeroShot(result, labels);
    }
    return {std::make_shared<const core::ZeroShotResult>(std::move(result)), std::move(labels)};
}

} // namespace

ZeroShot::ZeroShot(Session* session, QObject* parent) : QObject(parent), m_session(session)
{
    for (const auto signal : {&Session::dataChanged, &Session::modelChanged, &Session::embeddingChanged}) {
        connect(session, signal, this, &ZeroShot::followSession);
    }
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool over = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
        if (over) { // also when an embedding was cancelled: then one is missing
            m_job = report.id == m_job ? 0 : m_job;
            Q_EMIT changed();
        }
    });
}

void ZeroShot::followSession()
{
    const bool same = (!m_data || m_data == m_session->data()) && (!m_model || m_model == m_session->model());
    if (!same) {
        forget();
    }
    Q_EMIT changed();
}

void ZeroShot::forget()
{
    const quint64 job = std::exchange(m_job, 0);
    m_session->jobs()->cancel(job);
    m_session->jobs()->cancel(m_judgeJob);
    m_data.reset();
    m_model.reset();
    m_embedding.reset();
    m_classifier.reset();
    m_result.reset();
    m_labels.clear();
    m_rows.clear();
    m_against.clear();
}

ZeroShot::Missing ZeroShot::missing() const
{
    const auto& model = m_session->model();
    const auto& embedding = m_session->document().embedding;
    if (!m_session->data()) {
        return Missing::Data;
    }
    if (!model) {
        return Missing::Model;
    }
    if (model->tokenizer() == nullptr) {
        return Missing::Vocabulary;
    }
    if (m_session->embedding() || !embedding || embedding->rows.rows() == 0) {
        return Missing::Embedding;
    }
    const std::string& made = embedding->spec.modelHash; // empty: vectors that were read from a file
    if (!made.empty() && made != model->weightsHash()) {
        return Missing::OtherModel;
    }
    const bool fits = embedding->rows.cols() == static_cast<std::size_t>(model->info().clip.embedDim);
    return fits ? Missing::Nothing : Missing::OtherSize;
}

bool ZeroShot::stale() const
{
    return m_result && m_session->document().embedding && m_session->document().embedding != m_embedding &&
           m_session->document().embedding->rows.rows() != m_result->sampleIndex.size();
}

std::vector<const core::Attribute*> ZeroShot::labelAttributes() const
{
    std::vector<const core::Attribute*> all;
    if (!m_session->data()) {
        return all;
    }
    for (const core::Attribute* a : ui::allAttributes(*m_session->data(), m_session->document())) {
        const auto own = [a](Column column) { return a->name == columnName(column); };
        if (!a->numeric() && std::none_of(std::begin(kColumns), std::end(kColumns), own)) {
            all.push_back(a);
        }
    }
    return all;
}

std::optional<core::Attribute> ZeroShot::attributeNamed(const QString& name) const
{
    for (const core::Attribute* a : labelAttributes()) {
        if (!name.isEmpty() && a->name == name.toStdString()) {
            return *a;
        }
    }
    return std::nullopt;
}

void ZeroShot::run(const core::ZeroShotSpec& spec, const QString& labelAttribute)
{
    if (running() || missing() != Missing::Nothing) {
        return;
    }
    m_data = m_session->data();
    m_model = m_session->model();
    const auto model = m_model;
    const auto embedding = m_embedding = m_session->document().embedding;
    const auto known = m_spec == spec ? m_classifier : nullptr;
    const auto attribute = attributeNamed(labelAttribute);
    const QString title =
        tr("Zero-shot: %1 classes × %2 templates").arg(spec.classes.size()).arg(spec.templates.templates.size());
    m_spec = spec;
    m_classifier = known;
    m_job = m_session->jobs()->start(
        core::Lane::Work, title, this,
        [model, embedding, known, spec, attribute](core::JobContext& job) {
            Outcome outcome;
            outcome.classifier =
                known ? known : std::make_shared<const core::Matrix>(core::zeroShotClassifier(*model, spec, job));
            core::ZeroShotResult result =
                core::zeroShot(*embedding, *outcome.classifier, spec, model->logitScale(), job);
            result.modelName = model->info().name;
            std::tie(outcome.result, outcome.labels) = judged(std::move(result), attribute);
            return outcome;
        },
        [this, labelAttribute](Outcome outcome) { accept(std::move(outcome), labelAttribute); });
    Q_EMIT changed();
}

void ZeroShot::accept(Outcome outcome, const QString& labelAttribute)
{
    m_classifier = std::move(outcome.classifier);
    m_result = std::move(outcome.result);
    m_labels = std::move(outcome.labels);
    m_against = m_labels.empty() ? QString() : labelAttribute;
    m_rows.assign(m_data->samples.size(), -1);
    for (std::size_t row = m_result->sampleIndex.size(); row-- > 0;) {
        m_rows[m_result->sampleIndex[row]] = static_cast<std::int32_t>(row);
    }
    refreshAttributes();
    Q_EMIT changed();
}

void ZeroShot::cancel()
{
    m_session->jobs()->cancel(m_job);
}

void ZeroShot::compareWith(const QString& labelAttribute)
{
    if (!m_result) {
        return;
    }
    m_session->jobs()->cancel(m_judgeJob);
    const auto result = m_result;
    const auto attribute = attributeNamed(labelAttribute);
    m_judgeJob = m_session->jobs()->start(
        core::Lane::Query, tr("Comparing with labels"), this,
        [result, attribute](core::JobContext&) { return judged(*result, attribute); },
        [this, result, labelAttribute](std::pair<std::shared_ptr<const core::ZeroShotResult>, std::vector<int>> now) {
            if (m_result == result) { // not of a run that has ended since
                accept({m_classifier, std::move(now.first), std::move(now.second)}, labelAttribute);
            }
        });
}

std::int32_t ZeroShot::labelOf(std::int64_t sample) const
{
    return sample >= 0 && static_cast<std::size_t>(sample) < m_labels.size()
               ? m_labels[static_cast<std::size_t>(sample)]
               : -1;
}

std::int64_t ZeroShot::rowOf(std::int64_t sample) const
{
    return sample >= 0 && static_cast<std::size_t>(sample) < m_rows.size() ? m_rows[static_cast<std::size_t>(sample)]
                                                                           : -1;
}

std::vector<std::uint32_t> ZeroShot::wrongSamples() const
{
    std::vector<std::uint32_t> wrong;
    for (std::size_t row = 0; m_result && row < m_result->sampleIndex.size(); ++row) {
        const std::uint32_t sample = m_result->sampleIndex[row];
        const std::int32_t best = m_result->best[row * m_result->top], label = labelOf(sample);
        if (best >= 0 && label >= 0 && best != label) {
            wrong.push_back(sample);
        }
    }
    return wrong;
}

std::vector<std::uint32_t> ZeroShot::samplesOf(int label, int prediction) const
{
    std::vector<std::uint32_t> samples;
    const bool compared = m_result && !m_result->confusion.empty();
    for (std::size_t row = 0; m_result && row < m_result->sampleIndex.size(); ++row) {
        const std::uint32_t sample = m_result->sampleIndex[row];
        const std::int32_t best = m_result->best[row * m_result->top], is = labelOf(sample);
        const bool counted = best >= 0 && (is >= 0 || !compared);
        if (counted && (label < 0 || is == label) && (prediction < 0 || best == prediction)) {
            samples.push_back(sample);
        }
    }
    return samples;
}

core::Attribute ZeroShot::attributeOf(Column column) const
{
    core::Attribute a;
    a.name = columnName(column);
    const std::size_t n = m_data->samples.size();
    if (column == Column::Confidence) {
        a.numbers.assign(n, std::numeric_limits<double>::quiet_NaN());
    } else {
        a.categories.assign(n, -1);
        a.labels = column == Column::Predicted ? m_result->spec.classes : std::vector<std::string>{"correct", "wrong"};
    }
    for (std::size_t s = 0; s < n; ++s) {
        if (m_rows[s] < 0) {
            continue;
        }
        const std::size_t at = static_cast<std::size_t>(m_rows[s]) * m_result->top;
        const std::int32_t best = m_result->best[at], label = labelOf(static_cast<std::int64_t>(s));
        if (column == Column::Confidence) {
            a.numbers[s] = static_cast<double>(m_result->probability[at]);
        } else if (column == Column::Predicted) {
            a.categories[s] = best;
        } else if (best >= 0 && label >= 0) {
            a.categories[s] = best == label ? 0 : 1;
        }
    }
    return a;
}

void ZeroShot::colourBy(Column column)
{
    if (m_result && (column != Column::Correct || !m_result->confusion.empty())) {
        m_session->addAttribute(attributeOf(column), true);
    }
}

/// What the person has made of an earlier result follows the new one.
void ZeroShot::refreshAttributes()
{
    for (const Column column : kColumns) {
        const auto& made = m_session->document().userAttributes;
        const bool there = std::any_of(made.begin(), made.end(),
                                       [column](const core::Attribute& a) { return a.name == columnName(column); });
        if (there) {
            m_session->addAttribute(attributeOf(column), false);
        }
    }
}

} // namespace semascope::app
