#pragma once
#include "core/data/Arrays.h"
#include "core/data/Matrix.h"
#include "core/job/Error.h"

#include <cmath>
#include <random>
#include <vector>

/// n×d numbers about `offset`, the same every time.
inline semascope::core::Matrix randomRows(std::size_t n, std::size_t d, unsigned seed, float offset = 0.0F)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n * d);
    for (float& v : values) {
        v = normal(random) + offset;
    }
    return semascope::core::Matrix::from(std::move(values), n, d);
}

inline semascope::core::Matrix npyMatrix(const std::string& path)
{
    return semascope::core::toMatrix(semascope::core::readNpy(path), path);
}

/// A row at unit length in double precision, minus `mean` where there is one.
inline std::vector<double> unitRow(const float* row, std::size_t d, const std::vector<double>& mean = {})
{
    double square = 0;
    for (std::size_t j = 0; j < d; ++j) {
        square += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    std::vector<double> unit(d);
    for (std::size_t j = 0; j < d; ++j) {
        unit[j] = static_cast<double>(row[j]) / std::sqrt(square) - (mean.empty() ? 0.0 : mean[j]);
    }
    return unit;
}

inline double cosineOf(const std::vector<double>& a, const std::vector<double>& b)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
        ab += a[j] * b[j];
        aa += a[j] * a[j];
        bb += b[j] * b[j];
    }
    return ab / std::sqrt(aa * bb);
}

/// Mean of the rows at unit length.
inline std::vector<double> meanOfUnitRows(const semascope::core::Matrix& x)
{
    std::vector<double> mean(x.cols(), 0.0);
    for (std::size_t i = 0; i < x.rows(); ++i) {
        const std::vector<double> unit = unitRow(x.row(i), x.cols());
        for (std::size_t j = 0; j < x.cols(); ++j) {
            mean[j] += unit[j] / static_cast<double>(x.rows());
        }
    }
    return mean;
}

/// The code of the Error that `body` throws; Io when it throws none.
template<class Body> semascope::core::Code codeOf(const Body& body)
{
    try {
        body();
    } catch (const semascope::core::Error& error) {
        return error.code();
    }
    return semascope::core::Code::Io;
}
