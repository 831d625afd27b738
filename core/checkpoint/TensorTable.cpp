#include "core/checkpoint/Detect_p.h"

#include <algorithm>
#include <limits>
#include <set>

namespace semascope::core {
namespace {

template<class T> std::string shapeText(const std::vector<T>& shape)
{
    std::string text = "[";
    for (const auto size : shape) {
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    }
    return text + "]";
}

} // namespace

TensorTable::TensorTable(const StateDict& state) : m_state(state)
{
    for (const auto& [name, view] : state.tensors) {
        m_shapes.emplace(name, &view.shape);
    }
}

bool TensorTable::hasPrefix(const std::string& prefix) const
{
    for (const auto& [name, view] : m_state.tensors) {
        if (name.compare(0, prefix.size(), prefix) == 0) {
            return true;
        }
    }
    return false;
}

bool TensorTable::hasPart(const std::string& part) const
{
    return std::any_of(m_state.tensors.begin(), m_state.tensors.end(),
                       [&part](const auto& tensor) { return tensor.first.find(part) != std::string::npos; });
}

const std::vector<std::int64_t>* TensorTable::shape(const std::string& name) const
{
    const auto it = m_shapes.find(name);
    return it == m_shapes.end() ? nullptr : it->second;
}

void TensorTable::problem(const std::string& sentence)
{
    if (m_why.empty()) {
        m_why = sentence;
    }
}

int TensorTable::size(const std::string& name, std::size_t axis, std::size_t rank)
{
    m_asked.insert(name);
    const auto it = m_shapes.find(name);
    if (it == m_shapes.end()) {
        problem("The tensor \"" + name + "\" is missing.");
        return 0;
    }
    const std::vector<std::int64_t>& shape = *it->second;
    const std::int64_t size = axis < shape.size() ? shape[axis] : 0;
    if (shape.size() != rank || size <= 0 || size > std::numeric_limits<int>::max() / 8) {
        problem("The tensor \"" + name + "\" has the shape " + shapeText(shape) + " where one of " +
                std::to_string(rank) + " sizes is expected.");
        return 0;
    }
    return static_cast<int>(size);
}

void TensorTable::need(const std::string& name, const std::vector<int>& shape)
{
    m_asked.insert(name);
    const auto it = m_shapes.find(name);
    if (it == m_shapes.end()) {
        problem("The tensor \"" + name + "\" is missing.");
        return;
    }
    if (!std::equal(shape.begin(), shape.end(), it->second->begin(), it->second->end())) {
        problem("The tensor \"" + name + "\" has the shape " + shapeText(*it->second) + " where " + shapeText(shape) +
                " is expected.");
    }
}

void TensorTable::needPair(const std::string& stem, const std::vector<int>& weight, int bias)
{
    need(stem + ".weight", weight);
    need(stem + ".bias", {bias});
}

int TensorTable::countLayers(const std::string& prefix)
{
    std::set<std::string> numbers;
    for (const auto& [name, view] : m_state.tensors) {
        if (name.compare(0, prefix.size(), prefix) == 0) {
            numbers.insert(name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size()));
        }
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!numbers.count(std::to_string(i))) {
            problem("The layer \"" + prefix + std::to_string(i) + "\" is missing.");
            return 0;
        }
    }
    return static_cast<int>(numbers.size());
}

std::string TensorTable::unasked() const
{
    for (const auto& [name, view] : m_state.tensors) {
        if (!m_asked.count(name)) {
            return name;
        }
    }
    return {};
}

} // namespace semascope::core
