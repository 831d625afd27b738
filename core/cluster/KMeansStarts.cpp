#include "core/cluster/KMeans_p.h"
#include "core/job/Gemm.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace semascope::core {

namespace {

/// The choice of centres for one start.
struct Choice
{
    std::mt19937_64 random;
    std::vector<float> nearest;          ///< squared distance of each row to the chosen centres
    std::vector<std::size_t> candidates; ///< rows on trial
    std::vector<std::size_t> chosen;
};

/// `count` rows drawn with probability proportional to their distance; uniformly when all distances are 0.
void drawCandidates(Choice& choice, std::size_t count)
{
    const std::size_t n = choice.nearest.size();
    double total = 0;
    for (const float value : choice.nearest) {
        total += static_cast<double>(value);
    }
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<double> marks(count);
    std::generate(marks.begin(), marks.end(), [&] { return uniform(choice.random); });
    choice.candidates.resize(count);
    if (!(total > 0)) {
        std::transform(marks.begin(), marks.end(), choice.candidates.begin(),
                       [&](double m) { return std::min(n - 1, static_cast<std::size_t>(m * static_cast<double>(n))); });
        return;
    }
    std::sort(marks.begin(), marks.end());
    double sum = 0;
    std::size_t next = 0, last = 0;
    for (std::size_t i = 0; i < n && next < count; ++i) {
        if (choice.nearest[i] > 0) {
            sum += static_cast<double>(choice.nearest[i]);
            last = i;
        }
        while (next < count && sum > marks[next] * total) {
            choice.candidates[next++] = i;
        }
    }
    std::fill(choice.candidates.begin() + static_cast<std::ptrdiff_t>(next), choice.candidates.end(), last);
}

/// All starts' candidates against all rows in one product.
class Trials
{
public:
    Trials(const KMeansData& data, std::size_t trials, std::vector<Choice>& choices)
        : m_data(data), m_trials(trials), m_choices(choices), m_products(trials * choices.size() * data.n())
    {}

    /// Each start takes the candidate that leaves the least sum of distances.
    void run()
    {
        const std::size_t n = m_data.n(), d = m_data.d(), lines = m_trials * m_choices.size();
        std::vector<float> candidates(lines * d);
        for (std::size_t line = 0; line < lines; ++line) {
            std::copy_n(m_data.rows.row(candidate(line)), d, candidates.data() + line * d);
        }
        gemm({lines, n, d, candidates.data(), m_data.rows.data(), m_products.data(), false, true, 0});
        std::vector<double> costs(lines);
        parallelFor(lines, 1, [&](std::size_t from, std::size_t to) {
            for (std::size_t line = from; line < to; ++line) {
                costs[line] = lowered(line);
            }
        });
        for (std::size_t s = 0; s < m_choices.size(); ++s) {
            const double* const first = costs.data() + s * m_trials;
            const auto best = static_cast<std::size_t>(std::min_element(first, first + m_trials) - first);
            const float* const line = m_products.data() + (s * m_trials + best) * n;
            m_choices[s].chosen.push_back(m_choices[s].candidates[best]);
            std::copy_n(line, n, m_choices[s].nearest.data());
        }
    }

private:
    std::size_t candidate(std::size_t line) const { return m_choices[line / m_trials].candidates[line % m_trials]; }

    /// Turns a line of products into min(nearest so far, squared distance to the candidate); returns its sum.
    double lowered(std::size_t line)
    {
        const std::size_t n = m_data.n(), row = candidate(line);
        const float* const nearest = m_choices[line / m_trials].nearest.data();
        const float square = m_data.squares[row];
        float* const values = m_products.data() + line * n;
        double sum = 0;
        lowerDistances({values, nearest, m_data.squares.data(), square, n, &sum});
        sum -= static_cast<double>(values[row]);
        values[row] = 0;
        return sum;
    }

    const KMeansData& m_data;
    std::size_t m_trials;
    std::vector<Choice>& m_choices;
    std::vector<float> m_products; ///< trials·starts × n
};

} // namespace

std::size_t trialsPerCentre(std::size_t k)
{
    return 2 + static_cast<std::size_t>(std::log(static_cast<double>(k)));
}

std::vector<float> chooseStarts(const KMeansData& data, const KMeansSettings& settings, std::size_t first,
                                std::size_t count, JobContext& job)
{
    const std::size_t n = data.n(), d = data.d(), k = settings.k, trials = trialsPerCentre(k);
    std::vector<Choice> choices(count);
    for (std::size_t s = 0; s < count; ++s) {
        choices[s].random.seed(settings.seed * 1000003 + first + s);
        choices[s].nearest.assign(n, std::numeric_limits<float>::max());
    }
    Trials all(data, trials, choices);
    for (std::size_t c = 0; c < k; ++c) {
        job.checkpoint();
        parallelFor(count, 1, [&](std::size_t from, std::size_t to) {
            for (std::size_t s = from; s < to; ++s) {
                // All distances are still the same before the first centre: a uniform draw, and one is enough.
                drawCandidates(choices[s], c == 0 ? 1 : trials);
                choices[s].candidates.resize(trials, choices[s].candidates.front());
            }
        });
        all.run();
        job.progress("choosing starts", "centres", c + 1, k);
    }
    std::vector<float> centres(count * k * d);
    for (std::size_t s = 0; s < count; ++s) {
        for (std::size_t c = 0; c < k; ++c) {
            std::copy_n(data.rows.row(choices[s].chosen[c]), d, centres.data() + (s * k + c) * d);
        }
    }
    return centres;
}

} // namespace semascope::core
