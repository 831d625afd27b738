#include "widgets/SelectionModel.h"

#include "core/job/Error.h"

#include <algorithm>

namespace semascope::ui {

using core::Combine;

void SelectionModel::reset(std::size_t samples)
{
    const bool hadSelection = m_selectedCount > 0;
    const bool hadFilter = m_visibleCount != m_bytes.size();
    const bool resized = samples != m_bytes.size();
    m_bytes.assign(samples, 0);
    m_sources.fill(QString());
    m_selectedCount = 0;
    m_visibleCount = samples;
    hover(-1);
    setCurrent(-1);
    if (hadSelection || resized) {
        Q_EMIT selectionChanged();
    }
    if (hadFilter || resized) {
        Q_EMIT filterChanged();
    }
}

std::vector<std::uint32_t> SelectionModel::selected() const
{
    std::vector<std::uint32_t> samples;
    samples.reserve(m_selectedCount);
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        if (isSelected(i)) {
            samples.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return samples;
}

std::vector<std::uint8_t> SelectionModel::selectedBytes() const
{
    std::vector<std::uint8_t> bytes(m_bytes.size());
    std::transform(m_bytes.begin(), m_bytes.end(), bytes.begin(),
                   [](std::uint8_t b) { return static_cast<std::uint8_t>(b & kSelected); });
    return bytes;
}

/// Gives every sample the selected bit that `wanted` says, and tells about it once if any changed.
template<class Wanted> void SelectionModel::assignSelected(Wanted wanted)
{
    bool changed = false;
    std::size_t count = 0;
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        const std::uint8_t bit = wanted(i) ? kSelected : 0;
        changed |= (m_bytes[i] & kSelected) != bit;
        m_bytes[i] = static_cast<std::uint8_t>((m_bytes[i] & ~kSelected) | bit);
        count += bit;
    }
    m_selectedCount = count;
    if (changed) {
        Q_EMIT selectionChanged();
    }
}

void SelectionModel::select(const std::vector<std::uint32_t>& samples, Combine mode)
{
    std::vector<std::uint8_t> named(m_bytes.size());
    for (const std::uint32_t sample : samples) {
        if (sample < named.size()) {
            named[sample] = 1;
        }
    }
    assignSelected([&](std::size_t i) {
        switch (mode) {
        case Combine::Replace:
            return named[i] != 0;
        case Combine::Add:
            return named[i] != 0 || isSelected(i);
        case Combine::Subtract:
            return named[i] == 0 && isSelected(i);
        case Combine::Intersect:
            break;
        }
        return named[i] != 0 && isSelected(i);
    });
}

void SelectionModel::setSelectedBytes(const std::vector<std::uint8_t>& bytes)
{
    assignSelected([&](std::size_t i) { return i < bytes.size() && bytes[i] != 0; });
}

void SelectionModel::selectAll()
{
    assignSelected([this](std::size_t i) { return isVisible(i); });
}

void SelectionModel::clear()
{
    assignSelected([](std::size_t) { return false; });
}

void SelectionModel::invert()
{
    assignSelected([this](std::size_t i) { return isVisible(i) && !isSelected(i); });
}

/// Sets or clears all of `bits` in every sample, and tells about it once if any sample's visibility changed.
template<class Hidden> void SelectionModel::assignFilter(std::uint8_t bits, Hidden hidden)
{
    bool changed = false;
    std::size_t count = 0;
    for (std::size_t i = 0; i < m_bytes.size(); ++i) {
        const bool before = isVisible(i);
        m_bytes[i] = static_cast<std::uint8_t>((m_bytes[i] & ~bits) | (hidden(i) ? bits : 0));
        const bool after = isVisible(i);
        changed |= before != after;
        count += after ? 1 : 0;
    }
    m_visibleCount = count;
    if (changed) {
        Q_EMIT filterChanged();
    }
}

void SelectionModel::filter(const QString& source, const std::vector<std::uint8_t>& visible)
{
    if (visible.size() != m_bytes.size()) {
        throw core::Error(core::Code::Mismatch, "A filter of " + std::to_string(visible.size()) +
                                                    " samples was given for a dataset of " +
                                                    std::to_string(m_bytes.size()) + "; filter what is shown now.");
    }
    auto slot = std::find(m_sources.begin(), m_sources.end(), source);
    if (slot == m_sources.end()) {
        slot = std::find_if(m_sources.begin(), m_sources.end(), [](const QString& s) { return s.isNull(); });
    }
    if (slot == m_sources.end()) {
        throw core::Error(core::Code::Misuse, "Seven filters are in use already; clear one of them first.");
    }
    *slot = source;
    const auto bit = static_cast<std::uint8_t>(2U << (slot - m_sources.begin()));
    assignFilter(bit, [&](std::size_t i) { return visible[i] == 0; });
}

void SelectionModel::clearFilter(const QString& source)
{
    const auto slot = std::find(m_sources.begin(), m_sources.end(), source);
    if (source.isNull() || slot == m_sources.end()) {
        return;
    }
    *slot = QString();
    const auto bit = static_cast<std::uint8_t>(2U << (slot - m_sources.begin()));
    assignFilter(bit, [](std::size_t) { return false; });
}

void SelectionModel::clearFilters()
{
    m_sources.fill(QString());
    assignFilter(static_cast<std::uint8_t>(~kSelected), [](std::size_t) { return false; });
}

std::int64_t SelectionModel::known(std::int64_t sample) const
{
    return sample >= 0 && sample < static_cast<std::int64_t>(m_bytes.size()) ? sample : -1;
}

void SelectionModel::hover(std::int64_t sample)
{
    if (const auto next = known(sample); next != m_hovered) {
        m_hovered = next;
        Q_EMIT hoverChanged(m_hovered);
    }
}

void SelectionModel::setCurrent(std::int64_t sample)
{
    if (const auto next = known(sample); next != m_current) {
        m_current = next;
        Q_EMIT currentChanged(m_current);
    }
}

} // namespace semascope::ui
