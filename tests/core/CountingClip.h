#pragma once
#include "core/clip/ClipModel.h"

#include <atomic>
#include <functional>
#include <thread>

namespace fixtures {

namespace core = semascope::core;

/// A model whose vector tells the pixels apart: cheap, and it counts what it is asked for.
class CountingClip : public core::ClipModel
{
public:
    std::atomic<std::int64_t>* encoded = &m_encoded; ///< pictures, counted before their batch starts
    std::string hash = "weights-1", word = "fp32";
    double secondsEach = 0;
    std::function<void()> before; ///< each batch

    explicit CountingClip(int dim = 16, int side = 8)
    {
        m_info.name = "counting model";
        m_info.supported = true;
        m_info.clip.embedDim = dim;
        m_info.clip.imageSize = m_info.clip.preprocess.size = side;
        m_info.clip.patchSize = side;
        m_info.clip.visionWidth = 4;
        m_info.clip.visionLayers = 1;
    }
    core::CheckpointInfo& change() { return m_info; }
    const core::CheckpointInfo& info() const noexcept override { return m_info; }
    const core::Tokenizer* tokenizer() const noexcept override { return nullptr; }
    std::string deviceName() const override { return "cpu"; }
    std::string precision() const override { return word; }
    double logitScale() const noexcept override { return 100; }
    std::string weightsHash() const override { return hash; }
    core::Matrix encodePictures(const float* pixels, std::size_t n, core::JobContext& job) const override
    {
        job.checkpoint();
        *encoded += static_cast<std::int64_t>(n);
        if (before) {
            before();
        }
        const std::size_t side = static_cast<std::size_t>(m_info.clip.imageSize), each = 3 * side * side;
        const auto dim = static_cast<std::size_t>(m_info.clip.embedDim);
        std::vector<float> rows(n * dim);
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t i = 0; i < each; ++i) {
                rows[r * dim + i % dim] += pixels[r * each + i] * static_cast<float>(1 + i % 7);
            }
        }
        if (secondsEach > 0) {
            std::this_thread::sleep_for(std::chrono::duration<double>(secondsEach * static_cast<double>(n)));
        }
        return core::Matrix::from(std::move(rows), n, dim);
    }
    core::Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>&, core::JobContext&) const override
    {
        throw core::Error(core::Code::Unsupported, "no text tower");
    }

private:
    core::CheckpointInfo m_info;
    mutable std::atomic<std::int64_t> m_encoded{0};
};

} // namespace fixtures
