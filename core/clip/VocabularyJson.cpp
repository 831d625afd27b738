#include "core/clip/Vocabulary.h"

#include "core/data/File_p.h"
#include "core/job/Error.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace semascope::core {

namespace {

using Json = nlohmann::json;
constexpr std::size_t kDeepest = 32;

/// Takes tokens and merges out of either kind of file while it is parsed, so that a hostile document builds no tree.
class VocabularySax : public nlohmann::json_sax<Json>
{
public:
    explicit VocabularySax(const std::string& source) { m_vocabulary.source = source; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool binary(Json::binary_t&) override { return true; }
    bool number_integer(Json::number_integer_t value) override { return number(value); }
    bool number_unsigned(Json::number_unsigned_t value) override
    {
        return number(value > kMaxTokens ? -1 : static_cast<std::int64_t>(value));
    }
    bool number_float(Json::number_float_t, const std::string&) override { return number(-1); }
    bool string(std::string& value) override;
    bool key(std::string& name) override;
    bool start_object(std::size_t) override
    {
        m_whole = m_whole || at({"model"}); // "model" is a word too: in vocab.json it has a number
        return push({});
    }
    bool start_array(std::size_t) override { return push(kItem); }
    bool end_object() override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        refuse("is not valid JSON (near byte " + std::to_string(position) + ")");
    }

    Vocabulary take();

private:
    [[noreturn]] void refuse(const std::string& what) const;
    bool push(std::string name);
    bool at(std::initializer_list<const char*> path) const;
    bool number(std::int64_t value);
    void addMerge(const std::string& line);

    static constexpr const char* kItem = "[]";
    Vocabulary m_vocabulary;
    std::vector<std::string> m_path; ///< the key being read at each level; kItem inside lists
    std::vector<std::string> m_pair;
    std::string m_content;
    std::optional<std::int32_t> m_id;
    std::string m_type, m_suffix;
    bool m_whole = false; ///< tokenizer.json
};

void VocabularySax::refuse(const std::string& what) const
{
    throw Error(Code::BadFormat, "The vocabulary " + quoted(m_vocabulary.source) + " " + what +
                                     "; use the tokenizer files that came with the model.");
}

bool VocabularySax::push(std::string name)
{
    if (m_path.size() >= kDeepest) {
        refuse("is nested too deeply");
    }
    if (m_path.empty() && name == kItem) {
        refuse("is a list, not an object");
    }
    m_path.push_back(std::move(name));
    return true;
}

/// Whether the value now read stands at `path`; "*" stands for any key.
bool VocabularySax::at(std::initializer_list<const char*> path) const
{
    return m_path.size() == path.size() &&
           std::equal(path.begin(), path.end(), m_path.begin(), [](const char* wanted, const std::string& key) {
               return wanted == std::string_view("*") || key == wanted;
           });
}

bool VocabularySax::key(std::string& name)
{
    m_path.back() = name;
    return true;
}

bool VocabularySax::number(std::int64_t value)
{
    const bool token = at({"model", "vocab", "*"});
    if (token || (m_path.size() == 1 && !m_whole)) {
        if (value < 0 || value >= static_cast<std::int64_t>(kMaxTokens)) {
            refuse("gives a token an impossible number");
        }
        m_vocabulary.add(m_path.back(), static_cast<std::int32_t>(value));
    } else if (at({"added_tokens", kItem, "id"})) {
        if (value < 0 || value >= static_cast<std::int64_t>(kMaxTokens)) {
            refuse("gives an added token an impossible number");
        }
        m_id = static_cast<std::int32_t>(value);
    }
    return true;
}

void VocabularySax::addMerge(const std::string& line)
{
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos || line.find(' ', blank + 1) != std::string::npos) {
        refuse("has a merge that is not two symbols");
    }
    m_vocabulary.merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
}

bool VocabularySax::string(std::string& value)
{
    if (at({"model", "merges", kItem})) {
        addMerge(value);
    } else if (at({"model", "merges", kItem, kItem})) {
        m_pair.push_back(value);
    } else if (at({"added_tokens", kItem, "content"})) {
        m_content = value;
    } else if (at({"model", "type"})) {
        m_type = value;
    } else if (at({"model", "end_of_word_suffix"})) {
        m_suffix = value;
    }
    return true;
}

bool VocabularySax::end_object()
{
    m_path.pop_back();
    if (at({"added_tokens", kItem})) {
        if (m_id && !m_content.empty()) {
            m_vocabulary.add(m_content, *m_id);
        }
        m_id.reset();
        m_content.clear();
    }
    return true;
}

bool VocabularySax::end_array()
{
    m_path.pop_back();
    if (at({"model", "merges", kItem})) {
        if (m_pair.size() != 2) {
            refuse("has a merge that is not two symbols");
        }
        m_vocabulary.merges.emplace_back(m_pair[0], m_pair[1]);
        m_pair.clear();
    }
    return true;
}

Vocabulary VocabularySax::take()
{
    if (m_whole && !m_type.empty() && m_type != "BPE") {
        refuse("is of the kind " + m_type + ", not CLIP's byte-pair encoding");
    }
    if (m_whole && m_suffix != kWordEnd) {
        refuse("does not mark word ends with </w> as CLIP's does");
    }
    if (m_vocabulary.tokens.empty()) {
        refuse("holds no tokens");
    }
    return std::move(m_vocabulary);
}

} // namespace

Vocabulary parseVocabularyJson(std::string_view json, const std::string& source)
{
    VocabularySax sax(source);
    Json::sax_parse(json.begin(), json.end(), &sax);
    return sax.take();
}

} // namespace semascope::core
