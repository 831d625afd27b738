#include "ReduceFixtures.h"
#include "core/cluster/Clustering.h"
#include "core/job/Parallel.h"

#include <chrono>
#include <limits>
#include <numeric>
#include <set>
#include <thread>

using namespace semascope::core;
using Options = std::map<std::string, std::string>;

namespace {

Clustering run(const Matrix& x, int k, const std::string& method = "kmeans", const Options& options = {})
{
    JobContext job;
    return cluster(x, ClusterSpec{method, k, 0, options}, job);
}

std::vector<std::int64_t> wide(const std::vector<std::int32_t>& labels)
{
    return {labels.begin(), labels.end()};
}

/// Σ squared distances, from scratch.
double inertiaOf(const Matrix& x, const Clustering& c)
{
    double sum = 0;
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        for (std::size_t j = 0; j < x.cols(); ++j) {
            const double miss = static_cast<double>(x.at(c.inputRow[r], j)) -
                                c.centroids.at(static_cast<std::size_t>(c.assignment[r]), j);
            sum += miss * miss;
        }
    }
    return sum;
}

std::vector<std::int64_t> blobNames(const Blobs& blobs)
{
    std::vector<std::int64_t> names;
    for (std::size_t i = 0; i < blobs.n; ++i) {
        names.push_back(static_cast<std::int64_t>(i % blobs.k));
    }
    return names;
}

} // namespace

class TestCluster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void goldens_data()
    {
        QTest::addColumn<QString>("set");
        for (const char* set : {"easy", "overlap", "skewed"}) {
            QTest::newRow(set) << QString::fromLatin1(set);
        }
    }
    void goldens()
    {
        NEEDS_GOLDENS;
        QFETCH(QString, set);
        const std::string name = set.toStdString();
        const auto expected = goldenJson("kmeans/expected.json")["sets"][name];
        const Matrix x = goldenMatrix("kmeans/" + name + ".npy");
        const Clustering found = run(x, expected["k"]);
        QVERIFY(found.inertia <= expected["inertia_n_init_20"].get<double>() * 1.001);
        QVERIFY(std::abs(found.inertia - inertiaOf(x, found)) < 1e-5 * found.inertia);
        const LabelScores scores =
            compareLabelings(goldenLabels("kmeans/" + name + "_labels.npy"), wide(found.assignment));
        const double allowed = name == "easy" ? 1e-9 : 0.03;
        QVERIFY(std::abs(*scores.ami - expected["ami"].get<double>()) <= allowed);
        QVERIFY(std::abs(*scores.ari - expected["ari"].get<double>()) <= allowed);
        QVERIFY(std::abs(*scores.acc - expected["acc"].get<double>()) <= allowed);
        JobContext job;
        const double silhouetteThere = expected["silhouette_euclidean"];
        const double here = silhouette(x, wide(found.assignment), false, 0, 0, job).mean;
        QVERIFY(std::abs(here - silhouetteThere) <= (name == "easy" ? 1e-6 : 0.01));
    }

    void silhouetteGoldens()
    {
        NEEDS_GOLDENS;
        const auto expected = goldenJson("silhouette/expected.json")["mean"];
        const Matrix x = goldenMatrix("silhouette/x.npy");
        const std::vector<std::int64_t> labels = goldenLabels("silhouette/labels.npy");
        for (const bool cosine : {false, true}) {
            const std::string word = cosine ? "cosine" : "euclidean";
            JobContext job;
            const Silhouette found = silhouette(x, labels, cosine, 5000, 0, job);
            const Matrix rows = goldenMatrix("silhouette/samples_" + word + ".npy");
            QCOMPARE(found.n, x.rows());
            QVERIFY(std::abs(found.mean - expected[word].get<double>()) < 1e-6);
            for (std::size_t i = 0; i < found.n; ++i) {
                QVERIFY(std::abs(found.perRow[i] - rows.data()[i]) < 1e-6);
            }
        }
    }

    void findsBlobs()
    {
        for (const char* method : {"kmeans", "spherical-kmeans"}) {
            const Blobs blobs{400, 12, 6, 0.3F, 3};
            const Clustering found = run(blobs.make(), 6, method);
            QCOMPARE(*compareLabelings(blobNames(blobs), wide(found.assignment)).acc, 1.0);
            QCOMPARE(found.sizes.size(), std::size_t{6});
            QCOMPARE(std::accumulate(found.sizes.begin(), found.sizes.end(), std::size_t{0}), std::size_t{400});
            QCOMPARE(found.centroids.cols(), std::size_t{12});
        }
    }

    void aLongWayFromTheOrigin()
    {
        const Blobs blobs{300, 4, 5, 0.1F, 4};
        std::vector<float> values = numbersOf(blobs.make());
        std::for_each(values.begin(), values.end(), [](float& v) { v += 1000; });
        const Matrix x = matrixOf(values, 4);
        const Clustering found = run(x, 5);
        QCOMPARE(*compareLabelings(blobNames(blobs), wide(found.assignment)).acc, 1.0);
        QVERIFY(std::abs(found.inertia - inertiaOf(x, found)) < 1e-2 * found.inertia);
    }

    void directionsIgnoreLength()
    {
        const Blobs blobs{200, 8, 4, 0.2F, 6};
        std::vector<float> values = numbersOf(blobs.make());
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] *= i / 8 % 2 == 0 ? 1e-3F : 1e3F;
        }
        values.insert(values.end(), 8, 0.0F);
        const Clustering found = run(matrixOf(values, 8), 4, "spherical-kmeans");
        QCOMPARE(found.excluded, std::size_t{1});
        QCOMPARE(*compareLabelings(blobNames(blobs), wide(found.assignment)).acc, 1.0);
        for (std::size_t c = 0; c < 4; ++c) {
            double square = 0;
            for (std::size_t j = 0; j < 8; ++j) {
                square += std::pow(found.centroids.at(c, j), 2);
            }
            QVERIFY(std::abs(square - 1) < 1e-5);
        }
    }

    void sameAgainWhateverTheThreads()
    {
        const Matrix x = Blobs{500, 10, 12, 2.0F, 8}.make();
        setThreadCount(1);
        const Clustering one = run(x, 7);
        setThreadCount(3);
        const Clustering three = run(x, 7);
        QCOMPARE(one.assignment, three.assignment);
        QCOMPARE(numbersOf(one.centroids), numbersOf(three.centroids));
    }

    void centroidsAreMeans()
    {
        const Matrix x = Blobs{300, 5, 9, 2.0F, 8}.make();
        const Clustering found = run(x, 6, "kmeans", {{"tol", "0"}});
        std::vector<double> sums(30, 0.0);
        for (std::size_t r = 0; r < 300; ++r) {
            for (std::size_t j = 0; j < 5; ++j) {
                sums[static_cast<std::size_t>(found.assignment[r]) * 5 + j] += x.at(r, j);
            }
        }
        for (std::size_t c = 0; c < 30; ++c) {
            QVERIFY(std::abs(sums[c] / static_cast<double>(found.sizes[c / 5]) - found.centroids.at(c / 5, c % 5)) <
                    1e-4);
        }
    }

    void brokenRowsAreLeftOut()
    {
        std::vector<float> values = numbersOf(Blobs{50, 3, 2}.make());
        values[7] = std::numeric_limits<float>::quiet_NaN();
        values[20] = std::numeric_limits<float>::infinity();
        const Clustering found = run(matrixOf(values, 3), 2);
        QCOMPARE(found.excluded, std::size_t{2});
        QCOMPARE(found.assignment.size(), std::size_t{48});
        QCOMPARE(found.inputRow[2], 3U);
        QCOMPARE(found.notes[0], std::string("2 of 50 rows are left out because they cannot be measured."));
        values[7] = 0;
        values[20] = 1e30F;
        const Clustering one = run(matrixOf(values, 3), 2);
        QCOMPARE(one.excluded, std::size_t{1});
        QCOMPARE(one.notes[0], std::string("1 of 50 rows is left out because it cannot be measured."));
        const Clustering zero = run(matrixOf({1, 0, 0, 0, 0, 1}, 2), 2, "spherical-kmeans");
        QCOMPARE(zero.notes.back(), std::string("1 zero row is left out: it has no direction."));
    }

    void extremeNumbers_data()
    {
        QTest::addColumn<double>("size");
        QTest::newRow("1e16") << 1e16;
        QTest::newRow("1e-25") << 1e-25;
    }
    void extremeNumbers()
    {
        QFETCH(double, size);
        const Blobs blobs{60, 4, 3, 0.2F, 2};
        std::vector<float> values = numbersOf(blobs.make());
        std::for_each(values.begin(), values.end(), [&](float& v) { v = static_cast<float>(v * size); });
        const Clustering found = run(matrixOf(values, 4), 3);
        QCOMPARE(*compareLabelings(blobNames(blobs), wide(found.assignment)).acc, 1.0);
        QVERIFY(std::isfinite(found.inertia) && allFinite(found.centroids));
    }

    void fewDifferentRows()
    {
        std::vector<float> values;
        for (int i = 0; i < 60; ++i) {
            values.insert(values.end(), {static_cast<float>(i % 3), 1.0F});
        }
        const Matrix x = matrixOf(values, 2);
        const Clustering found = run(x, 3);
        QCOMPARE(found.sizes, (std::vector<std::size_t>{20, 20, 20}));
        QVERIFY(found.inertia < 1e-9);
        const Error error = errorOf([&] { run(x, 4); });
        QVERIFY(error.code() == Code::Mismatch);
        QVERIFY(QByteArray(error.what()).contains("only 3"));
    }

    void tiny()
    {
        QCOMPARE(run(matrixOf({1, 2, 3}, 3), 1).assignment, (std::vector<std::int32_t>{0}));
        const Clustering two = run(matrixOf({1, 5}, 1), 2);
        QVERIFY(two.assignment[0] != two.assignment[1]);
        QVERIFY(errorOf([] { run(matrixOf({}, 3), 1); }).code() == Code::Mismatch);
        QVERIFY(errorOf([] { run(matrixOf({1, 2}, 1), 3); }).code() == Code::Mismatch);
        QVERIFY(errorOf([] { run(matrixOf({1, 2}, 1), 0); }).code() == Code::Misuse);
    }

    void asManyClustersAsRows()
    {
        const Clustering found = run(Blobs{40, 3, 40, 0.1F, 3}.make(), 40);
        QCOMPARE(std::set<std::int32_t>(found.assignment.begin(), found.assignment.end()).size(), std::size_t{40});
        QVERIFY(found.inertia < 1e-6);
    }

    void prototypesAreNearest()
    {
        const Matrix x = Blobs{120, 4, 3, 0.5F, 5}.make();
        const Clustering found = run(x, 3);
        const auto nearest = prototypes(x, found, 5);
        QCOMPARE(nearest.size(), std::size_t{3});
        for (std::size_t c = 0; c < 3; ++c) {
            QCOMPARE(nearest[c].size(), std::size_t{5});
            const auto away = [&](std::uint32_t row) {
                double sum = 0;
                for (std::size_t j = 0; j < 4; ++j) {
                    sum += std::pow(x.at(row, j) - found.centroids.at(c, j), 2);
                }
                return sum;
            };
            for (std::uint32_t row = 0; row < 120; ++row) {
                if (found.assignment[row] == static_cast<std::int32_t>(c)) {
                    QVERIFY(away(row) >= away(nearest[c][0]));
                }
            }
            QVERIFY(away(nearest[c][4]) >= away(nearest[c][3]));
        }
        QCOMPARE(prototypes(x, found, 1000)[0].size(), found.sizes[0]);
        QVERIFY(errorOf([&] { prototypes(Blobs{3, 4, 1}.make(), found, 1); }).code() == Code::Mismatch);
    }

    void silhouetteConventions()
    {
        JobContext job;
        const Matrix x = matrixOf({0, 1, 10, 11, 50}, 1);
        const Silhouette found = silhouette(x, {7, 7, -3, -3, 1000}, false, 0, 0, job);
        QCOMPARE(found.perRow[4], 0.0);
        QCOMPARE(found.perRow[0], (10.5 - 1) / 10.5);
        QVERIFY(errorOf([&] { silhouette(x, {1, 1, 1, 1, 1}, false, 0, 0, job); }).code() == Code::Mismatch);
        QVERIFY(errorOf([&] { silhouette(x, {1, 2}, false, 0, 0, job); }).code() == Code::Mismatch);
        const Matrix equal = matrixOf(std::vector<float>(4, 3.0F), 1);
        QCOMPARE(silhouette(equal, {1, 1, 2, 2}, false, 0, 0, job).mean, 0.0);
        const Blobs blobs{600, 4, 3, 0.2F, 2};
        const Silhouette part = silhouette(blobs.make(), blobNames(blobs), true, 100, 9, job);
        QCOMPARE(part.n, std::size_t{100});
        QCOMPARE(part.perRow.size(), std::size_t{100});
        QVERIFY(part.mean > 0.5);
    }

    void refusals()
    {
        const Matrix x = Blobs().make();
        const Error method = errorOf([&] { run(x, 3, "dbscan"); });
        QVERIFY(method.code() == Code::Misuse);
        QVERIFY(QByteArray(method.what()).contains("spherical-kmeans, ae-kmeans, dec or idec"));
        for (const Options& options : {Options{{"n_init", "0"}}, Options{{"tol", "-1"}}, Options{{"restarts", "3"}}}) {
            const Error error = errorOf([&] { run(x, 3, "kmeans", options); });
            QVERIFY(error.code() == Code::Misuse);
            QVERIFY(QByteArray(error.what()).contains(options.begin()->first.c_str()));
        }
    }

    void stopsSoon()
    {
        const Matrix x = Blobs{20000, 32, 30, 5.0F, 1}.make();
        std::stop_source stop;
        JobContext job(stop.get_token());
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(150));
            stop.request_stop();
        });
        const ClusterSpec spec{"kmeans", 50, 0, {{"n_init", "2000"}, {"tol", "0"}}};
        const auto start = std::chrono::steady_clock::now();
        QVERIFY(errorOf([&] { cluster(x, spec, job); }).code() == Code::Cancelled);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    }
};

QTEST_GUILESS_MAIN(TestCluster)
#include "TestCluster.moc"
