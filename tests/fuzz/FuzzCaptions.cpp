#include "core/data/Dataset.h"
#include "core/job/JobContext.h"
#include "tests/fuzz/Fuzz.h"

#include <filesystem>
#include <fstream>

namespace {

/// A folder for the input: captions are known by the name of their file.
const std::filesystem::path& inputPath()
{
    static const std::filesystem::path path = [] {
        std::string folder = (std::filesystem::temp_directory_path() / "semascope-fuzz-XXXXXX").string();
        if (mkdtemp(folder.data()) == nullptr) {
            std::abort();
        }
        static const struct Remove
        {
            std::string folder;
            ~Remove() { std::filesystem::remove_all(folder); }
        } remove{folder};
        return std::filesystem::path(folder) / "captions_val2017.json";
    }();
    return path;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    std::ofstream(inputPath(), std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return fuzz::expectOnlyErrors([&] {
        core::JobContext job;
        core::OpenSpec spec;
        spec.path = inputPath().string();
        (void)core::openDataset(spec, job);
    });
}
