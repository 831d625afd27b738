#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// How a text is cleaned before the byte-pair encoding. openai: ftfy-like repair, html, lower case. openclip: the same
/// with other special tokens. hf: NFC, blanks, lower case only.
enum class TokenizerStyle { OpenAi, OpenClip, HuggingFace };
std::optional<TokenizerStyle> tokenizerStyleFromName(const std::string& word);
const char* tokenizerStyleName(TokenizerStyle style) noexcept;

/// CLIP's byte-pair tokenizer. Immutable, thread-safe. Reads bpe_simple_vocab_16e6.txt.gz, vocab.json + merges.txt, or
/// tokenizer.json.
class Tokenizer
{
public:
    /// `path`: a file of these kinds or a folder holding them. Throws Error(NotFound | BadFormat).
    static std::shared_ptr<const Tokenizer> open(const std::string& path, TokenizerStyle style);
    ~Tokenizer();

    /// Token ids without start and end. Invalid UTF-8 is read as U+FFFD.
    std::vector<std::int32_t> encode(const std::string& text) const;
    /// Start + ids + end; cut to `context` with the last id replaced by end. Not padded. Throws Error(Misuse) below 2.
    std::vector<std::int32_t> encodeForModel(const std::string& text, std::size_t context) const;
    /// The text after cleaning, as the encoder sees it.
    std::string clean(const std::string& text) const;
    std::string decode(const std::vector<std::int32_t>& ids) const;

    std::int32_t startId() const noexcept;
    std::int32_t endId() const noexcept;
    std::size_t vocabularySize() const noexcept;
    const std::string& source() const noexcept; ///< the file it was read from

private:
    Tokenizer();
    struct Data;
    std::unique_ptr<Data> m;
};

/// Where a vocabulary is: `given` (--vocab), beside the checkpoint, or in the usual caches of clip, open_clip and
/// Hugging Face. Only vocabularies of `vocabSize` tokens count when that is not 0. Empty when there is none. A given
/// one must do: throws Error(NotFound | BadFormat | Mismatch) when it does not.
std::string findVocabulary(const std::string& given, const std::string& besideCheckpoint, std::size_t vocabSize);
/// What to tell a person who has none: which file to put where.
std::string vocabularyHelp();

} // namespace semascope::core
