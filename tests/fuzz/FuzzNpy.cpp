#include "core/data/Arrays.h"
#include "tests/fuzz/Fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    const fuzz::InputFile file(data, size);
    return fuzz::expectOnlyErrors([&] {
        const core::Array a = core::readNpy(file.path());
        (void)core::toMatrix(a, "input", true);
        (void)core::toLabels(a, "input");
    });
}
