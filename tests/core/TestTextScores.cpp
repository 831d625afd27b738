#include "Shared.h"
#include "core/clip/ScoreMeaning.h"
#include "core/clip/TextScores.h"

#include <cmath>
#include <random>

using namespace semascope::core;

namespace {

Matrix randomRows(std::size_t n, std::size_t d, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n * d);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return Matrix::from(std::move(values), n, d);
}

/// More than one block of rows, some of which cannot be compared, and some that are the same.
Matrix awkwardRows()
{
    const Matrix x = randomRows(9000, 16, 3);
    std::vector<float> values(x.data(), x.data() + 9000 * 16);
    std::fill_n(values.begin() + 40 * 16, 16, 0.0F);
    values[5000 * 16 + 2] = std::nanf("");
    values[8999 * 16] = HUGE_VALF;
    for (const std::size_t copy : {77U, 4200U, 8000U}) {
        std::copy_n(values.begin() + 7 * 16, 16, values.begin() + static_cast<std::ptrdiff_t>(copy * 16));
    }
    return Matrix::from(std::move(values), 9000, 16);
}

} // namespace

/// Scores of a few columns against what the whole table says.
class TestTextScores : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void columnsAgreeWithTheTable_data();
    void columnsAgreeWithTheTable();
    void bestAreTheBest();
    void otherSizesAreRefused();
    void stops();
};

void TestTextScores::columnsAgreeWithTheTable_data()
{
    QTest::addColumn<int>("texts");
    QTest::newRow("few") << 5;
    QTest::newRow("many") << 40; // by another way
}

void TestTextScores::columnsAgreeWithTheTable()
{
    QFETCH(const int, texts);
    const auto count = static_cast<std::size_t>(texts);
    const Matrix rows = awkwardRows(), vectors = randomRows(count, 16, 4);
    const std::vector<std::uint32_t> columns{8000, 0, 40, 5000, 7, 8998, 4096, 7, 8999};
    JobContext job;
    const TextScores scores = textScores(rows, vectors, columns, job);
    ScoreSpec spec;
    spec.prompts = vectors;
    spec.percentile = true;
    const ScoreTable table = scoreTable(rows, spec, job);
    QCOMPARE(scores.among, std::size_t(8997));
    QCOMPARE(table.counted[0], scores.among);
    for (std::size_t t = 0; t < count; ++t) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const float expected = table.cosine.at(columns[c], t);
            QCOMPARE(std::isnan(scores.cosine.at(t, c)), std::isnan(expected));
            QCOMPARE(std::isnan(scores.percentile.at(t, c)), std::isnan(expected));
            if (!std::isnan(expected)) {
                QVERIFY(std::abs(scores.cosine.at(t, c) - expected) < 1e-6F);
                // Copies of a row may differ in the last bit in blocks of another shape: four ranks of 8997.
                QVERIFY(std::abs(scores.percentile.at(t, c) - table.percentile.at(columns[c], t)) < 0.05F);
            }
        }
        QCOMPARE(scores.cosine.at(t, 4), scores.cosine.at(t, 7));
    }
}

void TestTextScores::bestAreTheBest()
{
    const Matrix rows = awkwardRows(), texts = randomRows(3, 16, 5);
    JobContext job;
    std::vector<std::uint8_t> may(9000, 1);
    for (std::size_t r = 0; r < may.size(); r += 3) {
        may[r] = 0;
    }
    ScoreSpec spec;
    spec.prompts = texts;
    const Matrix cosine = scoreTable(rows, spec, job).cosine;
    for (const auto& allowed : {std::vector<std::uint8_t>{}, may}) {
        const auto best = bestRows(rows, texts, 6, allowed, job);
        QCOMPARE(best.size(), std::size_t(3));
        for (std::size_t t = 0; t < 3; ++t) {
            std::vector<float> sorted;
            for (std::size_t r = 0; r < 9000; ++r) {
                if (!std::isnan(cosine.at(r, t)) && (allowed.empty() || allowed[r] != 0)) {
                    sorted.push_back(cosine.at(r, t));
                }
            }
            std::sort(sorted.begin(), sorted.end(), std::greater<>());
            QCOMPARE(best[t].size(), std::size_t(6));
            for (std::size_t i = 0; i < 6; ++i) {
                QVERIFY(std::abs(best[t][i].cosine - sorted[i]) < 1e-6F);
                QVERIFY(allowed.empty() || allowed[best[t][i].row] != 0);
            }
        }
    }
    QCOMPARE(bestRows(rows, texts, 20000, {}, job)[0].size(), std::size_t(8997));
}

void TestTextScores::otherSizesAreRefused()
{
    JobContext job;
    QVERIFY_THROWS_EXCEPTION(Error, textScores(awkwardRows(), randomRows(2, 8, 1), {0}, job));
    QVERIFY_THROWS_EXCEPTION(Error, bestRows(awkwardRows(), randomRows(2, 8, 1), 3, {}, job));
}

void TestTextScores::stops()
{
    std::stop_source stop;
    stop.request_stop();
    JobContext job(stop.get_token());
    QVERIFY_THROWS_EXCEPTION(Error, textScores(awkwardRows(), randomRows(2, 16, 1), {0}, job));
}

QTEST_GUILESS_MAIN(TestTextScores)
#include "TestTextScores.moc"
