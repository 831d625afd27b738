#include "core/data/Arrays_p.h"

#include <cstring>
#include <map>
#include <optional>
#include <string_view>

namespace semascope::core {

namespace {

constexpr std::size_t kMaxHeader = 64 << 10;
constexpr std::size_t kMaxDimensions = 32;

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` and nothing else.
class HeaderParser
{
public:
    HeaderParser(std::string_view text, const std::string& name) : m_text(text), m_name(name) {}

    NpyHeader parse()
    {
        NpyHeader header;
        bool descr = false, order = false, shape = false;
        expect('{');
        while (!accept('}')) {
            const std::string key = string();
            expect(':');
            if (key == "descr" && !descr) {
                descr = readDescription(header);
            } else if (key == "fortran_order" && !order) {
                order = readOrder(header);
            } else if (key == "shape" && !shape) {
                shape = readShape(header);
            } else {
                fail();
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (!descr || !order || !shape || m_at != m_text.size()) {
            fail();
        }
        return header;
    }

private:
    [[noreturn]] void fail() const { throw Error(Code::BadFormat, m_name + " has an unreadable NPY header."); }

    void skipSpace()
    {
        while (m_at < m_text.size() && std::strchr(" \t\r\n", m_text[m_at]) != nullptr && m_text[m_at] != '\0') {
            ++m_at;
        }
    }
    bool accept(char c)
    {
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == c) {
            ++m_at;
            return true;
        }
        return false;
    }
    void expect(char c)
    {
        if (!accept(c)) {
            fail();
        }
    }
    bool acceptWord(std::string_view word)
    {
        skipSpace();
        if (m_text.substr(m_at, word.size()) == word) {
            m_at += word.size();
            return true;
        }
        return false;
    }

    std::string string()
    {
        const char quote = accept('\'') ? '\'' : '"';
        if (quote == '"') {
            expect('"');
        }
        const std::size_t end = m_text.find(quote, m_at);
        if (end == std::string_view::npos || end - m_at > 64) {
            fail();
        }
        const std::string value(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        return value;
    }

    bool readDescription(NpyHeader& header)
    {
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == '[') {
            throw Error(Code::Unsupported, m_name + " holds a structured type; save one plain array of numbers.");
        }
        const std::string word = string();
        if (word.find('O') != std::string::npos) {
            throw Error(Code::Unsupported,
                        m_name + " holds Python objects, which are never opened; save numbers only.");
        }
        const std::optional<ElementType> type = word.size() < 3 ? std::nullopt : typeNamed(word.substr(1));
        if (!type || std::strchr("<>|=", word[0]) == nullptr) {
            throw Error(Code::Unsupported,
                        m_name + " holds elements of type '" + shownPath(word) + "'; save it as float32 or integers.");
        }
        header.type = *type;
        header.bigEndian = word[0] == '>';
        return true;
    }

    static std::optional<ElementType> typeNamed(const std::string& word)
    {
        static const std::map<std::string, ElementType> kTypes = {
            {"b1", ElementType::Bool}, {"u1", ElementType::U8},  {"i1", ElementType::I8},  {"u2", ElementType::U16},
            {"i2", ElementType::I16},  {"u4", ElementType::U32}, {"i4", ElementType::I32}, {"u8", ElementType::U64},
            {"i8", ElementType::I64},  {"f2", ElementType::F16}, {"f4", ElementType::F32}, {"f8", ElementType::F64}};
        const auto found = kTypes.find(word);
        return found == kTypes.end() ? std::nullopt : std::optional<ElementType>(found->second);
    }

    bool readOrder(NpyHeader& header)
    {
        header.fortran = acceptWord("True");
        if (!header.fortran && !acceptWord("False")) {
            fail();
        }
        return true;
    }

    std::size_t readSize()
    {
        skipSpace();
        std::size_t value = 0;
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
            const auto digit = static_cast<std::size_t>(m_text[m_at] - '0');
            if (__builtin_mul_overflow(value, std::size_t{10}, &value) ||
                __builtin_add_overflow(value, digit, &value)) {
                throw Error(Code::BadFormat, m_name + " is shorter than it says: its shape is impossibly large.");
            }
            ++m_at;
        }
        if (m_at == begin) {
            fail();
        }
        if (m_at < m_text.size() && m_text[m_at] == 'L') {
            ++m_at; // written by Python 2
        }
        return value;
    }

    bool readShape(NpyHeader& header)
    {
        expect('(');
        while (!accept(')')) {
            if (header.shape.size() >= kMaxDimensions) {
                fail();
            }
            header.shape.push_back(readSize());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return true;
    }

    std::string_view m_text;
    const std::string& m_name;
    std::size_t m_at = 0;
};

void checkExtent(NpyHeader& header, const ByteSource& source)
{
    std::uint64_t bytes = elementSize(header.type);
    bool overflow = false;
    bool empty = false;
    for (const std::size_t side : header.shape) {
        empty = empty || side == 0;
        overflow = __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(side), &bytes) || overflow;
    }
    header.dataBytes = empty ? 0 : bytes;
    if (!empty && (overflow || bytes > source.size - header.dataStart)) {
        throw Error(Code::BadFormat, source.name + " is shorter than it says: it was cut off, or its header is wrong.");
    }
}

} // namespace

std::size_t elementSize(ElementType type) noexcept
{
    switch (type) {
    case ElementType::Bool:
    case ElementType::U8:
    case ElementType::I8:
        return 1;
    case ElementType::U16:
    case ElementType::I16:
    case ElementType::F16:
        return 2;
    case ElementType::U32:
    case ElementType::I32:
    case ElementType::F32:
        return 4;
    default:
        return 8;
    }
}

NpyHeader readNpyHeader(const ByteSource& source)
{
    std::uint8_t start[12] = {};
    const std::size_t there = std::min<std::uint64_t>(sizeof start, source.size);
    source.read(0, start, there);
    if (there < 10 || std::memcmp(start, "\x93NUMPY", 6) != 0) {
        throw Error(Code::BadFormat, source.name + " is not a NumPy array.");
    }
    const int version = start[6];
    if (version < 1 || version > 3) {
        throw Error(Code::Unsupported,
                    source.name + " is NPY version " + std::to_string(version) + "; 1 to 3 are read.");
    }
    std::uint64_t length = start[8] | (static_cast<std::uint64_t>(start[9]) << 8);
    std::uint64_t textStart = 10;
    if (version > 1) {
        length |= (static_cast<std::uint64_t>(start[10]) << 16) | (static_cast<std::uint64_t>(start[11]) << 24);
        textStart = 12;
    }
    if (length > kMaxHeader || textStart + length > source.size) {
        throw Error(Code::BadFormat, source.name + " is shorter than it says, or its header is too long: " +
                                         std::to_string(length) + " bytes.");
    }
    std::string text(length, '\0');
    source.read(textStart, text.data(), text.size());
    NpyHeader header = HeaderParser(text, source.name).parse();
    header.dataStart = textStart + length;
    checkExtent(header, source);
    return header;
}

} // namespace semascope::core
