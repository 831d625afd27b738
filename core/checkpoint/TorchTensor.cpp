#include "core/checkpoint/TorchTensor_p.h"

#include "core/job/Error.h"

#include <algorithm>

namespace semascope::core {
namespace {

using Kind = Pickle::Kind;

constexpr std::size_t kHighestRank = 64;
constexpr std::uint64_t kLargestExpansion = 16;                ///< elements per stored element
constexpr std::uint64_t kSmallTensor = std::uint64_t{1} << 20; ///< expanding to this many elements is never a bomb

struct TypeWord
{
    std::string_view word;
    TensorType type;
};
constexpr TypeWord kStorages[] = {
    {"FloatStorage", TensorType::F32},  {"HalfStorage", TensorType::F16},         {"BFloat16Storage", TensorType::BF16},
    {"DoubleStorage", TensorType::F64}, {"LongStorage", TensorType::I64},         {"IntStorage", TensorType::I32},
    {"ShortStorage", TensorType::I16},  {"CharStorage", TensorType::I8},          {"ByteStorage", TensorType::U8},
    {"BoolStorage", TensorType::Bool},  {"ComplexFloatStorage", TensorType::C64},
};
constexpr TypeWord kTypes[] = {
    {"float32", TensorType::F32},
    {"float16", TensorType::F16},
    {"bfloat16", TensorType::BF16},
    {"float64", TensorType::F64},
    {"int64", TensorType::I64},
    {"int32", TensorType::I32},
    {"int16", TensorType::I16},
    {"int8", TensorType::I8},
    {"uint8", TensorType::U8},
    {"uint16", TensorType::U16},
    {"uint32", TensorType::U32},
    {"uint64", TensorType::U64},
    {"bool", TensorType::Bool},
    {"complex64", TensorType::C64},
    {"float8_e4m3fn", TensorType::Float8},
    {"float8_e5m2", TensorType::Float8},
    {"float8_e4m3fnuz", TensorType::Float8},
    {"float8_e5m2fnuz", TensorType::Float8},
    {"float8_e8m0fnu", TensorType::Float8},
};

template<std::size_t N> std::optional<TensorType> lookUp(const TypeWord (&words)[N], std::string_view word)
{
    for (const TypeWord& known : words) {
        if (known.word == word) {
            return known.type;
        }
    }
    return std::nullopt;
}

} // namespace

TorchTensors::TorchTensors(const Pickle& values, std::string file, Fetch fetch)
    : m_values(values), m_file(std::move(file)), m_fetch(std::move(fetch))
{}

void TorchTensors::fail(const std::string& sentence) const
{
    throw Error(Code::BadFormat, m_file + " " + sentence + ": it is damaged or hostile.");
}

TorchStorage TorchTensors::storage(Pickle::Ref ref) const
{
    const Pickle::Ref id = m_values.is(ref, Kind::Storage) ? m_values.first(ref) : ref;
    const auto parts = m_values.is(id, Kind::Tuple) ? m_values.items(id) : std::span<const Pickle::Ref>();
    // ('storage', type, key, location, count[, view]); the location (a device) does not concern us.
    const bool shaped = (parts.size() == 5 || parts.size() == 6) && m_values.is(parts[0], Kind::Text) &&
                        m_values.text(parts[0]) == "storage" && m_values.is(parts[1], Kind::Global) &&
                        m_values.is(parts[2], Kind::Text) && m_values.is(parts[4], Kind::Int);
    if (!m_values.is(ref, Kind::Storage) || !shaped) {
        fail("refers to a storage in a way that torch never writes");
    }
    if (parts.size() == 6 && !m_values.is(parts[5], Kind::None)) {
        throw Error(Code::Unsupported,
                    m_file + " shares storages as PyTorch before 0.4 did: save it again with a newer one.");
    }
    TorchStorage result;
    result.key = m_values.text(parts[2]);
    const std::string_view word = m_values.globalName(parts[1]);
    result.type = lookUp(kStorages, word);
    const bool untyped = word == "UntypedStorage" || word == "_UntypedStorage";
    if (m_values.globalModule(parts[1]).substr(0, 5) != "torch" || (!result.type && !untyped)) {
        throw Error(Code::Unsupported,
                    m_file + " stores tensors as " + m_values.fullName(parts[1]) + ", which is not supported.");
    }
    const std::int64_t count = m_values.integer(parts[4]);
    std::uint64_t size = 0;
    if (count < 0 || __builtin_mul_overflow(static_cast<std::uint64_t>(count), result.itemSize(), &size)) {
        fail("declares a storage of " + std::to_string(count) + " elements");
    }
    result.count = static_cast<std::uint64_t>(count);
    return result;
}

TensorType TorchTensors::typeOf(Pickle::Ref tensor, const TorchStorage& storage) const
{
    const auto arguments = m_values.items(m_values.first(tensor));
    if (m_values.integer(tensor) < 3) {
        if (!storage.type) {
            fail("has a tensor without a type");
        }
        return *storage.type;
    }
    const bool named = arguments.size() >= 7 && m_values.is(arguments[6], Kind::Global) &&
                       m_values.globalModule(arguments[6]) == "torch";
    const auto type = named ? lookUp(kTypes, m_values.globalName(arguments[6])) : std::nullopt;
    if (!type) {
        throw Error(Code::Unsupported,
                    m_file + " has a tensor of " +
                        (named ? "type " + m_values.fullName(arguments[6]) : std::string("no type")) +
                        ", which is not supported.");
    }
    return *type;
}

std::vector<std::int64_t> TorchTensors::numbers(Pickle::Ref tuple, const char* what, const std::string& name) const
{
    const bool listed = m_values.is(tuple, Kind::Tuple) || m_values.is(tuple, Kind::List);
    if (!listed || m_values.items(tuple).size() > kHighestRank) {
        fail("gives no valid " + std::string(what) + " for \"" + name + "\"");
    }
    std::vector<std::int64_t> result;
    for (const Pickle::Ref item : m_values.items(tuple)) {
        if (!m_values.is(item, Kind::Int) || m_values.integer(item) < 0) {
            fail("gives a " + std::string(what) + " for \"" + name + "\" that is no row of natural numbers");
        }
        result.push_back(m_values.integer(item));
    }
    return result;
}

TensorView TorchTensors::make(Pickle::Ref tensor, const std::string& name) const
{
    const auto arguments = m_values.items(m_values.first(tensor));
    if (arguments.size() < 4 || !m_values.is(arguments[1], Kind::Int)) {
        fail("rebuilds \"" + name + "\" with the wrong arguments");
    }
    const TorchStorage source = storage(arguments[0]);
    TensorView view;
    view.type = typeOf(tensor, source);
    view.shape = numbers(arguments[2], "size", name);
    view.stride = numbers(arguments[3], "stride", name);
    const std::int64_t offset = m_values.integer(arguments[1]);
    if (offset < 0 || view.shape.size() != view.stride.size()) {
        fail("places \"" + name + "\" outside its storage");
    }
    const Bytes bytes = m_fetch(source);
    if (bytes.size != source.byteCount()) {
        fail("holds " + std::to_string(bytes.size) + " bytes for \"" + name + "\" where its storage needs " +
             std::to_string(source.byteCount()));
    }
    const std::uint64_t itemSize = tensorTypeBits(view.type) / 8;
    checkBounds(view, offset, bytes.size / itemSize, name);
    view.data = view.count() == 0 ? bytes.data : bytes.data + static_cast<std::uint64_t>(offset) * itemSize;
    view.owner = bytes.owner;
    return view;
}

void TorchTensors::checkBounds(const TensorView& view, std::int64_t offset, std::uint64_t available,
                               const std::string& name) const
{
    std::uint64_t count = 1, last = static_cast<std::uint64_t>(offset);
    bool overflow = false, empty = false;
    for (std::size_t axis = 0; axis < view.shape.size(); ++axis) {
        const auto size = static_cast<std::uint64_t>(view.shape[axis]);
        empty = empty || size == 0;
        std::uint64_t reach = 0;
        overflow =
            overflow || __builtin_mul_overflow(count, size, &count) ||
            (size > 0 && __builtin_mul_overflow(size - 1, static_cast<std::uint64_t>(view.stride[axis]), &reach)) ||
            __builtin_add_overflow(last, reach, &last);
    }
    if (empty && !overflow) {
        return;
    }
    if (overflow || last >= available) {
        fail("gives \"" + name + "\" a size or stride that reaches beyond its storage of " + std::to_string(available) +
             " elements");
    }
    if (count > available && count > kSmallTensor && count / kLargestExpansion > available) {
        fail("expands \"" + name + "\" to " + std::to_string(count) + " elements out of " + std::to_string(available));
    }
}

} // namespace semascope::core
