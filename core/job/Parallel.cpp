#include "core/job/Parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <sched.h>

namespace semascope::core {

namespace {

std::atomic<int> g_threads{0};

int availableCores()
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return std::max(1, CPU_COUNT(&set));
    }
    return std::max(1u, std::thread::hardware_concurrency());
}

} // namespace

void setThreadCount(int count)
{
    g_threads = count;
}

int threadCount() noexcept
{
    const int set = g_threads;
    return set > 0 ? set : availableCores();
}

void parallelFor(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& body)
{
    if (n == 0) {
        return;
    }
    const auto threads = static_cast<std::size_t>(threadCount());
    const std::size_t step = std::max({grain, std::size_t{1}, (n + threads * 4 - 1) / (threads * 4)});
    const std::size_t chunks = (n + step - 1) / step;
    if (threads == 1 || chunks == 1) {
        for (std::size_t c = 0; c < chunks; ++c) {
            body(c * step, std::min(n, (c + 1) * step));
        }
        return;
    }
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex mutex;
    const auto work = [&] {
        for (std::size_t c = next++; c < chunks; c = next++) {
            try {
                body(c * step, std::min(n, (c + 1) * step));
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!failure) {
                    failure = std::current_exception();
                }
                next = chunks;
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t t = 1; t < std::min(threads, chunks); ++t) {
            helpers.emplace_back(work);
        }
        work();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace semascope::core
