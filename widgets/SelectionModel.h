#pragma once
#include "core/session/Picking.h"

#include <QObject>
#include <QString>

#include <array>
#include <cstdint>
#include <vector>

namespace semascope::ui {

/// What is selected, filtered out, hovered and current: one byte per sample. Owned by the session; every view listens
/// to it. GUI thread only. Setters that change nothing emit nothing; all cost O(samples) byte operations at most.
class SelectionModel : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    static constexpr std::uint8_t kSelected = 1; ///< bit 0; the other seven say which filters hide the sample
    static constexpr int kMaxFilters = 7;

    /// Starts anew for `samples` samples: nothing selected, filtered, hovered or current.
    void reset(std::size_t samples);
    std::size_t size() const noexcept { return m_bytes.size(); }

    /// One byte per sample: kSelected, and the bits of the filters that hide it.
    const std::vector<std::uint8_t>& bytes() const noexcept { return m_bytes; }
    bool isSelected(std::size_t sample) const { return (m_bytes[sample] & kSelected) != 0; }
    bool isVisible(std::size_t sample) const { return (m_bytes[sample] & ~kSelected) == 0; }
    std::size_t selectedCount() const noexcept { return m_selectedCount; }
    std::size_t visibleCount() const noexcept { return m_visibleCount; }
    /// Selected samples in increasing order, filtered ones included.
    std::vector<std::uint32_t> selected() const;
    /// One byte per sample, 1 where selected: what undo and session files keep.
    std::vector<std::uint8_t> selectedBytes() const;
    std::int64_t hovered() const noexcept { return m_hovered; } ///< −1: none
    std::int64_t current() const noexcept { return m_current; } ///< −1: none

    /// Indices beyond the samples are ignored.
    void select(const std::vector<std::uint32_t>& samples, core::Combine mode = core::Combine::Replace);
    /// The inverse of selectedBytes(); a missing tail counts as 0.
    void setSelectedBytes(const std::vector<std::uint8_t>& bytes);
    void selectAll(); ///< of the visible ones
    void clear();
    void invert(); ///< among the visible ones; what is filtered out becomes unselected

    /// What `source` lets through: one byte per sample, 0 = hidden; replaces what the same source said before. A sample
    /// is visible when every source lets it through. Throws core::Error(Misuse | Mismatch) beyond seven sources or for
    /// another length.
    void filter(const QString& source, const std::vector<std::uint8_t>& visible);
    void clearFilter(const QString& source);
    void clearFilters();

    void hover(std::int64_t sample);
    void setCurrent(std::int64_t sample);

Q_SIGNALS:
    void selectionChanged();
    void filterChanged();
    void hoverChanged(qint64 sample);
    void currentChanged(qint64 sample);

private:
    template<class Wanted> void assignSelected(Wanted wanted);
    template<class Hidden> void assignFilter(std::uint8_t bits, Hidden hidden);
    std::int64_t known(std::int64_t sample) const;

    std::vector<std::uint8_t> m_bytes;
    std::array<QString, kMaxFilters> m_sources; ///< of filter bit i + 1; null when free
    std::size_t m_selectedCount = 0, m_visibleCount = 0;
    std::int64_t m_hovered = -1, m_current = -1;
};

} // namespace semascope::ui
