#include "core/demo/FaceDataset.h"

#include "core/data/ContentHash_p.h"
#include "core/demo/Face.h"
#include "core/job/Parallel.h"

#include <atomic>
#include <cmath>
#include <cstring>

namespace semascope::core {

namespace {

constexpr std::size_t kGrain = 8; // faces between two looks at whether to stop

const char* splitName(FaceSplit split)
{
    switch (split) {
    case FaceSplit::Train:
        return "train";
    case FaceSplit::Validation:
        return "validation";
    case FaceSplit::Unseen:
        break;
    }
    return "unseen";
}

std::string numbered(const std::string& prefix, std::size_t i, std::size_t digits)
{
    const std::string number = std::to_string(i);
    return prefix + std::string(digits - std::min(digits, number.size()), '0') + number;
}

std::string setName(const FaceSetSpec& spec)
{
    return std::string("face-") + splitName(spec.split) + "-" + std::to_string(spec.seed);
}

/// Labels are missing where the picture does not show them.
Attribute columnOf(const FaceFactorInfo& info, const std::vector<FaceFactors>& faces)
{
    Attribute column{info.name, {}, {}, info.labels};
    for (const FaceFactors& face : faces) {
        if (info.labels.empty()) {
            // what a float holds of it, in as many digits as mean something
            column.numbers.push_back(std::round(faceFactor(face, info.factor) * 1e6) / 1e6);
            continue;
        }
        const bool hidden = info.factor == FaceFactor::HairColour && !hairIsVisible(face);
        column.categories.push_back(hidden ? -1 : static_cast<std::int32_t>(faceFactor(face, info.factor)));
    }
    return column;
}

Attribute skinClasses(const std::vector<FaceFactors>& faces)
{
    Attribute column{"skin", {}, {}, skinClassLabels()};
    for (const FaceFactors& face : faces) {
        column.categories.push_back(static_cast<std::int32_t>(skinClass(face.skin)));
    }
    return column;
}

PictureArray picturesOf(const std::vector<FaceFactors>& faces, int side, JobContext& job)
{
    const std::size_t bytes = static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3;
    auto all = std::make_shared<std::vector<std::uint8_t>>(faces.size() * bytes);
    std::atomic<std::size_t> done = 0;
    parallelFor(faces.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            job.checkpoint();
            const Picture picture = drawFace(faces[i], side);
            std::memcpy(all->data() + i * bytes, picture.pixels.data(), bytes);
            job.progress("drawing faces", "pictures", ++done, faces.size());
        }
    });
    return {all->data(), faces.size(), side, side, all};
}

/// Of all pictures and words.
std::string contentOf(const Dataset& data)
{
    ContentHash hash;
    const std::size_t bytes = data.pictures.count * static_cast<std::size_t>(data.pictures.width) *
                              static_cast<std::size_t>(data.pictures.height) * 3;
    hash.add(std::string(reinterpret_cast<const char*>(data.pictures.data), bytes));
    for (const Sample& sample : data.samples) {
        hash.add(sample.id);
        for (const std::string& caption : sample.captions) {
            hash.add(caption);
        }
    }
    return hash.hex();
}

} // namespace

std::vector<FaceFactors> faceSetFactors(const FaceSetSpec& spec)
{
    std::vector<FaceFactors> faces;
    faces.reserve(spec.count);
    for (std::size_t i = 0; i < spec.count; ++i) {
        FaceFactors face = faceOf(spec.split, spec.seed, i);
        face.turn *= spec.pose;
        face.tilt *= spec.pose;
        faces.push_back(face);
    }
    return faces;
}

Dataset faceDataset(const FaceSetSpec& spec, JobContext& job)
{
    return faceDataset(faceSetFactors(spec), spec, setName(spec), job);
}

Dataset faceDataset(const std::vector<FaceFactors>& faces, const FaceSetSpec& spec, const std::string& name,
                    JobContext& job)
{
    if (faces.empty()) {
        throw Error(Code::Misuse, "A set of drawn faces needs at least one face; ask for a count of 1 or more.");
    }
    Dataset data;
    data.name = name;
    data.kind = DatasetKind::PictureNpy;
    data.pictures = picturesOf(faces, spec.side, job);
    data.found = faces.size();
    data.samples.resize(faces.size());
    std::atomic<std::size_t> done = 0;
    parallelFor(faces.size(), kGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            job.checkpoint();
            data.samples[i].id = numbered(name + "-", i, 5);
            const std::uint64_t seed = spec.seed * 0x10001ull + i;
            data.samples[i].captions = faceCaptions(faces[i], spec.captions, seed, spec.wording);
            job.progress("describing faces", "pictures", ++done, faces.size());
        }
    });
    for (const FaceFactorInfo& info : faceFactors()) {
        if (!info.nuisance) {
            data.attributes.push_back(columnOf(info, faces));
        }
    }
    data.attributes.push_back(skinClasses(faces));
    data.contentHash = contentOf(data);
    data.notes.push_back("Drawn by Semascope: no photograph was used.");
    return data;
}

} // namespace semascope::core
