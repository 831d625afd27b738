#include "core/checkpoint/Checkpoint.h"
#include "tests/fuzz/Fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    const fuzz::InputFile file(data, size);
    return fuzz::expectOnlyErrors([&] {
        for (const auto& [name, tensor] : core::readSafetensors(file.path()).tensors) {
            (void)core::toFloats(tensor);
        }
    });
}
