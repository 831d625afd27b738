#include "ReduceFixtures.h"
#include "core/reduce/Layout.h"

#include <limits>

using namespace semascope::core;

namespace {

LayoutQuality measure(const Matrix& x, const Matrix& y, int k = 12, int recallK = 10, std::size_t sample = 5000)
{
    JobContext job;
    return layoutQuality(x, y, k, recallK, sample, 3, job);
}

void compare(const nlohmann::json& expected, const char* key, double value)
{
    const double wanted = expected[key];
    QVERIFY2(std::abs(value - wanted) <= 1e-5 * std::max(1.0, std::abs(wanted)),
             qPrintable(QStringLiteral("%1: %2, expected %3").arg(QLatin1String(key)).arg(value).arg(wanted)));
}

} // namespace

class TestReduceQuality : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldens()
    {
        NEEDS_GOLDENS;
        const auto layouts = goldenJson("quality/expected.json")["layouts"];
        QVERIFY(layouts.size() > 4);
        for (const auto& [name, e] : layouts.items()) {
            const Matrix x = goldenMatrix(e["x"]), y = goldenMatrix(e["y"]);
            const LayoutQuality five = measure(x, y, 5), q = measure(x, y, 12);
            compare(e, "raw_stress", q.rawStress);
            compare(e, "stress1", q.stress1);
            compare(e, "normalised_stress", q.normalisedStress);
            compare(e, "scale_normalised_stress", q.scaleNormalisedStress);
            compare(e, "trustworthiness_5", five.trustworthiness);
            compare(e, "continuity_5", five.continuity);
            compare(e, "trustworthiness_12", q.trustworthiness);
            compare(e, "continuity_12", q.continuity);
            compare(e, "recall_10", q.recall);
            compare(e, "spearman", q.spearman);
            compare(e, "pearson", q.pearson);
            QCOMPARE(q.n, x.rows());
            QCOMPARE(q.k, 12);
        }
    }

    void theSamePointsArePerfect()
    {
        const Matrix x = Blobs{150, 5, 4, 0.6F, 2}.make();
        const LayoutQuality q = measure(x, x);
        QCOMPARE(q.rawStress, 0.0);
        QCOMPARE(q.trustworthiness, 1.0);
        QCOMPARE(q.continuity, 1.0);
        QCOMPARE(q.recall, 1.0);
        QVERIFY(std::abs(q.spearman - 1) < 1e-12 && std::abs(q.pearson - 1) < 1e-12);
    }

    void scaleAloneIsForgiven()
    {
        const Matrix x = Blobs{80, 3, 4, 0.6F, 2}.make();
        std::vector<float> half = numbersOf(x);
        std::for_each(half.begin(), half.end(), [](float& v) { v /= 2; });
        const LayoutQuality q = measure(x, matrixOf(half, 3));
        QVERIFY(std::abs(q.normalisedStress - 0.5) < 1e-6);
        QVERIFY(q.scaleNormalisedStress < 1e-6);
    }

    void aSampleIsSaidAndFixed()
    {
        const Matrix x = Blobs{700, 8, 6, 1.0F, 2}.make();
        JobContext job;
        const Matrix y = reduce(x, LayoutSpec{"pca", 2, 0, {}}, job).points;
        const LayoutQuality all = measure(x, y), part = measure(x, y, 12, 10, 200), again = measure(x, y, 12, 10, 200);
        QCOMPARE(part.n, std::size_t{200});
        QCOMPARE(part.of, std::size_t{700});
        QCOMPARE(part.spearman, again.spearman);
        QVERIFY(std::abs(part.stress1 - all.stress1) < 0.05);
    }

    void manyPairsAreRankedTheSameWay()
    {
        // More pairs than are sorted in one piece, and a layout that keeps the order of all distances.
        const Matrix x = Blobs{1500, 1, 50, 1.0F, 2}.make();
        std::vector<float> larger = numbersOf(x);
        std::for_each(larger.begin(), larger.end(), [](float& v) { v *= 4; });
        QVERIFY(std::abs(measure(x, matrixOf(larger, 1)).spearman - 1) < 1e-12);
    }

    void duplicatesAndConstants()
    {
        const Matrix equal = matrixOf(std::vector<float>(60, 1.0F), 3), x = Blobs{20, 3, 2}.make();
        for (const auto& [a, b] : {std::pair(equal, equal), std::pair(equal, x), std::pair(x, equal)}) {
            const LayoutQuality q = measure(a, b);
            for (const double value : {q.stress1, q.normalisedStress, q.scaleNormalisedStress, q.trustworthiness,
                                       q.continuity, q.recall, q.spearman, q.pearson}) {
                QVERIFY(std::isfinite(value));
            }
        }
    }

    void fewRows()
    {
        for (const std::size_t n : {0, 1, 2, 3, 4}) {
            const Matrix x = Blobs{n, 3, 2}.make();
            const LayoutQuality q = measure(x, x);
            QCOMPARE(q.n, n);
            QVERIFY(std::isfinite(q.trustworthiness) && std::isfinite(q.spearman));
        }
    }

    void brokenRowsAreLeftOut()
    {
        std::vector<float> values = numbersOf(Blobs{40, 3, 4}.make());
        values[5] = std::numeric_limits<float>::quiet_NaN();
        const LayoutQuality q = measure(matrixOf(values, 3), Blobs{40, 2, 4}.make());
        QCOMPARE(q.n, std::size_t{39});
        QCOMPARE(q.of, std::size_t{40});
    }

    void refusals()
    {
        QVERIFY(errorOf([] { measure(Blobs{10, 2, 2}.make(), Blobs{9, 2, 2}.make()); }).code() == Code::Mismatch);
        QVERIFY(errorOf([] { measure(Blobs{10, 2, 2}.make(), Blobs{10, 2, 2}.make(), 0); }).code() == Code::Misuse);
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        const Matrix x = Blobs{50, 2, 2}.make();
        QVERIFY(errorOf([&] { layoutQuality(x, x, 5, 5, 100, 0, job); }).code() == Code::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestReduceQuality)
#include "TestReduceQuality.moc"
