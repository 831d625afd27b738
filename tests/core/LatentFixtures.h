#pragma once
#include "Shared.h"
#include "core/data/Arrays.h"
#include "core/data/Matrix.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

/// Small generated data and the goldens, for the tests of core/latent.
namespace latent_test {

using semascope::core::Matrix;
using Labels = std::vector<std::int32_t>;

inline std::string golden(const std::string& relative)
{
    return sharedPath(("goldens/algorithms/" + relative).c_str());
}
inline nlohmann::json goldenJson(const std::string& relative)
{
    std::ifstream file(golden(relative));
    return nlohmann::json::parse(file);
}
inline Matrix goldenMatrix(const std::string& relative)
{
    return semascope::core::toMatrix(semascope::core::readNpy(golden(relative)), relative, true);
}
/// Any floating or integer array as double, flat.
inline std::vector<double> goldenNumbers(const std::string& relative)
{
    using semascope::core::ElementType;
    const semascope::core::Array a = semascope::core::readNpy(golden(relative));
    if (a.type == ElementType::F64) {
        const auto* from = static_cast<const double*>(a.data);
        return {from, from + a.count()};
    }
    if (a.type == ElementType::F32) {
        const auto* from = static_cast<const float*>(a.data);
        return {from, from + a.count()};
    }
    const Matrix m = semascope::core::toMatrix(a, relative, true);
    return {m.data(), m.data() + m.rows() * m.cols()};
}

inline Matrix randomMatrix(std::size_t n, std::size_t d, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n * d);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return Matrix::from(std::move(values), n, d);
}

/// Rows in which two hidden causes show: `shape` (2 values) and `colour` (3 values), mixed into `d` columns by a fixed
/// random map, a curve and noise.
struct Causes
{
    Matrix rows;
    Labels shape, colour;
};
inline Causes causes(std::size_t n, std::size_t d, unsigned seed)
{
    std::mt19937 random(seed), fixed(99);
    std::normal_distribution<float> normal;
    std::vector<float> map(d * d);
    std::generate(map.begin(), map.end(), [&] { return normal(fixed); });
    Causes c;
    std::vector<float> rows(n * d);
    for (std::size_t i = 0; i < n; ++i) {
        c.shape.push_back(static_cast<int>(random() % 2));
        c.colour.push_back(static_cast<int>(random() % 3));
        std::vector<float> hidden(d);
        std::generate(hidden.begin(), hidden.end(), [&] { return normal(random); });
        hidden[0] = .3F * hidden[0] + (c.shape.back() == 1 ? 2.0F : -2.0F);
        hidden[1] = .3F * hidden[1] + 2.0F * static_cast<float>(c.colour.back() - 1);
        for (std::size_t j = 0; j < d; ++j) {
            for (std::size_t k = 0; k < d; ++k) {
                rows[i * d + j] += map[j * d + k] * hidden[k];
            }
            rows[i * d + j] += .3F * std::sin(rows[i * d + j]);
        }
    }
    c.rows = Matrix::from(std::move(rows), n, d);
    return c;
}

inline std::vector<float> numbers(const Matrix& m)
{
    return {m.data(), m.data() + m.rows() * m.cols()};
}

/// Largest difference, relative where the numbers are large.
inline double worst(const std::vector<float>& a, const std::vector<double>& b)
{
    double most = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        most = std::max(most, std::abs(static_cast<double>(a[i]) - b[i]) / std::max(1.0, std::abs(b[i])));
    }
    return most;
}

inline double worst(const std::vector<float>& a, const std::vector<float>& b)
{
    return worst(a, std::vector<double>(b.begin(), b.end()));
}

/// The sentence of the Error that `call` throws; empty when it throws none.
inline std::string failure(const std::function<void()>& call)
{
    try {
        call();
    } catch (const semascope::core::Error& e) {
        return e.what();
    }
    return {};
}

} // namespace latent_test
