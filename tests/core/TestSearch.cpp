#include "ScoreFixtures.h"
#include "Shared.h"
#include "core/clip/Embedder.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <limits>

using namespace semascope::core;

namespace {

/// Every row's cosine by the definition, best first.
std::vector<Neighbour> bruteForce(const Matrix& rows, const float* query, bool centred, const float* queryMean)
{
    std::vector<double> mean, ofQuery;
    if (centred) {
        mean = meanOfUnitRows(rows);
        ofQuery = queryMean == nullptr ? mean : std::vector<double>(queryMean, queryMean + rows.cols());
    }
    const std::vector<double> q = unitRow(query, rows.cols(), ofQuery);
    std::vector<Neighbour> all;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const double cosine = cosineOf(unitRow(rows.row(i), rows.cols(), mean), q);
        all.push_back({static_cast<std::uint32_t>(i), static_cast<float>(cosine)});
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cosine > b.cosine; });
    return all;
}

/// Both lists name rows of the same cosines in the same order; rows closer than rounding may change places.
void compareLists(const std::vector<Neighbour>& found, const std::vector<Neighbour>& expected, std::size_t count)
{
    QCOMPARE(found.size(), std::min(count, expected.size()));
    for (std::size_t i = 0; i < found.size(); ++i) {
        QVERIFY2(std::abs(found[i].cosine - expected[i].cosine) < 2e-6F, qPrintable(QString::number(i)));
        const auto same =
            std::find_if(expected.begin(), expected.end(), [&](const Neighbour& n) { return n.row == found[i].row; });
        QVERIFY(same != expected.end() && std::abs(same->cosine - found[i].cosine) < 2e-6F);
    }
}

} // namespace

/// Exact search against its definition.
class TestSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void isExact_data()
    {
        QTest::addColumn<int>("d");
        QTest::addColumn<bool>("centred");
        for (const int d : {1, 3, 16, 33, 64, 100, 512}) {
            for (const bool centred : {false, true}) {
                QTest::addRow("%d %s", d, centred ? "centred" : "plain") << d << centred;
            }
        }
    }
    void isExact()
    {
        QFETCH(int, d);
        QFETCH(bool, centred);
        const Matrix rows = randomRows(5000, static_cast<std::size_t>(d), 1, 0.3F);
        const Matrix query = randomRows(1, rows.cols(), 2, -0.2F);
        JobContext job;
        const RowSearch search(rows, job);
        const auto expected = bruteForce(rows, query.data(), centred, nullptr);
        for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{12}, std::size_t{6000}}) {
            compareLists(search.nearest({query.data(), count, -1, centred, nullptr}, job), expected, count);
        }
        if (!centred) {
            compareLists(nearestRows(rows, query.data(), 12), expected, 12);
        }
    }

    void theMeanOfTheOtherModality()
    {
        const Matrix rows = randomRows(3000, 48, 3, 0.5F), texts = randomRows(200, 48, 4, -0.5F);
        const std::vector<double> mean = meanOfUnitRows(texts);
        const std::vector<float> queryMean(mean.begin(), mean.end());
        JobContext job;
        const RowSearch search(rows, job);
        const auto expected = bruteForce(rows, texts.row(7), true, queryMean.data());
        compareLists(search.nearest({texts.row(7), 20, -1, true, queryMean.data()}, job), expected, 20);
    }

    void oneselfIsLeftOut()
    {
        const Matrix rows = randomRows(100, 8, 5);
        JobContext job;
        const RowSearch search(rows, job);
        QCOMPARE(search.nearest({rows.row(42), 1}, job).front().row, 42U);
        for (const auto& list :
             {search.nearest({rows.row(42), 200, 42}, job), nearestRows(rows, rows.row(42), 200, 42)}) {
            QCOMPARE(list.size(), std::size_t{99});
            QVERIFY(std::none_of(list.begin(), list.end(), [](const Neighbour& n) { return n.row == 42; }));
        }
    }

    void tiesGoByRow()
    {
        const std::vector<float> one{1, 2, 3};
        std::vector<float> values;
        for (int i = 0; i < 9000; ++i) {
            values.insert(values.end(), one.begin(), one.end());
        }
        const Matrix rows = Matrix::from(std::move(values), 9000, 3);
        JobContext job;
        const RowSearch search(rows, job);
        for (const auto& list : {search.nearest({one.data(), 5}, job), nearestRows(rows, one.data(), 5)}) {
            for (std::uint32_t i = 0; i < 5; ++i) {
                QCOMPARE(list[i].row, i);
            }
        }
        const float other[] = {3, 0, 1};
        QVERIFY(search.nearest({other, 5, -1, true, nullptr}, job).empty()); // every row is the mean
        QCOMPARE(codeOf([&] { (void)search.nearest({one.data(), 5, -1, true, nullptr}, job); }), Code::Mismatch);
    }

    void rowsWithoutDirectionAreNeverFound()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
        const std::vector<float> values{1, 0, nan, 1, inf, 0, 0, 0, 1e30F, 0, 0, -2, 1e-10F, 1e-10F, 1e-42F, 0};
        const Matrix rows = Matrix::from(values, 8, 2);
        const float query[] = {1, 1};
        JobContext job;
        const RowSearch search(rows, job);
        for (const auto& list : {search.nearest({query, 8}, job), nearestRows(rows, query, 8)}) {
            QCOMPARE(list.size(), std::size_t{3});
            QCOMPARE(list[0].row, 6U); // short, but it points somewhere
            QVERIFY(std::abs(list[0].cosine - 1) < 1e-6F);
            QCOMPARE(list[1].row, 0U);
            QCOMPARE(list[2].row, 5U);
        }
        QVERIFY(std::isfinite(search.mean()[0]) && std::isfinite(search.mean()[1]));
    }

    void queriesWithoutDirectionAreRefused()
    {
        const Matrix rows = randomRows(10, 2, 6);
        JobContext job;
        const RowSearch search(rows, job);
        const float zero[] = {0, 0}, bad[] = {std::numeric_limits<float>::quiet_NaN(), 1};
        QCOMPARE(codeOf([&] { (void)search.nearest({zero, 3}, job); }), Code::Mismatch);
        QCOMPARE(codeOf([&] { (void)search.nearest({bad, 3}, job); }), Code::Mismatch);
        QVERIFY(nearestRows(rows, zero, 3).empty());
        QVERIFY(RowSearch(Matrix(), job).nearest({bad + 1, 3}, job).empty());
    }

    void theSameWithAnyNumberOfThreads()
    {
        const Matrix rows = randomRows(20000, 24, 7, 0.1F), query = randomRows(1, 24, 8);
        JobContext job;
        setThreadCount(1);
        const RowSearch one(rows, job);
        const auto expected = one.nearest({query.data(), 50, -1, true, nullptr}, job);
        setThreadCount(3);
        const RowSearch three(rows, job);
        QVERIFY(one.mean() == three.mean());
        const auto found = three.nearest({query.data(), 50, -1, true, nullptr}, job);
        for (std::size_t i = 0; i < found.size(); ++i) {
            QCOMPARE(found[i].row, expected[i].row);
            QCOMPARE(found[i].cosine, expected[i].cosine);
        }
    }

    void stops()
    {
        const Matrix rows = randomRows(3000, 4, 9);
        JobContext job;
        const RowSearch search(rows, job);
        std::stop_source source;
        source.request_stop();
        JobContext stopped(source.get_token());
        QCOMPARE(codeOf([&] { (void)search.nearest({rows.row(0), 3}, stopped); }), Code::Cancelled);
        QCOMPARE(codeOf([&] { RowSearch(rows, stopped); }), Code::Cancelled);
    }

    void realVectors()
    {
        NEEDS_SHARED("data/coco-clip/image.npy");
        const Matrix image = npyMatrix(sharedPath("data/coco-clip/image.npy"));
        const Matrix text = npyMatrix(sharedPath("data/coco-clip/text.npy"));
        JobContext job;
        const RowSearch search(image, job);
        std::size_t plain = 0, centred = 0;
        const std::vector<double> mean = meanOfUnitRows(text);
        const std::vector<float> textMean(mean.begin(), mean.end());
        for (std::size_t i = 0; i < text.rows(); ++i) {
            const auto list = search.nearest({text.row(i), 10}, job);
            compareLists(list, bruteForce(image, text.row(i), false, nullptr), 10);
            plain += list.front().row == i ? 1U : 0U;
            centred += search.nearest({text.row(i), 1, -1, true, textMean.data()}, job).front().row == i ? 1U : 0U;
        }
        // centring each modality by itself costs next to nothing of retrieval
        QVERIFY(plain > 200 && centred + 15 > plain);
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "TestSearch.moc"
