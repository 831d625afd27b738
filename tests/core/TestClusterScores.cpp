#include "ReduceFixtures.h"
#include "core/cluster/Clustering.h"

#include <chrono>
#include <numeric>

using namespace semascope::core;
using Labels = std::vector<std::int64_t>;

namespace {

Labels randomLabels(std::size_t n, int k, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> uniform(0, k - 1);
    Labels labels(n);
    std::generate(labels.begin(), labels.end(), [&] { return uniform(random); });
    return labels;
}

/// Best matching of k names to k names by trying every permutation.
double bestByTrying(const Labels& a, const Labels& b, int k)
{
    std::vector<int> names(static_cast<std::size_t>(k));
    std::iota(names.begin(), names.end(), 0);
    int best = 0;
    do {
        int right = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            right += names[static_cast<std::size_t>(b[i])] == a[i] ? 1 : 0;
        }
        best = std::max(best, right);
    } while (std::next_permutation(names.begin(), names.end()));
    return best / static_cast<double>(a.size());
}

} // namespace

class TestClusterScores : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldens()
    {
        NEEDS_GOLDENS;
        // Where a score is 0/0 the list of checks leaves it out, and we say so by leaving it empty.
        int compared = 0;
        const auto checks = goldenJson("checks.json");
        for (const auto& check : checks["checks"]) {
            if (check["run"][0] != "metrics") {
                continue;
            }
            const LabelScores s = compareLabelings(goldenLabels(check["run"][2]), goldenLabels(check["run"][4]));
            const auto& expected = check["expect"];
            const std::map<std::string, std::optional<double>> found{
                {"ami", s.ami}, {"ari", s.ari}, {"fmi", s.fmi}, {"nmi", s.nmi}, {"acc", s.acc}};
            for (const auto& [key, value] : found) {
                const std::string where = check["run"][2].get<std::string>() + " " + key;
                QVERIFY2(value.has_value() == expected.contains(key), where.c_str());
                if (value) {
                    QVERIFY2(std::abs(*value - expected[key].get<double>()) <= 1e-9, where.c_str());
                    ++compared;
                }
            }
        }
        QVERIFY(compared > 100);
    }

    void matchingIsTheBest()
    {
        for (unsigned seed = 1; seed <= 20; ++seed) {
            const Labels a = randomLabels(60, 5, seed), b = randomLabels(60, 5, seed + 100);
            QCOMPARE(*compareLabelings(a, b).acc, bestByTrying(a, b, 5));
        }
    }

    void namesAndSidesDoNotMatter()
    {
        const Labels a = randomLabels(200, 4, 1), b = randomLabels(200, 7, 2);
        Labels renamed;
        for (const std::int64_t name : a) {
            renamed.push_back(name == 2 ? std::numeric_limits<std::int64_t>::min() : name * 1000000007);
        }
        const LabelScores s = compareLabelings(a, b), t = compareLabelings(renamed, b), u = compareLabelings(b, a);
        QCOMPARE(*s.ami, *t.ami);
        QCOMPARE(*s.acc, *t.acc);
        QVERIFY(std::abs(*s.ami - *u.ami) < 1e-12);
        QVERIFY(std::abs(*s.ari - *u.ari) < 1e-12);
        QCOMPARE(*s.acc, *u.acc);
    }

    void independentLabelingsScoreNothing()
    {
        const LabelScores s = compareLabelings(randomLabels(20000, 10, 1), randomLabels(20000, 10, 2));
        QVERIFY(std::abs(*s.ami) < 0.002);
        QVERIFY(std::abs(*s.ari) < 0.002);
    }

    void manyNamesTakeNoTime()
    {
        const auto start = std::chrono::steady_clock::now();
        Labels alone(300000);
        std::iota(alone.begin(), alone.end(), std::int64_t{-5});
        const Labels groups = randomLabels(alone.size(), 1000, 3);
        QCOMPARE(*compareLabelings(alone, alone).ami, 1.0);
        const LabelScores s = compareLabelings(groups, alone);
        QVERIFY(std::abs(*s.ami) < 1e-6);
        QCOMPARE(*s.acc, 1000 / 300000.0);
        QVERIFY(!s.fmi);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }

    void edges()
    {
        const LabelScores none = compareLabelings({}, {});
        QVERIFY(!none.ami && !none.ari && !none.fmi && !none.nmi && !none.acc);
        QVERIFY(errorOf([] { compareLabelings({1, 2}, {1}); }).code() == Code::Mismatch);
        const LabelScores constant = compareLabelings({1, 1, 1}, {1, 2, 3});
        QCOMPARE(*constant.ami, 0.0);
        QCOMPARE(*constant.nmi, 0.0);
        QCOMPARE(*constant.ari, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestClusterScores)
#include "TestClusterScores.moc"
