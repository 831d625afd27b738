#pragma once
#include "widgets/HeatmapTable.h"

#include <cmath>
#include <numbers>

namespace semascope::test {

/// `n` pictures whose vectors turn evenly through a right angle, in three colours and two clusters, each with two
/// captions ("picture i", "again i") along its own direction.
struct HeatmapWorld
{
    std::shared_ptr<core::Dataset> data = std::make_shared<core::Dataset>();
    core::Document doc;

    static std::vector<float> direction(double share)
    {
        const double angle = share * std::numbers::pi / 2;
        return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
    }
    double shareOf(std::uint32_t sample) const
    {
        return static_cast<double>(sample) / static_cast<double>(data->samples.size() - 1);
    }

    explicit HeatmapWorld(std::uint32_t n)
    {
        data->name = "fan";
        data->samples.resize(n);
        core::Attribute colour{"colour", {}, {}, {"red", "green", "blue"}}, number{"number", {}, {}, {}};
        auto embedding = std::make_shared<core::Embedding>();
        auto clustering = std::make_shared<core::Clustering>();
        std::vector<float> rows;
        for (std::uint32_t s = 0; s < n; ++s) {
            data->samples[s].id = "s" + std::to_string(s);
            data->samples[s].captions = {"picture " + std::to_string(s), "again " + std::to_string(s)};
            colour.categories.push_back(static_cast<std::int32_t>(s % 3));
            number.numbers.push_back(static_cast<double>(s));
            const auto vector = direction(shareOf(s));
            rows.insert(rows.end(), vector.begin(), vector.end());
            embedding->sampleIndex.push_back(s);
            clustering->assignment.push_back(s < n / 2 ? 1 : 0);
            clustering->inputRow.push_back(s);
            doc.clusterSample.push_back(s);
        }
        data->attributes = {colour, number};
        embedding->rows = core::Matrix::from(std::move(rows), n, 2);
        clustering->spec.k = 2;
        const auto late = direction(0.75), early = direction(0.25);
        clustering->centroids = core::Matrix::from({late[0], late[1], early[0], early[1]}, 2, 2);
        doc.embedding = embedding;
        doc.clustering = clustering;
        doc.clusterNames = {"late", "early"};
        doc.modelHash = "made";
        doc.modelName = "made model";
        doc.view.logitScale = 10;
        doc.selected.assign(n, 0);
        addPrompt("start", 0, "end", 1);
        addPrompt("middle", 0.5);
    }
    void addPrompt(const std::string& text, double share, const std::string& opposite = {}, double other = 0)
    {
        core::Prompt prompt;
        prompt.text = text;
        prompt.vector = direction(share);
        prompt.opposite = opposite;
        prompt.oppositeVector = opposite.empty() ? std::vector<float>{} : direction(other);
        doc.prompts.push_back(prompt);
    }
    ui::HeatmapRequest request(const ui::HeatmapChoice& choice) const
    {
        ui::HeatmapRequest q = ui::heatmapRequest(*data, doc, choice);
        auto known = std::make_shared<std::map<std::string, std::vector<float>>>();
        for (std::uint32_t s = 0; s < data->samples.size(); ++s) {
            for (const std::string& caption : data->samples[s].captions) {
                known->emplace(caption, direction(shareOf(s)));
            }
        }
        q.known = known;
        return q;
    }
    ui::HeatmapScores scores(const ui::HeatmapChoice& choice) const
    {
        core::JobContext job;
        return ui::scoreHeatmap(request(choice), job);
    }
    ui::HeatmapTable table(const ui::HeatmapSpec& spec) const
    {
        return ui::arrangeHeatmap(scores(spec.choice), spec.look, *data, doc);
    }
};

} // namespace semascope::test
