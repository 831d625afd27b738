#pragma once
#include "core/clip/ClipModel.h"

#include <functional>

namespace semascope::core {

/// Encodes any number of rows in batches that fit, and gets through what a device does to a long job:
/// - out of memory halves the batch, down to one, and keeps the smaller size; then the work moves to the CPU (with the
///   whole batch again); only then the error is thrown;
/// - a sticky device error (DeviceLost) moves it to the CPU at once and marks the device as lost for this process.
/// Finished rows are kept, and the rows are those of a run in batches of one (to the last bits of the arithmetic).
/// Used by one thread.
class BatchEncoder
{
public:
    /// Opens the same model on the CPU; null where that cannot be done.
    using CpuModel = std::function<std::shared_ptr<const ClipModel>(JobContext&)>;

    /// `model` must outlive this. `cpu` is ClipModel::onCpu unless given.
    BatchEncoder(const ClipModel& model, std::size_t batch, CpuModel cpu = {});

    /// n×3×S×S float32 → n×E, not normalised. Throws Error(OutOfMemory) when not even one row fits on the CPU, and
    /// whatever else the model throws.
    Matrix encode(const float* pixels, std::size_t n, JobContext& job);
    /// Token ids with start and end, ragged → n×E, not normalised. Throws as above.
    Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>& ids, JobContext& job);

    /// One sentence for each thing that went another way than asked; JobContext::note was told when it happened.
    const std::vector<std::string>& notes() const noexcept { return m_notes; }
    std::size_t batch() const noexcept { return m_batch; }
    /// The model that encodes now: the one given, or its twin on the CPU.
    const ClipModel& model() const noexcept { return m_onCpu ? *m_onCpu : m_model; }

private:
    using Piece = std::function<Matrix(const ClipModel&, std::size_t first, std::size_t count)>;
    Matrix run(std::size_t n, const Piece& piece, JobContext& job);
    void recover(const Error& error, std::size_t count, JobContext& job);
    void moveToCpu(const std::string& why, const Error& error, JobContext& job);
    void tellSmaller(JobContext& job);

    const ClipModel& m_model;
    const CpuModel m_cpu;
    const std::size_t m_asked;
    std::size_t m_batch;
    std::shared_ptr<const ClipModel> m_onCpu;
    std::vector<std::string> m_notes;
    std::ptrdiff_t m_smaller = -1; ///< which note tells of the smaller batch
};

} // namespace semascope::core
