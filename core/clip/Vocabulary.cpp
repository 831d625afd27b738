#include "core/clip/Vocabulary.h"

#include "core/clip/Unicode.h"
#include "core/data/File_p.h"
#include "core/job/Error.h"

#include <zlib.h>

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::size_t kOpenAiMerges = 49152 - 256 - 2; // the published file goes on after those that CLIP uses
constexpr const char* kVersionMark = "#version";

[[noreturn]] void refuse(const std::string& path, const std::string& what)
{
    throw Error(Code::BadFormat,
                "The vocabulary " + quoted(path) + " " + what + "; use the tokenizer files that came with the model.");
}

class Inflater
{
public:
    explicit Inflater(const std::string& path) : m_path(path)
    {
        if (inflateInit2(&m_stream, 16 + MAX_WBITS) != Z_OK) {
            throw Error(Code::OutOfMemory, "There is no memory to unpack " + quoted(path) + "; close other programs.");
        }
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    std::string run(std::string& packed)
    {
        m_stream.next_in = reinterpret_cast<Bytef*>(packed.data());
        m_stream.avail_in = static_cast<uInt>(packed.size());
        std::string out;
        std::string chunk(std::size_t(1) << 18, '\0');
        int status = Z_OK;
        while (status == Z_OK) {
            m_stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
            m_stream.avail_out = static_cast<uInt>(chunk.size());
            status = inflate(&m_stream, Z_NO_FLUSH);
            out.append(chunk.data(), chunk.size() - m_stream.avail_out);
            if (out.size() > kMaxVocabularyBytes) {
                refuse(m_path, "unpacks to more than 64 MB");
            }
        }
        if (status != Z_STREAM_END) {
            refuse(m_path, "is damaged or incomplete (gzip)");
        }
        return out;
    }

private:
    std::string m_path;
    z_stream m_stream{};
};

std::string readUnpacked(const std::string& path)
{
    std::string bytes = readText(path, kMaxVocabularyBytes);
    const bool packed = bytes.size() > 2 && bytes[0] == '\x1F' && bytes[1] == '\x8B';
    return packed ? Inflater(path).run(bytes) : bytes;
}

/// The next line without its end; `text` loses it.
std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return line;
}

void readMerges(std::string_view text, std::size_t most, Vocabulary& vocabulary)
{
    while (!text.empty() && vocabulary.merges.size() < most) {
        const std::string_view line = takeLine(text);
        if (line.empty()) {
            continue;
        }
        const std::size_t blank = line.find(' ');
        const bool two = blank != std::string_view::npos && blank > 0 && blank + 1 < line.size() &&
                         line.find(' ', blank + 1) == std::string_view::npos;
        if (!two) {
            refuse(vocabulary.source, "has a line that is not a merge of two symbols");
        }
        vocabulary.merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
    }
}

std::string_view withoutHeader(std::string_view text, bool always)
{
    std::string_view rest = text;
    const std::string_view first = takeLine(rest);
    return always || first.find(kVersionMark) != std::string_view::npos ? rest : text;
}

/// OpenAI's file has merges only: the tokens are numbered by rule.
Vocabulary fromMergeList(std::string_view text, const std::string& path)
{
    Vocabulary vocabulary;
    vocabulary.source = path;
    if (text.find('\0') != std::string_view::npos) {
        refuse(path, "is not a text file");
    }
    readMerges(withoutHeader(text, true), kOpenAiMerges, vocabulary);
    if (vocabulary.merges.empty()) {
        refuse(path, "holds no merges");
    }
    std::int32_t id = 0;
    for (const char* ending : {"", kWordEnd}) {
        for (std::uint8_t byte : byteSymbols().order) {
            vocabulary.add(toUtf8({&byteSymbols().symbol[byte], 1}) + ending, id++);
        }
    }
    for (const auto& [left, right] : vocabulary.merges) {
        vocabulary.add(left + right, id++);
    }
    vocabulary.add("<|startoftext|>", id);
    vocabulary.add("<|endoftext|>", id + 1);
    return vocabulary;
}

Vocabulary fromJson(const std::string& path)
{
    Vocabulary vocabulary = parseVocabularyJson(readText(path, kMaxVocabularyBytes), path);
    if (vocabulary.merges.empty()) {
        const std::string merges = joinPath(parentPath(path), "merges.txt");
        if (!isRegular(merges)) {
            throw Error(Code::NotFound,
                        "The vocabulary " + quoted(path) + " needs its merges.txt; put it in the same folder.");
        }
        vocabulary.source = merges;
        const std::string text = readText(merges, kMaxVocabularyBytes);
        readMerges(withoutHeader(text, false), kMaxTokens, vocabulary);
        vocabulary.source = path;
    }
    return vocabulary;
}

std::string fileInFolder(const std::string& folder)
{
    const auto has = [&](const char* name) { return isRegular(joinPath(folder, name)); };
    if (has("vocab.json") && has("merges.txt")) {
        return joinPath(folder, "vocab.json");
    }
    for (const char* name : {"tokenizer.json", "bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt"}) {
        if (has(name)) {
            return joinPath(folder, name);
        }
    }
    throw Error(Code::NotFound, "The folder " + quoted(folder) +
                                    " holds no vocabulary; it needs vocab.json with merges.txt, tokenizer.json, or "
                                    "bpe_simple_vocab_16e6.txt.gz.");
}

Vocabulary readFile(const std::string& path)
{
    if (extensionOf(path) == "json") {
        return fromJson(path);
    }
    const std::string beside = joinPath(parentPath(path), "vocab.json");
    if (baseName(path) == "merges.txt" && isRegular(beside)) {
        return fromJson(beside);
    }
    return fromMergeList(readUnpacked(path), path);
}

/// Every merge must join two known symbols into a third, and words must end as CLIP's do.
void check(const Vocabulary& vocabulary)
{
    for (const auto& [left, right] : vocabulary.merges) {
        for (const std::string& symbol : {left, right, left + right}) {
            if (vocabulary.idOf(symbol) < 0) {
                refuse(vocabulary.source, "has a merge of a symbol that is not in it: “" + shownPath(symbol) + "”");
            }
        }
    }
    const auto& symbols = byteSymbols().symbol;
    const bool anyEnd = std::any_of(symbols.begin(), symbols.end(), [&](const char32_t& c) {
        return vocabulary.idOf(toUtf8({&c, 1}) + kWordEnd) >= 0;
    });
    if (!anyEnd) {
        refuse(vocabulary.source, "does not mark word ends with </w> as CLIP's does");
    }
}

ByteSymbols makeByteSymbols()
{
    ByteSymbols result;
    std::size_t position = 0;
    const auto printable = [](unsigned b) { return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174; };
    char32_t substitute = 0x100;
    for (bool wanted : {true, false}) {
        for (unsigned b = 0; b < 256; ++b) {
            if (printable(b) == wanted) {
                result.symbol[b] = wanted ? static_cast<char32_t>(b) : substitute++;
                result.order[position++] = static_cast<std::uint8_t>(b);
            }
        }
    }
    return result;
}

} // namespace

const ByteSymbols& byteSymbols()
{
    static const ByteSymbols symbols = makeByteSymbols();
    return symbols;
}

std::int32_t Vocabulary::idOf(const std::string& token) const
{
    const auto found = ids.find(token);
    return found == ids.end() ? -1 : found->second;
}

void Vocabulary::add(const std::string& token, std::int32_t id)
{
    const auto index = static_cast<std::size_t>(id);
    if (index >= tokens.size()) {
        tokens.resize(index + 1);
    }
    if (!tokens[index].empty() && tokens[index] != token) {
        refuse(source, "gives two tokens the number " + std::to_string(id));
    }
    tokens[index] = token;
    ids[token] = id;
}

Vocabulary readVocabulary(const std::string& path)
{
    Vocabulary vocabulary = readFile(isFolder(path) ? fileInFolder(path) : path);
    check(vocabulary);
    return vocabulary;
}

} // namespace semascope::core
