#include "core/clip/PackedTransformer_p.h"
#include "core/clip/StageTimes.h"
#include "core/clip/Towers_p.h"

#include <cstring>
#include <mutex>

namespace semascope::core::clip {

namespace {

constexpr std::size_t kRowsAtOnce = 512; ///< enough for full speed, and what they leave behind stays in the cache
constexpr std::size_t kTextRowsAtOnce = 1024;

/// Projects rows and returns them as a tensor of its own.
at::Tensor projected(const PackedLinear& projection, const float* rows, std::size_t count, std::size_t width)
{
    const auto n = static_cast<std::int64_t>(count);
    at::Tensor out = at::empty({n, static_cast<std::int64_t>(width)}, at::kFloat);
    if (projection.empty()) {
        std::memcpy(out.data_ptr<float>(), rows, count * width * sizeof(float));
    } else {
        projection.run(rows, out.data_ptr<float>(), count);
    }
    return out;
}

/// The last product is small: always float32.
PackedLinear packProjection(const at::Tensor& weight, const at::Tensor& bias)
{
    return weight.defined() ? pack({}, weight, bias) : PackedLinear();
}

class PackedVision : public VisionTower
{
public:
    PackedVision(const ClipConfig& c, const WeightSource& w, Element type)
        : m_type(type),
          m_meanPool(c.meanPool),
          m_normAfterPool(c.normAfterPool),
          m_transformer({static_cast<std::size_t>(c.visionWidth), static_cast<std::size_t>(c.visionHeads), false,
                         c.visionActivation, type})
    {
        const VisionWeights v = readVision(c, w);
        m_width = static_cast<std::size_t>(v.patch.size(0));
        m_side = static_cast<std::size_t>(v.patch.size(-1));
        m_imageSide = static_cast<std::size_t>(c.imageSize);
        m_grid = m_imageSide / m_side;
        m_first = valuesOf(v.first);
        m_position = valuesOf(v.position);
        m_tokens = m_position.size() / m_width;
        m_pre = rowNormOf(v.pre);
        m_post = rowNormOf(v.post);
        m_patch = pack({0, 0, type, Element::F32, {}}, v.patch, {});
        m_projection = packProjection(v.projection, {});
        m_outputs = v.projection.defined() ? static_cast<std::size_t>(v.projection.size(0)) : m_width;
        w.dropPages();
        for (int i = 0; i < c.visionLayers; ++i) {
            m_transformer.add(readBlock(c, w, false, i));
            w.dropPages();
        }
    }

    at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const override
    {
        const std::lock_guard lock(m_mutex);
        useTeam();
        const auto count = static_cast<std::size_t>(pixels.size(0));
        const auto picture = static_cast<std::size_t>(pixels.numel()) / std::max<std::size_t>(count, 1);
        const at::Tensor held = pixels.contiguous();
        const std::size_t most = std::max<std::size_t>(1, kRowsAtOnce / m_tokens);
        const std::size_t parts = (count + most - 1) / most;
        std::vector<at::Tensor> out;
        for (std::size_t i = 0; i < parts; ++i) { // parts of nearly equal size
            const std::size_t begin = count * i / parts, end = count * (i + 1) / parts;
            out.push_back(encode(held.data_ptr<float>() + begin * picture, end - begin, job));
        }
        return out.empty() ? at::empty({0, static_cast<std::int64_t>(m_outputs)}, at::kFloat) : at::cat(out);
    }

private:
    at::Tensor encode(const float* pixels, std::size_t count, const JobContext& job) const
    {
        float* x = m_buffers.tokens.floats(count * m_tokens * m_width);
        embedPatches(pixels, count, x);
        const TokenItem item{m_tokens, m_meanPool ? 1u : 0u, m_meanPool ? m_tokens - 1 : 1u};
        m_transformer.run(x, std::vector<TokenItem>(count, item), m_buffers, job);
        const StageTimer timer("projection");
        if (m_meanPool) {
            poolMean(x, count);
        } else {
            normaliseInto(m_post, x, count, x, Element::F32);
        }
        return projected(m_projection, x, count, m_outputs);
    }

    /// Patches as rows, times the patch kernel; then positions and the first norm.
    void embedPatches(const float* pixels, std::size_t count, float* x) const
    {
        const StageTimer timer("patches");
        const std::size_t side = m_grid, cells = side * side, depth = 3 * m_side * m_side;
        const std::size_t stride = m_imageSide; // what lies beyond whole patches is not used
        auto* rows = static_cast<std::uint8_t*>(m_buffers.wide.need(count * cells * depth * bytesOf(m_type)));
        teamFor(count * side, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t line = begin; line < end; ++line) {
                const float* from = pixels + line / side * 3 * stride * stride + line % side * m_side * stride;
                copyPatches(from, stride, side, rows + line * side * depth * bytesOf(m_type));
            }
        });
        float* const embedded = m_buffers.narrow.floats(count * cells * m_width);
        m_patch.run(rows, embedded, count * cells);
        teamFor(count * m_tokens, 16, [&](std::size_t begin, std::size_t end) {
            for (std::size_t r = begin; r < end; ++r) {
                const std::size_t token = r % m_tokens;
                const float* from =
                    token == 0 ? m_first.data() : embedded + (r / m_tokens * cells + token - 1) * m_width;
                const float* position = m_position.data() + token * m_width;
                for (std::size_t i = 0; i < m_width; ++i) {
                    x[r * m_width + i] = from[i] + position[i];
                }
            }
        });
        if (!m_pre.weight.empty()) {
            normaliseInto(m_pre, x, count * m_tokens, x, Element::F32);
        }
    }

    /// One line of patches, each as channels × rows × columns.
    void copyPatches(const float* from, std::size_t stride, std::size_t patches, std::uint8_t* to) const
    {
        const std::size_t plane = stride * stride, bytes = m_side * bytesOf(m_type);
        for (std::size_t p = 0; p < patches; ++p) {
            for (std::size_t c = 0; c < 3; ++c) {
                for (std::size_t y = 0; y < m_side; ++y, to += bytes) {
                    convertInto(from + c * plane + y * stride + p * m_side, m_side, to, m_type);
                }
            }
        }
    }

    /// Mean of each picture's patches → its row.
    void poolMean(float* x, std::size_t count) const
    {
        const std::size_t cells = m_tokens - 1;
        if (!m_normAfterPool) {
            normaliseInto(m_post, x, count * cells, x, Element::F32);
        }
        for (std::size_t b = 0; b < count; ++b) {
            for (std::size_t i = 0; i < m_width; ++i) {
                float sum = 0;
                for (std::size_t r = 0; r < cells; ++r) {
                    sum += x[(b * cells + r) * m_width + i];
                }
                x[b * m_width + i] = sum / static_cast<float>(cells);
            }
        }
        if (m_normAfterPool) {
            normaliseInto(m_post, x, count, x, Element::F32);
        }
    }

    Element m_type;
    bool m_meanPool, m_normAfterPool;
    std::size_t m_width = 0, m_side = 0, m_imageSide = 0, m_grid = 0, m_tokens = 0, m_outputs = 0;
    std::vector<float> m_first, m_position;
    RowNorm m_pre, m_post;
    PackedLinear m_patch, m_projection;
    PackedTransformer m_transformer;
    mutable std::mutex m_mutex;
    mutable Buffers m_buffers;
};

class PackedText : public TextTower
{
public:
    PackedText(const ClipConfig& c, const WeightSource& w, Element type)
        : m_transformer({static_cast<std::size_t>(c.textWidth), static_cast<std::size_t>(c.textHeads), true,
                         c.textActivation, type})
    {
        m_transformer.rowStep = 16;
        const TextWeights t = readText(c, w);
        m_width = static_cast<std::size_t>(t.tokens.size(1));
        m_tokens = valuesOf(t.tokens);
        m_position = valuesOf(t.position);
        m_final = rowNormOf(t.final);
        m_projection = packProjection(t.projection, t.projectionBias);
        m_outputs = t.projection.defined() ? static_cast<std::size_t>(t.projection.size(0)) : m_width;
        w.dropPages();
        for (int i = 0; i < c.textLayers; ++i) {
            m_transformer.add(readBlock(c, w, true, i));
            w.dropPages();
        }
    }

    /// Rows of all texts stand one after the other: nothing is padded, whatever their lengths.
    at::Tensor forward(const TokenRows& ids, const JobContext& job) const override
    {
        const std::lock_guard lock(m_mutex);
        useTeam();
        std::vector<at::Tensor> out;
        for (std::size_t first = 0, end = 0; first < ids.size(); first = end) {
            std::size_t rows = 0;
            while (end < ids.size() && (end == first || rows + ids[end].size() <= kTextRowsAtOnce)) {
                rows += ids[end++].size();
            }
            out.push_back(encode(ids, {first, end, rows}, job));
        }
        return out.empty() ? at::empty({0, static_cast<std::int64_t>(m_outputs)}, at::kFloat) : at::cat(out);
    }

private:
    struct Part
    {
        std::size_t first, end, rows;
    };

    at::Tensor encode(const TokenRows& ids, const Part& part, const JobContext& job) const
    {
        const std::size_t padded = m_transformer.paddedRows(part.rows);
        float* const x = m_buffers.tokens.floats(padded * m_width);
        std::vector<TokenItem> items;
        float* to = x;
        for (std::size_t r = part.first; r < part.end; ++r) {
            for (std::size_t i = 0; i < ids[r].size(); ++i, to += m_width) {
                const float* token = m_tokens.data() + static_cast<std::size_t>(ids[r][i]) * m_width;
                const float* position = m_position.data() + i * m_width;
                for (std::size_t j = 0; j < m_width; ++j) {
                    to[j] = token[j] + position[j];
                }
            }
            items.push_back({ids[r].size(), ids[r].size() - 1, 1});
        }
        std::fill(to, x + padded * m_width, 0.0f);
        m_transformer.run(x, items, m_buffers, job);
        normaliseInto(m_final, x, items.size(), x, Element::F32);
        return projected(m_projection, x, items.size(), m_outputs);
    }

    std::size_t m_width = 0, m_outputs = 0;
    std::vector<float> m_tokens, m_position;
    RowNorm m_final;
    PackedLinear m_projection;
    PackedTransformer m_transformer;
    mutable std::mutex m_mutex;
    mutable Buffers m_buffers;
};

} // namespace

std::unique_ptr<VisionTower> makePackedVision(const ClipConfig& c, const WeightSource& w, Element type)
{
    return std::make_unique<PackedVision>(c, w, type);
}

std::unique_ptr<TextTower> makePackedText(const ClipConfig& c, const WeightSource& w, Element type)
{
    return std::make_unique<PackedText>(c, w, type);
}

} // namespace semascope::core::clip
