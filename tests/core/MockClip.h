#pragma once
#include "core/clip/ClipModel.h"

#include <functional>

/// A ClipModel that computes something simple row by row, and fails when `before` says so.
class MockClip : public semascope::core::ClipModel
{
public:
    /// Called before each batch with its rows; may throw what a device would.
    std::function<void(std::size_t rows)> before;
    /// What onCpu gives; null: cannot be had.
    std::shared_ptr<const ClipModel> twin;
    mutable std::vector<std::size_t> batches; ///< of the calls that succeeded

    MockClip(std::string device, std::string precision = "fp32")
        : m_device(std::move(device)), m_precision(std::move(precision))
    {
        m_info.name = "mock";
        m_info.clip.imageSize = 2;
        m_info.clip.patchSize = 1;
        m_info.clip.visionWidth = 4;
        m_info.clip.visionLayers = 1;
        m_info.clip.embedDim = 3;
        m_info.clip.preprocess.size = 2;
        m_info.supported = true;
    }
    const semascope::core::CheckpointInfo& info() const noexcept override { return m_info; }
    const semascope::core::Tokenizer* tokenizer() const noexcept override { return nullptr; }
    std::string deviceName() const override { return m_device; }
    std::string precision() const override { return m_precision; }
    double logitScale() const noexcept override { return 100; }
    std::string weightsHash() const override { return "mock"; }
    std::shared_ptr<const ClipModel> onCpu(semascope::core::JobContext&) const override { return twin; }

    semascope::core::Matrix encodePictures(const float* pixels, std::size_t n,
                                           semascope::core::JobContext& job) const override
    {
        const std::size_t each = 3 * 2 * 2;
        return rows(
            n,
            [&](std::size_t r) {
                float sum = 0;
                for (std::size_t i = 0; i < each; ++i) {
                    sum += pixels[r * each + i] * static_cast<float>(i + 1);
                }
                return sum;
            },
            job);
    }
    semascope::core::Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>& ids,
                                         semascope::core::JobContext& job) const override
    {
        return rows(
            ids.size(),
            [&](std::size_t r) {
                float sum = 0;
                for (const std::int32_t id : ids[r]) {
                    sum = 3 * sum + static_cast<float>(id);
                }
                return sum;
            },
            job);
    }

private:
    semascope::core::Matrix rows(std::size_t n, const std::function<float(std::size_t)>& value,
                                 semascope::core::JobContext& job) const
    {
        job.checkpoint();
        if (before) {
            before(n);
        }
        std::vector<float> out;
        for (std::size_t r = 0; r < n; ++r) {
            out.insert(out.end(), {value(r), value(r) + 1, -value(r)});
        }
        batches.push_back(n);
        return semascope::core::Matrix::from(std::move(out), n, 3);
    }

    semascope::core::CheckpointInfo m_info;
    std::string m_device, m_precision;
};
