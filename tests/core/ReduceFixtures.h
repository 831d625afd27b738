#pragma once
#include "Shared.h"
#include "core/data/Arrays.h"
#include "core/job/JobContext.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <functional>
#include <random>

/// Skips the test function when the algorithm goldens are absent.
#define NEEDS_GOLDENS NEEDS_SHARED("goldens/algorithms/checks.json")

inline std::string goldenPath(const std::string& name)
{
    return sharedPath(("goldens/algorithms/" + name).c_str());
}

inline nlohmann::json goldenJson(const std::string& name)
{
    std::ifstream file(goldenPath(name));
    return nlohmann::json::parse(file);
}

inline semascope::core::Matrix goldenMatrix(const std::string& name)
{
    return semascope::core::toMatrix(semascope::core::readArray(goldenPath(name)), name, true);
}

inline std::vector<std::int64_t> goldenLabels(const std::string& name)
{
    return semascope::core::toLabels(semascope::core::readArray(goldenPath(name)), name);
}

/// n rows of d numbers around k centres; row i belongs to centre i % k.
struct Blobs
{
    std::size_t n = 200, d = 6, k = 4;
    float spread = 0.3F;
    unsigned seed = 1;

    semascope::core::Matrix make() const
    {
        std::mt19937 random(seed);
        std::normal_distribution<float> normal;
        std::vector<float> centres(k * d), values(n * d);
        std::generate(centres.begin(), centres.end(), [&] { return 4 * normal(random); });
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < d; ++j) {
                values[i * d + j] = centres[i % k * d + j] + spread * normal(random);
            }
        }
        return semascope::core::Matrix::from(std::move(values), n, d);
    }
};

inline semascope::core::Matrix matrixOf(std::vector<float> values, std::size_t cols)
{
    const std::size_t rows = cols > 0 ? values.size() / cols : 0;
    return semascope::core::Matrix::from(std::move(values), rows, cols);
}

inline std::vector<float> numbersOf(const semascope::core::Matrix& x)
{
    return {x.data(), x.data() + x.rows() * x.cols()};
}

inline bool allFinite(const semascope::core::Matrix& x)
{
    return semascope::core::finiteRows(x).size() == x.rows();
}

/// Largest difference of the first columns of a and b, up to the sign of each column, against b's column length.
inline double worstColumn(const semascope::core::Matrix& a, const semascope::core::Matrix& b, std::size_t columns)
{
    double worst = 0;
    for (std::size_t j = 0; j < columns; ++j) {
        double plus = 0, minus = 0, size = 0;
        for (std::size_t i = 0; i < b.rows(); ++i) {
            const double u = a.at(i, j), v = b.at(i, j);
            plus += (u - v) * (u - v);
            minus += (u + v) * (u + v);
            size += v * v;
        }
        worst = std::max(worst, std::sqrt(std::min(plus, minus) / size));
    }
    return worst;
}

inline double distance(const semascope::core::Matrix& x, std::size_t i, std::size_t j)
{
    double sum = 0;
    for (std::size_t k = 0; k < x.cols(); ++k) {
        const double miss = static_cast<double>(x.at(i, k)) - x.at(j, k);
        sum += miss * miss;
    }
    return std::sqrt(sum);
}

/// What `body` throws; Io "nothing" when it throws nothing.
inline semascope::core::Error errorOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const semascope::core::Error& error) {
        return error;
    }
    return {semascope::core::Code::Io, "nothing"};
}
