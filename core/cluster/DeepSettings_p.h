#pragma once
#include "core/cluster/AutoEncoder_p.h"
#include "core/cluster/Clustering.h"

#include <cstddef>
#include <string>
#include <vector>

namespace semascope::core {

/// The options of a method that trains a network, read and completed for n×d rows.
struct DeepSettings
{
    bool refines = false;      ///< dec, idec
    bool reconstructs = false; ///< while refining: idec
    std::string prepare, recipe;
    std::string schedule;            ///< "constant", "cosine", "steps"; "" while it depends on the rows
    std::vector<std::size_t> widths; ///< input, hidden layers, code
    std::size_t k = 0;
    int epochs = 0;
    std::size_t batch = 0;
    double dropout = 0, rate = 0;
    Optimiser pretraining, refining;
    double refineRate = 0;
    std::size_t interval = 0; ///< mini-batches between two updates
    double tolerance = 0;
    int updates = 0;
    double gamma = 0;
    int starts = 0, restarts = 0;
    Device device;
};

/// Throws Error(Misuse) naming the option that is unknown or out of range; as chooseDevice for the device.
DeepSettings readDeepSettings(const ClusterSpec& spec, std::size_t n, std::size_t d);

} // namespace semascope::core
