#include "core/latent/Disentanglement_p.h"
#include "core/latent/IinPairs_p.h"
#include "core/latent/Probe.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

/// Draws rows that share the value of one factor.
class FixedFactorRows
{
public:
    FixedFactorRows(const FactorTable& table, std::uint64_t seed)
        : m_table(table), m_random(seed * 0x9e3779b97f4a7c15ULL + 7)
    {
        for (const auto& factor : table.factors) {
            std::vector<std::vector<std::uint32_t>> byValue(valueCount(factor));
            for (std::size_t i = 0; i < factor.size(); ++i) {
                byValue[static_cast<std::size_t>(factor[i])].push_back(static_cast<std::uint32_t>(i));
            }
            m_rows.push_back(std::move(byValue));
        }
    }

    std::size_t drawFactor() { return drawBelow(m_random, m_table.factors.size()); }
    /// All rows of one value of the factor; the value is that of a row drawn from all.
    const std::vector<std::uint32_t>& drawValue(std::size_t factor)
    {
        const auto row = drawBelow(m_random, m_table.latents.rows());
        return m_rows[factor][static_cast<std::size_t>(m_table.factors[factor][row])];
    }
    const float* drawRow(const std::vector<std::uint32_t>& among)
    {
        return m_table.latents.row(among[drawBelow(m_random, among.size())]);
    }

private:
    const FactorTable& m_table;
    std::mt19937_64 m_random;
    std::vector<std::vector<std::vector<std::uint32_t>>> m_rows;
};

void checkSets(const FixedFactorSpec& spec)
{
    if (spec.train == 0 || spec.test == 0 || spec.batch < 2) {
        throw Error(Code::Misuse, "These scores need sets to fit and to judge by, of two samples at least.");
    }
}

/// Unbiased variances of columns.
std::vector<double> variances(const std::vector<const float*>& rows, std::size_t width)
{
    std::vector<double> result(width);
    for (std::size_t j = 0; j < width; ++j) {
        double sum = 0, squares = 0;
        for (const float* row : rows) {
            sum += static_cast<double>(row[j]);
        }
        const double mean = sum / static_cast<double>(rows.size());
        for (const float* row : rows) {
            squares += (static_cast<double>(row[j]) - mean) * (static_cast<double>(row[j]) - mean);
        }
        result[j] = squares / static_cast<double>(rows.size() - 1);
    }
    return result;
}

/// The latent that varies least among a set with one factor fixed.
struct Vote
{
    std::size_t latent = 0, factor = 0;
};

Vote drawVote(FixedFactorRows& rows, const std::vector<double>& everywhere, const std::vector<std::size_t>& active,
              std::size_t batch)
{
    Vote vote;
    vote.factor = rows.drawFactor();
    const auto& among = rows.drawValue(vote.factor);
    std::vector<const float*> set(batch);
    std::generate(set.begin(), set.end(), [&] { return rows.drawRow(among); });
    const std::vector<double> here = variances(set, everywhere.size());
    vote.latent = *std::min_element(active.begin(), active.end(), [&](std::size_t a, std::size_t b) {
        return here[a] / everywhere[a] < here[b] / everywhere[b];
    });
    return vote;
}

/// Area under the ROC curve, ties counted half.
double areaUnderCurve(const Matrix& scores, std::size_t column, const std::vector<std::int32_t>& labels)
{
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scores.at(a, column) < scores.at(b, column); });
    double area = 0, below = 0, positives = 0;
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        double tiedPositives = 0, tiedNegatives = 0;
        for (; last < order.size() && scores.at(order[last], column) == scores.at(order[first], column); ++last) {
            const bool positive = labels[order[last]] == static_cast<std::int32_t>(column);
            (positive ? tiedPositives : tiedNegatives) += 1;
        }
        area += tiedPositives * (below + tiedNegatives / 2);
        below += tiedNegatives;
        positives += tiedPositives;
        first = last;
    }
    return positives > 0 && below > 0 ? area / (positives * below) : std::nan("");
}

} // namespace

double explicitness(const FactorTable& table, JobContext& job)
{
    checkTable(table);
    const std::size_t n = table.latents.rows(), half = n / 2;
    std::vector<std::size_t> train(half), test(n - half);
    std::iota(train.begin(), train.end(), std::size_t{0});
    std::iota(test.begin(), test.end(), half);
    const Matrix fitRows = takeRows(table.latents, train), judged = takeRows(table.latents, test);
    double sum = 0;
    for (const auto& factor : table.factors) {
        const std::vector<std::int32_t> first(factor.begin(), factor.begin() + static_cast<std::ptrdiff_t>(half));
        const std::vector<std::int32_t> second(factor.begin() + static_cast<std::ptrdiff_t>(half), factor.end());
        ProbeSpec spec;
        spec.standardise = false;
        const Matrix scores = fitProbe(fitRows, first, spec, job).probabilities(judged);
        double areas = 0, counted = 0;
        for (std::size_t c = 0; c < scores.cols(); ++c) {
            const double area = areaUnderCurve(scores, c, second);
            areas += std::isnan(area) ? 0 : area;
            counted += std::isnan(area) ? 0 : 1;
        }
        sum += counted > 0 ? areas / counted : 0;
    }
    return sum / static_cast<double>(table.factors.size());
}

double factorVaeScore(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job)
{
    checkTable(table);
    checkSets(spec);
    constexpr double kInactive = .05;
    const std::size_t latents = table.latents.cols(), factors = table.factors.size();
    std::vector<const float*> all;
    for (std::size_t i = 0; i < table.latents.rows(); ++i) {
        all.push_back(table.latents.row(i));
    }
    const std::vector<double> everywhere = all.size() > 1 ? variances(all, latents) : std::vector<double>(latents);
    std::vector<std::size_t> active;
    for (std::size_t l = 0; l < latents; ++l) {
        if (std::sqrt(everywhere[l]) >= kInactive) {
            active.push_back(l);
        }
    }
    if (active.empty()) {
        return 0;
    }
    FixedFactorRows rows(table, spec.seed);
    std::vector<std::size_t> votes(latents * factors), judged(latents * factors);
    for (std::size_t i = 0; i < spec.train + spec.test; ++i) {
        job.checkpoint();
        const Vote vote = drawVote(rows, everywhere, active, spec.batch);
        ++(i < spec.train ? votes : judged)[vote.latent * factors + vote.factor];
    }
    std::size_t right = 0;
    for (std::size_t l = 0; l < latents; ++l) {
        const auto row = votes.begin() + static_cast<std::ptrdiff_t>(l * factors);
        const auto winner = std::max_element(row, row + static_cast<std::ptrdiff_t>(factors)) - row;
        right += judged[l * factors + static_cast<std::size_t>(winner)];
    }
    return static_cast<double>(right) / static_cast<double>(spec.test);
}

double betaVaeScore(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job)
{
    checkTable(table);
    checkSets(spec);
    if (table.factors.size() < 2) {
        throw Error(Code::Misuse, "The BetaVAE score needs two factors at least, to tell apart.");
    }
    const std::size_t latents = table.latents.cols(), sets = spec.train + spec.test;
    FixedFactorRows rows(table, spec.seed);
    std::vector<float> features(sets * latents);
    std::vector<std::int32_t> fixed;
    for (std::size_t i = 0; i < sets; ++i) {
        job.checkpoint();
        const std::size_t factor = rows.drawFactor();
        std::vector<double> sum(latents);
        for (std::size_t b = 0; b < spec.batch; ++b) {
            const auto& among = rows.drawValue(factor);
            const float* first = rows.drawRow(among);
            const float* second = rows.drawRow(among);
            for (std::size_t l = 0; l < latents; ++l) {
                sum[l] += std::abs(static_cast<double>(first[l]) - static_cast<double>(second[l]));
            }
        }
        for (std::size_t l = 0; l < latents; ++l) {
            features[i * latents + l] = static_cast<float>(sum[l] / static_cast<double>(spec.batch));
        }
        fixed.push_back(static_cast<std::int32_t>(factor));
    }
    const auto border = static_cast<std::ptrdiff_t>(spec.train);
    const Matrix train(features.data(), spec.train, latents, nullptr);
    const Matrix test(features.data() + spec.train * latents, spec.test, latents, nullptr);
    const Probe probe = fitProbe(train, {fixed.begin(), fixed.begin() + border}, {}, job);
    return accuracy(probe.predict(test), {fixed.begin() + border, fixed.end()});
}

DisentanglementScores disentanglement(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job)
{
    DisentanglementScores s;
    s.information = mutualInformation(table);
    s.entropies = factorEntropies(table);
    s.mig = mutualInformationGap(s.information, s.entropies).score;
    s.modularity = modularity(s.information);
    s.explicitness = explicitness(table, job);
    s.sap = separatedAttributePredictability(separatedScores(table, job));
    s.factorVae = factorVaeScore(table, spec, job);
    s.betaVae = table.factors.size() > 1 ? betaVaeScore(table, spec, job) : std::nan("");
    s.totalCorrelation = gaussianTotalCorrelation(table.latents);
    s.dci = dci(table, {}, job);
    return s;
}

} // namespace semascope::core
