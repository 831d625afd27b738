#include "core/checkpoint/PickleMachine_p.h"

#include "core/job/Error.h"

#include <charconv>

namespace semascope::core {
PickleMachine::PickleMachine(PickleSource& source, MemoryBudget& budget)
    : m_source(source), m_budget(budget), m_arena(budget)
{}

void PickleMachine::fail(const std::string& sentence) const
{
    throw Error(Code::BadFormat, m_source.file + " holds a broken pickle: its opcode " + pickleOpcodeName(m_opcode) +
                                     " at byte " + std::to_string(m_opcodeAt) + " " + sentence + ".");
}

Pickle PickleMachine::run()
{
    for (;;) {
        m_opcodeAt = m_at;
        if (m_at >= m_source.bytes.size()) {
            throw Error(Code::BadFormat,
                        m_source.file + " holds a pickle that ends before its STOP – incomplete download?");
        }
        m_opcode = static_cast<unsigned char>(m_source.bytes[m_at++]);
        if (m_opcode == '.') {
            break;
        }
        const bool known = memoOpcode() || textOpcode() || numberOpcode() || tupleOpcode() || containerOpcode() ||
                           objectOpcode() || stackOpcode();
        if (!known) {
            throw Error(Code::Unsupported, m_source.file + " holds a pickle with the opcode " +
                                               pickleOpcodeName(m_opcode) + " at byte " + std::to_string(m_opcodeAt) +
                                               ", which no state dict needs: it is refused.");
        }
        if (m_arena.tooDeep()) {
            fail("nests values deeper than " + std::to_string(PickleArena::kDeepest));
        }
    }
    if (m_stack.size() != 1 || !m_marks.empty()) {
        fail("finds " + std::to_string(m_stack.size()) + " values where one belongs");
    }
    m_source.used = m_at;
    return m_arena.take(m_stack.front());
}

std::string_view PickleMachine::bytes(std::uint64_t count)
{
    if (count > m_source.bytes.size() - m_at || count > std::numeric_limits<std::uint32_t>::max()) {
        fail("wants " + std::to_string(count) + " bytes, more than the file has");
    }
    const std::string_view result = m_source.bytes.substr(m_at, count);
    m_at += count;
    return result;
}

std::uint64_t PickleMachine::number(unsigned count)
{
    const std::string_view raw = bytes(count);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * i);
    }
    return value;
}

std::string_view PickleMachine::line()
{
    const std::size_t end = m_source.bytes.find('\n', m_at);
    if (end == std::string_view::npos) {
        fail("has no end of line");
    }
    const std::string_view result = bytes(end - m_at);
    ++m_at;
    return result;
}

PickleMachine::Ref PickleMachine::textLine(bool asInteger)
{
    std::string_view word = line();
    if (!asInteger) {
        return m_arena.simple(Kind::Float);
    }
    if (m_opcode == 'I' && (word == "00" || word == "01")) {
        return m_arena.boolean(word == "01");
    }
    if (!word.empty() && word.back() == 'L') {
        word.remove_suffix(1);
    }
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || rest != word.data() + word.size()) {
        fail("is followed by no number of 64 bits");
    }
    return m_arena.integer(value);
}

PickleMachine::Ref PickleMachine::longNumber(std::uint64_t count)
{
    const std::string_view raw = bytes(count);
    if (raw.size() > 8) {
        return m_arena.text(Kind::Long, raw);
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * i);
    }
    if (!raw.empty() && raw.size() < 8 && (static_cast<unsigned char>(raw.back()) & 0x80u) != 0) {
        value |= ~std::uint64_t{0} << (8 * raw.size());
    }
    return m_arena.integer(static_cast<std::int64_t>(value));
}

bool PickleMachine::numberOpcode()
{
    switch (m_opcode) {
    case 'N':
        push(m_arena.none());
        return true;
    case 0x88:
        push(m_arena.boolean(true));
        return true;
    case 0x89:
        push(m_arena.boolean(false));
        return true;
    case 'K':
        push(m_arena.integer(static_cast<std::int64_t>(number(1))));
        return true;
    case 'M':
        push(m_arena.integer(static_cast<std::int64_t>(number(2))));
        return true;
    case 'J':
        push(m_arena.integer(static_cast<std::int32_t>(number(4))));
        return true;
    case 0x8a:
        push(longNumber(number(1)));
        return true;
    case 0x8b:
        push(longNumber(number(4)));
        return true;
    case 'G':
        number(8);
        push(m_arena.simple(Kind::Float));
        return true;
    case 'I':
    case 'L':
        push(textLine(true));
        return true;
    case 'F':
        push(textLine(false));
        return true;
    default:
        return false;
    }
}

bool PickleMachine::textOpcode()
{
    switch (m_opcode) {
    case 'X':
    case 'T':
        push(m_arena.text(Kind::Text, bytes(number(4))));
        return true;
    case 'U':
    case 0x8c:
        push(m_arena.text(Kind::Text, bytes(number(1))));
        return true;
    case 0x8d:
        push(m_arena.text(Kind::Text, bytes(number(8))));
        return true;
    case 'B':
        push(m_arena.text(Kind::Raw, bytes(number(4))));
        return true;
    case 'C':
        push(m_arena.text(Kind::Raw, bytes(number(1))));
        return true;
    case 0x8e:
    case 0x96:
        push(m_arena.text(Kind::Raw, bytes(number(8))));
        return true;
    default:
        return false;
    }
}

bool PickleMachine::memoOpcode()
{
    switch (m_opcode) {
    case 'q':
        store(number(1));
        return true;
    case 'r':
        store(number(4));
        return true;
    case 0x94:
        store(m_memoized);
        return true;
    case 'h':
        load(number(1));
        return true;
    case 'j':
        load(number(4));
        return true;
    case 'p':
    case 'g': {
        const Pickle::Ref index = textLine(true);
        const std::int64_t value = m_arena.values().is(index, Kind::Int) ? m_arena.values().integer(index) : -1;
        if (m_opcode == 'p') {
            store(static_cast<std::uint64_t>(value));
        } else {
            load(static_cast<std::uint64_t>(value));
        }
        return true;
    }
    default:
        return false;
    }
}

void PickleMachine::store(std::uint64_t index)
{
    constexpr Ref kUnset = std::numeric_limits<Ref>::max();
    if (index >= m_source.bytes.size()) {
        fail("stores under the number " + std::to_string(index) + ", beyond what a pickle of this length can");
    }
    if (index >= m_memo.size()) {
        m_budget.charge(3 * sizeof(Ref) * (index + 1 - m_memo.size()));
        m_memo.resize(index + 1, kUnset);
    }
    m_memoized += m_memo[index] == kUnset ? 1 : 0;
    m_memo[index] = top();
}

void PickleMachine::load(std::uint64_t index)
{
    if (index >= m_memo.size() || m_memo[index] == std::numeric_limits<Ref>::max()) {
        fail("fetches number " + std::to_string(index) + ", which was never stored");
    }
    push(m_memo[index]);
}

bool PickleMachine::stackOpcode()
{
    switch (m_opcode) {
    case '(':
        if (m_marks.size() == m_marksPeak) {
            m_budget.charge(3 * sizeof(std::size_t));
            ++m_marksPeak;
        }
        m_marks.push_back(m_stack.size());
        return true;
    case '0':
        if (!m_marks.empty() && m_marks.back() == m_stack.size()) {
            m_marks.pop_back();
        } else {
            pop();
        }
        return true;
    case '1':
        fromMark();
        dropMark();
        return true;
    case '2':
        push(top());
        return true;
    case 0x80:
        if (const std::uint64_t protocol = number(1); protocol > 5) {
            fail("asks for protocol " + std::to_string(protocol) + ", which is not known");
        }
        return true;
    case 0x95:
        if (const std::uint64_t length = number(8); length > m_source.bytes.size() - m_at) {
            fail("announces " + std::to_string(length) + " bytes, more than the file has");
        }
        return true;
    default:
        return false;
    }
}

void PickleMachine::push(Ref r)
{
    if (m_stack.size() == m_stackPeak) {
        m_budget.charge(3 * sizeof(Ref));
        ++m_stackPeak;
    }
    m_stack.push_back(r);
}

std::span<const Pickle::Ref> PickleMachine::pick(std::size_t count)
{
    const std::size_t floor = m_marks.empty() ? 0 : m_marks.back();
    if (m_stack.size() - floor < count) {
        fail("finds " + std::to_string(m_stack.size() - floor) + " values on the stack where it needs " +
             std::to_string(count));
    }
    return {m_stack.data() + (m_stack.size() - count), count};
}

Pickle::Ref PickleMachine::top()
{
    return pick(1).front();
}

Pickle::Ref PickleMachine::pop()
{
    const Ref r = top();
    m_stack.pop_back();
    return r;
}

void PickleMachine::drop(std::size_t count)
{
    m_stack.resize(m_stack.size() - count);
}

std::span<const Pickle::Ref> PickleMachine::fromMark()
{
    if (m_marks.empty()) {
        fail("finds no mark on the stack");
    }
    return {m_stack.data() + m_marks.back(), m_stack.size() - m_marks.back()};
}

void PickleMachine::dropMark()
{
    m_stack.resize(m_marks.back());
    m_marks.pop_back();
}

Pickle readPickle(PickleSource& source, MemoryBudget& budget)
{
    PickleMachine machine(source, budget);
    return machine.run();
}

} // namespace semascope::core
