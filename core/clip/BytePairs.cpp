#include "core/clip/BytePairs.h"

#include "core/clip/Unicode.h"

#include <queue>

namespace semascope::core {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

std::uint64_t pairKey(std::int32_t left, std::int32_t right) noexcept
{
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

/// A pair that could be joined, as it was when it was found.
struct Candidate
{
    std::uint32_t rank = 0;
    std::size_t position = 0;
    std::int32_t left = 0, right = 0;

    bool operator>(const Candidate& other) const noexcept
    {
        return rank != other.rank ? rank > other.rank : position > other.position;
    }
};

} // namespace

/// The symbols of a word as a list linked by index, so that a join costs no move, and the pairs still to be joined.
struct BytePairs::Chain
{
    std::vector<std::int32_t> symbol;
    std::vector<std::size_t> next, previous;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    std::vector<std::size_t> joined; ///< where the present rank made new symbols
};

BytePairs::BytePairs(const Vocabulary& vocabulary, std::int32_t unknown) : m_unknown(unknown)
{
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const std::string symbol = toUtf8({&byteSymbols().symbol[byte], 1});
        m_inner[byte] = vocabulary.idOf(symbol);
        m_last[byte] = vocabulary.idOf(symbol + kWordEnd);
    }
    m_joins.reserve(vocabulary.merges.size());
    for (std::size_t rank = 0; rank < vocabulary.merges.size(); ++rank) {
        const auto& [left, right] = vocabulary.merges[rank];
        m_joins[pairKey(vocabulary.idOf(left), vocabulary.idOf(right))] = {static_cast<std::uint32_t>(rank),
                                                                           vocabulary.idOf(left + right)};
    }
}

const BytePairs::Join* BytePairs::find(std::int32_t left, std::int32_t right) const
{
    const auto found = left < 0 || right < 0 ? m_joins.end() : m_joins.find(pairKey(left, right));
    return found == m_joins.end() ? nullptr : &found->second;
}

void BytePairs::offer(Chain& chain, std::size_t left) const
{
    const std::size_t right = left == kNone ? kNone : chain.next[left];
    if (right == kNone) {
        return;
    }
    if (const Join* join = find(chain.symbol[left], chain.symbol[right])) {
        chain.candidates.push({join->rank, left, chain.symbol[left], chain.symbol[right]});
    }
}

/// Joins all pairs of the lowest rank, left to right. Pairs that arise are offered only afterwards: even where they
/// rank lower they have to wait for this round to end.
void BytePairs::joinLowest(Chain& chain) const
{
    const std::uint32_t rank = chain.candidates.top().rank;
    chain.joined.clear();
    while (!chain.candidates.empty() && chain.candidates.top().rank == rank) {
        const Candidate pair = chain.candidates.top();
        chain.candidates.pop();
        const std::size_t left = pair.position;
        const std::size_t right = chain.next[left];
        if (chain.symbol[left] != pair.left || right == kNone || chain.symbol[right] != pair.right) {
            continue;
        }
        chain.symbol[left] = find(pair.left, pair.right)->id;
        chain.symbol[right] = -1;
        chain.next[left] = chain.next[right];
        if (chain.next[left] != kNone) {
            chain.previous[chain.next[left]] = left;
        }
        chain.joined.push_back(left);
    }
    for (std::size_t position : chain.joined) {
        offer(chain, chain.previous[position]);
        offer(chain, position);
    }
}

std::vector<std::int32_t> BytePairs::encode(std::string_view word) const
{
    Chain chain;
    const std::size_t n = word.size();
    for (std::size_t i = 0; i < n; ++i) {
        const auto byte = static_cast<std::uint8_t>(word[i]);
        chain.symbol.push_back(i + 1 == n ? m_last[byte] : m_inner[byte]);
        chain.next.push_back(i + 1 == n ? kNone : i + 1);
        chain.previous.push_back(i == 0 ? kNone : i - 1);
    }
    for (std::size_t i = 0; i < n; ++i) {
        offer(chain, i);
    }
    while (!chain.candidates.empty()) {
        joinLowest(chain);
    }
    std::vector<std::int32_t> ids;
    for (std::size_t i = n == 0 ? kNone : 0; i != kNone; i = chain.next[i]) {
        ids.push_back(chain.symbol[i] < 0 ? m_unknown : chain.symbol[i]);
    }
    return ids;
}

} // namespace semascope::core
