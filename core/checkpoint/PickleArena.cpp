#include "core/checkpoint/PickleArena_p.h"

#include <algorithm>

namespace semascope::core {

std::span<const Pickle::Ref> Pickle::items(Ref r) const noexcept
{
    const Node& node = m_nodes[r];
    if (node.kind == Kind::Tuple) {
        return {m_fixed.data() + node.first, node.second};
    }
    if (node.first == kNothing) {
        return {};
    }
    return m_growing[node.first];
}

bool Pickle::isGlobal(Ref r, std::string_view module, std::string_view name) const noexcept
{
    return is(r, Kind::Global) && globalModule(r) == module && globalName(r) == name;
}

std::string Pickle::fullName(Ref r) const
{
    constexpr std::size_t kLongest = 200;
    std::string name(globalModule(r).substr(0, kLongest));
    name += '.';
    name += globalName(r).substr(0, kLongest);
    return name;
}

std::optional<Pickle::Ref> Pickle::value(Ref dict, std::string_view key) const noexcept
{
    const auto all = items(dict);
    for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
        if (is(all[i], Kind::Text) && text(all[i]) == key) {
            return all[i + 1];
        }
    }
    return std::nullopt;
}

PickleArena::PickleArena(MemoryBudget& budget) : m_budget(budget)
{
    add(Kind::None, 0);
    add(Kind::Bool, 0);
    add(Kind::Bool, 1);
    const Ref empty = add(Kind::Tuple, 0);
    m_values.m_nodes[empty].first = 0;
    m_values.m_nodes[empty].second = 0;
}

PickleArena::Ref PickleArena::add(Kind kind, std::int64_t number)
{
    const bool full = m_values.m_nodes.size() >= Pickle::kNothing;
    m_budget.charge(full ? std::numeric_limits<std::uint64_t>::max() : sizeof(Pickle::Node));
    Pickle::Node node;
    node.kind = kind;
    node.integer = number;
    node.first = Pickle::kNothing;
    m_values.m_nodes.push_back(node);
    return static_cast<Ref>(m_values.m_nodes.size() - 1);
}

PickleArena::Ref PickleArena::text(Kind kind, std::string_view bytes)
{
    const Ref r = add(kind, 0);
    m_values.m_nodes[r].bytes = bytes.data();
    m_values.m_nodes[r].first = static_cast<Ref>(bytes.size());
    return r;
}

PickleArena::Ref PickleArena::tuple(std::span<const Ref> items)
{
    if (items.empty()) {
        return emptyTuple();
    }
    const Ref r = add(Kind::Tuple, 0);
    m_budget.charge(3 * items.size_bytes()); // a growing vector is there up to three times
    m_values.m_nodes[r].first = static_cast<Ref>(m_values.m_fixed.size());
    m_values.m_nodes[r].second = static_cast<Ref>(items.size());
    m_values.m_fixed.insert(m_values.m_fixed.end(), items.begin(), items.end());
    for (const Ref item : items) {
        deepen(r, item);
    }
    return r;
}

PickleArena::Ref PickleArena::global(Ref module, Ref name)
{
    const Ref r = add(Kind::Global, 0);
    m_values.m_nodes[r].first = module;
    m_values.m_nodes[r].second = name;
    return r;
}

PickleArena::Ref PickleArena::opaque(Ref global, Ref arguments)
{
    const Ref r = add(Kind::Opaque, 0);
    m_values.m_nodes[r].first = global;
    m_values.m_nodes[r].second = arguments;
    m_values.m_nodes[r].third = none();
    deepen(r, arguments);
    return r;
}

PickleArena::Ref PickleArena::wrap(Kind kind, Ref inner, std::int64_t number)
{
    const Ref r = add(kind, number);
    m_values.m_nodes[r].first = inner;
    deepen(r, inner);
    return r;
}

void PickleArena::append(Ref container, std::span<const Ref> items)
{
    Pickle::Node& node = m_values.m_nodes[container];
    if (items.empty()) {
        return;
    }
    m_budget.charge(3 * items.size_bytes());
    if (node.first == Pickle::kNothing) {
        m_budget.charge(64); // the vector itself and the least that malloc hands out
        node.first = static_cast<Ref>(m_values.m_growing.size());
        m_values.m_growing.emplace_back();
    }
    std::vector<Ref>& list = m_values.m_growing[node.first];
    list.insert(list.end(), items.begin(), items.end());
    for (const Ref item : items) {
        deepen(container, item);
    }
}

void PickleArena::setState(Ref opaque, Ref state)
{
    m_values.m_nodes[opaque].third = state;
    deepen(opaque, state);
}

Pickle PickleArena::take(Ref root)
{
    m_values.m_root = root;
    return std::move(m_values);
}

void PickleArena::deepen(Ref outer, Ref inner)
{
    const unsigned depth = std::min(m_values.m_nodes[inner].depth + 1u, 255u);
    Pickle::Node& node = m_values.m_nodes[outer];
    node.depth = static_cast<std::uint8_t>(std::max<unsigned>(node.depth, depth));
    m_tooDeep = m_tooDeep || node.depth > kDeepest;
}

} // namespace semascope::core
