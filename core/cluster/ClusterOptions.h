#pragma once
#include <string>
#include <vector>

namespace semascope::core {

/// One option of a clustering method, as command line help and window offer it: ClusterSpec::options.
struct ClusterOption
{
    enum class Kind { Choice, Integer, Number, Text };
    std::string key;      ///< such as "n_init"
    std::string fallback; ///< the value when it is not given; "" where it depends on the data, as `meaning` says
    Kind kind = Kind::Text;
    std::vector<std::string> choices; ///< for Kind::Choice
    double least = 0, most = 0;       ///< for numbers, both included
    std::string meaning;              ///< one line for people
    bool common = false;              ///< of those worth showing first
};

/// Method words in the order to offer them: kmeans, spherical-kmeans, ae-kmeans, dec, idec.
const std::vector<std::string>& clusterMethods();
/// Empty for a word that is none.
const std::vector<ClusterOption>& clusterOptions(const std::string& method);
/// Whether the method trains a network (it publishes DeepFrames, and Clustering::model is set).
bool isDeepMethod(const std::string& method);

} // namespace semascope::core
