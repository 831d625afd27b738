#pragma once
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace semascope::core {

/// Seconds that the towers spend in each of their stages while this object lives, on its thread. For benchmarks; towers
/// on libtorch's kernels report nothing.
class StageTimes
{
public:
    StageTimes() noexcept;
    ~StageTimes();
    StageTimes(const StageTimes&) = delete;
    StageTimes& operator=(const StageTimes&) = delete;

    void add(const char* stage, double seconds);
    const std::vector<std::pair<std::string, double>>& stages() const noexcept { return m_stages; }
    /// The one that lives on this thread, or null.
    static StageTimes* current() noexcept;

private:
    StageTimes* m_before;
    std::vector<std::pair<std::string, double>> m_stages; ///< in the order of their first use
};

/// Adds the time from its making to its end to the current StageTimes, if there is one.
class StageTimer
{
public:
    explicit StageTimer(const char* stage) noexcept : m_times(StageTimes::current()), m_stage(stage)
    {
        if (m_times != nullptr) {
            m_start = std::chrono::steady_clock::now();
        }
    }
    ~StageTimer()
    {
        if (m_times != nullptr) {
            m_times->add(m_stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count());
        }
    }
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

private:
    StageTimes* m_times;
    const char* m_stage;
    std::chrono::steady_clock::time_point m_start;
};

} // namespace semascope::core
