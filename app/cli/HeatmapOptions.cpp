#include "app/cli/HeatmapOptions.h"

#include "widgets/Colouring.h"

#include <algorithm>

namespace semascope::app {

using core::Code;
using core::Error;

const std::vector<Option>& heatmapOptions()
{
    static const std::vector<Option> options{
        {"--value", "V", "what the heatmap shows: cosine (unless given), percentile, contrast or probability"},
        {"--scale", "shared|per-row|fixed:LOW:HIGH", "what its colours span; the figures of 2021 had fixed:.1:.3"},
        {"--sort", "ROW|mean|cluster|none",
         "pictures by their fit with a text (its number or the text itself), or pictures and texts by their mean"},
        {"--sort-texts", "mean|none", "texts by their mean, highest first"},
        {"--low-first", "", "turns --sort round"},
        {"--group", "attribute:NAME|cluster|text", "pictures under headings; text: by the text that fits best"},
        {"--pick", "first|best|prototypes|random|selection",
         "which pictures: the first, the best of each text, the nearest to each cluster's centre, at random by --seed"},
        {"--count", "N", "how many pictures; of each text or cluster for best and prototypes"},
        {"--pictures-shown", "N", "the older name of --count"},
        {"--clusters", "K", "how many clusters are made where there are none yet (10 unless given)"},
        {"--no-numbers", "", "colours only"},
    };
    return options;
}

ui::HeatmapSpec heatmapSpec(const CommandContext& c, int pictures)
{
    const auto word = [&](const char* option, const char* fallback) {
        return QString::fromStdString(c.args.text(option, fallback));
    };
    ui::HeatmapSpec spec;
    spec.choice.pick = ui::heatmapPick(word("--pick", "selection"));
    const auto shown = c.args.integer("--pictures-shown", pictures, 1, 1000);
    const auto count = c.args.integer("--count", spec.choice.perGroup() ? spec.choice.each : shown, 1, 1000);
    (spec.choice.perGroup() ? spec.choice.each : spec.choice.count) = static_cast<int>(count);
    spec.choice.seed = c.seed();
    spec.look.value = ui::heatmapValueOf(word("--value", "cosine"));
    ui::readHeatmapScale(word("--scale", "shared"), spec.look);
    ui::readHeatmapGroup(word("--group", "none"), spec.look);
    spec.look.lowFirst = c.args.has("--low-first");
    spec.look.numbers = !c.args.has("--no-numbers");
    const std::string texts = c.args.text("--sort-texts", "none");
    if (texts != "mean" && texts != "none") {
        throw Error(Code::Misuse, "--sort-texts must be mean or none, not \"" + texts + "\".");
    }
    const std::string sort = c.args.text("--sort", "none");
    spec.look.textsByMean = texts == "mean" || (sort == "mean" && !c.args.has("--sort-texts"));
    (void)c.args.integer("--clusters", 10, 2, 1000);
    return spec;
}

void readHeatmapSort(const CommandContext& c, const std::vector<std::string>& texts, ui::HeatmapLook& look)
{
    using Order = ui::HeatmapLook::Order;
    const std::string sort = c.args.text("--sort", "none");
    const auto named = std::find(texts.begin(), texts.end(), sort);
    const bool number = !sort.empty() && sort.size() < 5 &&
                        std::all_of(sort.begin(), sort.end(), [](char d) { return d >= '0' && d <= '9'; });
    const std::size_t row = number ? std::stoul(sort) : 0;
    if (named != texts.end() || (row >= 1 && row <= texts.size())) {
        look.order = Order::Text;
        look.orderText = QString::fromStdString(named != texts.end() ? sort : texts[row - 1]);
        return;
    }
    if (sort != "none" && sort != "mean" && sort != "cluster") {
        throw Error(Code::Misuse, "--sort must be mean, cluster, none, one of the texts or its number from 1 to " +
                                      std::to_string(texts.size()) + ", not \"" + sort + "\".");
    }
    look.order = sort == "mean" ? Order::Mean : sort == "cluster" ? Order::Cluster : Order::Chosen;
}

void checkHeatmapGroup(const ui::HeatmapLook& look, const core::Dataset& data, const core::Document& doc)
{
    if (look.group != ui::HeatmapLook::Group::Attribute) {
        return;
    }
    std::string names;
    for (const core::Attribute* a : ui::allAttributes(data, doc)) {
        if (a->name == look.attribute.toStdString()) {
            return;
        }
        names += (names.empty() ? "" : ", ") + a->name;
    }
    throw Error(Code::NotFound, "There is no attribute \"" + look.attribute.toStdString() + "\" to group by; " +
                                    (names.empty() ? data.name + " has none." : "there are: " + names + "."));
}

void clusterForHeatmap(CommandContext& c, const ui::HeatmapSpec& spec, core::Document& doc)
{
    const bool needed = spec.look.group == ui::HeatmapLook::Group::Cluster ||
                        spec.look.order == ui::HeatmapLook::Order::Cluster ||
                        spec.choice.pick == ui::HeatmapChoice::Pick::Prototypes;
    if (!needed || doc.clustering || !doc.embedding) {
        return;
    }
    core::ClusterSpec how;
    how.method = "spherical-kmeans";
    how.k = static_cast<int>(c.args.integer("--clusters", 10, 2, 1000));
    how.seed = c.seed();
    const auto made = std::make_shared<const core::Clustering>(core::cluster(doc.embedding->rows, how, c.job));
    doc.clustering = made;
    doc.clusterSample.clear();
    for (const std::uint32_t row : made->inputRow) {
        doc.clusterSample.push_back(doc.embedding->sampleIndex[row]);
    }
}

ui::FigureSize heatmapSize(const CommandContext& c, const ui::HeatmapFigure& figure, ui::FigureSize size)
{
    const std::string asked = c.args.text("--size");
    if (!asked.empty() && asked.find_first_of("xX") == std::string::npos && asked.find("×") == std::string::npos) {
        size.heightMm = ui::heatmapHeightMm(figure, size.widthMm);
    }
    return size;
}

} // namespace semascope::app
