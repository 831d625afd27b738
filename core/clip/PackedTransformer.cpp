#include "core/clip/PackedTransformer_p.h"
#include "core/clip/StageTimes.h"

#include <cstring>
#include <new>

#include <sys/mman.h>

namespace semascope::core::clip {

Buffer::~Buffer()
{
    if (m_data != nullptr) {
        ::munmap(m_data, m_bytes);
    }
}

void* Buffer::need(std::size_t bytes)
{
    if (bytes <= m_bytes) {
        return m_data;
    }
    if (m_data != nullptr) {
        ::munmap(m_data, m_bytes);
        m_data = nullptr;
        m_bytes = 0;
    }
    void* const data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) {
        throw std::bad_alloc();
    }
    ::madvise(data, bytes, MADV_HUGEPAGE); // fewer page faults and address look-ups
    m_data = data;
    m_bytes = bytes;
    return m_data;
}

std::vector<float> valuesOf(const at::Tensor& t)
{
    const at::Tensor flat = t.to(at::kCPU, at::kFloat).contiguous();
    const float* data = flat.data_ptr<float>();
    return {data, data + flat.numel()};
}

RowNorm rowNormOf(const Norm& norm)
{
    if (!norm.defined()) {
        return {};
    }
    return {valuesOf(norm.weight), valuesOf(norm.bias), static_cast<float>(norm.eps)};
}

PackedLinear pack(LinearSpec spec, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale)
{
    spec.outputs = static_cast<std::size_t>(weight.size(0));
    spec.inputs = static_cast<std::size_t>(weight.numel() / weight.size(0));
    const at::Tensor w = (scale.defined() ? weight * scale.view({-1, 1}) : weight).to(at::kFloat).contiguous();
    at::Tensor b = bias;
    if (b.defined()) {
        b = (scale.defined() ? bias * scale : bias).to(at::kFloat).contiguous();
    }
    return {spec, w.data_ptr<float>(), b.defined() ? b.data_ptr<float>() : nullptr};
}

void PackedTransformer::add(const Block& b)
{
    const Element type = m_shape.type;
    const LinearSpec within{0, 0, type, type, {}};
    const LinearSpec residual{0, 0, type, Element::F32, {true, false, Activation::Unknown}};
    const LinearSpec activated{0, 0, type, type, {false, false, m_shape.activation}};
    Layer layer;
    layer.norm1 = rowNormOf(b.norm1);
    layer.norm2 = rowNormOf(b.norm2);
    layer.qkv = pack(within, b.qkvWeight, b.qkvBias);
    layer.out = pack(residual, b.outWeight, b.outBias, b.scale1);
    layer.fc = pack(activated, b.fcWeight, b.fcBias);
    layer.proj = pack(residual, b.projWeight, b.projBias, b.scale2);
    layer.hidden = static_cast<std::size_t>(b.fcWeight.size(0));
    m_layers.push_back(std::move(layer));
}

void PackedTransformer::keepAsking(float* x, const std::vector<AttentionItem>& items) const
{
    const std::size_t width = m_shape.width;
    for (const AttentionItem& item : items) { // in order, and never to a later row
        if (item.firstOut != item.firstRow + item.firstQuery) {
            std::memmove(x + item.firstOut * width, x + (item.firstRow + item.firstQuery) * width,
                         item.queries * width * sizeof(float));
        }
    }
}

void PackedTransformer::runLayer(const Layer& layer, float* x, const std::vector<AttentionItem>& items,
                                 Buffers& buffers) const
{
    const std::size_t width = m_shape.width, bytes = bytesOf(m_shape.type);
    const std::size_t rows = paddedRows(items.back().firstRow + items.back().length);
    const std::size_t asking = items.back().firstOut + items.back().queries;
    void* const narrow = buffers.narrow.need(rows * width * bytes);
    void* const wide = buffers.wide.need(rows * std::max(3 * width, layer.hidden) * bytes);

    {
        const StageTimer timer("query, key, value");
        normaliseInto(layer.norm1, x, rows, narrow, m_shape.type);
        layer.qkv.run(narrow, wide, rows);
    }
    const std::size_t left = paddedRows(asking);
    {
        const StageTimer timer("attention");
        attend({wide, m_shape.type, m_shape.heads, width / m_shape.heads, m_shape.causal}, items, narrow);
        keepAsking(x, items);
        layer.out.run(narrow, x, left);
    }
    const StageTimer timer("perceptron");
    normaliseInto(layer.norm2, x, left, narrow, m_shape.type);
    layer.fc.run(narrow, wide, left);
    layer.proj.run(wide, x, left);
}

void PackedTransformer::run(float* x, const std::vector<TokenItem>& items, Buffers& buffers,
                            const JobContext& job) const
{
    std::vector<AttentionItem> all, wanted;
    std::size_t row = 0, out = 0;
    for (const TokenItem& item : items) {
        all.push_back({row, item.length, 0, item.length, row});
        wanted.push_back({row, item.length, item.firstWanted, item.wanted, out});
        row += item.length;
        out += item.wanted;
    }
    for (const Layer& layer : m_layers) {
        job.checkpoint();
        runLayer(layer, x, &layer == &m_layers.back() ? wanted : all, buffers);
    }
}

} // namespace semascope::core::clip
