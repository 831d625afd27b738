#include "core/clip/Tokenizer.h"

#include "core/clip/BytePairs.h"
#include "core/clip/TextClean.h"
#include "core/clip/TextSplit.h"
#include "core/clip/Unicode.h"
#include "core/data/File_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <shared_mutex>

namespace semascope::core {

namespace {

constexpr std::size_t kMostCachedWords = 65'536;
constexpr std::size_t kLongestCachedWord = 64;
constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
constexpr const char* kStartWords[] = {"<|startoftext|>", "<start_of_text>"};
constexpr const char* kEndWords[] = {"<|endoftext|>", "<end_of_text>"};

template<std::size_t N> std::int32_t idOfAny(const Vocabulary& vocabulary, const char* const (&words)[N])
{
    for (const char* word : words) {
        const std::int32_t id = vocabulary.idOf(word);
        if (id >= 0) {
            return id;
        }
    }
    throw Error(Code::BadFormat, "The vocabulary " + quoted(vocabulary.source) + " has no token " + words[0] +
                                     "; use the tokenizer files that came with the model.");
}

std::unordered_map<char32_t, char> bytesBySymbol()
{
    std::unordered_map<char32_t, char> bytes;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        bytes.emplace(byteSymbols().symbol[byte], static_cast<char>(byte));
    }
    return bytes;
}

} // namespace

struct Tokenizer::Data
{
    Data(Vocabulary v, TokenizerStyle s);

    std::u32string clean(std::u32string_view text) const;
    void append(const TextPiece& piece, std::vector<std::int32_t>& ids) const;
    std::vector<std::int32_t> encodeWord(const std::string& word) const;
    /// Stops once there are `limit` ids.
    std::vector<std::int32_t> encode(const std::string& text, std::size_t limit) const;

    Vocabulary vocabulary;
    TokenizerStyle style;
    std::int32_t start, end;
    SpecialWords specials;
    BytePairs pairs;
    mutable std::shared_mutex mutex;
    mutable std::unordered_map<std::string, std::vector<std::int32_t>> cache;
};

Tokenizer::Data::Data(Vocabulary v, TokenizerStyle s)
    : vocabulary(std::move(v)),
      style(s),
      start(idOfAny(vocabulary, kStartWords)),
      end(idOfAny(vocabulary, kEndWords)),
      pairs(vocabulary, end)
{
    const std::size_t spelling = style == TokenizerStyle::OpenClip ? 1 : 0;
    vocabulary.tokens[static_cast<std::size_t>(start)] = kStartWords[spelling];
    vocabulary.tokens[static_cast<std::size_t>(end)] = kEndWords[spelling];
    specials = {fromUtf8(kStartWords[spelling]), fromUtf8(kEndWords[spelling])};
    vocabulary.ids.clear();
    vocabulary.merges.clear();
}

std::u32string Tokenizer::Data::clean(std::u32string_view text) const
{
    return style == TokenizerStyle::HuggingFace ? cleanAsHuggingFace(text) : cleanAsOpenAi(text);
}

std::vector<std::int32_t> Tokenizer::Data::encodeWord(const std::string& word) const
{
    if (word.size() > kLongestCachedWord) {
        return pairs.encode(word);
    }
    {
        const std::shared_lock lock(mutex);
        const auto found = cache.find(word);
        if (found != cache.end()) {
            return found->second;
        }
    }
    std::vector<std::int32_t> ids = pairs.encode(word);
    const std::unique_lock lock(mutex);
    if (cache.size() < kMostCachedWords) {
        cache.emplace(word, ids);
    }
    return ids;
}

void Tokenizer::Data::append(const TextPiece& piece, std::vector<std::int32_t>& ids) const
{
    if (piece.special != Special::None) {
        ids.push_back(piece.special == Special::Start ? start : end);
        return;
    }
    const std::vector<std::int32_t> word = encodeWord(toUtf8(piece.text));
    ids.insert(ids.end(), word.begin(), word.end());
}

std::vector<std::int32_t> Tokenizer::Data::encode(const std::string& text, std::size_t limit) const
{
    const bool hf = style == TokenizerStyle::HuggingFace;
    const std::u32string characters = fromUtf8(text);
    const std::vector<TextPiece> parts =
        hf ? splitAtSpecials(characters, specials) : std::vector<TextPiece>{{characters, Special::None}};
    std::vector<std::int32_t> ids;
    for (const TextPiece& part : parts) {
        if (part.special != Special::None) {
            append(part, ids);
            continue;
        }
        const std::u32string cleaned = clean(part.text);
        for (const TextPiece& piece : splitText(cleaned, hf ? nullptr : &specials, !hf)) {
            if (ids.size() >= limit) {
                return ids;
            }
            append(piece, ids);
        }
    }
    return ids;
}

std::optional<TokenizerStyle> tokenizerStyleFromName(const std::string& word)
{
    for (TokenizerStyle style : {TokenizerStyle::OpenAi, TokenizerStyle::OpenClip, TokenizerStyle::HuggingFace}) {
        if (word == tokenizerStyleName(style)) {
            return style;
        }
    }
    return std::nullopt;
}

const char* tokenizerStyleName(TokenizerStyle style) noexcept
{
    switch (style) {
    case TokenizerStyle::OpenAi:
        return "openai";
    case TokenizerStyle::OpenClip:
        return "openclip";
    case TokenizerStyle::HuggingFace:
        return "hf";
    }
    return "openai";
}

Tokenizer::Tokenizer() = default;
Tokenizer::~Tokenizer() = default;

std::shared_ptr<const Tokenizer> Tokenizer::open(const std::string& path, TokenizerStyle style)
{
    std::shared_ptr<Tokenizer> tokenizer(new Tokenizer);
    tokenizer->m = std::make_unique<Data>(readVocabulary(path), style);
    return tokenizer;
}

std::vector<std::int32_t> Tokenizer::encode(const std::string& text) const
{
    return m->encode(text, kUnlimited);
}

std::vector<std::int32_t> Tokenizer::encodeForModel(const std::string& text, std::size_t context) const
{
    if (context < 2) {
        throw Error(Code::Misuse, "A text needs room for two tokens at least; the model's context is too short.");
    }
    std::vector<std::int32_t> ids = m->encode(text, context);
    ids.insert(ids.begin(), m->start);
    ids.push_back(m->end);
    if (ids.size() > context) {
        ids.resize(context);
        ids.back() = m->end;
    }
    return ids;
}

std::string Tokenizer::clean(const std::string& text) const
{
    return toUtf8(m->clean(fromUtf8(text)));
}

std::string Tokenizer::decode(const std::vector<std::int32_t>& ids) const
{
    static const std::unordered_map<char32_t, char> bytes = bytesBySymbol();
    std::string raw;
    for (std::int32_t id : ids) {
        const bool known = id >= 0 && static_cast<std::size_t>(id) < m->vocabulary.tokens.size();
        for (char32_t symbol : known ? fromUtf8(m->vocabulary.tokens[static_cast<std::size_t>(id)]) : U"\uFFFD") {
            const auto byte = bytes.find(symbol);
            if (byte != bytes.end()) {
                raw.push_back(byte->second);
            } else {
                appendUtf8(raw, symbol);
            }
        }
    }
    std::string text = toUtf8(fromUtf8(raw));
    const std::string mark(kWordEnd);
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        text.replace(at, mark.size(), " ");
    }
    return text;
}

std::int32_t Tokenizer::startId() const noexcept
{
    return m->start;
}

std::int32_t Tokenizer::endId() const noexcept
{
    return m->end;
}

std::size_t Tokenizer::vocabularySize() const noexcept
{
    return m->vocabulary.tokens.size();
}

const std::string& Tokenizer::source() const noexcept
{
    return m->vocabulary.source;
}

} // namespace semascope::core
