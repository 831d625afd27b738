#include "core/clip/BatchEncoder.h"

#include <algorithm>

namespace semascope::core {

namespace {

const char* const kLost = "GPU unavailable until restart";

} // namespace

BatchEncoder::BatchEncoder(const ClipModel& model, std::size_t batch, CpuModel cpu)
    : m_model(model),
      m_cpu(cpu ? std::move(cpu) : [&model](JobContext& job) { return model.onCpu(job); }),
      m_asked(std::max<std::size_t>(batch, 1)),
      m_batch(m_asked)
{}

Matrix BatchEncoder::encode(const float* pixels, std::size_t n, JobContext& job)
{
    const auto side = static_cast<std::size_t>(m_model.info().clip.imageSize);
    const std::size_t each = 3 * side * side;
    return run(
        n,
        [&](const ClipModel& model, std::size_t first, std::size_t count) {
            return model.encodePictures(pixels + first * each, count, job);
        },
        job);
}

Matrix BatchEncoder::encodeTokens(const std::vector<std::vector<std::int32_t>>& ids, JobContext& job)
{
    return run(
        ids.size(),
        [&](const ClipModel& model, std::size_t first, std::size_t count) {
            const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(first);
            return model.encodeTokens({begin, begin + static_cast<std::ptrdiff_t>(count)}, job);
        },
        job);
}

Matrix BatchEncoder::run(std::size_t n, const Piece& piece, JobContext& job)
{
    if (!m_onCpu && deviceLost(m_model.deviceName())) { // in an earlier job, which has told the person
        moveToCpu(std::string(), Error(Code::DeviceLost, m_model.deviceName() + ": " + kLost + "."), job);
        m_notes.push_back(std::string(kLost) + ": the CPU was used.");
    }
    std::vector<float> out;
    std::size_t dim = static_cast<std::size_t>(std::max(0, m_model.info().clip.embedDim));
    std::size_t done = 0;
    while (done < n) {
        job.checkpoint();
        const std::size_t count = std::min(m_batch, n - done);
        try {
            const Matrix part = piece(model(), done, count);
            if (done == 0 && count == n) {
                return part;
            }
            dim = part.cols();
            out.reserve(n * dim);
            out.insert(out.end(), part.data(), part.data() + part.rows() * dim);
            done += count;
        } catch (...) {
            recover(errorFromCurrentException("Encoding with " + m_model.info().name), count, job);
        }
    }
    return Matrix::from(std::move(out), n, dim);
}

/// Changes what has to change so that the piece of `count` rows may be tried again, or throws.
void BatchEncoder::recover(const Error& error, std::size_t count, JobContext& job)
{
    const std::string name = m_model.info().name;
    const bool onCpu = m_onCpu || m_model.deviceName() == "cpu";
    if (error.code() == Code::OutOfMemory && count > 1) {
        m_batch = count / 2;
        tellSmaller(job);
    } else if (error.code() == Code::OutOfMemory && onCpu) {
        throw Error(Code::OutOfMemory, "Not even one row at a time fits into memory with " + name +
                                           "; close other programs or take a smaller model.");
    } else if (error.code() == Code::OutOfMemory) {
        moveToCpu(m_model.deviceName() + " has no room for even one row of " + name + ": going on on the CPU.", error,
                  job);
    } else if (error.code() == Code::DeviceLost && !onCpu) {
        markDeviceLost(m_model.deviceName());
        moveToCpu(std::string(kLost) + ": " + m_model.deviceName() + " failed, and the work goes on on the CPU.", error,
                  job);
    } else {
        throw error;
    }
}

void BatchEncoder::moveToCpu(const std::string& why, const Error& error, JobContext& job)
{
    m_onCpu = m_cpu(job);
    if (!m_onCpu) {
        throw Error(error.code(), std::string(error.what()) + " It cannot go on on the CPU either.");
    }
    m_batch = m_asked; // the CPU's memory is another one
    m_smaller = -1;
    if (!why.empty()) {
        job.progress("going on on the CPU", "", 0, 0);
        const bool other = m_onCpu->precision() != m_model.precision();
        m_notes.push_back(other ? why + " It computes in " + m_onCpu->precision() + "." : why);
        job.note(m_notes.back());
    }
}

/// One note however often the batch shrinks on one device; the person hears of the first time only.
void BatchEncoder::tellSmaller(JobContext& job)
{
    const std::string& name = m_model.info().name;
    const std::string now = m_batch == 1 ? "one by one" : "in batches of " + std::to_string(m_batch);
    job.progress("memory is short: going on " + now, "", 0, 0);
    if (m_smaller < 0) {
        m_smaller = static_cast<std::ptrdiff_t>(m_notes.size());
        m_notes.emplace_back();
        job.note("Memory is short, so " + name + " encodes in smaller batches; the rows stay the same.");
    }
    m_notes[static_cast<std::size_t>(m_smaller)] = "Memory was short, so " + name + " encoded " + now + " instead of " +
                                                   std::to_string(m_asked) + " at a time; the rows are the same.";
}

} // namespace semascope::core
