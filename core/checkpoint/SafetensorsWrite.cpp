#include "core/checkpoint/Checkpoint.h"
#include "core/data/AtomicFile_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

static_assert(std::endian::native == std::endian::little,
              "the files are little-endian and written as they lie in memory");

namespace semascope::core {
namespace {

std::uint64_t byteCount(const NamedTensor& t)
{
    std::uint64_t count = sizeof(float);
    for (const std::int64_t size : t.shape) {
        if (size < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count)) {
            throw Error(Code::Misuse, "The tensor " + t.name + " has no valid shape.");
        }
    }
    return count;
}

std::string headerOf(const std::vector<const NamedTensor*>& order, const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t at = 0;
    for (const NamedTensor* t : order) {
        if (header.contains(t->name)) {
            throw Error(Code::Misuse, "Two tensors are named \"" + t->name + "\".");
        }
        const std::uint64_t end = at + byteCount(*t);
        header[t->name] = {{"dtype", "F32"}, {"shape", t->shape}, {"data_offsets", {at, end}}};
        at = end;
    }
    std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

} // namespace

void writeSafetensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                      const std::map<std::string, std::string>& metadata)
{
    std::vector<const NamedTensor*> order;
    order.reserve(tensors.size());
    for (const NamedTensor& t : tensors) {
        order.push_back(&t);
    }
    std::sort(order.begin(), order.end(), [](const NamedTensor* a, const NamedTensor* b) { return a->name < b->name; });
    const std::string header = headerOf(order, metadata);
    const std::uint64_t length = header.size();

    AtomicFile file(path);
    file.write(&length, sizeof(length));
    file.write(header.data(), header.size());
    for (const NamedTensor* t : order) {
        file.write(t->data, static_cast<std::size_t>(byteCount(*t)));
    }
    file.commit();
}

} // namespace semascope::core
