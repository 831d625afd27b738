#include "core/job/Parallel.h"
#include "core/reduce/GuttmanKernel_p.h"
#include "core/reduce/Mds_p.h"
#include "core/reduce/Prepare_p.h"
#include "core/reduce/SpecOptions_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kStartPairs = 8000000; ///< distances that the default number of starts may visit per iteration
constexpr std::size_t kMostStarts = 12;      ///< by default
constexpr std::size_t kPairsPerTask = 65536; ///< work worth handing to another thread
constexpr double kJitter = 1e-3;             ///< of the typical distance, on axes that a start leaves flat

struct Settings
{
    bool classical = true, relaxed = false;
    int starts = 1, most = 300;
    double eps = 1e-6;
};

/// No single start is good on every data set, and on small ones more starts cost nothing that is felt.
int defaultStarts(std::size_t n)
{
    return static_cast<int>(std::clamp(kStartPairs / (n * n), std::size_t{1}, kMostStarts));
}

Settings settings(const LayoutSpec& spec, std::size_t n)
{
    const SpecOptions options(spec.method, spec.options, {"metric", "init", "n_init", "max_iter", "eps", "relaxed"});
    Settings s;
    s.classical = options.word("init", {"classical", "random"}) == "classical";
    s.starts = options.integer("n_init", std::max(defaultStarts(n), s.classical ? 1 : 4), 1, 1000);
    s.most = options.integer("max_iter", s.most, 1, 1000000);
    s.eps = options.number("eps", s.eps, 0);
    s.relaxed = options.integer("relaxed", 0, 0, 1) == 1;
    return s;
}

/// Coordinates axis after axis, in the units of the distances.
using Axes = std::vector<float>;

Matrix toMatrix(const Axes& axes, const PairDistances& delta, std::size_t dim)
{
    std::vector<float> points(axes.size());
    for (std::size_t i = 0; i < delta.n; ++i) {
        for (std::size_t k = 0; k < dim; ++k) {
            points[i * dim + k] = static_cast<float>(axes[k * delta.n + i] * delta.unit);
        }
    }
    return Matrix::from(std::move(points), delta.n, dim);
}

Axes fromMatrix(const Matrix& points, const PairDistances& delta)
{
    Axes axes(points.rows() * points.cols());
    for (std::size_t i = 0; i < points.rows(); ++i) {
        for (std::size_t k = 0; k < points.cols(); ++k) {
            axes[k * delta.n + i] = static_cast<float>(points.at(i, k) / delta.unit);
        }
    }
    return axes;
}

double typicalDistance(const PairDistances& delta)
{
    std::vector<double> sums(delta.n, 0.0);
    parallelFor(delta.n, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            sums[i] = std::accumulate(delta.row(i), delta.row(i) + delta.n, 0.0);
        }
    });
    const auto pairs = static_cast<double>(delta.n) * static_cast<double>(std::max<std::size_t>(delta.n, 2) - 1);
    return std::accumulate(sums.begin(), sums.end(), 0.0) / pairs;
}

Axes randomStart(const PairDistances& delta, std::size_t dim, std::uint64_t seed)
{
    // Points in a cube whose typical distance is that of the data.
    const double side = typicalDistance(delta) * std::sqrt(6.0 / static_cast<double>(dim));
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(-side / 2, side / 2);
    Axes axes(delta.n * dim);
    std::generate(axes.begin(), axes.end(), [&] { return static_cast<float>(uniform(random)); });
    return axes;
}

/// A flat axis stays flat under the Guttman transform even where using it would lower the stress.
void jitterFlatAxes(Axes& axes, const PairDistances& delta, std::uint64_t seed)
{
    const double width = kJitter * typicalDistance(delta);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(-width, width);
    for (std::size_t from = 0; from < axes.size(); from += delta.n) {
        const auto begin = axes.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = begin + static_cast<std::ptrdiff_t>(delta.n);
        if (std::all_of(begin, end, [](float v) { return v == 0; })) {
            std::generate(begin, end, [&] { return static_cast<float>(uniform(random)); });
        }
    }
}

/// One descent from one start.
class Descent
{
public:
    Descent(const PairDistances& delta, std::size_t dim, Axes start)
        : m_delta(delta), m_dim(dim), m_now(std::move(start)), m_next(m_now.size()), m_stress(delta.n)
    {}

    const Axes& now() const { return m_now; }

    /// Moves all points once; returns the raw stress from before, in squared units of the distances.
    double step(bool relaxed)
    {
        const std::size_t n = m_delta.n;
        const AxisView view{m_now.data(), n, n, static_cast<int>(m_dim)};
        parallelFor(n, std::max<std::size_t>(16, kPairsPerTask / n), [&](std::size_t begin, std::size_t end) {
            std::vector<float> at(m_dim);
            std::vector<double> pull(m_dim);
            for (std::size_t i = begin; i < end; ++i) {
                for (std::size_t k = 0; k < m_dim; ++k) {
                    at[k] = m_now[k * n + i];
                    pull[k] = 0;
                }
                m_stress[i] = guttmanRow(m_delta.row(i), view, at.data(), pull.data());
                for (std::size_t k = 0; k < m_dim; ++k) {
                    const double moved = pull[k] / static_cast<double>(n);
                    m_next[k * n + i] = static_cast<float>(relaxed ? 2 * moved - static_cast<double>(at[k]) : moved);
                }
            }
        });
        m_now.swap(m_next);
        return std::accumulate(m_stress.begin(), m_stress.end(), 0.0) / 2;
    }

private:
    const PairDistances& m_delta;
    std::size_t m_dim;
    Axes m_now, m_next;
    std::vector<double> m_stress;
};

struct Outcome
{
    Axes axes;
    double stress = std::numeric_limits<double>::infinity(); ///< as last seen, for choosing among starts
    int iterations = 0;
};

class Smacof
{
public:
    Smacof(const PairDistances& delta, const LayoutSpec& spec, const MdsInput& input, JobContext& job)
        : m_delta(delta),
          m_spec(spec),
          m_input(input),
          m_settings(settings(spec, delta.n)),
          m_dim(static_cast<std::size_t>(spec.dim)),
          m_job(job)
    {}

    const Settings& used() const { return m_settings; }

    Outcome best(std::vector<std::string>& notes)
    {
        Outcome best;
        for (int s = 0; s < m_settings.starts; ++s) {
            Outcome outcome = descend(start(s, notes), s);
            if (outcome.stress < best.stress) {
                best = std::move(outcome);
            }
        }
        return best;
    }

private:
    Axes start(int number, std::vector<std::string>& notes)
    {
        const std::uint64_t seed = m_spec.seed * 1000003 + static_cast<std::uint64_t>(number);
        if (!m_settings.classical || number > 0) {
            return randomStart(m_delta, m_dim, seed);
        }
        if (!m_input.precomputed) {
            return fromMatrix(principalCoordinates(m_input, m_dim, m_job).points, m_delta);
        }
        std::vector<std::string> unsaid; // an empty axis of the start says nothing about the result
        Axes axes = fromMatrix(torgerson(m_delta, m_dim, unsaid, m_job), m_delta);
        jitterFlatAxes(axes, m_delta, seed);
        if (std::any_of(unsaid.begin(), unsaid.end(), [](const auto& n) { return n.find("negative") != n.npos; })) {
            notes.push_back("No points have exactly these distances (there are negative eigenvalues).");
        }
        return axes;
    }

    Outcome descend(Axes axes, int number)
    {
        Descent descent(m_delta, m_dim, std::move(axes));
        Outcome outcome;
        const auto total = static_cast<std::size_t>(m_settings.most) * static_cast<std::size_t>(m_settings.starts);
        while (outcome.iterations < m_settings.most) {
            m_job.checkpoint();
            const Axes shown = m_job.wantsPartial() ? descent.now() : Axes();
            const double before = outcome.stress;
            outcome.stress = descent.step(m_settings.relaxed && outcome.iterations + 1 < m_settings.most);
            ++outcome.iterations;
            if (!shown.empty()) {
                publish(shown, outcome);
            }
            m_job.progress("lowering the stress", "iterations",
                           static_cast<std::size_t>(number * m_settings.most + outcome.iterations), total);
            const bool still = m_settings.eps > 0 && before - outcome.stress <= m_settings.eps * outcome.stress;
            if (outcome.stress == 0 || (still && std::isfinite(before))) {
                break;
            }
        }
        outcome.axes = descent.now();
        return outcome;
    }

    void publish(const Axes& axes, const Outcome& outcome)
    {
        auto partial = std::make_shared<Layout>();
        partial->points = toMatrix(axes, m_delta, m_dim);
        partial->rawStress = outcome.stress * m_delta.unit * m_delta.unit;
        partial->iterations = outcome.iterations;
        partial->inputRow.assign(m_input.which.begin(), m_input.which.end());
        partial->spec = m_spec;
        m_job.publish<Layout>(std::move(partial));
    }

    const PairDistances& m_delta;
    const LayoutSpec& m_spec;
    const MdsInput& m_input;
    Settings m_settings;
    std::size_t m_dim;
    JobContext& m_job;
};

} // namespace

Layout smacofLayout(const Matrix& x, const LayoutSpec& spec, JobContext& job)
{
    const MdsInput input = mdsInput(x, spec);
    checkRequest(x, input.which, spec);
    settings(spec, input.which.size()); // a wrong option is told before the work, not after
    const PairDistances delta = mdsDistances(input, x, spec, job);
    Layout layout;
    layout.notes = input.notes;
    Smacof smacof(delta, spec, input, job);
    const Outcome outcome = smacof.best(layout.notes);
    layout.points = toMatrix(outcome.axes, delta, static_cast<std::size_t>(spec.dim));
    layout.iterations = outcome.iterations;
    const Stress stress = stressOf(delta, layout.points, job);
    layout.rawStress = stress.raw;
    layout.stress1 = stress.one;
    if (smacof.used().starts > 1) {
        layout.notes.push_back("Best of " + std::to_string(smacof.used().starts) + " starts.");
    }
    if (input.precomputed) {
        layout.notes.push_back("From distances only: new rows cannot be placed.");
    } else {
        layout.projector = stressProjector(input, layout.points, spec.seed);
    }
    describe(layout, spec, input.which, x.rows());
    return layout;
}

} // namespace semascope::core
