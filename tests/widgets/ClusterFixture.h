#pragma once
#include "Shared.h"
#include "app/Session.h"
#include "core/data/Arrays.h"

#include <random>

namespace semascope::test {

/// Three clouds of `each` rows in d dimensions, and a table that calls them cat, dog and pear.
struct ClusterFixture
{
    static constexpr std::size_t kEach = 40, kDim = 16;
    QTemporaryDir folder;

    ClusterFixture()
    {
        std::mt19937 random(5);
        std::normal_distribution<float> noise(0, 0.25F);
        std::vector<float> rows;
        std::string table = "id,kind,weight\n";
        const char* kinds[] = {"cat", "dog", "pear"};
        for (std::size_t i = 0; i < 3 * kEach; ++i) {
            for (std::size_t j = 0; j < kDim; ++j) {
                rows.push_back(noise(random) + (j == i / kEach ? 3.0F : 0.0F));
            }
            table += "row" + std::to_string(i) + "," + kinds[i / kEach] + "," + std::to_string(i % 7) + "\n";
        }
        core::writeNpy(path("v.npy"), rows.data(), {3 * kEach, kDim});
        core::writeFileAtomic(path("v.csv"), table.data(), table.size());
    }
    std::string path(const char* name) const { return folder.filePath(QString::fromUtf8(name)).toStdString(); }
    void open(app::Session& session) const
    {
        core::OpenSpec spec;
        spec.path = path("v.npy");
        spec.metadata = path("v.csv");
        session.openData(spec);
    }
};

/// Clusters of all rows, as a method would leave them.
inline void adopt(app::Session& session, int k)
{
    core::ClusterSpec spec;
    spec.k = k;
    core::JobContext job;
    const core::Embedding& e = *session.document().embedding;
    auto c = std::make_shared<const core::Clustering>(core::cluster(e.rows, spec, job));
    std::vector<std::uint32_t> sample;
    for (const std::uint32_t row : c->inputRow) {
        sample.push_back(e.sampleIndex[row]);
    }
    session.adoptClustering(c, std::move(sample), {});
}

} // namespace semascope::test
