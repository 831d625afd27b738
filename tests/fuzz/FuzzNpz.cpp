#include "core/data/Arrays.h"
#include "tests/fuzz/Fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    const fuzz::InputFile file(data, size);
    return fuzz::expectOnlyErrors([&] { (void)core::toMatrix(core::readNpz(file.path(), "x"), "input", true); });
}
