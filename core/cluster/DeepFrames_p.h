#pragma once
#include "core/cluster/DeepCluster.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace semascope::core {

/// Two principal axes of the code, turned and mirrored to lie on `before` (n×2, or empty). n×2.
Matrix codePicture(const Matrix& code, const Matrix& before);

/// Makes the frames of one training: publishes what is wanted now, and keeps an even choice of all. Spends a small
/// share of the time only.
class FrameRecorder
{
public:
    FrameRecorder(JobContext& job, std::shared_ptr<const std::vector<std::uint32_t>> inputRow);

    /// Whether the time allows a frame that needs the codes of all rows besides. Call once per epoch or update.
    bool affordable() const;
    struct View
    {
        std::string stage;
        const Matrix& code;
        const std::vector<std::int32_t>& assignment;
        const std::vector<TrainingPoint>& curve; ///< not empty
    };
    /// A frame of which `spent` seconds went into the codes. `last`: of its training, which is always kept.
    void add(const View& view, double spent, bool last);
    std::vector<std::shared_ptr<const DeepFrame>> take();

private:
    using Clock = std::chrono::steady_clock;
    void keep(std::shared_ptr<const DeepFrame> frame, bool last);

    JobContext& m_job;
    std::shared_ptr<const std::vector<std::uint32_t>> m_inputRow;
    Clock::time_point m_start = Clock::now();
    double m_spent = 0;
    std::size_t m_most = 0, m_stride = 1, m_seen = 0;
    std::vector<std::shared_ptr<const DeepFrame>> m_kept;
    Matrix m_before;
};

} // namespace semascope::core
