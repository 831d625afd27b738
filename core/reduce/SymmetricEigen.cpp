#include "core/reduce/SymmetricEigen_p.h"

#include "core/job/Error.h"

#include <cblas.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <random>

extern "C" void dsyevr_(const char* jobz, const char* range, const char* uplo, const int* n, double* a, const int* lda,
                        const double* vl, const double* vu, const int* il, const int* iu, const double* abstol, int* m,
                        double* w, double* z, const int* ldz, int* isuppz, double* work, const int* lwork, int* iwork,
                        const int* liwork, int* info);

namespace semascope::core {

namespace {

constexpr std::size_t kOneThread = 1024; ///< side up to which one thread factors
constexpr std::size_t kMostLanczosSteps = 600;
constexpr std::size_t kLanczosCheck = 10; ///< steps between tests of convergence
constexpr double kLanczosTolerance = 1e-7;

/// Small factorisations are thousands of tiny products: their threads would meet more often than they work, and on a
/// busy machine each meeting waits for the scheduler. The OpenMP build of OpenBLAS heeds the calling thread's own
/// setting.
class OneThread
{
public:
    explicit OneThread(std::size_t n) : m_before(omp_get_max_threads())
    {
        if (n <= kOneThread) {
            omp_set_num_threads(1);
        }
    }
    ~OneThread() { omp_set_num_threads(m_before); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int m_before;
};

/// One call of dsyevr for the eigenvalues `from`..`to` (1 is the smallest); with empty work arrays it asks for their
/// size.
struct Syevr
{
    const char* job; ///< "V" with vectors, "N" without
    int n, from, to;
    std::vector<double> values, vectors, work;
    std::vector<int> support, iwork;

    Syevr(const char* what, std::size_t size, std::size_t first, std::size_t last)
        : job(what),
          n(static_cast<int>(size)),
          from(static_cast<int>(first)),
          to(static_cast<int>(last)),
          values(size),
          vectors(size * (last - first + 1)),
          support(2 * size)
    {}

    void run(double* matrix)
    {
        const OneThread calm(static_cast<std::size_t>(n));
        call(matrix);
        call(matrix);
    }

private:
    void call(double* matrix)
    {
        const double none = 0;
        const bool ask = work.empty();
        double wanted = 0;
        int iwanted = 0, found = 0, info = 0;
        const int lwork = ask ? -1 : static_cast<int>(work.size());
        const int liwork = ask ? -1 : static_cast<int>(iwork.size());
        // Row-major upper is column-major lower.
        dsyevr_(job, "I", "L", &n, matrix, &n, &none, &none, &from, &to, &none, &found, values.data(), vectors.data(),
                &n, support.data(), ask ? &wanted : work.data(), &lwork, ask ? &iwanted : iwork.data(), &liwork, &info);
        if (info != 0 || (!ask && found != to - from + 1)) {
            throw Error(Code::ModelFailed,
                        "The eigenvalues did not converge; look for numbers of extreme size in the data.");
        }
        if (ask) {
            work.resize(static_cast<std::size_t>(wanted));
            iwork.resize(static_cast<std::size_t>(iwanted));
        }
    }
};

double dot(const double* a, const double* b, std::size_t n)
{
    return cblas_ddot(static_cast<int>(n), a, 1, b, 1);
}

/// The Krylov basis and the tridiagonal matrix it makes.
class Lanczos
{
public:
    Lanczos(std::size_t n) : m_n(n), m_next(n)
    {
        std::mt19937_64 random(1);
        std::uniform_real_distribution<double> uniform(-1, 1);
        std::generate(m_next.begin(), m_next.end(), [&] { return uniform(random); });
        const double length = std::sqrt(dot(m_next.data(), m_next.data(), n));
        cblas_dscal(static_cast<int>(n), 1 / length, m_next.data(), 1);
    }

    /// Adds one vector. False when the space is exhausted.
    bool step(const std::function<void(const double*, double*)>& times)
    {
        const int n = static_cast<int>(m_n);
        m_basis.insert(m_basis.end(), m_next.begin(), m_next.end());
        const std::size_t size = m_alpha.size() + 1;
        const double* const last = m_basis.data() + (size - 1) * m_n;
        times(last, m_next.data());
        m_alpha.push_back(dot(last, m_next.data(), m_n));
        std::vector<double> shares(size);
        for (int pass = 0; pass < 2; ++pass) { // twice is enough (Kahan and Parlett)
            cblas_dgemv(CblasRowMajor, CblasNoTrans, static_cast<int>(size), n, 1, m_basis.data(), n, m_next.data(), 1,
                        0, shares.data(), 1);
            cblas_dgemv(CblasRowMajor, CblasTrans, static_cast<int>(size), n, -1, m_basis.data(), n, shares.data(), 1,
                        1, m_next.data(), 1);
        }
        const double beta = std::sqrt(dot(m_next.data(), m_next.data(), m_n));
        m_beta.push_back(beta);
        m_scale = std::max({m_scale, std::abs(m_alpha.back()), beta});
        if (!(beta > 1e-14 * m_scale)) {
            return false;
        }
        cblas_dscal(n, 1 / beta, m_next.data(), 1);
        return true;
    }

    std::size_t size() const { return m_alpha.size(); }

    /// Largest pairs of the tridiagonal matrix; vectors in its own coordinates.
    EigenPairs small(std::size_t count) const
    {
        std::vector<double> t = tridiagonal();
        return largestEigenPairs(t, size(), std::min(count, size()));
    }

    double smallest() const { return smallestEigenvalue(tridiagonal(), size()); }

    std::vector<double> tridiagonal() const
    {
        const std::size_t m = size();
        std::vector<double> t(m * m, 0.0);
        for (std::size_t i = 0; i < m; ++i) {
            t[i * m + i] = m_alpha[i];
            if (i + 1 < m) {
                t[i * m + i + 1] = m_beta[i];
            }
        }
        return t;
    }

    bool converged(const EigenPairs& pairs, std::size_t count) const
    {
        if (pairs.values.size() < count) {
            return false;
        }
        const double limit = kLanczosTolerance * std::max(std::abs(pairs.values.front()), 1e-300);
        for (std::size_t c = 0; c < count; ++c) {
            if (m_beta.back() * std::abs(pairs.vectors[c * size() + size() - 1]) > limit) {
                return false;
            }
        }
        return true;
    }

    EigenPairs expand(const EigenPairs& pairs) const
    {
        const std::size_t count = pairs.values.size();
        EigenPairs full{pairs.values, std::vector<double>(count * m_n), smallest()};
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(count), static_cast<int>(m_n),
                    static_cast<int>(size()), 1, pairs.vectors.data(), static_cast<int>(size()), m_basis.data(),
                    static_cast<int>(m_n), 0, full.vectors.data(), static_cast<int>(m_n));
        return full;
    }

private:
    std::size_t m_n;
    std::vector<double> m_basis, m_next, m_alpha, m_beta;
    double m_scale = 0;
};

} // namespace

EigenPairs largestEigenPairs(std::vector<double>& matrix, std::size_t n, std::size_t count)
{
    EigenPairs pairs;
    if (n == 0 || count == 0) {
        return pairs;
    }
    Syevr solver("V", n, n - count + 1, n);
    solver.run(matrix.data());
    pairs.values.assign(solver.values.begin(), solver.values.begin() + static_cast<std::ptrdiff_t>(count));
    std::reverse(pairs.values.begin(), pairs.values.end());
    pairs.vectors.resize(n * count);
    for (std::size_t c = 0; c < count; ++c) {
        std::copy_n(solver.vectors.data() + (count - 1 - c) * n, n, pairs.vectors.data() + c * n);
    }
    return pairs;
}

double smallestEigenvalue(std::vector<double> matrix, std::size_t n)
{
    Syevr solver("N", n, 1, 1);
    solver.run(matrix.data());
    return solver.values.front();
}

EigenPairs largestEigenPairs(std::size_t n, std::size_t count, const std::function<void(const double*, double*)>& times,
                             JobContext& job)
{
    const std::size_t most = std::min(n, std::max(kMostLanczosSteps, 4 * count));
    Lanczos lanczos(n);
    EigenPairs pairs;
    while (lanczos.size() < most) {
        job.checkpoint();
        const bool more = lanczos.step(times);
        job.progress("finding the axes", "steps", lanczos.size(), 0);
        const bool last = !more || lanczos.size() == most;
        if (last || lanczos.size() % kLanczosCheck == 0) {
            pairs = lanczos.small(count);
            if (last || lanczos.converged(pairs, count)) {
                break;
            }
        }
    }
    return lanczos.expand(pairs);
}

void fixSign(double* vector, std::size_t n, std::size_t stride)
{
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        largest = std::max(largest, std::abs(vector[i * stride]));
    }
    for (std::size_t i = 0; i < n; ++i) {
        // The first of nearly equal entries decides, so that rounding cannot turn an axis.
        if (std::abs(vector[i * stride]) >= largest * (1 - 1e-9)) {
            if (vector[i * stride] < 0) {
                for (std::size_t j = 0; j < n; ++j) {
                    vector[j * stride] = -vector[j * stride];
                }
            }
            return;
        }
    }
}

} // namespace semascope::core
