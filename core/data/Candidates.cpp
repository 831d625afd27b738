#include "core/data/Openers_p.h"
#include "core/data/PictureProbe_p.h"
#include "core/job/JobContext.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <set>

namespace semascope::core {

namespace {

constexpr std::size_t kChunk = 512; // headers between two looks at the stop token

/// What a file is whose name says so and whose bytes are no picture.
const char* dataKind(const std::string& extension)
{
    struct Named
    {
        const char* extension;
        const char* kind;
    };
    constexpr Named kKinds[] = {{"csv", "CSV table"},    {"tsv", "TSV table"},
                                {"json", "JSON"},        {"jsonl", "JSON lines"},
                                {"txt", "text"},         {"md", "text"},
                                {"html", "HTML"},        {"npy", "NumPy array"},
                                {"npz", "NumPy arrays"}, {"xml", "XML"},
                                {"yaml", "YAML"},        {"yml", "YAML"},
                                {"pt", "checkpoint"},    {"safetensors", "checkpoint"},
                                {"pkl", "Python pickle"}};
    for (const Named& named : kKinds) {
        if (extension == named.extension) {
            return named.kind;
        }
    }
    return nullptr;
}

void checkByName(Candidate& candidate)
{
    if (candidate.reason.empty() && !hasPictureName(candidate.path)) {
        candidate.reason = "not a picture by its name";
    }
}

void checkHeader(Candidate& candidate, const PictureLimits& limits)
{
    if (!candidate.reason.empty()) {
        return;
    }
    FileVerdict verdict = checkPictureFile(candidate.path, limits);
    const char* kind = dataKind(extensionOf(candidate.path));
    const bool unknown = verdict.header.kind == PictureKind::Unknown && verdict.size > 0;
    candidate.reason = unknown && kind != nullptr && !verdict.reason.empty()
                           ? std::string("not a picture (") + kind + ")"
                           : std::move(verdict.reason);
    candidate.size = verdict.size;
    candidate.modified = verdict.modified;
    candidate.transparent = verdict.header.hasAlpha;
}

} // namespace

bool hasPictureName(const std::string& path)
{
    static const std::set<std::string> kNames = {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "dib",
                                                 "tif", "tiff", "pnm", "pbm",  "pgm", "ppm",  "gif"};
    return kNames.count(extensionOf(path)) > 0;
}

void checkCandidates(std::vector<Candidate>& candidates, const OpenSpec& spec, JobContext& job)
{
    if (!spec.checkPictures) {
        std::for_each(candidates.begin(), candidates.end(), checkByName);
        return;
    }
    for (std::size_t from = 0; from < candidates.size(); from += kChunk) {
        job.checkpoint();
        job.progress("reading picture headers", "pictures", from, candidates.size());
        const std::size_t count = std::min(kChunk, candidates.size() - from);
        parallelFor(count, 16, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = from + begin; i < from + end; ++i) {
                checkHeader(candidates[i], spec.limits);
            }
        });
    }
    job.progress("reading picture headers", "pictures", candidates.size(), candidates.size());
}

std::vector<std::size_t> takeCandidates(const std::vector<Candidate>& candidates, Dataset& data)
{
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        if (candidate.reason.empty()) {
            data.samples.push_back({candidate.id, candidate.path, {}, candidate.transparent});
            kept.push_back(i);
        } else {
            data.skipped.push_back({candidate.path.empty() ? candidate.id : candidate.path, candidate.reason});
        }
    }
    return kept;
}

} // namespace semascope::core
