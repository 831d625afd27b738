#include "core/cluster/ClusterOptions.h"

#include <algorithm>
#include <map>

namespace semascope::core {

namespace {

using Kind = ClusterOption::Kind;
using List = std::vector<ClusterOption>;

List kmeansOptions()
{
    return {{"n_init",
             "",
             Kind::Integer,
             {},
             1,
             10000,
             "starts, of which the tightest is kept; 10 to 50 by the size of the data when not given",
             true},
            {"max_iter", "300", Kind::Integer, {}, 1, 1000000, "most iterations of one start", false},
            {"tol",
             "0.0001",
             Kind::Number,
             {},
             0,
             1e9,
             "centres that move by less, relative to the variance of the data, are at rest",
             false}};
}

void append(List& list, List more)
{
    list.insert(list.end(), more.begin(), more.end());
}

List networkOptions()
{
    return {
        {"recipe",
         "quick",
         Kind::Choice,
         {"quick", "sgd", "paper"},
         0,
         0,
         "how the autoencoder is trained: quick (whole, Adam), sgd (whole, SGD at rate 1), paper (layer by layer with "
         "dropout, then whole)",
         true},
        {"epochs",
         "",
         Kind::Integer,
         {},
         1,
         100000,
         "passes over the data in pre-training; by recipe and number of rows when not given",
         true},
        {"prepare",
         "auto",
         Kind::Choice,
         {"auto", "none", "scale", "clip"},
         0,
         0,
         "none; scale: one factor for all, mean square 1; clip: unit length, less the mean, unit length, times the "
         "root of the width; auto: clip for rows of unit length, else scale",
         true},
        {"code",
         "",
         Kind::Integer,
         {},
         2,
         4096,
         "width of the code; the number of clusters, at least 10, if not given",
         true},
        {"hidden",
         "500-500-2000",
         Kind::Text,
         {},
         0,
         0,
         "widths of the hidden layers, the decoder mirrors them",
         false},
        {"restarts",
         "1",
         Kind::Integer,
         {},
         1,
         100,
         "trainings from other starts; the one with the best silhouette in the prepared input is kept",
         true},
        {"batch", "256", Kind::Integer, {}, 1, 65536, "rows of a mini-batch", false},
        {"dropout",
         "0",
         Kind::Number,
         {},
         0,
         0.9,
         "share of input numbers dropped in pre-training; recipe paper has .2 in its layers when not given",
         false},
        {"lr",
         "",
         Kind::Number,
         {},
         1e-12,
         1e12,
         "learning rate of pre-training; .001 for quick, 1 for sgd, .1 for paper if not given",
         false},
        {"schedule",
         "",
         Kind::Choice,
         {"constant", "cosine", "steps"},
         0,
         0,
         "course of the learning rate of pre-training: constant; cosine: falls to a tenth; steps: a tenth after each "
         "two "
         "fifths; cosine for quick on unit rows, steps for paper, else constant if not given",
         false},
        {"n_init", "20", Kind::Integer, {}, 1, 10000, "starts of k-means on the code", false},
        {"device", "auto", Kind::Text, {}, 0, 0, "auto, cpu, cuda or cuda:N", false},
    };
}

List refineOptions()
{
    return {
        {"max_updates", "100", Kind::Integer, {}, 1, 100000, "most updates of the target distribution", true},
        {"tol",
         "0.001",
         Kind::Number,
         {},
         0,
         1,
         "training ends when a smaller share of all rows changed its cluster between two updates",
         true},
        {"update_interval",
         "",
         Kind::Integer,
         {},
         0,
         1000000,
         "mini-batches between two updates; 0 is once an epoch; 0 for quick, 140 for sgd and 160 for paper if not "
         "given",
         false},
        {"refine_optimiser",
         "",
         Kind::Choice,
         {"adam", "sgd"},
         0,
         0,
         "adam for quick, sgd for the others if not given",
         false},
        {"refine_lr",
         "",
         Kind::Number,
         {},
         1e-12,
         1e12,
         "learning rate of the refinement; .001 for adam and .01 for sgd when not given",
         false},
    };
}

std::map<std::string, List> allOptions()
{
    std::map<std::string, List> all{{"kmeans", kmeansOptions()}, {"spherical-kmeans", kmeansOptions()}};
    all["ae-kmeans"] = networkOptions();
    all["dec"] = networkOptions();
    append(all["dec"], refineOptions());
    all["idec"] = all["dec"];
    append(all["idec"], {{"gamma",
                          "0.1",
                          Kind::Number,
                          {},
                          1e-12,
                          1e6,
                          "weight of the clustering loss beside the reconstruction",
                          true}});
    return all;
}

} // namespace

const std::vector<std::string>& clusterMethods()
{
    static const std::vector<std::string> methods{"kmeans", "spherical-kmeans", "ae-kmeans", "dec", "idec"};
    return methods;
}

const std::vector<ClusterOption>& clusterOptions(const std::string& method)
{
    static const std::map<std::string, List> all = allOptions();
    static const List none;
    const auto it = all.find(method);
    return it == all.end() ? none : it->second;
}

bool isDeepMethod(const std::string& method)
{
    return method == "ae-kmeans" || method == "dec" || method == "idec";
}

} // namespace semascope::core
