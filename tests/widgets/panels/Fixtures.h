#pragma once
#include "core/data/Dataset.h"
#include "core/job/Error.h"

#include <QString>

#include <memory>

namespace semascope::test {

/// `pictures` samples with a (fictitious) path, then `captions` with a caption only.
inline std::shared_ptr<core::Dataset> makeDataset(std::size_t pictures, std::size_t captions = 0)
{
    auto data = std::make_shared<core::Dataset>();
    data->name = "made";
    data->samples.resize(pictures + captions);
    for (std::size_t i = 0; i < data->samples.size(); ++i) {
        core::Sample& sample = data->samples[i];
        sample.id = "sample" + std::to_string(i);
        if (i < pictures) {
            sample.path = "/nowhere/" + sample.id + ".png";
        } else {
            sample.captions = {"A caption with several words, number " + std::to_string(i)};
        }
    }
    data->found = data->samples.size();
    return data;
}

/// A plain picture whose colour tells the sample.
inline core::Picture plainPicture(std::size_t sample, int side)
{
    core::Picture picture;
    picture.width = side;
    picture.height = side;
    picture.pixels.assign(std::size_t(side) * std::size_t(side) * 3, std::uint8_t(sample % 251));
    return picture;
}

} // namespace semascope::test
