#include "core/clip/Dnnl_p.h"

#include "core/job/Error.h"

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>
#include <omp.h>

// The C++ interface of oneDNN 3 has no operation descriptors any more.
#if DNNL_VERSION_MAJOR >= 3
#define SEMASCOPE_DNNL3 1
#else
#define SEMASCOPE_DNNL3 0
#endif

namespace semascope::core::clip {

namespace {

using Tag = dnnl::memory::format_tag;
using Dim = dnnl::memory::dim;

const dnnl::engine& cpu()
{
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// Work of the CPU is done when execute() returns; a stream holds nothing.
dnnl::stream& stream()
{
    thread_local dnnl::stream s(cpu());
    return s;
}

dnnl::memory::data_type dataType(Element e)
{
    return e == Element::F32 ? dnnl::memory::data_type::f32 : dnnl::memory::data_type::bf16;
}

dnnl::memory::desc describe(const dnnl::memory::dims& dims, Element e, Tag tag)
{
    return {dims, dataType(e), tag};
}

void appendEltwise(dnnl::post_ops& ops, dnnl::algorithm algorithm, float alpha)
{
#if SEMASCOPE_DNNL3
    ops.append_eltwise(algorithm, alpha, 0.0f);
#else
    ops.append_eltwise(1.0f, algorithm, alpha, 0.0f);
#endif
}

dnnl::primitive_attr attributesOf(const Epilogue& after)
{
    dnnl::post_ops ops;
    if (after.add) {
        ops.append_sum(1.0f);
    }
    if (after.relu) {
        appendEltwise(ops, dnnl::algorithm::eltwise_relu, 0.0f);
    }
    if (after.activation == Activation::QuickGelu) {
        appendEltwise(ops, dnnl::algorithm::eltwise_swish, 1.702f);
    } else if (after.activation == Activation::Gelu) {
        appendEltwise(ops, dnnl::algorithm::eltwise_gelu_erf, 0.0f);
    } else if (after.activation == Activation::GeluTanh) {
        appendEltwise(ops, dnnl::algorithm::eltwise_gelu_tanh, 0.0f);
    }
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(ops);
    return attributes;
}

using ProductDesc = dnnl::matmul::primitive_desc;

/// rows×inputs times inputs×outputs, the weights as `weights` says.
ProductDesc productDesc(const LinearSpec& s, std::size_t rows, bool bias, const dnnl::memory::desc& weights)
{
    const auto m = static_cast<Dim>(rows), n = static_cast<Dim>(s.outputs), k = static_cast<Dim>(s.inputs);
    const auto source = describe({m, k}, s.in, Tag::ab), target = describe({m, n}, s.out, Tag::ab);
    const auto offset = bias ? describe({1, n}, Element::F32, Tag::ab) : dnnl::memory::desc();
    const dnnl::primitive_attr attributes = attributesOf(s.after);
#if SEMASCOPE_DNNL3
    return bias ? ProductDesc(cpu(), source, weights, offset, target, attributes)
                : ProductDesc(cpu(), source, weights, target, attributes);
#else
    return bias ? ProductDesc({source, weights, offset, target}, attributes, cpu())
                : ProductDesc({source, weights, target}, attributes, cpu());
#endif
}

using ConvolutionDesc = dnnl::convolution_forward::primitive_desc;

ConvolutionDesc convolutionDesc(const ConvolutionSpec& s, const MapShape& in, const MapShape& out,
                                const dnnl::memory::desc& weights)
{
    const auto dim = [](std::size_t v) { return static_cast<Dim>(v); };
    const auto source = describe({dim(in.count), dim(s.inputs), dim(in.height), dim(in.width)}, s.type, Tag::nhwc);
    const auto target = describe({dim(out.count), dim(s.outputs), dim(out.height), dim(out.width)}, s.type, Tag::nhwc);
    const auto offset = describe({dim(s.outputs)}, Element::F32, Tag::a);
    const dnnl::memory::dims strides(2, dim(s.stride)), padding(2, dim(s.padding));
    const dnnl::primitive_attr attributes = attributesOf(s.after);
    constexpr auto kKind = dnnl::prop_kind::forward_inference;
    constexpr auto kWay = dnnl::algorithm::convolution_direct;
#if SEMASCOPE_DNNL3
    return {cpu(), kKind, kWay, source, weights, offset, target, strides, padding, padding, attributes};
#else
    return {{kKind, kWay, source, weights, offset, target, strides, padding, padding}, attributes, cpu()};
#endif
}

/// Turns oneDNN's exceptions into ours.
template<class F> auto guarded(F&& body)
{
    try {
        return body();
    } catch (const dnnl::error& e) {
        const bool memory = e.status == dnnl_out_of_memory;
        throw Error(memory ? Code::OutOfMemory : Code::Unsupported,
                    std::string("oneDNN: ") + (e.message ? e.message : "failed"));
    }
}

/// A compiled kernel and the order in which it wants its weights.
struct Kernel
{
    dnnl::primitive run;
    dnnl::memory::desc weights;
};

/// Neither vectorised nor made for a blocked order: hundreds of times slower.
bool isSlow(const char* name)
{
    const std::string kernel = name;
    return kernel.rfind("ref", 0) == 0 || kernel.rfind("gemm:ref", 0) == 0;
}

/// A kernel for weights that are in the order `held`, or where only a slow one takes them so, for the order it likes
/// best. `describeFor` makes the primitive's description for an order.
template<class Primitive, class DescribeFor>
Kernel kernelFor(const dnnl::memory::desc& held, const dnnl::memory::desc& any, const DescribeFor& describeFor)
{
    auto desc = describeFor(held);
    if (isSlow(desc.impl_info_str())) {
        desc = describeFor(any);
    }
    return {Primitive(desc), desc.weights_desc()};
}

/// Kernels by what they are made for; compiling one takes milliseconds. The same one serves all layers of a shape.
template<class Key> class KernelCache
{
public:
    template<class Make> Kernel find(const Key& key, Make&& make)
    {
        const std::lock_guard lock(m_mutex);
        const auto at = m_kernels.find(key);
        if (at != m_kernels.end()) {
            return at->second;
        }
        if (m_kernels.size() >= kMost) {
            m_kernels.clear();
        }
        return m_kernels.emplace(key, make()).first->second;
    }

private:
    static constexpr std::size_t kMost = 256;
    std::mutex m_mutex;
    std::map<Key, Kernel> m_kernels;
};

std::size_t wordOf(const Epilogue& after)
{
    return static_cast<std::size_t>(after.activation) * 4 + (after.add ? 2u : 0u) + (after.relu ? 1u : 0u);
}

/// `data` in the order of `wanted`, converted to its type.
dnnl::memory packed(const dnnl::memory::desc& plain, const float* data, const dnnl::memory::desc& wanted)
{
    dnnl::memory out(wanted, cpu());
    // oneDNN takes sources by a pointer to non-const and does not write to them
    dnnl::memory in(plain, cpu(), const_cast<float*>(data));
    dnnl::reorder(in, out).execute(stream(), in, out);
    return out;
}

/// Puts weights into the order that a kernel wants; mostly they are.
void reorderFor(const Kernel& kernel, dnnl::memory& weights)
{
    if (weights.get_desc() != kernel.weights) {
        dnnl::memory out(kernel.weights, cpu());
        dnnl::reorder(weights, out).execute(stream(), weights, out);
        weights = out;
    }
}

/// Bound without a copy: inputs are only read.
dnnl::memory wrapped(const dnnl::memory::desc& desc, const void* data)
{
    return {desc, cpu(), const_cast<void*>(data)};
}

} // namespace

bool dnnlSupports(Element type)
{
    const auto works = [](Element e) {
        try {
            const LinearSpec spec{64, 64, e, e, {}};
            const auto any = describe({64, 64}, e, Tag::any);
            return !isSlow(productDesc(spec, 64, true, any).impl_info_str());
        } catch (const dnnl::error&) {
            return false;
        }
    };
    static const bool wide = works(Element::F32);
    static const bool brain = works(Element::Bf16);
    return type == Element::F32 ? wide : brain;
}

std::string dnnlVersion()
{
    const dnnl_version_t* v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

struct PackedLinear::Impl
{
    LinearSpec spec;
    dnnl::memory weights;
    std::vector<float> bias;
};

PackedLinear::PackedLinear(const LinearSpec& spec, const float* weight, const float* bias)
    : m_impl(std::make_unique<Impl>())
{
    constexpr std::size_t kUsualRows = 512; // the order of the weights hardly depends on it
    m_impl->spec = spec;
    if (bias != nullptr) {
        m_impl->bias.assign(bias, bias + spec.outputs);
    }
    guarded([&] {
        const dnnl::memory::dims dims{static_cast<Dim>(spec.inputs), static_cast<Dim>(spec.outputs)};
        const auto any = describe(dims, spec.in, Tag::any);
        const auto wanted = productDesc(spec, kUsualRows, bias != nullptr, any).weights_desc();
        m_impl->weights = packed(describe(dims, Element::F32, Tag::ba), weight, wanted);
    });
}

void PackedLinear::run(const void* in, void* out, std::size_t rows) const
{
    using Key = std::array<std::size_t, 8>;
    static KernelCache<Key> kernels;
    const LinearSpec& s = m_impl->spec;
    const bool bias = !m_impl->bias.empty();
    const Key key{rows,
                  s.outputs,
                  s.inputs,
                  static_cast<std::size_t>(s.in),
                  static_cast<std::size_t>(s.out),
                  wordOf(s.after),
                  bias ? 1u : 0u,
                  static_cast<std::size_t>(omp_get_max_threads())};
    guarded([&] {
        const auto any = describe({static_cast<Dim>(s.inputs), static_cast<Dim>(s.outputs)}, s.in, Tag::any);
        const Kernel kernel = kernels.find(key, [&] {
            return kernelFor<dnnl::matmul>(m_impl->weights.get_desc(), any,
                                           [&](const auto& order) { return productDesc(s, rows, bias, order); });
        });
        reorderFor(kernel, m_impl->weights);
        const auto m = static_cast<Dim>(rows), n = static_cast<Dim>(s.outputs), k = static_cast<Dim>(s.inputs);
        std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, wrapped(describe({m, k}, s.in, Tag::ab), in)},
                                                        {DNNL_ARG_WEIGHTS, m_impl->weights},
                                                        {DNNL_ARG_DST, wrapped(describe({m, n}, s.out, Tag::ab), out)}};
        if (bias) {
            arguments.emplace(DNNL_ARG_BIAS, wrapped(describe({1, n}, Element::F32, Tag::ab), m_impl->bias.data()));
        }
        kernel.run.execute(stream(), arguments);
    });
}

struct PackedConvolution::Impl
{
    ConvolutionSpec spec;
    dnnl::memory weights;
    dnnl::memory::desc any; ///< the weights in whatever order
    std::vector<float> bias;
};

PackedConvolution::PackedConvolution(const ConvolutionSpec& spec, const float* weight, const float* bias)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->spec = spec;
    m_impl->bias.assign(bias, bias + spec.outputs);
    guarded([&] {
        const auto dim = [](std::size_t v) { return static_cast<Dim>(v); };
        const dnnl::memory::dims dims{dim(spec.outputs), dim(spec.inputs), dim(spec.kernel), dim(spec.kernel)};
        const MapShape usual{1, 56, 56};
        m_impl->any = describe(dims, spec.type, Tag::any);
        const auto wanted = convolutionDesc(spec, usual, outputShape(usual), m_impl->any).weights_desc();
        m_impl->weights = packed(describe(dims, Element::F32, Tag::abcd), weight, wanted);
    });
}

void PackedConvolution::run(const void* in, void* out, const MapShape& shape) const
{
    using Key = std::array<std::size_t, 11>;
    static KernelCache<Key> kernels;
    const ConvolutionSpec& s = m_impl->spec;
    const Key key{shape.count,
                  shape.height,
                  shape.width,
                  s.outputs,
                  s.inputs,
                  s.kernel,
                  s.stride,
                  s.padding,
                  static_cast<std::size_t>(s.type),
                  wordOf(s.after),
                  static_cast<std::size_t>(omp_get_max_threads())};
    guarded([&] {
        const MapShape to = outputShape(shape);
        const Kernel kernel = kernels.find(key, [&] {
            return kernelFor<dnnl::convolution_forward>(
                m_impl->weights.get_desc(), m_impl->any,
                [&](const auto& order) { return convolutionDesc(s, shape, to, order); });
        });
        reorderFor(kernel, m_impl->weights);
        const auto dims = [](const MapShape& m, std::size_t channels) {
            return dnnl::memory::dims{static_cast<Dim>(m.count), static_cast<Dim>(channels), static_cast<Dim>(m.height),
                                      static_cast<Dim>(m.width)};
        };
        kernel.run.execute(
            stream(), {{DNNL_ARG_SRC, wrapped(describe(dims(shape, s.inputs), s.type, Tag::nhwc), in)},
                       {DNNL_ARG_WEIGHTS, m_impl->weights},
                       {DNNL_ARG_BIAS,
                        wrapped(describe({static_cast<Dim>(s.outputs)}, Element::F32, Tag::a), m_impl->bias.data())},
                       {DNNL_ARG_DST, wrapped(describe(dims(to, s.outputs), s.type, Tag::nhwc), out)}});
    });
}

PackedLinear::PackedLinear() = default;
PackedLinear::~PackedLinear() = default;
PackedLinear::PackedLinear(PackedLinear&&) noexcept = default;
PackedLinear& PackedLinear::operator=(PackedLinear&&) noexcept = default;

PackedConvolution::PackedConvolution() = default;
PackedConvolution::~PackedConvolution() = default;
PackedConvolution::PackedConvolution(PackedConvolution&&) noexcept = default;
PackedConvolution& PackedConvolution::operator=(PackedConvolution&&) noexcept = default;

MapShape PackedConvolution::outputShape(const MapShape& in) const noexcept
{
    const ConvolutionSpec& s = m_impl->spec;
    const auto side = [&s](std::size_t n) { return (n + 2 * s.padding - s.kernel) / s.stride + 1; };
    return {in.count, side(in.height), side(in.width)};
}

} // namespace semascope::core::clip
