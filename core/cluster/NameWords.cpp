#include "core/clip/Unicode.h"
#include "core/cluster/ClusterNames.h"
#include "core/data/File_p.h"
#include "core/data/Text_p.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

namespace semascope::core {

namespace {

constexpr std::uint64_t kMostBytes = 256ULL << 20;
constexpr std::size_t kLongestWord = 300; ///< bytes; what is longer is a text of another kind
constexpr const char* kWordnetNouns = "/usr/share/wordnet/data.noun";

Error badLine(const std::string& path, std::size_t line, const std::string& what)
{
    return {Code::BadFormat, quoted(path) + ", line " + std::to_string(line) + ": " + what};
}

/// The line without its comment: '#' at the start or after a blank, so that "c#" is a word.
std::string_view withoutComment(std::string_view line)
{
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
            return line.substr(0, i);
        }
    }
    return line;
}

/// Words are the same when only case and blanks differ: two clusters called "Dog" and "dog" would be called alike.
std::string wordKey(const std::string& word)
{
    std::u32string key;
    for (const char32_t c : lowerCase(fromUtf8(word))) {
        if (!isBlank(c)) {
            key.push_back(c);
        } else if (!key.empty() && key.back() != U' ') {
            key.push_back(U' ');
        }
    }
    return toUtf8(key);
}

/// Calls body(line, number) for every line, without its end.
template<class Body> void eachLine(std::string_view text, const Body& body)
{
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        body(line, ++number);
        text.remove_prefix(std::min(text.size(), end + 1));
    }
}

std::vector<std::string_view> fieldsOf(std::string_view line)
{
    std::vector<std::string_view> fields;
    std::size_t at = 0;
    while ((at = line.find_first_not_of(' ', at)) != std::string_view::npos) {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        fields.push_back(line.substr(at, end - at));
        at = end;
    }
    return fields;
}

/// A whole number in base `base`, or −1.
int wholeNumber(std::string_view text, int base)
{
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

/// Common nouns with the number of their senses, in the order in which they are met.
class Nouns
{
public:
    void add(std::string_view lemma, int senses)
    {
        if (lemma.size() < 2 || !isCommon(lemma)) {
            return;
        }
        std::string word(lemma);
        std::replace(word.begin(), word.end(), '_', ' ');
        const auto [found, fresh] = m_at.try_emplace(word, m_words.size());
        if (fresh) {
            m_words.push_back(word);
            m_senses.push_back(0);
        }
        m_senses[found->second] += senses;
    }
    /// The `count` with most senses, in the order of the file.
    std::vector<std::string> most(std::size_t count) const
    {
        std::vector<std::size_t> order(m_words.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [this](std::size_t a, std::size_t b) { return m_senses[a] > m_senses[b]; });
        order.resize(std::min(order.size(), count));
        std::sort(order.begin(), order.end());
        std::vector<std::string> words;
        std::transform(order.begin(), order.end(), std::back_inserter(words), [this](auto i) { return m_words[i]; });
        return words;
    }
    bool empty() const { return m_words.empty(); }

private:
    /// Has letters, and none in upper case: WordNet writes proper names with capitals.
    static bool isCommon(std::string_view lemma)
    {
        const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
        const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
        return std::none_of(lemma.begin(), lemma.end(), isUpper) && std::any_of(lemma.begin(), lemma.end(), isLower);
    }

    std::unordered_map<std::string, std::size_t> m_at;
    std::vector<std::string> m_words;
    std::vector<int> m_senses;
};

/// "offset lex_filenum n w_cnt word lex_id …" (wndb(5)); the count is hexadecimal. False when it is no such line.
bool addFromData(const std::vector<std::string_view>& fields, Nouns& nouns)
{
    if (fields.size() < 6 || fields[2] != "n") {
        return false;
    }
    const int words = wholeNumber(fields[3], 16);
    if (words < 1 || fields.size() < 4 + 2 * static_cast<std::size_t>(words)) {
        return false;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(words); ++i) {
        nouns.add(fields[4 + 2 * i], 1);
    }
    return true;
}

/// "lemma n synset_cnt p_cnt symbol… sense_cnt tagsense_cnt offset…": everything is in lower case here, and proper
/// names are those that are an instance ("@i") and no kind ("@").
bool addFromIndex(const std::vector<std::string_view>& fields, Nouns& nouns)
{
    if (fields.size() < 6 || fields[1] != "n") {
        return false;
    }
    const int senses = wholeNumber(fields[2], 10), pointers = wholeNumber(fields[3], 10);
    if (senses < 1 || pointers < 0 || fields.size() < 6 + static_cast<std::size_t>(pointers)) {
        return false;
    }
    const auto first = fields.begin() + 4, last = first + pointers;
    const bool isName = std::find(first, last, "@i") != last && std::find(first, last, "@") == last;
    if (!isName) {
        nouns.add(fields[0], senses);
    }
    return true;
}

} // namespace

std::string wordnetNouns()
{
    return isRegular(kWordnetNouns) ? kWordnetNouns : std::string();
}

std::vector<std::string> readWordnet(const std::string& path, std::size_t count)
{
    Nouns nouns;
    eachLine(readText(path, kMostBytes), [&](std::string_view line, std::size_t number) {
        if (line.starts_with("  ") || line.empty()) {
            return; // the licence
        }
        const std::vector<std::string_view> fields = fieldsOf(line.substr(0, line.find('|')));
        const bool isIndex = fields.size() > 1 && fields[1] == "n"; // where data has the number of a file
        if (!(isIndex ? addFromIndex(fields, nouns) : addFromData(fields, nouns))) {
            throw badLine(path, number, "this is no line of WordNet's nouns; give its data.noun or index.noun.");
        }
    });
    if (nouns.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " has no nouns; give WordNet's data.noun or index.noun.");
    }
    return nouns.most(count);
}

std::vector<std::string> readWordList(const std::string& path)
{
    bool ignored = false;
    std::string text = asUtf8(readText(path, kMostBytes), ignored);
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    std::vector<std::string> words;
    std::unordered_set<std::string> known;
    eachLine(text, [&](std::string_view line, std::size_t number) {
        const std::string word(trimmed(withoutComment(line)));
        const auto isControl = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7F'; };
        if (std::any_of(word.begin(), word.end(), isControl)) {
            throw badLine(path, number, "control characters; give a text file with one word or phrase a line.");
        }
        if (word.size() > kLongestWord) {
            throw badLine(path, number, "longer than a word or phrase; give one a line.");
        }
        if (!word.empty() && known.insert(wordKey(word)).second) {
            words.push_back(word);
        }
    });
    if (words.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " has no words; give one word or phrase a line.");
    }
    return words;
}

} // namespace semascope::core
