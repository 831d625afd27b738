#include "core/clip/Dnnl_p.h"

#include "core/job/Error.h"

/// Built in place of Dnnl.cpp where there is no oneDNN: the towers run on libtorch then, and nothing here is reached
/// after dnnlSupports() has said so.
namespace semascope::core::clip {

namespace {

[[noreturn]] void missing()
{
    throw Error(Code::Unsupported, "This build has no oneDNN.");
}

} // namespace

bool dnnlSupports(Element)
{
    return false;
}

std::string dnnlVersion()
{
    return {};
}

struct PackedLinear::Impl
{
};

PackedLinear::PackedLinear(const LinearSpec&, const float*, const float*)
{
    missing();
}

void PackedLinear::run(const void*, void*, std::size_t) const
{
    missing();
}

PackedLinear::PackedLinear() = default;
PackedLinear::~PackedLinear() = default;
PackedLinear::PackedLinear(PackedLinear&&) noexcept = default;
PackedLinear& PackedLinear::operator=(PackedLinear&&) noexcept = default;

struct PackedConvolution::Impl
{
};

PackedConvolution::PackedConvolution(const ConvolutionSpec&, const float*, const float*)
{
    missing();
}

MapShape PackedConvolution::outputShape(const MapShape&) const noexcept
{
    return {};
}

void PackedConvolution::run(const void*, void*, const MapShape&) const
{
    missing();
}

PackedConvolution::PackedConvolution() = default;
PackedConvolution::~PackedConvolution() = default;
PackedConvolution::PackedConvolution(PackedConvolution&&) noexcept = default;
PackedConvolution& PackedConvolution::operator=(PackedConvolution&&) noexcept = default;

} // namespace semascope::core::clip
