#include "ReduceFixtures.h"
#include "core/job/Parallel.h"
#include "core/reduce/Layout.h"

#include <chrono>
#include <limits>
#include <thread>

using namespace semascope::core;
using Options = std::map<std::string, std::string>;

namespace {

Layout run(const Matrix& x, const std::string& method, int dim, const Options& options = {}, std::uint64_t seed = 0)
{
    JobContext job;
    return reduce(x, LayoutSpec{method, dim, seed, options}, job);
}

Matrix distanceTable(const Matrix& x)
{
    std::vector<float> values;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < x.rows(); ++j) {
            values.push_back(static_cast<float>(distance(x, i, j)));
        }
    }
    return Matrix::from(std::move(values), x.rows(), x.rows());
}

double rawStress(const Matrix& x, const Matrix& y)
{
    double sum = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            sum += std::pow(distance(x, i, j) - distance(y, i, j), 2);
        }
    }
    return sum;
}

bool noted(const Layout& layout, const char* word)
{
    return std::any_of(layout.notes.begin(), layout.notes.end(),
                       [&](const std::string& note) { return note.find(word) != std::string::npos; });
}

} // namespace

class TestReduceMds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void classicalGoldens()
    {
        NEEDS_GOLDENS;
        const auto expected = goldenJson("mds/expected.json")["classical"]["quality_2d"];
        const Matrix x = goldenMatrix("mds/x.npy");
        const Layout two = run(x, "classical", 2), three = run(x, "classical", 3);
        QVERIFY(worstColumn(two.points, goldenMatrix("mds/classical_2d.npy"), 2) < 1e-4);
        QVERIFY(worstColumn(three.points, goldenMatrix("mds/classical_3d.npy"), 3) < 1e-4);
        const double raw = expected["raw_stress"], one = expected["stress1"];
        QVERIFY(std::abs(two.rawStress - raw) < 1e-5 * raw);
        QVERIFY(std::abs(two.stress1 - one) < 1e-5);
    }

    void distancesOfNoPointSet()
    {
        NEEDS_GOLDENS;
        const Matrix table = goldenMatrix("mds/noneuclidean_distances.npy");
        const Layout layout = run(table, "classical", 3, {{"metric", "precomputed"}});
        QVERIFY(worstColumn(layout.points, goldenMatrix("mds/noneuclidean_classical_3d.npy"), 3) < 1e-4);
        QVERIFY(noted(layout, "negative eigenvalues"));
        QVERIFY(!layout.projector);
        const Layout better = run(table, "mds", 3, {{"metric", "precomputed"}});
        QVERIFY(better.rawStress < layout.rawStress);
        QVERIFY(noted(better, "negative eigenvalues"));
    }

    void reachesTheBar()
    {
        NEEDS_GOLDENS;
        const double bar = goldenJson("mds/expected.json")["metric"]["bar_raw_stress"];
        const Matrix x = goldenMatrix("mds/x.npy");
        for (const std::uint64_t seed : {0, 1, 2}) {
            const Layout layout = run(x, "mds", 2, {}, seed);
            QVERIFY(layout.rawStress <= bar);
            QVERIFY(std::abs(layout.rawStress - rawStress(x, layout.points)) < 1e-5 * bar);
        }
    }

    void classicalOfDistancesIsPcaOfRows_data()
    {
        QTest::addColumn<int>("rows");
        QTest::newRow("factored") << 60;
        QTest::newRow("iterated") << 1600;
    }
    void classicalOfDistancesIsPcaOfRows()
    {
        QFETCH(int, rows);
        const Matrix x = Blobs{static_cast<std::size_t>(rows), 8, 7, 0.8F, 5}.make();
        const Layout a = run(distanceTable(x), "classical", 3, {{"metric", "precomputed"}});
        QVERIFY(worstColumn(a.points, run(x, "pca", 3).points, 3) < 1e-3);
        QVERIFY(!noted(a, "negative"));
    }

    void stressFallsAndIsTrue()
    {
        const Matrix x = Blobs{150, 12, 6, 1.0F, 4}.make();
        double last = std::numeric_limits<double>::infinity();
        for (const char* iterations : {"1", "5", "25", "125"}) {
            const Layout layout = run(x, "mds", 2, {{"max_iter", iterations}, {"n_init", "1"}, {"eps", "0"}});
            QCOMPARE(std::to_string(layout.iterations), std::string(iterations));
            QVERIFY(layout.rawStress < last);
            QVERIFY(std::abs(layout.rawStress - rawStress(x, layout.points)) < 1e-5 * layout.rawStress);
            last = layout.rawStress;
        }
        QVERIFY(last < run(x, "classical", 2).rawStress);
    }

    void anyDimension_data()
    {
        QTest::addColumn<int>("dim");
        for (const int dim : {1, 2, 3, 4, 9}) {
            QTest::addRow("%d", dim) << dim;
        }
    }
    void anyDimension()
    {
        QFETCH(int, dim);
        const Matrix x = Blobs{70, 6, 5, 1.0F, 6}.make();
        const Layout layout = run(x, "mds", dim);
        QCOMPARE(layout.points.cols(), static_cast<std::size_t>(dim));
        QVERIFY(allFinite(layout.points));
        QVERIFY(dim < 6 || layout.stress1 < 1e-3);
        QVERIFY(std::abs(layout.rawStress - rawStress(x, layout.points)) <= 1e-4 * layout.rawStress + 1e-6);
    }

    void distancesServeAsWellAsRows()
    {
        const Matrix x = Blobs{80, 5, 4, 1.0F, 3}.make();
        const Options options{{"n_init", "1"}, {"eps", "1e-9"}, {"max_iter", "2000"}};
        Options given = options;
        given["metric"] = "precomputed";
        const double a = run(x, "mds", 2, options).rawStress, b = run(distanceTable(x), "mds", 2, given).rawStress;
        QVERIFY(std::abs(a - b) < 1e-3 * a);
    }

    void cosineMeansUnitRows()
    {
        const Matrix x = Blobs{50, 5, 4, 0.5F, 11}.make();
        std::vector<float> scaled = numbersOf(x);
        for (std::size_t i = 0; i < scaled.size(); ++i) {
            scaled[i] *= static_cast<float>(1 + i / 5 % 7);
        }
        scaled.insert(scaled.end(), 5, 0.0F); // no direction
        const Layout layout = run(matrixOf(scaled, 5), "classical", 2, {{"metric", "cosine"}});
        QVERIFY(worstColumn(layout.points, run(normaliseRows(x), "classical", 2).points, 2) < 1e-4);
        QCOMPARE(layout.excluded, std::size_t{1});
        QVERIFY(worstColumn(layout.projector->place(matrixOf(scaled, 5)), layout.points, 2) < 1e-5);
    }

    void relaxedIsNoWorse()
    {
        const Matrix x = Blobs{150, 12, 6, 1.0F, 4}.make();
        Options options{{"n_init", "1"}, {"max_iter", "40"}, {"eps", "0"}};
        const double plain = run(x, "mds", 2, options).rawStress;
        options["relaxed"] = "1";
        QVERIFY(run(x, "mds", 2, options).rawStress <= plain * 1.01);
    }

    void sameAgainWhateverTheThreads()
    {
        const Matrix x = Blobs{400, 6, 5, 1.0F, 6}.make();
        const Options options{{"init", "random"}, {"n_init", "2"}};
        setThreadCount(1);
        const std::vector<float> one = numbersOf(run(x, "mds", 2, options, 5).points);
        setThreadCount(3);
        QCOMPARE(numbersOf(run(x, "mds", 2, options, 5).points), one);
        QVERIFY(numbersOf(run(x, "mds", 2, options, 6).points) != one);
    }

    void coincidentPointsStayTogether()
    {
        std::vector<float> values = numbersOf(Blobs{20, 3, 4, 0.5F, 2}.make());
        const std::vector<float> twice = values;
        values.insert(values.end(), twice.begin(), twice.end());
        const Layout layout = run(matrixOf(values, 3), "mds", 2);
        QVERIFY(allFinite(layout.points));
        for (std::size_t i = 0; i < 20; ++i) {
            QVERIFY(distance(layout.points, i, i + 20) < 0.05);
        }
    }

    void tiny_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<bool>("equal");
        QTest::newRow("one") << 1 << false;
        QTest::newRow("two") << 2 << false;
        QTest::newRow("three") << 3 << false;
        QTest::newRow("two equal") << 2 << true;
        QTest::newRow("all equal") << 30 << true;
    }
    void tiny()
    {
        QFETCH(int, rows);
        QFETCH(bool, equal);
        std::vector<float> values = numbersOf(Blobs{static_cast<std::size_t>(rows), 4, 3}.make());
        if (equal) {
            std::fill(values.begin(), values.end(), 0.1F);
        }
        for (const char* method : {"classical", "mds"}) {
            for (const char* init : {"classical", "random"}) {
                const Options options = method == std::string("mds") ? Options{{"init", init}} : Options{};
                const Layout layout = run(matrixOf(values, 4), method, 2, options);
                QVERIFY(allFinite(layout.points));
                QCOMPARE(layout.points.rows(), static_cast<std::size_t>(rows));
                QVERIFY(std::isfinite(layout.stress1) && layout.stress1 < 1e-3);
                QVERIFY(allFinite(layout.projector->place(matrixOf({9, 9, 9, 9}, 4))));
            }
        }
    }

    void newRowsComeNearTheirLikes()
    {
        const Matrix x = Blobs{300, 10, 5, 0.5F, 12}.make();
        const Layout layout = run(x, "mds", 2, {{"n_init", "1"}, {"eps", "1e-9"}, {"max_iter", "3000"}});
        QVERIFY(!layout.projector->exact());
        const Matrix placed = layout.projector->place(x);
        double size = 0, miss = 0;
        for (std::size_t i = 0; i < x.rows(); ++i) {
            for (std::size_t k = 0; k < 2; ++k) {
                size += std::pow(layout.points.at(i, k), 2);
                miss += std::pow(layout.points.at(i, k) - placed.at(i, k), 2);
            }
        }
        QVERIFY(miss < 1e-2 * size);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> odd(20, nan);
        std::fill_n(odd.begin() + 10, 10, 1e17F);
        const Matrix far = layout.projector->place(matrixOf(odd, 10));
        QVERIFY(std::isnan(far.at(0, 0)));
        QVERIFY(std::isfinite(far.at(1, 0)));
        QVERIFY(errorOf([&] { layout.projector->place(matrixOf({1, 2}, 2)); }).code() == Code::Mismatch);
    }

    void partialLayoutsAreShown()
    {
        JobContext job;
        int shown = 0;
        std::size_t points = 0;
        job.onPartial = [&](const std::shared_ptr<const void>& partial) {
            const auto layout = std::static_pointer_cast<const Layout>(partial);
            points = layout->points.rows();
            shown += layout->rawStress > 0 && layout->inputRow.size() == points ? 1 : 0;
        };
        const Matrix x = Blobs{300, 10, 5, 1.0F, 1}.make();
        reduce(x, LayoutSpec{"mds", 2, 0, {{"n_init", "1"}, {"eps", "0"}}}, job);
        QVERIFY(shown >= 1);
        QCOMPARE(points, std::size_t{300});
    }

    void stopsSoon()
    {
        const Matrix x = Blobs{1500, 20, 5, 1.0F, 1}.make();
        std::stop_source stop;
        JobContext job(stop.get_token());
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            stop.request_stop();
        });
        const auto start = std::chrono::steady_clock::now();
        const LayoutSpec spec{"mds", 2, 0, {{"max_iter", "1000000"}, {"eps", "0"}}};
        QVERIFY(errorOf([&] { reduce(x, spec, job); }).code() == Code::Cancelled);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    }

    void tooManyRowsAreRefusedWithTheSize()
    {
        const Matrix x = matrixOf(std::vector<float>(20001, 1.0F), 1);
        const Error error = errorOf([&] { run(x, "mds", 2); });
        QVERIFY(error.code() == Code::OutOfMemory);
        QVERIFY(QByteArray(error.what()).contains("1.6 GB"));
        QVERIFY(QByteArray(error.what()).contains("pca"));
    }

    void wrongTablesAreRefused()
    {
        const Options given{{"metric", "precomputed"}};
        QVERIFY(errorOf([&] { run(Blobs().make(), "mds", 2, given); }).code() == Code::Mismatch);
        for (const std::vector<float>& values :
             {std::vector<float>{0, 1, 2, 0}, {0, -1, -1, 0}, {1, 2, 2, 1}, {0, NAN, NAN, 0}}) {
            QVERIFY(errorOf([&] { run(matrixOf(values, 2), "classical", 1, given); }).code() == Code::Mismatch);
        }
    }

    void wrongOptionsAreRefused()
    {
        const Matrix x = Blobs().make();
        for (const Options& options : {Options{{"n_init", "0"}}, Options{{"eps", "-1"}}, Options{{"init", "best"}},
                                       Options{{"metric", "manhattan"}}, Options{{"iterations", "9"}},
                                       Options{{"max_iter", "9.5"}}, Options{{"eps", "nan"}}}) {
            const Error error = errorOf([&] { run(x, "mds", 2, options); });
            QVERIFY(error.code() == Code::Misuse);
            QVERIFY(QByteArray(error.what()).contains(options.begin()->first.c_str()));
        }
    }
};

QTEST_GUILESS_MAIN(TestReduceMds)
#include "TestReduceMds.moc"
