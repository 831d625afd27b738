#pragma once
#include "core/checkpoint/PickleArena_p.h"

namespace semascope::core {

/// Executes the opcodes of one pickle on an arena. The opcodes that build values of values are in PickleObjects.cpp.
class PickleMachine
{
public:
    PickleMachine(PickleSource& source, MemoryBudget& budget);
    Pickle run();

private:
    using Ref = Pickle::Ref;
    using Kind = Pickle::Kind;

    bool numberOpcode();
    bool textOpcode();
    bool tupleOpcode();
    bool containerOpcode();
    bool memoOpcode();
    bool objectOpcode();
    bool stackOpcode();

    std::uint64_t number(unsigned bytes);
    std::string_view bytes(std::uint64_t count);
    std::string_view line();
    Ref textLine(bool asInteger);
    Ref longNumber(std::uint64_t count);

    void push(Ref r);
    Ref pop();
    Ref top();
    std::span<const Ref> pick(std::size_t count); ///< the topmost `count` values; drop() them afterwards
    std::span<const Ref> fromMark();              ///< all values above the topmost mark
    void drop(std::size_t count);
    void dropMark();

    void store(std::uint64_t index);
    void load(std::uint64_t index);

    Ref makeGlobal(Ref module, Ref name);
    Ref reduce(Ref callable, Ref arguments);
    Ref reduceGlobal(Ref callable, Ref arguments);
    Ref orderedDict(Ref arguments);
    void build();
    void fill(Ref container, std::span<const Ref> items);

    [[noreturn]] void fail(const std::string& sentence) const;

    PickleSource& m_source;
    MemoryBudget& m_budget;
    PickleArena m_arena;
    std::uint64_t m_at = 0, m_opcodeAt = 0;
    unsigned char m_opcode = 0;
    std::vector<Ref> m_stack, m_memo;
    std::vector<std::size_t> m_marks;
    std::size_t m_stackPeak = 0, m_marksPeak = 0;
    std::uint64_t m_memoized = 0;
};

/// The word for an opcode, such as "REDUCE"; "0xfe" for what is none.
std::string pickleOpcodeName(unsigned char opcode);

} // namespace semascope::core
