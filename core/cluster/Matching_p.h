#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace semascope::core {

/// How many things have label a and cluster b, for the pairs that occur.
struct Cell
{
    std::uint32_t a, b;
    std::uint64_t count;
};

/// Largest total count over one-to-one matchings of `as` labels to `bs` clusters, by the shortest augmenting paths of
/// the Hungarian method (Kuhn 1955), on each connected part of the table by itself. Empty when a part is so large that
/// it would take minutes.
std::optional<std::uint64_t> bestMatching(const std::vector<Cell>& cells, std::size_t as, std::size_t bs);
/// The same matching itself: result[a] is its b, or −1. Pairs that are no cells are never matched.
std::optional<std::vector<std::int64_t>> bestPairs(const std::vector<Cell>& cells, std::size_t as, std::size_t bs);

} // namespace semascope::core
