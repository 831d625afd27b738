#pragma once
#include "core/checkpoint/MappedFile_p.h"

#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace semascope::core {

/// What one pickle says, as inert data. Values refer to each other by index, so that neither reading nor freeing them
/// recurses.
class Pickle
{
public:
    using Ref = std::uint32_t;
    enum class Kind : std::uint8_t {
        None,
        Bool,
        Int,
        Long, ///< an integer of more than 64 bits: its bytes
        Float,
        Text, ///< str
        Raw,  ///< bytes
        Tuple,
        List,    ///< lists and sets
        Dict,    ///< items: key, value, key, value, …
        Global,  ///< a name in a module; never looked up
        Opaque,  ///< what a call of a global would have made: first = global, second = arguments, third = state
        Storage, ///< a persistent id: first = its tuple
        Tensor,  ///< first = the arguments of torch's rebuild function, integer = its version
    };

    Kind kind(Ref r) const noexcept { return m_nodes[r].kind; }
    bool is(Ref r, Kind k) const noexcept { return m_nodes[r].kind == k; }
    std::int64_t integer(Ref r) const noexcept { return m_nodes[r].integer; }
    bool truth(Ref r) const noexcept { return m_nodes[r].integer != 0; }
    /// Of Text, Raw and Long.
    std::string_view text(Ref r) const noexcept { return {m_nodes[r].bytes, m_nodes[r].first}; }
    /// Of Tuple, List and Dict.
    std::span<const Ref> items(Ref r) const noexcept;
    Ref first(Ref r) const noexcept { return m_nodes[r].first; }
    Ref second(Ref r) const noexcept { return m_nodes[r].second; }
    Ref third(Ref r) const noexcept { return m_nodes[r].third; }

    bool isGlobal(Ref r, std::string_view module, std::string_view name) const noexcept;
    std::string_view globalModule(Ref r) const noexcept { return text(first(r)); }
    std::string_view globalName(Ref r) const noexcept { return text(second(r)); }
    /// "module.name"; long ones are cut.
    std::string fullName(Ref r) const;

    std::optional<Ref> value(Ref dict, std::string_view key) const noexcept;
    std::size_t nodeCount() const noexcept { return m_nodes.size(); }
    Ref root() const noexcept { return m_root; }

private:
    friend class PickleArena;
    static constexpr Ref kNothing = std::numeric_limits<Ref>::max();
    struct Node
    {
        Kind kind = Kind::None;
        std::uint8_t depth = 0;
        Ref first = 0, second = 0, third = kNothing;
        union {
            std::int64_t integer = 0;
            const char* bytes;
        };
    };
    std::deque<Node> m_nodes;
    std::vector<Ref> m_fixed;               ///< items of tuples
    std::deque<std::vector<Ref>> m_growing; ///< items of lists and dicts
    Ref m_root = 0;
};

/// One pickle within a file.
struct PickleSource
{
    std::string_view bytes; ///< must outlive the result: texts point into it
    std::string file;       ///< for messages
    std::uint64_t used = 0; ///< set by readPickle: where the pickle ended
};

/// Reads the pickle at the start of source.bytes (protocols 0 to 5 as far as torch uses them). Nothing is imported or
/// called. Throws Error(BadFormat | Unsupported) naming the opcode and its place.
Pickle readPickle(PickleSource& source, MemoryBudget& budget);

} // namespace semascope::core
