#include "core/cluster/ClusterStudy.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <string>

extern "C" void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);

namespace semascope::core {

namespace {

constexpr std::size_t kMostSide = 16384; ///< of a matrix that is factored: 2 GB
constexpr double kBlockWork = 1e9;       ///< products between two looks at the stop token
constexpr std::size_t kLeastBlock = 8, kMostBlock = 1024;

/// The rows of one cluster, and their mean.
struct Group
{
    std::vector<const float*> rows;
    std::vector<double> mean;
};

std::vector<Group> groupsOf(const Matrix& x, const Clustering& c)
{
    std::vector<Group> groups;
    for (std::size_t r = 0; r < c.inputRow.size(); ++r) {
        const auto cluster = static_cast<std::size_t>(c.assignment[r]);
        if (c.inputRow[r] >= x.rows()) {
            throw Error(Code::Mismatch,
                        "The clustering was not made from these rows; give the rows that were clustered.");
        }
        groups.resize(std::max(groups.size(), cluster + 1));
        groups[cluster].rows.push_back(x.row(c.inputRow[r]));
    }
    for (Group& group : groups) {
        group.mean.assign(x.cols(), 0.0);
        for (const float* row : group.rows) {
            for (std::size_t j = 0; j < x.cols(); ++j) {
                group.mean[j] += static_cast<double>(row[j]) / static_cast<double>(group.rows.size());
            }
        }
    }
    return groups;
}

/// The lower triangle of W̄ᵀW̄ or W̄W̄ᵀ of the centred rows, whichever is smaller: the determinants below are the same.
std::vector<double> smallerGram(const Group& group, JobContext& job)
{
    const std::size_t m = group.rows.size(), d = group.mean.size(), side = std::min(m, d), length = std::max(m, d);
    const auto wanted = static_cast<std::size_t>(kBlockWork / static_cast<double>(side * side));
    const std::size_t step = std::clamp(wanted, kLeastBlock, kMostBlock);
    std::vector<double> gram(side * side, 0.0), block(step * side);
    const int s = static_cast<int>(side);
    for (std::size_t begin = 0; begin < length; begin += step) {
        job.checkpoint();
        const std::size_t count = std::min(step, length - begin);
        for (std::size_t a = 0; a < count; ++a) { // a part of the longer side, with all of the shorter one
            for (std::size_t b = 0; b < side; ++b) {
                const std::size_t i = d <= m ? begin + a : b, j = d <= m ? b : begin + a;
                block[a * side + b] = static_cast<double>(group.rows[i][j]) - group.mean[j];
            }
        }
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, s, static_cast<int>(count), 1, block.data(), s, 1,
                    gram.data(), s);
    }
    return gram;
}

/// log₂ det(I + scale · gram) by Cholesky.
double logDeterminant(std::vector<double> gram, std::size_t side, double scale)
{
    for (double& v : gram) {
        v *= scale;
    }
    for (std::size_t i = 0; i < side; ++i) {
        gram[i * side + i] += 1;
    }
    const int n = static_cast<int>(side);
    int info = 0;
    dpotrf_("U", &n, gram.data(), &n, &info); // row by row lower is column by column upper
    double sum = 0;
    for (std::size_t i = 0; i < side; ++i) {
        sum += 2 * std::log2(gram[i * side + i]);
    }
    if (info != 0 || !std::isfinite(sum)) {
        throw Error(Code::Mismatch, "The coding length cannot be computed: the distortion is too small for numbers as "
                                    "large as these.");
    }
    return sum;
}

double bitsOf(const Group& group, double squaredEpsilon, JobContext& job)
{
    const auto m = static_cast<double>(group.rows.size()), d = static_cast<double>(group.mean.size());
    const std::size_t side = std::min(group.rows.size(), group.mean.size());
    double middle = 0;
    for (const double v : group.mean) {
        middle += v * v;
    }
    double bits = d / 2 * std::log1p(middle / squaredEpsilon) / std::log(2.0);
    if (group.rows.size() > 1) {
        bits += (m + d) / 2 * logDeterminant(smallerGram(group, job), side, d / (squaredEpsilon * m));
    }
    return bits;
}

} // namespace

double codingLength(const Matrix& x, const Clustering& c, double epsilon, JobContext& job)
{
    if (!(epsilon > 0) || !std::isfinite(epsilon * epsilon) || epsilon * epsilon == 0) {
        throw Error(Code::Misuse, "The distortion of a coding length must be a positive number.");
    }
    const std::vector<Group> groups = groupsOf(x, c);
    const auto all = static_cast<double>(c.inputRow.size());
    double bits = 0;
    for (const Group& group : groups) {
        if (group.rows.empty()) {
            continue;
        }
        if (std::min(group.rows.size(), x.cols()) > kMostSide) {
            throw Error(Code::Unsupported, "The coding length of a cluster of " + std::to_string(group.rows.size()) +
                                               " rows of " + std::to_string(x.cols()) +
                                               " numbers takes too much memory; reduce the vectors first.");
        }
        const auto share = static_cast<double>(group.rows.size()) / all;
        bits += bitsOf(group, epsilon * epsilon, job) - static_cast<double>(group.rows.size()) * std::log2(share);
    }
    return bits;
}

} // namespace semascope::core
