#include "core/checkpoint/Detect_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {
namespace {

void needBatchNorm(TensorTable& table, const std::string& stem, int width)
{
    table.needPair(stem, {width}, width);
    table.need(stem + ".running_mean", {width});
    table.need(stem + ".running_var", {width});
    table.allow(stem + ".num_batches_tracked"); // traced archives lack it
}

/// One bottleneck: 1×1, 3×3, 1×1 to four times the width, and the shortcut's own convolution in a layer's first block.
void needBlock(TensorTable& table, const std::string& block, int input, int width)
{
    const int output = 4 * width;
    table.need(block + "conv1.weight", {width, input, 1, 1});
    needBatchNorm(table, block + "bn1", width);
    table.need(block + "conv2.weight", {width, width, 3, 3});
    needBatchNorm(table, block + "bn2", width);
    table.need(block + "conv3.weight", {output, width, 1, 1});
    needBatchNorm(table, block + "bn3", output);
    if (block.size() > 3 && block.substr(block.size() - 3) == ".0.") {
        table.need(block + "downsample.0.weight", {output, input, 1, 1});
        needBatchNorm(table, block + "downsample.1", output);
    }
}

void needStem(TensorTable& table, int width)
{
    const int half = width / 2;
    table.need("visual.conv1.weight", {half, 3, 3, 3});
    table.need("visual.conv2.weight", {half, half, 3, 3});
    table.need("visual.conv3.weight", {width, half, 3, 3});
    needBatchNorm(table, "visual.bn1", half);
    needBatchNorm(table, "visual.bn2", half);
    needBatchNorm(table, "visual.bn3", width);
}

} // namespace

void readResNetTower(TensorTable& table, ClipConfig& clip)
{
    const int width = clip.visionWidth = table.size("visual.layer1.0.conv1.weight", 0, 4);
    if (!table.ok() || width < 2 || width > (1 << 16)) {
        table.problem("A ModifiedResNet of width " + std::to_string(width) + " is not plausible.");
        return;
    }
    needStem(table, width);
    int input = width;
    for (int layer = 0; layer < 4; ++layer) {
        const std::string prefix = "visual.layer" + std::to_string(layer + 1) + ".";
        const int blocks = clip.resnetBlocks[static_cast<std::size_t>(layer)] = table.countLayers(prefix);
        const int inner = width << layer;
        if (blocks == 0) {
            table.problem("The tensors \"" + prefix + "…\" are missing.");
        }
        for (int i = 0; i < blocks && table.ok(); ++i) {
            needBlock(table, prefix + std::to_string(i) + ".", input, inner);
            input = 4 * inner;
        }
        clip.visionLayers += blocks;
    }
    const std::string pool = "visual.attnpool.";
    const int features = 32 * width;
    const int rows = table.size(pool + "positional_embedding", 0, 2);
    table.need(pool + "positional_embedding", {rows, features});
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) {
        table.needPair(pool + part, {features, features}, features);
    }
    clip.embedDim = table.size(pool + "c_proj.weight", 0, 2);
    table.needPair(pool + "c_proj", {clip.embedDim, features}, clip.embedDim);
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(std::max(rows - 1, 0)))));
    if (table.ok() && side * side != rows - 1) {
        table.problem("The positions of the image tower (" + std::to_string(rows) +
                      " rows) are no square grid and a mean token.");
    }
    clip.imageSize = clip.storedImageSize = 32 * side; // the stem and the layers halve five times
    clip.visionHeads = features / 64;
}

} // namespace semascope::core
