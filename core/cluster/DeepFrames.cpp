#include "core/cluster/DeepFrames_p.h"

#include "core/job/Gemm.h"
#include "core/reduce/SymmetricEigen_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr double kShareOfTime = 0.05;
constexpr std::size_t kMostFrames = 120, kMostBytes = std::size_t{256} << 20;

std::vector<float> centredCode(const Matrix& code)
{
    const std::size_t n = code.rows(), c = code.cols();
    std::vector<double> mean(c, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < c; ++j) {
            mean[j] += static_cast<double>(code.at(i, j)) / static_cast<double>(n);
        }
    }
    std::vector<float> values(n * c);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(static_cast<double>(code.data()[i]) - mean[i % c]);
    }
    return values;
}

/// The two axes of largest variance as rows of 2×c; an axis that is not there is zero.
std::vector<float> mainAxes(const std::vector<float>& centred, std::size_t n, std::size_t c)
{
    std::vector<float> products(c * c);
    gemm({c, c, n, centred.data(), centred.data(), products.data(), true, false, 0});
    std::vector<double> scatter(products.begin(), products.end());
    std::vector<float> axes(2 * c, 0.0F);
    if (std::all_of(scatter.begin(), scatter.end(), [](double v) { return std::isfinite(v); })) {
        EigenPairs pairs = largestEigenPairs(scatter, c, std::min<std::size_t>(2, c));
        for (std::size_t a = 0; a < pairs.values.size(); ++a) {
            fixSign(pairs.vectors.data() + a * c, c, 1);
        }
        std::transform(pairs.vectors.begin(), pairs.vectors.end(), axes.begin(),
                       [](double v) { return static_cast<float>(v); });
    }
    return axes;
}

/// Orthogonal Procrustes in the plane: the rotation, or mirrored rotation, of `points` nearest to `before`.
void alignTo(const Matrix& before, std::vector<float>& points)
{
    double a = 0, b = 0, c = 0, d = 0; // before·pointsᵀ summed over rows
    for (std::size_t i = 0; i < before.rows(); ++i) {
        const double x = points[2 * i], y = points[2 * i + 1];
        a += before.at(i, 0) * x;
        b += before.at(i, 0) * y;
        c += before.at(i, 1) * x;
        d += before.at(i, 1) * y;
    }
    const double turn = std::hypot(a + d, c - b), mirror = std::hypot(a - d, b + c);
    const double flip = mirror > turn ? -1 : 1;
    const double size = std::max(turn, mirror);
    if (!(size > 0)) {
        return;
    }
    const double cosine = (a + flip * d) / size, sine = (c - flip * b) / size;
    for (std::size_t i = 0; i < before.rows(); ++i) {
        const double x = points[2 * i], y = flip * points[2 * i + 1];
        points[2 * i] = static_cast<float>(cosine * x - sine * y);
        points[2 * i + 1] = static_cast<float>(sine * x + cosine * y);
    }
}

} // namespace

Matrix codePicture(const Matrix& code, const Matrix& before)
{
    const std::size_t n = code.rows(), c = code.cols();
    std::vector<float> points(n * 2, 0.0F);
    if (n > 0 && c > 0) {
        const std::vector<float> centred = centredCode(code), axes = mainAxes(centred, n, c);
        gemm({n, 2, c, centred.data(), axes.data(), points.data(), false, true, 0});
    }
    if (before.rows() == n) {
        alignTo(before, points);
    }
    return Matrix::from(std::move(points), n, 2);
}

FrameRecorder::FrameRecorder(JobContext& job, std::shared_ptr<const std::vector<std::uint32_t>> inputRow)
    : m_job(job), m_inputRow(std::move(inputRow))
{
    const std::size_t each = std::max<std::size_t>(1, m_inputRow->size() * (2 * sizeof(float) + sizeof(std::int32_t)));
    m_most = std::clamp<std::size_t>(kMostBytes / each, 2, kMostFrames);
}

bool FrameRecorder::affordable() const
{
    return m_spent <= kShareOfTime * std::chrono::duration<double>(Clock::now() - m_start).count();
}

void FrameRecorder::add(const View& view, double spent, bool last)
{
    const auto begin = Clock::now();
    auto frame = std::make_shared<DeepFrame>();
    frame->at = view.curve.back();
    frame->stage = view.stage;
    frame->points = codePicture(view.code, m_before);
    frame->assignment = view.assignment;
    frame->inputRow = m_inputRow;
    frame->curve = view.curve;
    m_before = frame->points;
    if (m_job.wantsPartial() || last) {
        m_job.publish(std::shared_ptr<const DeepFrame>(frame));
    }
    keep(std::move(frame), last);
    m_spent += spent + std::chrono::duration<double>(Clock::now() - begin).count();
}

void FrameRecorder::keep(std::shared_ptr<const DeepFrame> frame, bool last)
{
    if (!last && m_seen++ % m_stride != 0) {
        return;
    }
    m_kept.push_back(std::move(frame));
    if (m_kept.size() <= m_most) {
        return;
    }
    std::vector<std::shared_ptr<const DeepFrame>> fewer;
    for (std::size_t i = 0; i < m_kept.size(); i += 2) {
        fewer.push_back(m_kept[i]);
    }
    if (last && fewer.back() != m_kept.back()) {
        fewer.push_back(m_kept.back());
    }
    m_kept = std::move(fewer);
    m_stride *= 2;
}

std::vector<std::shared_ptr<const DeepFrame>> FrameRecorder::take()
{
    return std::move(m_kept);
}

} // namespace semascope::core
