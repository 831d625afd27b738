#include "core/cluster/StudentT.h"

#include "core/cluster/StudentT_p.h"
#include "core/job/Error.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kGrain = 64;

void requireSameWidth(const Matrix& z, const Matrix& mu)
{
    if (z.cols() != mu.cols()) {
        throw Error(Code::Mismatch, "The codes have " + std::to_string(z.cols()) + " dimensions but the centroids " +
                                        std::to_string(mu.cols()) + "; they must come from one network.");
    }
}

double squaredDistance(const float* a, const float* b, std::size_t c)
{
    double sum = 0;
    for (std::size_t j = 0; j < c; ++j) {
        const double miss = static_cast<double>(a[j]) - static_cast<double>(b[j]);
        sum += miss * miss;
    }
    return sum;
}

/// 1 / (1 + |z − μ|²/α) of one code and every centroid.
void kernelOf(const float* z, const Matrix& mu, double alpha, std::vector<double>& out)
{
    for (std::size_t k = 0; k < mu.rows(); ++k) {
        out[k] = 1.0 / (1.0 + squaredDistance(z, mu.row(k), mu.cols()) / alpha);
    }
}

/// The kernel raised to (α+1)/2, summing to 1.
void sharesOf(const std::vector<double>& kernel, double alpha, std::vector<double>& out)
{
    double sum = 0;
    for (std::size_t k = 0; k < kernel.size(); ++k) {
        out[k] = alpha == 1 ? kernel[k] : std::pow(kernel[k], (alpha + 1) / 2);
        sum += out[k];
    }
    for (double& share : out) {
        share = sum > 0 ? share / sum : std::numeric_limits<double>::quiet_NaN(); // codes that are not finite
    }
}

} // namespace

Matrix softAssignments(const Matrix& z, const Matrix& mu, double alpha)
{
    requireSameWidth(z, mu);
    std::vector<float> q(z.rows() * mu.rows());
    parallelFor(z.rows(), kGrain, [&](std::size_t begin, std::size_t end) {
        std::vector<double> kernel(mu.rows()), share(mu.rows());
        for (std::size_t i = begin; i < end; ++i) {
            kernelOf(z.row(i), mu, alpha, kernel);
            sharesOf(kernel, alpha, share);
            std::transform(share.begin(), share.end(), q.begin() + static_cast<std::ptrdiff_t>(i * mu.rows()),
                           [](double v) { return static_cast<float>(v); });
        }
    });
    return Matrix::from(std::move(q), z.rows(), mu.rows());
}

Matrix targetDistribution(const Matrix& q)
{
    const std::size_t n = q.rows(), k = q.cols();
    std::vector<double> total(k, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < k; ++j) {
            total[j] += static_cast<double>(q.at(i, j));
        }
    }
    std::vector<float> p(n * k);
    parallelFor(n, kGrain, [&](std::size_t begin, std::size_t end) {
        std::vector<double> weight(k);
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t j = 0; j < k; ++j) {
                const double share = static_cast<double>(q.at(i, j));
                weight[j] = total[j] > 0 ? share * share / total[j] : 0.0; // a cluster that has nothing gets nothing
            }
            const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
            for (std::size_t j = 0; j < k; ++j) {
                p[i * k + j] = static_cast<float>(weight[j] / sum);
            }
        }
    });
    return Matrix::from(std::move(p), n, k);
}

double kullbackLeibler(const Matrix& p, const Matrix& q)
{
    std::vector<double> each(p.rows(), 0.0);
    parallelFor(p.rows(), kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t j = 0; j < p.cols(); ++j) {
                const double share = static_cast<double>(p.at(i, j));
                each[i] += share > 0 ? share * std::log(share / static_cast<double>(q.at(i, j))) : 0.0;
            }
        }
    });
    return std::accumulate(each.begin(), each.end(), 0.0);
}

StudentTGradients studentTGradients(const Matrix& z, const Matrix& mu, const Matrix& p, double alpha)
{
    requireSameWidth(z, mu);
    const std::size_t clusters = mu.rows(), c = mu.cols();
    std::vector<float> code(z.rows() * c);
    std::vector<double> centroid(clusters * c, 0.0), kernel(clusters), share(clusters), each(c);
    for (std::size_t i = 0; i < z.rows(); ++i) {
        kernelOf(z.row(i), mu, alpha, kernel);
        sharesOf(kernel, alpha, share);
        std::fill(each.begin(), each.end(), 0.0);
        for (std::size_t k = 0; k < clusters; ++k) {
            const double pull = (alpha + 1) / alpha * kernel[k] * (static_cast<double>(p.at(i, k)) - share[k]);
            for (std::size_t j = 0; j < c; ++j) {
                const double part = pull * (static_cast<double>(z.at(i, j)) - static_cast<double>(mu.at(k, j)));
                each[j] += part;
                centroid[k * c + j] -= part;
            }
        }
        std::transform(each.begin(), each.end(), code.begin() + static_cast<std::ptrdiff_t>(i * c),
                       [](double v) { return static_cast<float>(v); });
    }
    return {Matrix::from(std::move(code), z.rows(), c),
            Matrix::from(std::vector<float>(centroid.begin(), centroid.end()), clusters, c)};
}

} // namespace semascope::core
