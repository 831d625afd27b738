#include "core/clip/StoreIndex_p.h"

#include <mutex>

namespace semascope::core {

void StoreIndex::clear()
{
    const std::unique_lock lock(m_mutex);
    m_places.clear();
    m_dropped.clear();
}

void StoreIndex::insert(std::int64_t chunk, const std::vector<ContentKey>& keys)
{
    const std::unique_lock lock(m_mutex);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        m_places[keys[i]] = {chunk, static_cast<std::uint32_t>(i)};
    }
}

void StoreIndex::drop(std::int64_t chunk)
{
    const std::unique_lock lock(m_mutex);
    m_dropped.insert(chunk);
}

void StoreIndex::erase(const ContentKey& key)
{
    const std::unique_lock lock(m_mutex);
    m_places.erase(key);
}

std::optional<StoreIndex::Place> StoreIndex::find(const ContentKey& key) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_places.find(key);
    if (found == m_places.end() || m_dropped.contains(found->second.chunk)) {
        return std::nullopt;
    }
    return found->second;
}

std::size_t StoreIndex::size() const
{
    const std::shared_lock lock(m_mutex);
    return m_places.size();
}

std::int64_t StoreIndex::load(SqliteDb& db, const ContentKey& space, std::int64_t last)
{
    SqliteStatement select(db.handle(), "SELECT id, keys FROM chunks WHERE space=?1 AND id>?2 ORDER BY id");
    select.bindBytes(1, bytesOf(space)).bind(2, last);
    while (select.step()) {
        last = select.integer(0);
        insert(last, keysFromBytes(select.bytes(1)));
    }
    return last;
}

} // namespace semascope::core
