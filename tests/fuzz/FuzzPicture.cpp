#include "core/data/Picture.h"
#include "tests/fuzz/Fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    const std::vector<std::uint8_t> bytes(data, data + size);
    core::PictureLimits limits;
    limits.maxPixels = 1 << 20;
    const auto gate = [&](auto decode) { fuzz::expectOnlyErrors([&] { (void)decode(); }); };
    gate([&] { return core::probePicture(bytes, limits); });
    gate([&] { return core::decodeForModel(bytes, limits); });
    gate([&] { return core::decodeAsStored(bytes, limits); });
    gate([&] { return core::decodeForEye(bytes, 64, limits); });
    return 0;
}
