#pragma once
#include "core/checkpoint/Pickle_p.h"

namespace semascope::core {

/// Makes the values of a Pickle; every byte it takes is charged first.
class PickleArena
{
public:
    using Ref = Pickle::Ref;
    using Kind = Pickle::Kind;
    /// Values nested deeper than this are refused: real files stay below ten.
    static constexpr unsigned kDeepest = 64;

    explicit PickleArena(MemoryBudget& budget);

    Ref none() const noexcept { return 0; }
    Ref boolean(bool value) const noexcept { return value ? 2 : 1; }
    Ref emptyTuple() const noexcept { return 3; }
    Ref integer(std::int64_t value) { return add(Kind::Int, value); }
    Ref text(Kind kind, std::string_view bytes);   ///< Text, Raw or Long
    Ref simple(Kind kind) { return add(kind, 0); } ///< Float; empty List and Dict
    Ref tuple(std::span<const Ref> items);
    Ref global(Ref module, Ref name);
    Ref opaque(Ref global, Ref arguments);
    Ref wrap(Kind kind, Ref inner, std::int64_t number); ///< Storage and Tensor

    void append(Ref container, std::span<const Ref> items);
    void setState(Ref opaque, Ref state);
    /// True when a value is nested too deeply since the last call.
    bool tooDeep() const noexcept { return m_tooDeep; }

    const Pickle& values() const noexcept { return m_values; }
    Pickle take(Ref root);

private:
    Ref add(Kind kind, std::int64_t number);
    void deepen(Ref outer, Ref inner);

    Pickle m_values;
    MemoryBudget& m_budget;
    bool m_tooDeep = false;
};

} // namespace semascope::core
