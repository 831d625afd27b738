#pragma once
#include "CheckpointModels.h"

namespace fixture {

/// Blocks 2, 1, 1, 1 of width 4 on 64 pixels, without the text tower.
inline Shapes resNet()
{
    Shapes s{{"visual.conv1.weight", {2, 3, 3, 3}},
             {"visual.conv2.weight", {2, 2, 3, 3}},
             {"visual.conv3.weight", {4, 2, 3, 3}},
             {"visual.attnpool.positional_embedding", {5, 128}}};
    const auto norm = [&s](const std::string& stem, int width) {
        for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
            s[stem + "." + part] = {width};
        }
    };
    norm("visual.bn1", 2);
    norm("visual.bn2", 2);
    norm("visual.bn3", 4);
    int input = 4;
    for (int layer = 0; layer < 4; ++layer) {
        const int width = 4 << layer;
        for (int j = 0; j < (layer == 0 ? 2 : 1); ++j) {
            const std::string block = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(j) + ".";
            s[block + "conv1.weight"] = {width, input, 1, 1};
            s[block + "conv2.weight"] = {width, width, 3, 3};
            s[block + "conv3.weight"] = {4 * width, width, 1, 1};
            norm(block + "bn1", width);
            norm(block + "bn2", width);
            norm(block + "bn3", 4 * width);
            if (j == 0) {
                s[block + "downsample.0.weight"] = {4 * width, input, 1, 1};
                norm(block + "downsample.1", 4 * width);
            }
            input = 4 * width;
        }
    }
    for (const char* part : {"q_proj", "k_proj", "v_proj", "c_proj"}) {
        const int rows = part[0] == 'c' ? kEmbed : 128;
        s[std::string("visual.attnpool.") + part + ".weight"] = {rows, 128};
        s[std::string("visual.attnpool.") + part + ".bias"] = {rows};
    }
    return s;
}

} // namespace fixture
