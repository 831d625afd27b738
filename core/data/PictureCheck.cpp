#include "core/data/File_p.h"
#include "core/data/PictureProbe_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cstring>

namespace semascope::core {

namespace {

constexpr std::size_t kHead = 64 << 10; // nearly always enough for the header
constexpr std::size_t kTail = 4 << 10;

bool holdsPair(const std::vector<std::uint8_t>& bytes, std::uint8_t first, std::uint8_t second)
{
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        if (bytes[i] == first && bytes[i + 1] == second) {
            return true;
        }
    }
    return false;
}

/// The last bytes hold the end marker. Pictures with something appended (phone videos) are read in full to be sure.
bool hasEnd(const OpenedFile& file, PictureKind kind, const PictureLimits& limits)
{
    const std::size_t count = std::min<std::uint64_t>(kTail, file.facts.size);
    std::vector<std::uint8_t> tail(count);
    tail.resize(readAt(file.handle, file.facts.size - count, tail.data(), count));
    if (kind == PictureKind::Png) {
        constexpr char kEnd[] = "IEND";
        if (std::search(tail.begin(), tail.end(), kEnd, kEnd + 4) != tail.end()) {
            return true;
        }
        const std::vector<std::uint8_t> all = readOpened(file, limits.maxFileBytes);
        return std::search(all.begin(), all.end(), kEnd, kEnd + 4) != all.end();
    }
    if (kind == PictureKind::Jpeg && !holdsPair(tail, 0xff, 0xd9)) {
        const std::vector<std::uint8_t> all = readOpened(file, limits.maxFileBytes);
        return jpegHasEnd(all.data(), all.size());
    }
    return true;
}

void examine(const OpenedFile& file, const PictureLimits& limits, FileVerdict& verdict)
{
    const std::uint64_t size = file.facts.size;
    if (size > limits.maxFileBytes) {
        verdict.reason = "larger than " + std::to_string(limits.maxFileBytes >> 20) + " MB";
        return;
    }
    std::vector<std::uint8_t> head(std::min<std::uint64_t>(kHead, size));
    head.resize(readAt(file.handle, 0, head.data(), head.size()));
    HeadResult result = probeHead({head.data(), head.size(), size}, limits, verdict.header);
    if (result.kind == HeadResult::Kind::NeedMore) {
        head = readOpened(file, limits.maxFileBytes);
        result = probeHead({head.data(), head.size(), head.size()}, limits, verdict.header);
    }
    verdict.reason = result.reason;
    if (verdict.reason.empty() && !hasEnd(file, verdict.header.kind, limits)) {
        verdict.reason = "truncated (no end marker)";
    }
}

} // namespace

FileVerdict checkPictureFile(const std::string& path, const PictureLimits& limits)
{
    FileVerdict verdict;
    const OpenedFile file = openRegular(path);
    verdict.reason = file.problem;
    verdict.size = file.facts.size;
    verdict.modified = file.facts.modified;
    if (file.ok()) {
        try {
            examine(file, limits, verdict);
        } catch (...) {
            verdict.reason = errorFromCurrentException("reading the header").what();
        }
    }
    return verdict;
}

} // namespace semascope::core
