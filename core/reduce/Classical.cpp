#include "core/job/Parallel.h"
#include "core/reduce/LinearFit_p.h"
#include "core/reduce/Mds_p.h"
#include "core/reduce/Prepare_p.h"
#include "core/reduce/SpecOptions_p.h"
#include "core/reduce/SymmetricEigen_p.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kMostDense = 1500; ///< above, Lanczos: LAPACK would take minutes that cannot be cancelled
constexpr double kNegative = 1e-6;       ///< of the largest eigenvalue: smaller ones are rounding

/// Means of the squared distances, for the double centring.
struct SquareMeans
{
    std::vector<double> rows;
    double all = 0;
};

SquareMeans squareMeans(const PairDistances& delta)
{
    SquareMeans means;
    means.rows.assign(delta.n, 0.0);
    parallelFor(delta.n, 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* row = delta.row(i);
            means.rows[i] = std::inner_product(row, row + delta.n, row, 0.0, std::plus<>(),
                                               [](double a, double b) { return a * b; }) /
                            static_cast<double>(delta.n);
        }
    });
    means.all = std::accumulate(means.rows.begin(), means.rows.end(), 0.0) /
                static_cast<double>(std::max<std::size_t>(delta.n, 1));
    return means;
}

EigenPairs densePairs(const PairDistances& delta, std::size_t count)
{
    const std::size_t n = delta.n;
    const SquareMeans means = squareMeans(delta);
    std::vector<double> b(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const double d = delta.row(i)[j];
            b[i * n + j] = -0.5 * (d * d - means.rows[i] - means.rows[j] + means.all);
        }
    }
    const double smallest = smallestEigenvalue(b, n);
    EigenPairs pairs = largestEigenPairs(b, n, count);
    pairs.smallest = smallest;
    return pairs;
}

/// The double-centred Gram matrix is never made: B·v = −½ J D² (J v).
EigenPairs sparsePairs(const PairDistances& delta, std::size_t count, JobContext& job)
{
    const std::size_t n = delta.n;
    std::vector<double> centred(n);
    const auto times = [&](const double* in, double* out) {
        const double mean = std::accumulate(in, in + n, 0.0) / static_cast<double>(n);
        std::transform(in, in + n, centred.begin(), [&](double v) { return v - mean; });
        parallelFor(n, 16, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const float* row = delta.row(i);
                double sum = 0;
                for (std::size_t j = 0; j < n; ++j) {
                    sum += static_cast<double>(row[j]) * row[j] * centred[j];
                }
                out[i] = -0.5 * sum;
            }
        });
        const double outMean = std::accumulate(out, out + n, 0.0) / static_cast<double>(n);
        std::for_each(out, out + n, [&](double& v) { v -= outMean; });
    };
    return largestEigenPairs(n, count, times, job);
}

} // namespace

MdsInput mdsInput(const Matrix& x, const LayoutSpec& spec)
{
    const SpecOptions options(spec.method, spec.options, {"metric", "init", "n_init", "max_iter", "eps", "relaxed"});
    const std::string metric = options.word("metric", {"euclidean", "cosine", "precomputed"});
    MdsInput input;
    if (metric == "precomputed") {
        input.precomputed = true;
        input.which.resize(x.rows());
        std::iota(input.which.begin(), input.which.end(), std::size_t{0});
        return input;
    }
    input.which = finiteRows(x);
    input.unit = metric == "cosine";
    if (input.unit) {
        const auto zero = [&](std::size_t i) {
            return std::all_of(x.row(i), x.row(i) + x.cols(), [](float v) { return v == 0; });
        };
        const std::size_t gone = std::erase_if(input.which, zero);
        if (gone > 0) {
            input.notes.push_back(zeroRowWords(gone));
        }
    }
    input.rows = input.which.size() == x.rows() ? x : takeRows(x, input.which);
    if (input.unit) {
        input.rows = normaliseRows(input.rows);
    }
    return input;
}

PairDistances mdsDistances(const MdsInput& input, const Matrix& x, const LayoutSpec& spec, JobContext& job)
{
    checkPairMemory(input.which.size(), spec.method);
    return input.precomputed ? givenDistances(x) : euclideanDistances(input.rows, job);
}

Matrix torgerson(const PairDistances& delta, std::size_t dim, std::vector<std::string>& notes, JobContext& job)
{
    const std::size_t n = delta.n, count = std::min(dim, n);
    job.checkpoint();
    EigenPairs pairs = n <= kMostDense ? densePairs(delta, count) : sparsePairs(delta, count, job);
    const double largest = pairs.values.empty() ? 0 : pairs.values.front();
    if (pairs.smallest < -kNegative * std::max(largest, 0.0) && pairs.smallest < 0) {
        notes.push_back(
            "No points have exactly these distances (there are negative eigenvalues); the nearest ones in the "
            "sense of Torgerson are shown.");
    }
    std::vector<float> points(n * dim, 0.0F);
    std::size_t kept = 0;
    for (std::size_t c = 0; c < pairs.values.size(); ++c) {
        if (pairs.values[c] <= 1e-13 * largest || pairs.values[c] <= 0) {
            continue;
        }
        ++kept;
        fixSign(pairs.vectors.data() + c * n, n, 1);
        const double length = std::sqrt(pairs.values[c]) * delta.unit;
        for (std::size_t i = 0; i < n; ++i) {
            points[i * dim + c] = static_cast<float>(pairs.vectors[c * n + i] * length);
        }
    }
    if (kept < dim) {
        notes.push_back("The distances fill " + spanWords(kept));
    }
    return Matrix::from(std::move(points), n, dim);
}

Layout principalCoordinates(const MdsInput& input, std::size_t dim, JobContext& job)
{
    const std::size_t n = input.rows.rows(), d = input.rows.cols(), axes = std::min({dim, n, d});
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<double> origin = meanRow(input.rows, all);
    const StackedRows stacked({RowPart{&input.rows, std::move(all), origin}});
    LinearFit fit = fitLinear(stacked, axes, job);
    Layout layout;
    for (std::size_t c = 0; c < dim; ++c) {
        const double square = c < axes ? fit.squares[c] : 0.0;
        layout.explained.push_back(fit.total > 0 ? static_cast<float>(square / fit.total) : 0.0F);
    }
    std::vector<double> widened(d * dim, 0.0);
    for (std::size_t j = 0; j < d; ++j) {
        std::copy_n(fit.axes.data() + j * axes, axes, widened.data() + j * dim);
    }
    fit.axes = std::move(widened);
    fit.dim = dim;
    layout.points = projectPart(stacked, 0, fit, job);
    layout.projector = linearProjector(std::move(origin), fit, input.unit);
    if (fit.rank < dim) {
        layout.notes.push_back("The rows span " + spanWords(fit.rank));
    }
    return layout;
}

Layout classicalLayout(const Matrix& x, const LayoutSpec& spec, JobContext& job)
{
    SpecOptions(spec.method, spec.options, {"metric"});
    const MdsInput input = mdsInput(x, spec);
    checkRequest(x, input.which, spec);
    const auto dim = static_cast<std::size_t>(spec.dim);
    Layout layout;
    PairDistances delta;
    if (input.precomputed) {
        delta = mdsDistances(input, x, spec, job);
        layout.points = torgerson(delta, dim, layout.notes, job);
        layout.notes.push_back("From distances only: new rows cannot be placed.");
    } else {
        layout = principalCoordinates(input, dim, job);
        if (input.which.size() <= kMostPairRows) {
            delta = mdsDistances(input, x, spec, job);
        } else {
            layout.notes.push_back("Stress is not measured above " + std::to_string(kMostPairRows) + " rows.");
        }
    }
    if (delta.values) {
        const Stress stress = stressOf(delta, layout.points, job);
        layout.rawStress = stress.raw;
        layout.stress1 = stress.one;
    }
    layout.notes.insert(layout.notes.begin(), input.notes.begin(), input.notes.end());
    describe(layout, spec, input.which, x.rows());
    return layout;
}

} // namespace semascope::core
