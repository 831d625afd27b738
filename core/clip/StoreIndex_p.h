#pragma once
#include "core/clip/StoreSchema_p.h"

#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

namespace semascope::core {

/// Where the rows of one space lie. Any thread may ask.
class StoreIndex
{
public:
    struct Place
    {
        std::int64_t chunk = 0;
        std::uint32_t row = 0;
    };

    void clear();
    /// A key that is there already moves to the newer chunk.
    void insert(std::int64_t chunk, const std::vector<ContentKey>& keys);
    /// The chunk is gone or damaged: its rows are not there any more.
    void drop(std::int64_t chunk);
    void erase(const ContentKey& key);

    std::optional<Place> find(const ContentKey& key) const;
    bool contains(const ContentKey& key) const { return find(key).has_value(); }
    std::size_t size() const;

    /// Adds the chunks of `space` with ids above `last`; returns the highest id.
    std::int64_t load(SqliteDb& db, const ContentKey& space, std::int64_t last);

private:
    mutable std::shared_mutex m_mutex;
    std::unordered_map<ContentKey, Place, ContentKeyHash> m_places;
    std::unordered_set<std::int64_t> m_dropped;
};

} // namespace semascope::core
