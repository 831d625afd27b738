#include "core/checkpoint/PickleMachine_p.h"

// The opcodes that make values of values. What would import or call something in Python only makes a note of the name
// here.
namespace semascope::core {

bool PickleMachine::tupleOpcode()
{
    std::size_t count = 0;
    switch (m_opcode) {
    case ')':
        push(m_arena.emptyTuple());
        return true;
    case 't': {
        const Ref made = m_arena.tuple(fromMark());
        dropMark();
        push(made);
        return true;
    }
    case 0x85:
        count = 1;
        break;
    case 0x86:
        count = 2;
        break;
    case 0x87:
        count = 3;
        break;
    default:
        return false;
    }
    const Ref made = m_arena.tuple(pick(count));
    drop(count);
    push(made);
    return true;
}

bool PickleMachine::containerOpcode()
{
    switch (m_opcode) {
    case ']':
    case 0x8f:
        push(m_arena.simple(Kind::List));
        return true;
    case '}':
        push(m_arena.simple(Kind::Dict));
        return true;
    case 'l':
    case 0x91:
    case 'd': {
        const Ref made = m_arena.simple(m_opcode == 'd' ? Kind::Dict : Kind::List);
        fill(made, fromMark());
        dropMark();
        push(made);
        return true;
    }
    case 'a':
        pick(2);
        fill(m_stack[m_stack.size() - 2], pick(1));
        drop(1);
        return true;
    case 's':
        pick(3);
        fill(m_stack[m_stack.size() - 3], pick(2));
        drop(2);
        return true;
    case 'e':
    case 0x90:
    case 'u': {
        const auto items = fromMark();
        const std::size_t below = m_marks.size() > 1 ? m_marks[m_marks.size() - 2] : 0;
        if (m_marks.back() <= below) {
            fail("finds no container below its mark");
        }
        const Ref container = m_stack[m_marks.back() - 1];
        fill(container, items);
        dropMark();
        return true;
    }
    default:
        return false;
    }
}

void PickleMachine::fill(Ref container, std::span<const Ref> items)
{
    if (m_arena.values().is(container, Kind::Opaque)) {
        return; // the items of an object that is not made are not kept either
    }
    const bool pairs = m_opcode == 'd' || m_opcode == 's' || m_opcode == 'u';
    if (!m_arena.values().is(container, pairs ? Kind::Dict : Kind::List)) {
        fail(pairs ? "sets items of what is no dict" : "appends to what is no list");
    }
    if (pairs && items.size() % 2 != 0) {
        fail("finds a key without a value");
    }
    m_arena.append(container, items);
}

bool PickleMachine::objectOpcode()
{
    switch (m_opcode) {
    case 'c': {
        const Ref module = m_arena.text(Kind::Text, line());
        const Ref name = m_arena.text(Kind::Text, line());
        push(makeGlobal(module, name));
        return true;
    }
    case 0x93: {
        const auto words = pick(2);
        const Ref made = makeGlobal(words[0], words[1]);
        drop(2);
        push(made);
        return true;
    }
    case 'R':
    case 0x81: {
        const auto call = pick(2);
        const Ref made = reduce(call[0], call[1]);
        drop(2);
        push(made);
        return true;
    }
    case 0x92: {
        const auto call = pick(3);
        const Ref made = reduce(call[0], call[1]); // keyword arguments are of no use to us
        drop(3);
        push(made);
        return true;
    }
    case 'Q': {
        const Ref made = m_arena.wrap(Kind::Storage, top(), 0);
        drop(1);
        push(made);
        return true;
    }
    case 'b':
        build();
        return true;
    default:
        return false;
    }
}

Pickle::Ref PickleMachine::makeGlobal(Ref module, Ref name)
{
    if (!m_arena.values().is(module, Kind::Text) || !m_arena.values().is(name, Kind::Text)) {
        fail("names a global by something that is no text");
    }
    return m_arena.global(module, name);
}

Pickle::Ref PickleMachine::reduce(Ref callable, Ref arguments)
{
    if (!m_arena.values().is(callable, Kind::Global)) {
        fail("calls what is no global");
    }
    if (!m_arena.values().is(arguments, Kind::Tuple)) {
        fail("calls " + m_arena.values().fullName(callable) + " with arguments that are no tuple");
    }
    return reduceGlobal(callable, arguments);
}

Pickle::Ref PickleMachine::reduceGlobal(Ref callable, Ref arguments)
{
    const Pickle& values = m_arena.values();
    const auto given = values.items(arguments);
    if (values.isGlobal(callable, "collections", "OrderedDict")) {
        return orderedDict(arguments);
    }
    if (values.isGlobal(callable, "collections", "defaultdict")) {
        return m_arena.simple(Kind::Dict);
    }
    if (values.isGlobal(callable, "torch", "Size") && !given.empty() && values.is(given[0], Kind::Tuple)) {
        return given[0];
    }
    if (values.globalModule(callable) == "torch._utils") {
        const std::string_view name = values.globalName(callable);
        const int version = name == "_rebuild_tensor"      ? 1
                            : name == "_rebuild_tensor_v2" ? 2
                            : name == "_rebuild_tensor_v3" ? 3
                                                           : 0;
        if (version > 0) {
            return m_arena.wrap(Kind::Tensor, arguments, version);
        }
        if (name == "_rebuild_parameter" || name == "_rebuild_parameter_with_state") {
            if (given.empty()) {
                fail("rebuilds a parameter of nothing");
            }
            return given[0];
        }
    }
    // A tensor with attributes of its own: (function, type, arguments, state).
    if (values.isGlobal(callable, "torch._tensor", "_rebuild_from_type_v2") && given.size() >= 3 &&
        values.is(given[0], Kind::Global) && values.isGlobal(given[0], "torch._utils", values.globalName(given[0])) &&
        values.is(given[2], Kind::Tuple)) {
        return reduceGlobal(given[0], given[2]); // one step: the inner function is of another module
    }
    return m_arena.opaque(callable, arguments);
}

Pickle::Ref PickleMachine::orderedDict(Ref arguments)
{
    const Ref made = m_arena.simple(Kind::Dict);
    const Pickle& values = m_arena.values();
    const auto given = values.items(arguments);
    if (given.empty() || values.is(given[0], Kind::Dict)) {
        return made;
    }
    const bool listed = values.is(given[0], Kind::List) || values.is(given[0], Kind::Tuple);
    const std::size_t count = listed ? values.items(given[0]).size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Ref pair = values.items(given[0])[i];
        const bool isPair = values.is(pair, Kind::List) || values.is(pair, Kind::Tuple);
        if (!isPair || values.items(pair).size() != 2) {
            fail("fills a dict with what is no pair");
        }
        const Ref both[] = {values.items(pair)[0], values.items(pair)[1]};
        m_arena.append(made, both);
    }
    return made;
}

void PickleMachine::build()
{
    pick(2);
    const Ref state = pop();
    const Ref object = top();
    if (m_arena.values().is(object, Kind::Opaque)) {
        m_arena.setState(object, state); // attributes of dicts and tensors hold no weights
    }
}

} // namespace semascope::core
