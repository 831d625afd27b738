#include "core/latent/LatentNames.h"

#include "core/latent/IinPairs_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

/// Of length 1; a zero vector stays zero.
Vector unitOf(Vector v)
{
    const double length = std::sqrt(dot(v, v));
    std::for_each(v.begin(), v.end(), [&](double& x) { x = length > 0 ? x / length : 0; });
    return v;
}

Vector meanOf(const Matrix& rows)
{
    Vector mean(rows.cols());
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        for (std::size_t j = 0; j < rows.cols(); ++j) {
            mean[j] += static_cast<double>(rows.at(i, j)) / static_cast<double>(rows.rows());
        }
    }
    return mean;
}

void check(const LatentNameTask& task)
{
    if (task.changes.empty() || task.prompts.empty() || task.permutations < 2) {
        throw Error(Code::Misuse, "Naming latents needs latents, prompt pairs and chance directions.");
    }
    const std::size_t width = task.changes.front().cols();
    const bool fits = std::all_of(task.changes.begin(), task.changes.end(),
                                  [&](const Matrix& m) { return m.cols() == width && m.rows() > 0; }) &&
                      std::all_of(task.prompts.begin(), task.prompts.end(),
                                  [&](const PromptAxis& p) { return p.vector.size() == width; }) &&
                      (task.pictures.empty() || task.pictures.cols() == width);
    if (!fits) {
        throw Error(Code::Mismatch, "The latents' changes, the prompts and the pictures must come from one model.");
    }
}

/// A direction that means nothing: a random mixture of how pictures differ, or of all numbers where there are none.
Vector chanceDirection(const Matrix& pictures, const Vector& mean, std::size_t width, std::mt19937_64& random)
{
    Vector v(width);
    if (pictures.rows() < 2) {
        std::generate(v.begin(), v.end(), [&] { return static_cast<double>(drawNormal(random)); });
        return unitOf(v);
    }
    for (std::size_t i = 0; i < pictures.rows(); ++i) {
        const double weight = static_cast<double>(drawNormal(random));
        for (std::size_t j = 0; j < width; ++j) {
            v[j] += weight * (static_cast<double>(pictures.at(i, j)) - mean[j]);
        }
    }
    return unitOf(v);
}

/// Mean and deviation of chance directions' cosines with every prompt.
struct Chance
{
    Vector mean, deviation;

    Chance(const LatentNameTask& task, const std::vector<Vector>& prompts, JobContext& job)
        : mean(prompts.size()), deviation(prompts.size())
    {
        // Mixtures of more pictures look no different, and take longer.
        constexpr std::size_t kPictures = 200;
        std::mt19937_64 random(task.seed * 0x9e3779b97f4a7c15ULL + 11);
        std::vector<std::size_t> drawn;
        for (std::size_t i = 0; i < std::min(kPictures, task.pictures.rows()); ++i) {
            drawn.push_back(task.pictures.rows() <= kPictures ? i : drawBelow(random, task.pictures.rows()));
        }
        const Matrix pictures = takeRows(task.pictures, drawn);
        const Vector centre = meanOf(pictures);
        const double n = task.permutations;
        for (int p = 0; p < task.permutations; ++p) {
            job.checkpoint();
            const Vector u = chanceDirection(pictures, centre, task.changes.front().cols(), random);
            for (std::size_t k = 0; k < prompts.size(); ++k) {
                const double cosine = dot(u, prompts[k]);
                mean[k] += cosine / n;
                deviation[k] += cosine * cosine / n;
            }
        }
        for (std::size_t k = 0; k < prompts.size(); ++k) {
            deviation[k] = std::sqrt(std::max(0.0, deviation[k] - mean[k] * mean[k]));
        }
    }
};

LatentNameScore scoreOf(const Matrix& changes, const Vector& prompt)
{
    LatentNameScore score;
    score.cosine = dot(unitOf(meanOf(changes)), prompt);
    double squares = 0;
    for (std::size_t i = 0; i < changes.rows(); ++i) {
        const double slope = dot(Vector(changes.row(i), changes.row(i) + changes.cols()), prompt);
        score.slope += slope / static_cast<double>(changes.rows());
        squares += slope * slope / static_cast<double>(changes.rows());
    }
    score.slopeDeviation = std::sqrt(std::max(0.0, squares - score.slope * score.slope));
    return score;
}

/// The strongest pair of what is left, again and again.
std::vector<std::int32_t> chooseNames(const std::vector<std::vector<LatentNameScore>>& scores, double least)
{
    std::vector<std::int32_t> name(scores.size(), -1);
    std::vector<bool> taken(scores.front().size());
    for (std::size_t round = 0; round < scores.size(); ++round) {
        double best = least;
        std::size_t latent = scores.size(), prompt = 0;
        for (std::size_t l = 0; l < scores.size(); ++l) {
            for (std::size_t p = 0; p < taken.size() && name[l] < 0; ++p) {
                if (!taken[p] && std::abs(scores[l][p].zScore) >= best) {
                    best = std::abs(scores[l][p].zScore);
                    latent = l;
                    prompt = p;
                }
            }
        }
        if (latent == scores.size()) {
            break;
        }
        name[latent] = static_cast<std::int32_t>(prompt);
        taken[prompt] = true;
    }
    return name;
}

} // namespace

LatentNaming nameLatents(const LatentNameTask& task, JobContext& job, double least)
{
    check(task);
    std::vector<Vector> prompts;
    for (const PromptAxis& prompt : task.prompts) {
        prompts.push_back(unitOf(Vector(prompt.vector.begin(), prompt.vector.end())));
    }
    const Chance chance(task, prompts, job);
    LatentNaming naming;
    for (const Matrix& changes : task.changes) {
        std::vector<LatentNameScore> row;
        for (std::size_t k = 0; k < prompts.size(); ++k) {
            row.push_back(scoreOf(changes, prompts[k]));
            row.back().zScore =
                chance.deviation[k] > 0 ? (row.back().cosine - chance.mean[k]) / chance.deviation[k] : 0;
        }
        naming.scores.push_back(std::move(row));
    }
    naming.name = chooseNames(naming.scores, least);
    return naming;
}

} // namespace semascope::core
