#include "core/checkpoint/Checkpoint.h"
#include "core/job/Error.h"

#include <bit>
#include <cstring>
#include <limits>

namespace semascope::core {
namespace {

float fromHalf(std::uint16_t h) noexcept
{
    const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000u) << 16;
    const std::uint32_t magnitude = h & 0x7fffu;
    if (magnitude >= 0x7c00u) {
        return std::bit_cast<float>(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
    }
    if (magnitude >= 0x0400u) {
        return std::bit_cast<float>(sign | ((magnitude << 13) + 0x38000000u));
    }
    const float small = static_cast<float>(magnitude) * 0x1p-24f; // exact: at most ten bits
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(small));
}

struct HalfBits
{
    std::uint16_t bits;
    explicit operator float() const noexcept { return fromHalf(bits); }
};
struct BrainBits
{
    std::uint16_t bits;
    explicit operator float() const noexcept { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};
struct BoolByte
{
    std::uint8_t byte;
    explicit operator float() const noexcept { return byte ? 1.0f : 0.0f; }
};

template<class T> float elementAt(const std::uint8_t* p) noexcept
{
    T value;
    std::memcpy(&value, p, sizeof(T));
    return static_cast<float>(value);
}

bool isRowMajor(const TensorView& t)
{
    std::int64_t expected = 1;
    for (std::size_t axis = t.shape.size(); axis-- > 0;) {
        if (t.shape[axis] != 1 && t.stride[axis] != expected) {
            return false;
        }
        expected *= t.shape[axis];
    }
    return true;
}

/// Walks in C order; the last axis is the inner loop.
template<class T> void walk(const TensorView& t, std::vector<float>& out)
{
    const std::size_t rank = t.shape.size();
    const std::int64_t inner = t.shape[rank - 1];
    const std::int64_t innerStride = t.stride[rank - 1] * static_cast<std::int64_t>(sizeof(T));
    std::vector<std::int64_t> at(rank, 0);
    std::int64_t offset = 0;
    for (std::size_t done = 0; done < out.size();) {
        const std::uint8_t* p = t.data + offset * static_cast<std::int64_t>(sizeof(T));
        for (std::int64_t i = 0; i < inner; ++i) {
            out[done++] = elementAt<T>(p + i * innerStride);
        }
        for (std::size_t axis = rank - 1; axis-- > 0;) {
            offset += t.stride[axis];
            if (++at[axis] < t.shape[axis]) {
                break;
            }
            offset -= t.stride[axis] * t.shape[axis];
            at[axis] = 0;
        }
    }
}

template<class T> std::vector<float> convert(const TensorView& t)
{
    std::vector<float> out(static_cast<std::size_t>(t.count()));
    if (out.empty()) {
        return out;
    }
    if (t.shape.empty() || isRowMajor(t)) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = elementAt<T>(t.data + i * sizeof(T));
        }
    } else {
        walk<T>(t, out);
    }
    return out;
}

} // namespace

const char* tensorTypeName(TensorType type) noexcept
{
    switch (type) {
    case TensorType::Bool:
        return "BOOL";
    case TensorType::U8:
        return "U8";
    case TensorType::I8:
        return "I8";
    case TensorType::I16:
        return "I16";
    case TensorType::U16:
        return "U16";
    case TensorType::I32:
        return "I32";
    case TensorType::U32:
        return "U32";
    case TensorType::I64:
        return "I64";
    case TensorType::U64:
        return "U64";
    case TensorType::F16:
        return "F16";
    case TensorType::BF16:
        return "BF16";
    case TensorType::F32:
        return "F32";
    case TensorType::F64:
        return "F64";
    case TensorType::C64:
        return "C64";
    case TensorType::Float8:
        return "F8";
    case TensorType::SubByte:
        return "F4 or F6";
    }
    return "?";
}

std::size_t tensorTypeBits(TensorType type) noexcept
{
    switch (type) {
    case TensorType::Bool:
    case TensorType::U8:
    case TensorType::I8:
    case TensorType::Float8:
        return 8;
    case TensorType::I16:
    case TensorType::U16:
    case TensorType::F16:
    case TensorType::BF16:
        return 16;
    case TensorType::I32:
    case TensorType::U32:
    case TensorType::F32:
        return 32;
    case TensorType::I64:
    case TensorType::U64:
    case TensorType::F64:
    case TensorType::C64:
        return 64;
    case TensorType::SubByte:
        return 4; // the smaller of the two; only the safetensors reader needs to tell them apart
    }
    return 0;
}

std::int64_t TensorView::count() const noexcept
{
    std::int64_t product = 1;
    bool overflow = false;
    for (const std::int64_t size : shape) {
        if (size <= 0) {
            return 0;
        }
        overflow = overflow || __builtin_mul_overflow(product, size, &product);
    }
    return overflow ? std::numeric_limits<std::int64_t>::max() : product;
}

std::vector<float> toFloats(const TensorView& t)
{
    switch (t.type) {
    case TensorType::Bool:
        return convert<BoolByte>(t);
    case TensorType::U8:
        return convert<std::uint8_t>(t);
    case TensorType::I8:
        return convert<std::int8_t>(t);
    case TensorType::I16:
        return convert<std::int16_t>(t);
    case TensorType::U16:
        return convert<std::uint16_t>(t);
    case TensorType::I32:
        return convert<std::int32_t>(t);
    case TensorType::U32:
        return convert<std::uint32_t>(t);
    case TensorType::I64:
        return convert<std::int64_t>(t);
    case TensorType::U64:
        return convert<std::uint64_t>(t);
    case TensorType::F16:
        return convert<HalfBits>(t);
    case TensorType::BF16:
        return convert<BrainBits>(t);
    case TensorType::F32:
        return convert<float>(t);
    case TensorType::F64:
        return convert<double>(t);
    case TensorType::C64:
    case TensorType::Float8:
    case TensorType::SubByte:
        break;
    }
    throw Error(Code::Unsupported, std::string("Tensors of type ") + tensorTypeName(t.type) +
                                       " cannot be used: convert the checkpoint to F32 or F16 first.");
}

const TensorView* StateDict::find(const std::string& name) const
{
    for (const auto& [key, tensor] : tensors) {
        if (key == name) {
            return &tensor;
        }
    }
    return nullptr;
}

} // namespace semascope::core
