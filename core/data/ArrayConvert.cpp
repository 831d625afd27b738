#include "core/data/Arrays_p.h"
#include "core/job/Parallel.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace semascope::core {

namespace {

/// IEEE half precision, exactly.
float halfToFloat(std::uint16_t half)
{
    const int exponent = (half >> 10) & 31;
    const int fraction = half & 1023;
    const float sign = (half & 0x8000) != 0 ? -1.0f : 1.0f;
    if (exponent == 31) {
        return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    }
    return exponent == 0 ? sign * std::ldexp(static_cast<float>(fraction), -24)
                         : sign * std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
}

struct Half
{
    std::uint16_t bits;
};

/// Calls use(static_cast<const T*>(data)) with the element type of `a`.
template<class Use> void withElements(const Array& a, Use use)
{
    switch (a.type) {
    case ElementType::Bool:
    case ElementType::U8:
        return use(static_cast<const std::uint8_t*>(a.data));
    case ElementType::I8:
        return use(static_cast<const std::int8_t*>(a.data));
    case ElementType::U16:
        return use(static_cast<const std::uint16_t*>(a.data));
    case ElementType::I16:
        return use(static_cast<const std::int16_t*>(a.data));
    case ElementType::U32:
        return use(static_cast<const std::uint32_t*>(a.data));
    case ElementType::I32:
        return use(static_cast<const std::int32_t*>(a.data));
    case ElementType::U64:
        return use(static_cast<const std::uint64_t*>(a.data));
    case ElementType::I64:
        return use(static_cast<const std::int64_t*>(a.data));
    case ElementType::F16:
        return use(static_cast<const Half*>(a.data));
    case ElementType::F32:
        return use(static_cast<const float*>(a.data));
    case ElementType::F64:
        return use(static_cast<const double*>(a.data));
    }
}

std::string shapeText(const Array& a)
{
    std::string text = "(";
    for (std::size_t k = 0; k < a.shape.size(); ++k) {
        text += (k > 0 ? ", " : "") + std::to_string(a.shape[k]);
    }
    return text + ")";
}

template<class T> std::int64_t toWhole(T value, const std::string& what)
{
    if constexpr (std::is_same_v<T, Half>) {
        return toWhole(halfToFloat(value.bits), what);
    } else if constexpr (std::is_floating_point_v<T>) {
        if (!(std::fabs(value) <= 9007199254740992.0) || value != std::trunc(value)) {
            throw Error(Code::BadFormat, what + " holds numbers that are not whole, so they are no labels.");
        }
        return static_cast<std::int64_t>(value);
    } else {
        if (std::is_same_v<T, std::uint64_t> && value > static_cast<T>(std::numeric_limits<std::int64_t>::max())) {
            throw Error(Code::BadFormat, what + " holds numbers too large for labels.");
        }
        return static_cast<std::int64_t>(value);
    }
}

template<class T> float toFloat(T value)
{
    if constexpr (std::is_same_v<T, Half>) {
        return halfToFloat(value.bits);
    } else {
        return static_cast<float>(value);
    }
}

} // namespace

Matrix toMatrix(const Array& a, const std::string& what, bool allowVector)
{
    const bool column = a.shape.size() == 1 && allowVector;
    if (a.shape.size() != 2 && !column) {
        throw Error(Code::Mismatch,
                    what + " has shape " + shapeText(a) + "; a table of n rows and d columns is needed.");
    }
    const std::size_t rows = a.shape[0];
    const std::size_t cols = column ? 1 : a.shape[1];
    if (cols == 0 && rows > 0) {
        throw Error(Code::Mismatch, what + " has shape " + shapeText(a) + ": its rows are empty.");
    }
    if (a.type == ElementType::F32) {
        return Matrix(static_cast<const float*>(a.data), rows, cols, a.owner);
    }
    std::vector<float> values(rows * cols);
    withElements(a, [&](const auto* from) {
        parallelFor(values.size(), 1 << 20, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                values[i] = toFloat(from[i]);
            }
        });
    });
    return Matrix::from(std::move(values), rows, cols);
}

std::vector<std::int64_t> toLabels(const Array& a, const std::string& what)
{
    const bool column = a.shape.size() == 2 && a.shape[1] == 1;
    if (a.shape.size() != 1 && !column) {
        throw Error(Code::Mismatch, what + " has shape " + shapeText(a) + "; labels are one number a row.");
    }
    std::vector<std::int64_t> labels(a.count());
    withElements(a, [&](const auto* from) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            labels[i] = toWhole(from[i], what);
        }
    });
    return labels;
}

} // namespace semascope::core
