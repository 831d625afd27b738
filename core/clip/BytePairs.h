#pragma once
#include "core/clip/Vocabulary.h"

namespace semascope::core {

/// Byte-pair encoding of single words. Immutable after construction.
class BytePairs
{
public:
    /// `unknown` is the id for a byte that the vocabulary lacks.
    BytePairs(const Vocabulary& vocabulary, std::int32_t unknown);

    /// Token ids of a word given as UTF-8: the pair of lowest rank is joined everywhere, from the left, until none is
    /// left.
    std::vector<std::int32_t> encode(std::string_view word) const;

private:
    struct Join
    {
        std::uint32_t rank = 0;
        std::int32_t id = 0;
    };
    struct Chain;
    const Join* find(std::int32_t left, std::int32_t right) const;
    void offer(Chain& chain, std::size_t left) const;
    void joinLowest(Chain& chain) const;

    std::array<std::int32_t, 256> m_inner{}; ///< -1: not in the vocabulary
    std::array<std::int32_t, 256> m_last{};
    std::unordered_map<std::uint64_t, Join> m_joins;
    std::int32_t m_unknown;
};

} // namespace semascope::core
