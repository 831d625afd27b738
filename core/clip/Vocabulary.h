#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace semascope::core {

/// Limits on what is read as a vocabulary; CLIP's own has 49,408 tokens in 1 to 4 MB.
constexpr std::uint64_t kMaxVocabularyBytes = 64ull << 20;
constexpr std::size_t kMaxTokens = std::size_t(1) << 21;

/// A byte-pair vocabulary as its files have it: bytes are written as printable characters, "</w>" ends a word.
struct Vocabulary
{
    std::string source;
    std::vector<std::string> tokens;                         ///< by id; an id that no token has is empty
    std::unordered_map<std::string, std::int32_t> ids;       ///< the last id wins where a token has two
    std::vector<std::pair<std::string, std::string>> merges; ///< by rank

    /// -1 when there is no such token.
    std::int32_t idOf(const std::string& token) const;
    void add(const std::string& token, std::int32_t id);
};

/// Reads a file or folder of any known kind and checks it. Throws Error(NotFound | BadFormat | Io).
Vocabulary readVocabulary(const std::string& path);

/// vocab.json or tokenizer.json: tokens, and merges where the file has them. Throws Error(BadFormat).
Vocabulary parseVocabularyJson(std::string_view json, const std::string& source);

/// The character by which a vocabulary writes each byte, and the order in which CLIP numbers them.
struct ByteSymbols
{
    std::array<char32_t, 256> symbol{};
    std::array<std::uint8_t, 256> order{};
};
const ByteSymbols& byteSymbols();

constexpr const char* kWordEnd = "</w>";

} // namespace semascope::core
