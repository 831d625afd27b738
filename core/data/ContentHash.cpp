#include "core/data/ContentHash_p.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core {

struct ContentHash::State
{
    XXH3_state_t* state = XXH3_createState();
    ~State() { XXH3_freeState(state); }
};

ContentHash::ContentHash() : m_state(std::make_unique<State>())
{
    XXH3_128bits_reset(m_state->state);
}

ContentHash::~ContentHash() = default;

void ContentHash::add(const std::string& text)
{
    // With the NUL, so that "ab" + "c" is not "a" + "bc".
    XXH3_128bits_update(m_state->state, text.c_str(), text.size() + 1);
}

void ContentHash::add(std::uint64_t number)
{
    XXH3_128bits_update(m_state->state, &number, sizeof number);
}

void ContentHash::addFile(const std::string& path)
{
    const OpenedFile file = openRegular(path);
    add(file.facts.size);
    add(static_cast<std::uint64_t>(file.facts.modified));
}

std::string ContentHash::hex() const
{
    const XXH128_hash_t hash = XXH3_128bits_digest(m_state->state);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const XXH64_hash_t half : {hash.high64, hash.low64}) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            text += kDigits[(half >> shift) & 15];
        }
    }
    return text;
}

std::string hashOf(const std::vector<Candidate>& candidates)
{
    ContentHash hash;
    for (const Candidate& candidate : candidates) {
        hash.add(candidate.id);
        hash.add(candidate.size);
        hash.add(static_cast<std::uint64_t>(candidate.modified));
    }
    return hash.hex();
}

std::string hashOfFile(const std::string& path)
{
    ContentHash hash;
    hash.addFile(path);
    return hash.hex();
}

} // namespace semascope::core
