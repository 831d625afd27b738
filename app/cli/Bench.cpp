#include "app/Window.h"
#include "app/cli/BenchTools.h"
#include "app/cli/QtScope.h"
#include "core/job/Compute.h"
#include "core/reduce/Layout.h"
#include "widgets/vtk/MapBenchmark.h"

#include <QApplication>

#include <chrono>
#include <random>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

void addFigure(CommandContext& c, const std::string& name, double value, const std::string& unit, double peak)
{
    Json row{{"name", name}, {"value", value}, {"unit", unit}};
    std::string text = name + ": " + number(value) + " " + unit;
    if (peak > 0) {
        row["peak"] = peak;
        row["ratio"] = value / peak;
        text += " (" + number(100 * value / peak) + " % of " + number(peak) + ")";
    }
    c.json["figures"].push_back(row);
    c.line(text);
}

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Matrix gaussian(std::size_t n, std::size_t d, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n * d);
    for (float& v : values) {
        v = normal(random);
    }
    return Matrix::from(std::move(values), n, d);
}

void benchReduce(CommandContext& c)
{
    const auto n = static_cast<std::size_t>(c.args.integer("--n", 2000, 10, 20000));
    const auto d = static_cast<std::size_t>(c.args.integer("--d", 512, 1, 100000));
    const Matrix x = gaussian(n, d, c.seed());
    core::LayoutSpec spec;
    spec.seed = c.seed();
    spec.options = {{"n_init", "1"}, {"max_iter", "300"}, {"eps", "0"}};
    auto start = Clock::now();
    const core::Layout layout = core::reduce(x, spec, c.job);
    addFigure(c, "SMACOF, 300 iterations, one start", secondsSince(start), "s");
    addFigure(c, "its raw stress", layout.rawStress, "");
    addFigure(c, "its iterations", layout.iterations, "");
    spec = {};
    spec.method = "pca";
    start = Clock::now();
    (void)core::reduce(x, spec, c.job);
    addFigure(c, "PCA", secondsSince(start), "s");
}

void benchRender(CommandContext& c)
{
    const int points = static_cast<int>(c.args.integer("--n", 100'000, 100, 10'000'000));
    prepareGraphics();
    qInstallMessageHandler(logQtMessage);
    int argc = 1;
    char name[] = "semascope";
    char* argv[] = {name, nullptr};
    const QApplication application(argc, argv);
    const ui::MapBenchmark result = ui::benchmarkMap(points, 120);
    c.json["renderer"] = result.renderer.toStdString();
    c.line(result.renderer.toStdString());
    addFigure(c, "frames while moving, " + std::to_string(points) + " points", result.movingFps, "1/s");
    addFigure(c, "points drawn while moving", result.pointsMoving, "");
    addFigure(c, "one frame with all points", result.fullRedrawMs, "ms");
    addFigure(c, "first frame, uploads included", result.firstFrameMs, "ms");
}

void runBench(CommandContext& c)
{
    if (c.args.positional().size() != 1) {
        throw Error(Code::Misuse, "semascope bench takes one of embed, reduce, cluster, search, render.");
    }
    c.json["figures"] = Json::array();
    const std::string& what = c.args.positional().front();
    if (what == "embed") {
        benchEmbed(c);
    } else if (what == "reduce") {
        benchReduce(c);
    } else if (what == "cluster") {
        benchCluster(c);
    } else if (what == "search") {
        benchSearch(c);
    } else if (what == "render") {
        benchRender(c);
    } else {
        throw Error(Code::Misuse, "semascope bench does not know \"" + what +
                                      "\"; it takes embed, reduce, cluster, search or render.");
    }
}

} // namespace

Command benchCommand()
{
    std::vector<Option> options{{"--n", "N", "rows or points"},
                                {"--d", "D", "dimensions; 512 unless given"},
                                {"--in", "e.npy", "vectors to search in or to cluster; made up unless given"}};
    for (const auto& list : {modelOptions(), dataOptions()}) {
        options.insert(options.end(), list.begin(), list.end());
    }
    for (Option& o : options) {
        o.required = false;
    }
    return {{"bench", "Repeatable speed figures: embed, reduce, cluster, search or render.",
             "embed|reduce|cluster|search|render", options, "render needs a display (xvfb-run will do)."},
            runBench};
}

} // namespace semascope::app
