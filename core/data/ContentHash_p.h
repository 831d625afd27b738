#pragma once
#include "core/data/Openers_p.h"

#include <memory>

namespace semascope::core {

/// Collects what tells one state of a source from another: ids, sizes and times.
class ContentHash
{
public:
    ContentHash();
    ~ContentHash();
    ContentHash(const ContentHash&) = delete;
    ContentHash& operator=(const ContentHash&) = delete;

    void add(const std::string& text);
    void add(std::uint64_t number);
    /// Size and time of a file as they are now; nothing when it is gone.
    void addFile(const std::string& path);
    std::string hex() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string hashOf(const std::vector<Candidate>& candidates);
std::string hashOfFile(const std::string& path);

} // namespace semascope::core
