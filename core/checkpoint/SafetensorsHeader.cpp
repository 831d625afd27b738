#include "core/checkpoint/Safetensors_p.h"
#include "core/job/Error.h"

#include <nlohmann/json.hpp>
#include <unordered_set>

namespace semascope::core {
namespace {

constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kLongestText = 16u << 20, kLongestWord = 4096; ///< the parser holds one at a time, twice

struct TypeWord
{
    const char* word;
    TensorType type;
    unsigned bits;
};
constexpr TypeWord kTypes[] = {
    {"BOOL", TensorType::Bool, 8},
    {"F4", TensorType::SubByte, 4},
    {"F6_E2M3", TensorType::SubByte, 6},
    {"F6_E3M2", TensorType::SubByte, 6},
    {"U8", TensorType::U8, 8},
    {"I8", TensorType::I8, 8},
    {"F8_E5M2", TensorType::Float8, 8},
    {"F8_E4M3", TensorType::Float8, 8},
    {"F8_E8M0", TensorType::Float8, 8},
    {"F8_E4M3FNUZ", TensorType::Float8, 8},
    {"F8_E5M2FNUZ", TensorType::Float8, 8},
    {"I16", TensorType::I16, 16},
    {"U16", TensorType::U16, 16},
    {"F16", TensorType::F16, 16},
    {"BF16", TensorType::BF16, 16},
    {"I32", TensorType::I32, 32},
    {"U32", TensorType::U32, 32},
    {"F32", TensorType::F32, 32},
    {"C64", TensorType::C64, 64},
    {"F64", TensorType::F64, 64},
    {"I64", TensorType::I64, 64},
    {"U64", TensorType::U64, 64},
};

using Json = nlohmann::json;

/// Checks while the parser reads, so that nothing is built of what is refused.
class HeaderHandler : public nlohmann::json_sax<Json>
{
public:
    HeaderHandler(SafetensorsHeader& header, const std::string& file, MemoryBudget& budget)
        : m_header(header), m_file(file), m_budget(budget)
    {}

    bool null() override
    {
        if (m_place == Place::MetadataValue) { // as if it were not there
            m_place = Place::Top;
            return true;
        }
        return other("null");
    }
    bool boolean(bool) override { return other("a truth value"); }
    bool number_integer(number_integer_t) override { return other("a negative number"); }
    bool number_float(number_float_t, const string_t&) override { return other("a number that is not a whole one"); }
    bool binary(binary_t&) override { return other("binary data"); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_place == Place::Shape) {
            m_budget.charge(kEachSize);
            m_tensor.shape.push_back(value);
            return true;
        }
        if (m_place == Place::Offsets) {
            m_offsets.push_back(value);
            if (m_offsets.size() > 2) {
                refuse("gives more than two data_offsets for \"" + m_tensor.name + "\"");
            }
            return true;
        }
        return other("a number");
    }
    bool string(string_t& value) override;
    bool start_object(std::size_t) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool key(string_t& name) override;
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        refuse("has a header that is no valid JSON (near its byte " + std::to_string(position) + ")");
    }
    bool done() const { return m_place == Place::Done; }
    [[noreturn]] void refuse(const std::string& sentence) const
    {
        failSafetensors("InvalidHeaderDeserialization", m_file, sentence);
    }

private:
    enum class Place { Start, Top, TensorValue, MetadataValue, Tensor, Metadata, Field, Shape, Offsets, Skipped, Done };
    /// In all the copies that are made of them: of a tensor, of one of its sizes, of a word.
    static constexpr std::uint64_t kEachTensor =
        2 * sizeof(DeclaredTensor) + sizeof(std::pair<std::string, TensorView>) + 128;
    static constexpr std::uint64_t kEachSize = 4 * sizeof(std::uint64_t), kEachEntry = 160;
    enum Field : unsigned { Type = 1, Shape = 2, Offsets = 4, Unknown = 8 };

    /// A value that only an unknown field may have.
    bool other(const char* what)
    {
        if (m_place == Place::Skipped) {
            return true;
        }
        if (m_place == Place::Field && m_field == Unknown) {
            m_place = Place::Tensor;
            return true;
        }
        refuse(std::string("has ") + what + " in its header where none may stand" +
               (m_tensor.name.empty() ? std::string() : " (near \"" + m_tensor.name + "\")"));
    }
    void setType(const std::string& word);
    void field(const std::string& name);
    void topKey(const std::string& name);
    void finishTensor();

    SafetensorsHeader& m_header;
    const std::string& m_file;
    MemoryBudget& m_budget;
    Place m_place = Place::Start;
    Field m_field = Unknown;
    unsigned m_seen = 0;
    std::size_t m_skipDepth = 0;
    DeclaredTensor m_tensor;
    std::vector<std::uint64_t> m_offsets;
    std::string m_metadataKey;
    std::unordered_set<std::string> m_names;
};

bool HeaderHandler::string(string_t& value)
{
    if (m_place == Place::Field && m_field == Type) {
        setType(value);
        m_place = Place::Tensor;
        return true;
    }
    if (m_place == Place::Metadata) {
        m_budget.charge(m_metadataKey.size() + value.size() + kEachEntry);
        m_header.metadata[m_metadataKey] = value;
        return true;
    }
    return other("text");
}

bool HeaderHandler::start_object(std::size_t)
{
    switch (m_place) {
    case Place::Start:
        m_place = Place::Top;
        return true;
    case Place::TensorValue:
        m_place = Place::Tensor;
        return true;
    case Place::MetadataValue:
        m_place = Place::Metadata;
        return true;
    case Place::Field:
        if (m_field != Unknown) {
            return other("an object");
        }
        m_place = Place::Skipped;
        m_skipDepth = 1;
        return true;
    case Place::Skipped:
        if (++m_skipDepth > kDeepest) {
            refuse("has a header nested too deeply");
        }
        return true;
    default:
        return other("an object");
    }
}

bool HeaderHandler::end_object()
{
    switch (m_place) {
    case Place::Top:
        m_place = Place::Done;
        break;
    case Place::Metadata:
        m_place = Place::Top;
        break;
    case Place::Tensor:
        finishTensor();
        break;
    default: // Skipped
        if (--m_skipDepth == 0) {
            m_place = Place::Tensor;
        }
    }
    return true;
}

bool HeaderHandler::start_array(std::size_t)
{
    if (m_place == Place::Skipped) {
        if (++m_skipDepth > kDeepest) {
            refuse("has a header nested too deeply");
        }
        return true;
    }
    if (m_place != Place::Field || m_field == Type) {
        return other("a list");
    }
    if (m_field == Unknown) {
        m_place = Place::Skipped;
        m_skipDepth = 1;
    } else {
        m_place = m_field == Shape ? Place::Shape : Place::Offsets;
    }
    return true;
}

bool HeaderHandler::end_array()
{
    if (m_place == Place::Skipped) {
        if (--m_skipDepth > 0) {
            return true;
        }
    } else if (m_place == Place::Offsets) {
        if (m_offsets.size() != 2) {
            refuse("does not give two data_offsets for \"" + m_tensor.name + "\"");
        }
        m_tensor.begin = m_offsets[0];
        m_tensor.end = m_offsets[1];
    }
    m_place = Place::Tensor;
    return true;
}

bool HeaderHandler::key(string_t& name)
{
    switch (m_place) {
    case Place::Top:
        topKey(name);
        break;
    case Place::Tensor:
        field(name);
        break;
    case Place::Metadata:
        if (m_header.metadata.count(name)) {
            failSafetensors("DuplicateKey", m_file, "has the metadata key \"" + name + "\" twice");
        }
        m_metadataKey = name;
        break;
    default:
        break; // Skipped
    }
    return true;
}

void HeaderHandler::topKey(const std::string& name)
{
    if (name.size() > kLongestName) {
        refuse("has a tensor name of " + std::to_string(name.size()) + " bytes");
    }
    m_budget.charge(kEachTensor + 3 * name.size());
    if (!m_names.insert(name).second) {
        failSafetensors("DuplicateKey", m_file, "names \"" + name + "\" twice in its header");
    }
    m_tensor = {};
    m_offsets.clear();
    m_seen = 0;
    if (name == "__metadata__") {
        m_place = Place::MetadataValue;
        return;
    }
    m_tensor.name = name;
    m_place = Place::TensorValue;
}

void HeaderHandler::field(const std::string& name)
{
    m_field = name == "dtype" ? Type : name == "shape" ? Shape : name == "data_offsets" ? Offsets : Unknown;
    m_place = Place::Field;
    if (m_field != Unknown && (m_seen & m_field) != 0) {
        failSafetensors("DuplicateKey", m_file, "gives \"" + name + "\" of \"" + m_tensor.name + "\" twice");
    }
    m_seen |= m_field;
}

void HeaderHandler::setType(const std::string& word)
{
    for (const TypeWord& known : kTypes) {
        if (word == known.word) {
            m_tensor.type = known.type;
            m_tensor.bits = known.bits;
            return;
        }
    }
    refuse("gives \"" + m_tensor.name + "\" the unknown type \"" + word.substr(0, 40) + "\"");
}

void HeaderHandler::finishTensor()
{
    const char* missing = !(m_seen & Type)      ? "dtype"
                          : !(m_seen & Shape)   ? "shape"
                          : !(m_seen & Offsets) ? "data_offsets"
                                                : nullptr;
    if (missing) {
        refuse("gives no " + std::string(missing) + " for \"" + m_tensor.name + "\"");
    }
    m_header.tensors.push_back(std::move(m_tensor));
    m_tensor = {};
    m_place = Place::Top;
}

/// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view text)
{
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p < end) {
        if (*p < 0x80) {
            ++p;
            continue;
        }
        const int more = *p >= 0xc2 && *p <= 0xdf ? 1 : (*p & 0xf0) == 0xe0 ? 2 : *p >= 0xf0 && *p <= 0xf4 ? 3 : 0;
        if (more == 0 || end - p <= more) {
            return false;
        }
        const unsigned char low = *p == 0xe0 ? 0xa0 : *p == 0xf0 ? 0x90 : 0x80;
        const unsigned char high = *p == 0xed ? 0x9f : *p == 0xf4 ? 0x8f : 0xbf;
        if (p[1] < low || p[1] > high) {
            return false;
        }
        for (int i = 2; i <= more; ++i) {
            if ((p[i] & 0xc0) != 0x80) {
                return false;
            }
        }
        p += more + 1;
    }
    return true;
}

/// Where a text or number begins that is longer than the parser may hold; npos when none is.
std::size_t endlessWord(std::string_view json)
{
    std::size_t start = 0;
    bool text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (i - start > (text ? kLongestText : kLongestWord)) {
            return start;
        }
        if (text && c == '\\') {
            ++i;
        } else if (c == '"') {
            text = !text;
            start = i;
        } else if (!text && (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == ':' || c == '[' ||
                             c == ']' || c == '{' || c == '}')) {
            start = i;
        }
    }
    return std::string_view::npos;
}

} // namespace

void failSafetensors(const char* name, const std::string& file, const std::string& sentence)
{
    throw Error(Code::BadFormat,
                std::string(name) + ": " + file + " " + sentence + (sentence.back() == '?' ? "" : "."));
}

SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& file, MemoryBudget& budget)
{
    if (!isUtf8(json)) {
        failSafetensors("InvalidHeader", file, "has a header that is no valid UTF-8");
    }
    SafetensorsHeader header;
    HeaderHandler handler(header, file, budget);
    // The parser takes a NUL byte for the end and skips a byte order mark; neither may stand here.
    const std::size_t first = json.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || json[first] != '{' || json.find('\0') != std::string_view::npos) {
        handler.refuse("has a header that is no JSON object");
    }
    if (const std::size_t at = endlessWord(json); at != std::string_view::npos) {
        handler.refuse("has a word without end in its header (at its byte " + std::to_string(at) + ")");
    }
    Json::sax_parse(json.begin(), json.end(), &handler, nlohmann::detail::input_format_t::json, true);
    if (!handler.done()) {
        handler.refuse("has a header that is no JSON object");
    }
    return header;
}

} // namespace semascope::core
