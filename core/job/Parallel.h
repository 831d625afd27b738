#pragma once
#include <cstddef>
#include <functional>

namespace semascope::core {

/// Threads that core uses for one job. Set once, before the first job; 0 asks for the default (all cores we may run
/// on).
void setThreadCount(int count);
int threadCount() noexcept;

/// Calls body(begin, end) over [0, n) from up to threadCount() threads, in chunks of at least `grain`.
/// The first exception is rethrown after all threads have ended. Chunk borders depend on n and threadCount() only.
void parallelFor(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body);

} // namespace semascope::core
