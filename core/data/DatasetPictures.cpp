#include "core/data/Openers_p.h"
#include "core/data/PictureDecode_p.h"
#include "core/job/Error.h"

#include <new>

namespace semascope::core {

namespace {

Picture fromArray(const PictureArray& pictures, std::size_t i)
{
    const std::size_t bytes = static_cast<std::size_t>(pictures.width) * static_cast<std::size_t>(pictures.height) * 3;
    const std::uint8_t* from = pictures.data + i * bytes;
    return {pictures.width, pictures.height, 3, {from, from + bytes}};
}

const Sample& sampleWithPicture(const Dataset& data, std::size_t i)
{
    if (i >= data.samples.size()) {
        throw Error(Code::Misuse, "There is no sample " + std::to_string(i) + " in “" + data.name + "”.");
    }
    if (!data.hasPicture(i)) {
        throw Error(Code::NotFound, "has no picture");
    }
    return data.samples[i];
}

/// Every reason is a clause without the file's name: whoever asked knows the sample and puts its name before it.
template<class Decode> Picture decodeFile(const std::string& path, Decode decode)
{
    const OpenedFile file = openRegular(path);
    if (!file.ok()) {
        throw Error(file.code, file.problem);
    }
    try {
        return decode(readOpened(file, PictureLimits{}.maxFileBytes));
    } catch (const std::bad_alloc&) {
        throw Error(Code::OutOfMemory, "too large for the memory there is");
    } catch (...) {
        throw errorFromCurrentException("cannot be decoded");
    }
}

} // namespace

Picture pictureForModel(const Dataset& data, std::size_t i)
{
    const Sample& sample = sampleWithPicture(data, i);
    if (data.pictures.count > 0) {
        return fromArray(data.pictures, i);
    }
    return decodeFile(sample.path, [](const auto& bytes) { return decodeForModel(bytes); });
}

Picture pictureAsStored(const Dataset& data, std::size_t i)
{
    const Sample& sample = sampleWithPicture(data, i);
    if (data.pictures.count > 0) {
        return fromArray(data.pictures, i);
    }
    return decodeFile(sample.path, [](const auto& bytes) { return decodeAsStored(bytes); });
}

Picture pictureForEye(const Dataset& data, std::size_t i, int maxSide)
{
    const Sample& sample = sampleWithPicture(data, i);
    if (data.pictures.count > 0) {
        return shrunk(fromArray(data.pictures, i), maxSide);
    }
    return decodeFile(sample.path, [maxSide](const auto& bytes) { return decodeForEye(bytes, maxSide); });
}

} // namespace semascope::core
