#include "core/clip/ClipTrain.h"

#include "core/clip/TextClean.h"
#include "core/clip/TextSplit.h"
#include "core/clip/Unicode.h"
#include "core/data/Arrays.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace semascope::core {

namespace {

using Pieces = std::vector<std::string>;
using Pair = std::pair<std::string, std::string>;

constexpr char kEndOfWord[] = "</w>", kStart[] = "<|startoftext|>", kEnd[] = "<|endoftext|>";

std::string utf8Of(int codePoint)
{
    if (codePoint < 0x80) {
        return {static_cast<char>(codePoint)};
    }
    return {static_cast<char>(0xc0 | (codePoint >> 6)), static_cast<char>(0x80 | (codePoint & 0x3f))};
}

bool printable(int b)
{
    return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
}

/// The printable stand-in of each byte, as CLIP's vocabularies have them: printable Latin-1 stands for itself, the
/// others are moved to U+0100 and up.
const std::array<std::string, 256>& standIns()
{
    static const std::array<std::string, 256> table = [] {
        std::array<std::string, 256> all;
        int moved = 0;
        for (int b = 0; b < 256; ++b) {
            all[static_cast<std::size_t>(b)] = printable(b) ? utf8Of(b) : utf8Of(0x100 + moved++);
        }
        return all;
    }();
    return table;
}

/// The different words as single bytes' stand-ins, the last one marked as a word's end, with how often they occur.
std::map<Pieces, std::size_t> wordsOf(const std::vector<std::string>& texts)
{
    std::map<Pieces, std::size_t> words;
    for (const std::string& text : texts) {
        const std::u32string clean = cleanAsHuggingFace(fromUtf8(text));
        for (const TextPiece& piece : splitText(clean, nullptr, false)) {
            Pieces word;
            for (const char c : toUtf8(piece.text)) {
                word.push_back(standIns()[static_cast<unsigned char>(c)]);
            }
            if (!word.empty()) {
                word.back() += kEndOfWord;
                ++words[word];
            }
        }
    }
    return words;
}

Pieces joined(const Pieces& word, const Pair& pair)
{
    Pieces result;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool here = i + 1 < word.size() && word[i] == pair.first && word[i + 1] == pair.second;
        result.push_back(here ? word[i] + word[i + 1] : word[i]);
        i += here ? 1 : 0;
    }
    return result;
}

} // namespace

std::vector<Pair> learnMerges(const std::vector<std::string>& texts, std::size_t most, std::size_t least)
{
    std::map<Pieces, std::size_t> words = wordsOf(texts);
    std::vector<Pair> merges;
    while (merges.size() < most) {
        std::map<Pair, std::size_t> counts;
        for (const auto& [word, count] : words) {
            for (std::size_t i = 0; i + 1 < word.size(); ++i) {
                counts[{word[i], word[i + 1]}] += count;
            }
        }
        const auto best = std::max_element(counts.begin(), counts.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (best == counts.end() || best->second < least) {
            break;
        }
        merges.push_back(best->first);
        std::map<Pieces, std::size_t> next;
        for (const auto& [word, count] : words) {
            next[joined(word, best->first)] += count;
        }
        words = std::move(next);
    }
    return merges;
}

int writeVocabulary(const std::string& folder, const std::vector<Pair>& merges)
{
    nlohmann::ordered_json vocabulary = nlohmann::ordered_json::object();
    int id = 0;
    for (const char* mark : {"", kEndOfWord}) {
        for (const bool plain : {true, false}) { // printable ones come first in CLIP's vocabularies
            for (int b = 0; b < 256; ++b) {
                if (printable(b) == plain) {
                    vocabulary[standIns()[static_cast<std::size_t>(b)] + mark] = id++;
                }
            }
        }
    }
    std::string lines = "#version: 0.2\n";
    for (const auto& [left, right] : merges) {
        lines += left + " " + right + "\n";
        if (!vocabulary.contains(left + right)) { // two ways to the same piece are one token
            vocabulary[left + right] = id++;
        }
    }
    vocabulary[kStart] = id++;
    vocabulary[kEnd] = id++;
    const std::string json = vocabulary.dump();
    writeFileAtomic(folder + "/vocab.json", json.data(), json.size());
    writeFileAtomic(folder + "/merges.txt", lines.data(), lines.size());
    return id;
}

} // namespace semascope::core
