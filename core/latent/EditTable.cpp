#include "core/latent/EditTable.h"

#include "core/latent/IinPairs_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using Reading = std::vector<std::int32_t>;

/// What the probes read of a set of rows: the attribute first, then the others.
std::vector<Reading> read(const EditTrial& trial, const Matrix& seen)
{
    std::vector<Reading> all{trial.attribute.probe.predict(seen)};
    for (const JudgedAttribute& other : trial.others) {
        all.push_back(other.probe.predict(seen));
    }
    return all;
}

Matrix pictureOf(const EditTrial& trial, const Matrix& z)
{
    return trial.picture ? trial.picture(z) : z;
}

struct Outcome
{
    double flipped = 0, leastKept = 1;
    std::vector<double> kept;
};

Outcome outcomeOf(const std::vector<Reading>& before, const std::vector<Reading>& after, std::int32_t target)
{
    Outcome outcome;
    const std::size_t n = after.front().size();
    const auto share = [n](std::size_t count) {
        return n > 0 ? static_cast<double>(count) / static_cast<double>(n) : kNone;
    };
    outcome.flipped = share(static_cast<std::size_t>(std::count(after.front().begin(), after.front().end(), target)));
    for (std::size_t k = 1; k < after.size(); ++k) {
        std::size_t same = 0;
        for (std::size_t i = 0; i < n; ++i) {
            same += before[k][i] == after[k][i] ? 1 : 0;
        }
        outcome.kept.push_back(share(same));
        outcome.leastKept = std::min(outcome.leastKept, outcome.kept.back());
    }
    return outcome;
}

double rowDistance(const Matrix& a, const Matrix& b, std::size_t i)
{
    double sum = 0;
    for (std::size_t j = 0; j < a.cols(); ++j) {
        const double d = static_cast<double>(a.at(i, j)) - static_cast<double>(b.at(i, j));
        sum += d * d;
    }
    return std::sqrt(sum);
}

/// Each row moved as far as the edit moved it, in a direction drawn at random.
Matrix randomlyMoved(const Matrix& z, const Matrix& edited, std::mt19937_64& random)
{
    std::vector<float> moved(z.data(), z.data() + z.rows() * z.cols());
    std::vector<float> direction(z.cols());
    for (std::size_t i = 0; i < z.rows(); ++i) {
        double squares = 0;
        for (float& v : direction) {
            v = drawNormal(random);
            squares += static_cast<double>(v) * static_cast<double>(v);
        }
        const auto length = static_cast<float>(rowDistance(z, edited, i) / std::sqrt(squares));
        for (std::size_t j = 0; j < z.cols(); ++j) {
            moved[i * z.cols() + j] += length * direction[j];
        }
    }
    return Matrix::from(std::move(moved), z.rows(), z.cols());
}

/// Whether `a` is to be offered before `b`.
bool better(const EditScore& a, const EditScore& b)
{
    const bool clean = a.leastKept >= kCleanEdit, otherClean = b.leastKept >= kCleanEdit;
    if (clean != otherClean) {
        return clean;
    }
    const auto worth = [](const EditScore& s, bool isClean) {
        return isClean ? s.flipped : (s.flipped + s.leastKept) / 2;
    };
    return worth(a, clean) > worth(b, otherClean);
}

class Judge
{
public:
    Judge(const EditTrial& trial, JobContext& job) : m_trial(trial), m_job(job)
    {
        const std::vector<Reading> all = read(trial, pictureOf(trial, trial.z));
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < trial.z.rows(); ++i) {
            if (all.front()[i] != trial.target) {
                rows.push_back(i);
            }
        }
        m_z = takeRows(trial.z, rows);
        m_seen = pictureOf(trial, m_z);
        m_before = read(trial, m_seen);
    }

    std::size_t rows() const { return m_z.rows(); }

    EditScore score(const LatentEdit& edit) const
    {
        const Matrix edited = edit.apply(m_z);
        if (edited.rows() != m_z.rows() || edited.cols() != m_z.cols()) {
            throw Error(Code::Mismatch, "The edit \"" + edit.name + "\" gives rows of another size.");
        }
        const Matrix seen = pictureOf(m_trial, edited);
        const Outcome outcome = outcomeOf(m_before, read(m_trial, seen), m_trial.target);
        EditScore score{edit.name, outcome.flipped, outcome.kept, outcome.leastKept, 0, kNone, 0, 0};
        for (std::size_t i = 0; i < m_z.rows(); ++i) {
            score.length += rowDistance(m_z, edited, i) / static_cast<double>(m_z.rows());
        }
        if (m_trial.directional && m_z.rows() > 0) {
            score.directional = m_trial.directional(m_seen, seen);
        }
        control(edited, score);
        return score;
    }

private:
    void control(const Matrix& edited, EditScore& score) const
    {
        // The same draws for every edit, so that their controls differ by length alone.
        std::mt19937_64 random(m_trial.seed * 0x9e3779b97f4a7c15ULL + 5);
        score.controlFlipped = score.controlLeastKept = m_trial.controls > 0 ? 0 : kNone;
        for (int c = 0; c < m_trial.controls; ++c) {
            m_job.checkpoint();
            const Matrix moved = randomlyMoved(m_z, edited, random);
            const Outcome outcome = outcomeOf(m_before, read(m_trial, pictureOf(m_trial, moved)), m_trial.target);
            score.controlFlipped += outcome.flipped / m_trial.controls;
            score.controlLeastKept += outcome.leastKept / m_trial.controls;
        }
    }

    const EditTrial& m_trial;
    JobContext& m_job;
    Matrix m_z, m_seen;
    std::vector<Reading> m_before;
};

} // namespace

EditTable compareEdits(const EditTrial& trial, const std::vector<LatentEdit>& edits, JobContext& job)
{
    if (edits.empty()) {
        throw Error(Code::Misuse, "There are no edits to compare.");
    }
    const Judge judge(trial, job);
    EditTable table;
    table.rows = judge.rows();
    table.of = trial.z.rows();
    for (const JudgedAttribute& other : trial.others) {
        table.kept.push_back(other.name);
    }
    for (std::size_t e = 0; e < edits.size(); ++e) {
        job.progress("judging edits", "edits", e, edits.size());
        table.scores.push_back(judge.score(edits[e]));
        if (better(table.scores.back(), table.scores[table.best])) {
            table.best = e;
        }
    }
    return table;
}

Strength chooseStrength(const EditTrial& trial, const std::function<LatentEdit(double)>& family,
                        const std::vector<double>& strengths, JobContext& job)
{
    std::vector<LatentEdit> edits;
    std::transform(strengths.begin(), strengths.end(), std::back_inserter(edits), family);
    EditTrial quick = trial;
    quick.controls = 0;
    const EditTable table = compareEdits(quick, edits, job);
    const auto worth = [](const EditScore& s) { return s.flipped + s.leastKept; };
    const auto best = std::max_element(table.scores.begin(), table.scores.end(),
                                       [&](const EditScore& a, const EditScore& b) { return worth(a) < worth(b); });
    return {strengths[static_cast<std::size_t>(best - table.scores.begin())], *best};
}

} // namespace semascope::core
