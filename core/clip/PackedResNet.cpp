#include "core/clip/PackedTransformer_p.h"
#include "core/clip/SimdDispatch_p.h"
#include "core/clip/Simd_p.h"
#include "core/clip/StageTimes.h"
#include "core/clip/Towers_p.h"

#include <cstring>
#include <mutex>
#include <utility>

namespace semascope::core::clip {

namespace {

constexpr std::size_t kPixelsAtOnce = 8 * 224 * 224;

/// A map of rows of channels in a buffer.
struct Map
{
    Buffer* buffer = nullptr;
    MapShape shape;
    std::size_t channels = 0;
};

template<class T> struct PoolTask
{
    const T* in;
    T* out;
    MapShape shape; ///< of the input
    std::size_t channels;
    std::size_t begin, end; ///< output rows, counted over all pictures
};

/// Mean of 2×2 cells.
template<class T> struct PoolKernel
{
    SEMASCOPE_INLINE static void run(const PoolTask<T>& t)
    {
        const std::size_t width = t.shape.width / 2, height = t.shape.height / 2, line = t.shape.width * t.channels;
        for (std::size_t y = t.begin; y < t.end; ++y) {
            const std::size_t source = y / height * t.shape.height + y % height * 2;
            for (std::size_t x = 0; x < width; ++x) {
                const T* from = t.in + source * line + 2 * x * t.channels;
                T* to = t.out + (y * width + x) * t.channels;
                simd::Floats a, b, d, e;
                std::size_t c = 0;
                for (; c + simd::kLanes <= t.channels; c += simd::kLanes) {
                    simd::load(from + c, a);
                    simd::load(from + t.channels + c, b);
                    simd::load(from + line + c, d);
                    simd::load(from + line + t.channels + c, e);
                    simd::store(((a + b) + (d + e)) * 0.25f, to + c);
                }
                if (const std::size_t rest = t.channels - c; rest > 0) {
                    simd::loadSome(from + c, rest, a);
                    simd::loadSome(from + t.channels + c, rest, b);
                    simd::loadSome(from + line + c, rest, d);
                    simd::loadSome(from + line + t.channels + c, rest, e);
                    simd::storeSome(((a + b) + (d + e)) * 0.25f, rest, to + c);
                }
            }
        }
    }
};

void halve(const MapShape& shape, std::size_t channels, const void* in, void* out, Element type)
{
    teamFor(shape.count * (shape.height / 2), 4, [&](std::size_t begin, std::size_t end) {
        if (type == Element::F32) {
            simd::dispatch<PoolKernel<float>>(
                PoolTask<float>{static_cast<const float*>(in), static_cast<float*>(out), shape, channels, begin, end});
        } else {
            simd::dispatch<PoolKernel<std::uint16_t>>(PoolTask<std::uint16_t>{
                static_cast<const std::uint16_t*>(in), static_cast<std::uint16_t*>(out), shape, channels, begin, end});
        }
    });
}

struct PackedBottleneck
{
    PackedLinear conv1, conv3, shortcut; ///< 1×1: products over rows of channels
    PackedConvolution conv2;
    std::size_t middle = 0, outputs = 0;
    bool halved = false;
};

class PackedResNet : public VisionTower
{
public:
    PackedResNet(const ClipConfig& c, const WeightSource& w, Element type)
        : m_type(type), m_heads(static_cast<std::size_t>(c.visionHeads))
    {
        for (const FoldedConv& f : readStem(w)) {
            m_stem.push_back(packConvolution(f));
            m_stemChannels.push_back(static_cast<std::size_t>(f.weight.size(0)));
        }
        for (int layer = 0; layer < 4; ++layer) {
            for (int j = 0; j < c.resnetBlocks[static_cast<std::size_t>(layer)]; ++j) {
                m_blocks.push_back(packBottleneck(readBottleneck(w, layer, j)));
                w.dropPages();
            }
        }
        const AttentionPoolWeights a = readAttentionPool(c, w);
        m_position = valuesOf(a.position);
        m_ask = pack({0, 0, type, type, {}}, at::cat({a.weight[0], a.weight[1], a.weight[2]}),
                     at::cat({a.bias[0], a.bias[1], a.bias[2]}));
        m_answer = pack({0, 0, type, Element::F32, {}}, a.weight[3], a.bias[3]);
        m_outputs = static_cast<std::size_t>(a.weight[3].size(0));
        w.dropPages();
    }

    at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const override
    {
        const std::lock_guard lock(m_mutex);
        useTeam();
        const auto count = static_cast<std::size_t>(pixels.size(0));
        const auto side = static_cast<std::size_t>(pixels.size(-1));
        const at::Tensor held = pixels.contiguous();
        const std::size_t most = std::max<std::size_t>(1, kPixelsAtOnce / (side * side));
        const std::size_t parts = (count + most - 1) / most;
        std::vector<at::Tensor> out;
        for (std::size_t i = 0; i < parts; ++i) {
            const std::size_t begin = count * i / parts, end = count * (i + 1) / parts;
            out.push_back(encode(held.data_ptr<float>() + begin * 3 * side * side, {end - begin, side, side}, job));
        }
        return out.empty() ? at::empty({0, static_cast<std::int64_t>(m_outputs)}, at::kFloat) : at::cat(out);
    }

private:
    static constexpr Epilogue kRelu{false, true, Activation::Unknown};

    PackedConvolution packConvolution(const FoldedConv& f) const
    {
        const auto size = [&f](int axis) { return static_cast<std::size_t>(f.weight.size(axis)); };
        const ConvolutionSpec spec{
            size(0), size(1), size(2), static_cast<std::size_t>(f.stride), static_cast<std::size_t>(f.padding),
            m_type,  kRelu};
        const at::Tensor weight = f.weight.contiguous(), bias = f.bias.contiguous();
        return {spec, weight.data_ptr<float>(), bias.data_ptr<float>()};
    }

    PackedBottleneck packBottleneck(const Bottleneck& b) const
    {
        PackedBottleneck p;
        p.conv1 = pack({0, 0, m_type, m_type, kRelu}, b.conv1.weight, b.conv1.bias);
        p.conv2 = packConvolution(b.conv2);
        p.conv3 = pack({0, 0, m_type, m_type, {true, true, Activation::Unknown}}, b.conv3.weight, b.conv3.bias);
        if (b.shortcut.defined()) {
            p.shortcut = pack({0, 0, m_type, m_type, {}}, b.shortcut.weight, b.shortcut.bias);
        }
        p.middle = static_cast<std::size_t>(b.conv2.weight.size(0));
        p.outputs = static_cast<std::size_t>(b.conv3.weight.size(0));
        p.halved = b.stride > 1;
        return p;
    }

    void* room(Buffer& buffer, const MapShape& shape, std::size_t channels) const
    {
        return buffer.need(shape.cells() * channels * bytesOf(m_type));
    }

    at::Tensor encode(const float* pixels, const MapShape& shape, const JobContext& job) const
    {
        Map map = applyStem(pixels, shape, job);
        for (const PackedBottleneck& b : m_blocks) {
            job.checkpoint();
            map = apply(b, map, map.buffer == &m_buffers.tokens ? m_buffers.output : m_buffers.tokens);
        }
        return attentionPool(map);
    }

    Map applyStem(const float* pixels, const MapShape& shape, const JobContext& job) const
    {
        const StageTimer timer("stem");
        Buffer* other = &m_buffers.output;
        Map map{&m_buffers.tokens, shape, 3};
        interleave(pixels, shape, room(*map.buffer, shape, 3));
        for (std::size_t i = 0; i < m_stem.size(); ++i) {
            job.checkpoint();
            const MapShape to = m_stem[i].outputShape(map.shape);
            m_stem[i].run(map.buffer->need(0), room(*other, to, m_stemChannels[i]), map.shape);
            map = {std::exchange(other, map.buffer), to, m_stemChannels[i]};
        }
        const MapShape half = halved(map.shape);
        halve(map.shape, map.channels, map.buffer->need(0), room(*other, half, map.channels), m_type);
        return {other, half, map.channels};
    }

    static MapShape halved(const MapShape& s) { return {s.count, s.height / 2, s.width / 2}; }

    /// The result is in the map's own buffer, or in `other`.
    Map apply(const PackedBottleneck& b, const Map& in, Buffer& other) const
    {
        const StageTimer timer("bottlenecks");
        const MapShape out = b.halved ? halved(in.shape) : in.shape;
        void* first = room(m_buffers.narrow, in.shape, b.middle);
        void* second = room(m_buffers.wide, in.shape, b.middle);
        b.conv1.run(in.buffer->need(0), first, in.shape.cells());
        b.conv2.run(first, second, in.shape);
        if (b.halved) {
            halve(in.shape, b.middle, second, first, m_type);
            std::swap(first, second);
        }
        return finish(b, in, out, second, other);
    }

    Map finish(const PackedBottleneck& b, const Map& in, const MapShape& out, const void* inner, Buffer& other) const
    {
        if (b.shortcut.empty()) {
            b.conv3.run(inner, in.buffer->need(0), out.cells());
            return {in.buffer, out, b.outputs};
        }
        const void* side = in.buffer->need(0);
        if (b.halved) {
            void* const small = room(m_buffers.input, out, in.channels);
            halve(in.shape, in.channels, side, small, m_type);
            side = small;
        }
        void* const to = room(other, out, b.outputs);
        b.shortcut.run(side, to, out.cells());
        b.conv3.run(inner, to, out.cells());
        return {&other, out, b.outputs};
    }

    /// Planes → rows of channels.
    void interleave(const float* pixels, const MapShape& s, void* out) const
    {
        const std::size_t plane = s.height * s.width;
        teamFor(s.count * s.height, 8, [&](std::size_t begin, std::size_t end) {
            std::vector<float> line(3 * s.width);
            for (std::size_t r = begin; r < end; ++r) {
                const float* from = pixels + r / s.height * 3 * plane + r % s.height * s.width;
                for (std::size_t x = 0; x < s.width; ++x) {
                    for (std::size_t c = 0; c < 3; ++c) {
                        line[3 * x + c] = from[c * plane + x];
                    }
                }
                convertInto(line.data(), line.size(),
                            static_cast<std::uint8_t*>(out) + r * line.size() * bytesOf(m_type), m_type);
            }
        });
    }

    /// Tokens of a picture: the mean of its cells, then the cells, each with its position.
    void makeTokens(const Map& map, float* tokens) const
    {
        const std::size_t cells = map.shape.height * map.shape.width, width = map.channels;
        teamFor(map.shape.count, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t b = begin; b < end; ++b) {
                float* const mean = tokens + b * (cells + 1) * width;
                const auto* from =
                    static_cast<const std::uint8_t*>(map.buffer->need(0)) + b * cells * width * bytesOf(m_type);
                widenInto(from, m_type, cells * width, mean + width);
                std::fill(mean, mean + width, 0.0f);
                for (std::size_t i = 0; i < cells * width; ++i) {
                    mean[i % width] += mean[width + i];
                }
                for (std::size_t i = 0; i < width; ++i) {
                    mean[i] /= static_cast<float>(cells);
                }
                for (std::size_t i = 0; i < (cells + 1) * width; ++i) {
                    mean[i] += m_position[i];
                }
            }
        });
    }

    at::Tensor attentionPool(const Map& map) const
    {
        const StageTimer timer("attention pooling");
        const std::size_t count = map.shape.count, width = map.channels;
        const std::size_t tokens = map.shape.height * map.shape.width + 1, rows = count * tokens;
        float* const x = m_buffers.input.floats(rows * width);
        makeTokens(map, x);
        void* const narrow = m_buffers.narrow.need(rows * width * bytesOf(m_type));
        void* const wide = m_buffers.wide.need(rows * 3 * width * bytesOf(m_type));
        convertInto(x, rows * width, narrow, m_type);
        m_ask.run(narrow, wide, rows);
        std::vector<AttentionItem> items;
        for (std::size_t b = 0; b < count; ++b) {
            items.push_back({b * tokens, tokens, 0, 1, b});
        }
        attend({wide, m_type, m_heads, width / m_heads, false}, items, narrow);
        at::Tensor out =
            at::empty({static_cast<std::int64_t>(count), static_cast<std::int64_t>(m_outputs)}, at::kFloat);
        m_answer.run(narrow, out.data_ptr<float>(), count);
        return out;
    }

    Element m_type;
    std::size_t m_heads, m_outputs = 0;
    std::vector<PackedConvolution> m_stem;
    std::vector<std::size_t> m_stemChannels;
    std::vector<PackedBottleneck> m_blocks;
    std::vector<float> m_position;
    PackedLinear m_ask, m_answer;
    mutable std::mutex m_mutex;
    mutable Buffers m_buffers;
};

} // namespace

std::unique_ptr<VisionTower> makePackedResNet(const ClipConfig& c, const WeightSource& w, Element type)
{
    return std::make_unique<PackedResNet>(c, w, type);
}

} // namespace semascope::core::clip
