#include "ReduceFixtures.h"
#include "core/cluster/Clustering.h"
#include "core/cluster/KMeans_p.h"
#include "core/job/Parallel.h"

#include <limits>
#include <numeric>

using namespace semascope::core;

namespace {

Clustering run(const Matrix& x, int k, const std::string& method = "kmeans", const std::string& starts = "3")
{
    JobContext job;
    return cluster(x, ClusterSpec{method, k, 0, {{"n_init", starts}}}, job);
}

double squaredApart(const Matrix& x, std::size_t i, const Matrix& centroids, std::size_t c)
{
    double sum = 0;
    for (std::size_t j = 0; j < x.cols(); ++j) {
        const double miss = static_cast<double>(x.at(i, j)) - static_cast<double>(centroids.at(c, j));
        sum += miss * miss;
    }
    return sum;
}

/// The two smallest distances of a row to the centroids, and the nearest.
struct Nearest
{
    double first = std::numeric_limits<double>::infinity(), second = first;
    std::int32_t which = 0;

    Nearest(const Matrix& x, std::size_t i, const Matrix& centroids)
    {
        for (std::size_t c = 0; c < centroids.rows(); ++c) {
            const double apart = std::sqrt(squaredApart(x, i, centroids, c));
            second = std::min(second, std::max(first, apart));
            which = apart < first ? static_cast<std::int32_t>(c) : which;
            first = std::min(first, apart);
        }
    }
};

} // namespace

/// What k-means adds to Lloyd's iterations: the sample, the swaps, the confidence.
class TestKMeans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void everyRowIsInItsNearestCluster()
    {
        for (const auto& [n, d, k] :
             {std::tuple<std::size_t, std::size_t, int>{300, 7, 5}, {500, 33, 70}, {90, 3, 1}}) {
            const Matrix x = Blobs{n, d, 6, 2.0F, 11}.make();
            const Clustering found = run(x, k);
            QCOMPARE(found.confidence.size(), n);
            for (std::size_t i = 0; i < n; ++i) {
                const Nearest near(x, i, found.centroids);
                QVERIFY(squaredApart(x, i, found.centroids, static_cast<std::size_t>(found.assignment[i])) <=
                        near.first * near.first * (1 + 1e-4) + 1e-6);
                const double expected = k == 1 ? 1 : 1 - near.first / near.second;
                QVERIFY(std::abs(static_cast<double>(found.confidence[i]) - expected) < 2e-3);
            }
        }
    }

    void manyRowsAreSearchedOnASample()
    {
        const Blobs blobs{20000, 8, 12, 0.5F, 5};
        const Matrix x = blobs.make();
        const Clustering found = run(x, 12, "kmeans", "1");
        std::vector<std::int64_t> names, labels;
        for (std::size_t i = 0; i < blobs.n; ++i) {
            labels.push_back(static_cast<std::int64_t>(i % blobs.k));
            names.push_back(found.assignment[i]);
        }
        QVERIFY(*compareLabelings(labels, names).ari > 0.98);
        QCOMPARE(std::accumulate(found.sizes.begin(), found.sizes.end(), std::size_t{0}), blobs.n);
        setThreadCount(1);
        QVERIFY(run(x, 12, "kmeans", "1").assignment == found.assignment);
    }

    void mostRowsAreTheSame()
    {
        std::vector<float> values(20000 * 3, 1.0F); // a sample of them hardly has the others
        for (std::size_t i = 0; i < 30; ++i) {
            values[i * 3] = static_cast<float>(i);
        }
        const Clustering found = run(matrixOf(values, 3), 4);
        QCOMPARE(std::accumulate(found.sizes.begin(), found.sizes.end(), std::size_t{0}), std::size_t{20000});
        QVERIFY(std::isfinite(found.inertia));
    }

    /// Two centres in one blob and one for two others is where Lloyd's iterations stay.
    void swapsLeaveALocalOptimum()
    {
        const Blobs blobs{400, 40, 4, 1.0F, 3};
        const Matrix x = blobs.make();
        const KMeansData data = prepareKMeans(x, false);
        JobContext job;
        KMeansSettings settings;
        settings.k = 4;
        std::vector<float> centres;
        for (const std::size_t row : {0, 4, 1, 2}) { // rows 0 and 4 are of the same blob
            centres.insert(centres.end(), data.rows.row(row), data.rows.row(row) + data.d());
        }
        const std::vector<KMeansRun> stuck = runLloyd(data, settings, centres, job);
        const KMeansRun better = improveBySwaps(data, settings, stuck.front(), job);
        QVERIFY(better.inertia < 0.8 * stuck.front().inertia);
        std::vector<std::int64_t> labels, names(better.labels.begin(), better.labels.end());
        for (std::size_t i = 0; i < blobs.n; ++i) {
            labels.push_back(static_cast<std::int64_t>(i % blobs.k));
        }
        QCOMPARE(*compareLabelings(labels, names).acc, 1.0);
    }

    void neitherWorseThanLloydAlone()
    {
        for (unsigned seed = 0; seed < 4; ++seed) {
            const KMeansData data = prepareKMeans(Blobs{500, 16, 9, 3.0F, seed}.make(), seed % 2 == 1);
            JobContext job;
            KMeansSettings settings;
            settings.k = 6;
            settings.seed = seed;
            const std::vector<float> starts = chooseStarts(data, settings, 0, 1, job);
            const KMeansRun plain = runLloyd(data, settings, starts, job).front();
            QVERIFY(improveBySwaps(data, settings, plain, job).inertia <= plain.inertia);
        }
    }
};

QTEST_GUILESS_MAIN(TestKMeans)
#include "TestKMeans.moc"
