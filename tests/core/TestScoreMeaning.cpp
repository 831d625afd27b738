#include "ScoreFixtures.h"
#include "Shared.h"
#include "core/clip/Embedder.h"
#include "core/clip/ScoreMeaning.h"

#include <limits>

using namespace semascope::core;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Matrix pick(const Matrix& x, std::vector<std::size_t> rows)
{
    return takeRows(x, rows);
}

} // namespace

/// Percentile, contrast and probability against their definitions.
class TestScoreMeaning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void percentileIsAMeanRank()
    {
        const std::vector<float> values{0.1F, 0.3F, 0.2F, kNan, 0.2F};
        const PercentileScale scale(values);
        QCOMPARE(scale.size(), std::size_t{4});
        QCOMPARE(scale.percentile(0.05), 0.0);
        QCOMPARE(scale.percentile(static_cast<double>(0.1F)), 12.5);
        QCOMPARE(scale.percentile(static_cast<double>(0.2F)), 50.0);
        QCOMPARE(scale.percentile(static_cast<double>(0.3F)), 87.5);
        QCOMPARE(scale.percentile(9.0), 100.0);
        QVERIFY(std::isnan(scale.percentile(std::nan(""))));
        QVERIFY(std::isnan(PercentileScale({kNan}).percentile(1)));
        QVERIFY(std::isnan(PercentileScale().median()));
        QCOMPARE(static_cast<float>(scale.lowest()), 0.1F);
        QCOMPARE(static_cast<float>(scale.median()), 0.2F);
        QCOMPARE(static_cast<float>(scale.highest()), 0.3F);
        const std::vector<float> all = percentiles(values);
        QVERIFY(std::isnan(all[3]));
        QCOMPARE(all[1], 87.5F);
    }

    void percentilesByCounting()
    {
        const Matrix x = randomRows(400, 1, 11);
        std::vector<float> values(x.data(), x.data() + x.rows());
        for (std::size_t i = 0; i < values.size(); i += 3) {
            values[i] = std::round(values[i]); // ties
        }
        const std::vector<float> found = percentiles(values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            double rank = 0;
            for (const float v : values) {
                rank += v < values[i] ? 1.0 : v == values[i] ? 0.5 : 0.0;
            }
            QVERIFY(std::abs(static_cast<double>(found[i]) - 100 * rank / 400) < 1e-4);
        }
    }

    void probabilityIsASoftmax()
    {
        const std::vector<double> p = promptProbabilities(std::vector<double>{0.30, 0.25, 0.10}, 100);
        const double e = std::exp(-5.0), f = std::exp(-20.0);
        QVERIFY(std::abs(p[0] - 1 / (1 + e + f)) < 1e-12);
        QVERIFY(std::abs(p[1] - e / (1 + e + f)) < 1e-12);
        QVERIFY(std::abs(p[0] + p[1] + p[2] - 1) < 1e-12);
        const std::vector<double> steep = promptProbabilities(std::vector<double>{1, -1}, 1e6);
        QCOMPARE(steep[0], 1.0);
        QCOMPARE(steep[1], 0.0);
        QCOMPARE(promptProbabilities(std::vector<double>{0.2}, 100)[0], 1.0);
        QVERIFY(std::isnan(promptProbabilities({0.2, std::nan("")}, 100)[0]));
        QVERIFY(promptProbabilities(std::vector<double>{}, 100).empty());
    }

    void contrastIsADifference()
    {
        QVERIFY((contrast({0.3F, 0.5F}, {0.1F, 0.75F}) == std::vector<float>{0.3F - 0.1F, -0.25F}));
        QCOMPARE(codeOf([] { (void)contrast({1}, {1, 2}); }), Code::Mismatch);
    }

    void samplesTakeTheirFirstRow()
    {
        const std::vector<float> values = valuesOfSamples({0.5F, 0.6F, 0.7F, 0.8F}, {2, 0, 2, 9}, 3);
        QCOMPARE(values.size(), std::size_t{3});
        QCOMPARE(values[0], 0.6F);
        QVERIFY(std::isnan(values[1]));
        QCOMPARE(values[2], 0.5F);
    }

    void tableOfAPromptSet()
    {
        const Matrix rows = randomRows(300, 20, 12), prompts = randomRows(4, 20, 13), others = randomRows(4, 20, 14);
        ScoreSpec spec{prompts, others, 30, true, true};
        JobContext job;
        const ScoreTable table = scoreTable(rows, spec, job);
        const Matrix cosine = cosineScores(rows, prompts), other = cosineScores(rows, others);
        QCOMPARE(table.counted, std::vector<std::size_t>(4, 300));
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            std::vector<double> values;
            for (std::size_t j = 0; j < 4; ++j) {
                QCOMPARE(table.cosine.at(i, j), cosine.at(i, j));
                QVERIFY(std::abs(table.contrast.at(i, j) - (cosine.at(i, j) - other.at(i, j))) < 1e-6F);
                values.push_back(static_cast<double>(cosine.at(i, j)));
            }
            const std::vector<double> shares = promptProbabilities(values, 30);
            for (std::size_t j = 0; j < 4; ++j) {
                QVERIFY(std::abs(static_cast<double>(table.probability.at(i, j)) - shares[j]) < 1e-6);
            }
        }
        spec.opposites = pick(others, {1});
        spec.percentile = spec.probability = false;
        const ScoreTable one = scoreTable(rows, spec, job);
        QVERIFY(one.percentile.empty() && one.probability.empty() && one.counted.empty());
        QVERIFY(std::abs(one.contrast.at(9, 3) - (cosine.at(9, 3) - other.at(9, 1))) < 1e-6F);
    }

    void rowsWithoutDirectionHaveNoScore()
    {
        std::vector<float> values(6 * 3, 1.0F);
        values[0] = kNan;
        std::fill_n(values.begin() + 3, 3, 0.0F);
        const ScoreSpec spec{randomRows(2, 3, 15), {}, 100, true, true};
        JobContext job;
        const ScoreTable table = scoreTable(Matrix::from(values, 6, 3), spec, job);
        for (const std::size_t row : {0, 1}) {
            QVERIFY(std::isnan(table.cosine.at(row, 0)) && std::isnan(table.percentile.at(row, 1)) &&
                    std::isnan(table.probability.at(row, 0)));
        }
        QCOMPARE(table.counted[0], std::size_t{4});
        QCOMPARE(table.percentile.at(5, 0), 50.0F);
    }

    void misuseAndStops()
    {
        const Matrix rows = randomRows(10, 4, 16);
        JobContext job;
        QCOMPARE(codeOf([&] { (void)scoreTable(rows, {}, job); }), Code::Misuse);
        const ScoreSpec three{randomRows(3, 4, 17), randomRows(2, 4, 18)};
        QCOMPARE(codeOf([&] { (void)scoreTable(rows, three, job); }), Code::Misuse);
        const ScoreSpec wide{randomRows(3, 5, 19), {}};
        QCOMPARE(codeOf([&] { (void)scoreTable(rows, wide, job); }), Code::Mismatch);
        std::stop_source source;
        source.request_stop();
        JobContext stopped(source.get_token());
        const ScoreSpec good{randomRows(3, 4, 17), {}};
        QCOMPARE(codeOf([&] { (void)scoreTable(rows, good, stopped); }), Code::Cancelled);
    }

    void sentencesNameTheirNumbers()
    {
        const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
        QVERIFY(has(cosineMeaning(), "0.2 to 0.35"));
        QVERIFY(has(percentileMeaning(1'234'567), "1,234,567"));
        QVERIFY(has(percentileMeaning(624), " 624 "));
        QVERIFY(has(contrastMeaning("a face with glasses", "a face"), "“a face with glasses” minus"));
        QVERIFY(has(probabilityMeaning(10, 100), "softmax of 100 "));
        QVERIFY(has(probabilityMeaning(10, 100), "10 prompts"));
        QVERIFY(has(probabilityMeaning(1, 100), "always 1"));
        QVERIFY(neighbourMeaning(true) != neighbourMeaning(false));
    }
};

QTEST_GUILESS_MAIN(TestScoreMeaning)
#include "TestScoreMeaning.moc"
