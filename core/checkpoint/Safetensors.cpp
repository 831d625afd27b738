#include "core/checkpoint/Safetensors_p.h"

#include "core/checkpoint/MappedFile_p.h"
#include "core/checkpoint/StateDict_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace semascope::core {
namespace {

constexpr std::uint64_t kLongestHeader = 100'000'000;

/// The checks that can be made before the header is read; returns its length.
std::uint64_t headerLength(const MappedFile& file, const std::string& name)
{
    if (const std::string foreign = foreignContent(file.head(512)); !foreign.empty()) {
        failSafetensors("HeaderTooLarge", name, foreign);
    }
    if (file.size() < 8) {
        failSafetensors("HeaderTooSmall", name,
                        "has only " + std::to_string(file.size()) +
                            " bytes, which is no safetensors file – incomplete download?");
    }
    const auto length = loadLittle<std::uint64_t>(file.data());
    if (length > kLongestHeader) {
        failSafetensors("HeaderTooLarge", name,
                        "is no safetensors file: its first bytes declare a header of " + std::to_string(length) +
                            " bytes");
    }
    if (length > file.size() - 8) {
        failSafetensors("InvalidHeaderLength", name,
                        "is " + std::to_string(length - (file.size() - 8)) +
                            " bytes shorter than its header alone – incomplete download?");
    }
    return length;
}

std::string bytesWord(std::uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string quoted(const DeclaredTensor& t)
{
    return "\"" + t.name + "\"";
}

void checkSize(const DeclaredTensor& t, const std::string& file)
{
    std::uint64_t bits = 1;
    bool overflow = false;
    for (const std::uint64_t size : t.shape) {
        overflow =
            overflow || __builtin_mul_overflow(bits, size, &bits) || size > std::numeric_limits<std::int64_t>::max();
    }
    overflow = overflow || __builtin_mul_overflow(bits, static_cast<std::uint64_t>(t.bits), &bits);
    if (overflow) {
        failSafetensors("ValidationOverflow", file, "declares a shape for " + quoted(t) + " whose size overflows");
    }
    if (bits % 8 != 0) {
        failSafetensors("MisalignedSlice", file, "declares " + quoted(t) + " to end within a byte");
    }
    if (t.end - t.begin != bits / 8) {
        failSafetensors("TensorInvalidInfo", file,
                        "stores " + std::to_string(t.end - t.begin) + " bytes for " + quoted(t) +
                            ", whose type and shape need " + std::to_string(bits / 8));
    }
}

/// Contiguous from 0 to the last byte of the file. Returns the tensors' order in the file.
std::vector<std::size_t> checkLayout(const SafetensorsHeader& header, std::uint64_t dataBytes, const std::string& file)
{
    std::vector<std::size_t> order(header.tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&header](std::size_t a, std::size_t b) {
        const DeclaredTensor& x = header.tensors[a];
        const DeclaredTensor& y = header.tensors[b];
        return std::pair(x.begin, x.end) < std::pair(y.begin, y.end);
    });
    std::uint64_t at = 0;
    for (const std::size_t i : order) {
        const DeclaredTensor& t = header.tensors[i];
        if (t.begin != at || t.end < t.begin) {
            failSafetensors("InvalidOffset", file,
                            "places " + quoted(t) + " at " + std::to_string(t.begin) + " to " + std::to_string(t.end) +
                                ", which does not follow the tensor before it (" + std::to_string(at) + ")");
        }
        checkSize(t, file);
        at = t.end;
    }
    if (at > dataBytes) {
        failSafetensors("MetadataIncompleteBuffer", file,
                        "is " + bytesWord(at - dataBytes) + " shorter than its header declares – incomplete download?");
    }
    if (at < dataBytes) {
        failSafetensors("MetadataIncompleteBuffer", file,
                        "is " + bytesWord(dataBytes - at) + " longer than its header declares");
    }
    return order;
}

TensorView viewOf(const DeclaredTensor& t, const std::uint8_t* data, const std::shared_ptr<const MappedFile>& file)
{
    TensorView view;
    view.type = t.type;
    view.shape.assign(t.shape.begin(), t.shape.end());
    view.stride.assign(t.shape.size(), 1);
    for (std::size_t axis = view.shape.size(); axis-- > 1 && view.count() > 0;) {
        view.stride[axis - 1] = view.stride[axis] * view.shape[axis];
    }
    view.data = data + t.begin;
    view.owner = file;
    return view;
}

} // namespace

StateDict readSafetensorsRaw(const std::string& path)
{
    const auto file = MappedFile::open(path);
    const std::string name = fileName(path);
    const std::uint64_t length = headerLength(*file, name);
    MemoryBudget budget(*file, file->size() - length);
    SafetensorsHeader header = parseSafetensorsHeader(file->text(8, length), name, budget);
    const std::vector<std::size_t> order = checkLayout(header, file->size() - 8 - length, name);

    StateDict state;
    state.container = "safetensors";
    state.metadata = std::move(header.metadata);
    state.tensors.reserve(order.size());
    for (const std::size_t i : order) {
        const DeclaredTensor& t = header.tensors[i];
        state.tensors.emplace_back(t.name, viewOf(t, file->data() + 8 + length, file));
    }
    return state;
}

StateDict readSafetensors(const std::string& path)
{
    StateDict state = readSafetensorsRaw(path);
    stripPrefixes(state);
    return state;
}

} // namespace semascope::core
