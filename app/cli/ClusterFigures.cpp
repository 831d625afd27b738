#include "app/cli/ClusterFigures.h"

#include "app/cli/Common.h"
#include "app/cli/QtScope.h"
#include "core/data/Arrays.h"
#include "core/job/Error.h"
#include "core/reduce/Layout.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/figure/Recipe.h"

#include <numeric>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

bool wanted(const CommandContext& c)
{
    return c.args.has("--figure");
}

QString figurePath(const CommandContext& c)
{
    return QString::fromLocal8Bit(c.args.text("--figure").c_str());
}

ui::FigureSize figureSize(const CommandContext& c, double fittingMm)
{
    const int dpi = static_cast<int>(c.args.integer("--dpi", 300, 36, 2400));
    const QString text = QString::fromStdString(c.args.text("--size", "180mm"));
    ui::FigureSize size = ui::FigureSize::parse(text, dpi);
    if (!text.contains(QLatin1Char('x')) && fittingMm > 0) { // a width alone: as high as it must be
        size.heightMm = fittingMm;
    }
    size.check();
    return size;
}

std::shared_ptr<const core::Layout> layoutOf(CommandContext& c, const core::Matrix& x)
{
    if (!c.args.has("--map")) {
        core::LayoutSpec spec;
        spec.method = "pca";
        return std::make_shared<const core::Layout>(core::reduce(x, spec, c.job));
    }
    core::Layout layout;
    layout.spec.method = "file";
    layout.points = core::toMatrix(core::readArray(c.args.text("--map")), "The map");
    if (layout.points.rows() != x.rows() || layout.points.cols() < 2 || layout.points.cols() > 3) {
        throw Error(Code::Mismatch, "--map has " + std::to_string(layout.points.rows()) + " rows of " +
                                        std::to_string(layout.points.cols()) + " numbers; it needs " +
                                        std::to_string(x.rows()) + " rows of two or three.");
    }
    layout.inputRow.resize(x.rows());
    std::iota(layout.inputRow.begin(), layout.inputRow.end(), 0U);
    return std::make_shared<const core::Layout>(std::move(layout));
}

void write(CommandContext& c, const ui::Figure& figure, const ui::FigureSize& size, const QString& view)
{
    const QString path = figurePath(c);
    const QJsonObject recipe{{QStringLiteral("view"), view},
                             {QStringLiteral("in"), QString::fromLocal8Bit(c.args.text("--in").c_str())},
                             {QStringLiteral("labels"), QString::fromLocal8Bit(c.args.text("--labels").c_str())}};
    ui::exportFigure(figure, size, ui::figureFormat(path), path, ui::makeRecipe(recipe));
    putPath(c.json, "figure", c.args.text("--figure"));
    c.line("  figure → " + c.args.text("--figure"));
}

} // namespace

const std::vector<Option>& clusterFigureOptions()
{
    static const std::vector<Option> options{
        {"--figure", "f.pdf", "--compare: maps in matched colours and the table; --sweep: the plots. PNG, SVG or PDF"},
        {"--map", "y.npy", "n×2 or n×3 map to draw the comparison on; principal axes of --in unless given"},
        {"--size", "180mm", "size of the figure; a width alone gives the height that it needs"},
        {"--dpi", "300", "resolution of PNG and of points in PDF and SVG"},
    };
    return options;
}

void checkClusterFigure(const CommandContext& c)
{
    if (!wanted(c)) {
        return;
    }
    checkWritable(c.args.text("--figure"));
    (void)ui::figureFormat(figurePath(c));
    (void)figureSize(c, 0);
}

void drawComparison(CommandContext& c, const core::ClusterComparison& found, const core::Matrix& x)
{
    if (!wanted(c)) {
        return;
    }
    const QtScope qt;
    std::vector<std::uint32_t> rows(x.rows());
    std::iota(rows.begin(), rows.end(), 0U);
    const auto layout = layoutOf(c, x);
    const ui::ComparedMap map = ui::comparedMap(layout, layout->inputRow, rows);
    ui::ComparisonFigure figure = ui::comparisonFigure(found, map, {});
    const double width = figureSize(c, 0).widthMm;
    const ui::FigureSize size = figureSize(c, ui::comparisonHeightMm(figure, width));
    write(c, ui::figureOf(std::move(figure), size.dpi), size, QStringLiteral("comparison"));
}

void drawSweep(CommandContext& c, const core::KSweep& found)
{
    if (!wanted(c)) {
        return;
    }
    const QtScope qt;
    const double width = figureSize(c, 0).widthMm;
    constexpr double kWide = 140, kLow = 60, kHigh = 130; // side by side, or one below the other
    write(c, ui::figureOf(ui::kSweepFigure(found, {})), figureSize(c, width >= kWide ? kLow : kHigh),
          QStringLiteral("choice of k"));
}

} // namespace semascope::app
