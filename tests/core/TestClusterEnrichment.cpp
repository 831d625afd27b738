#include "Shared.h"
#include "core/cluster/ClusterEdits.h"
#include "core/cluster/ClusterNames.h"
#include "core/cluster/Statistics_p.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <random>

using namespace semascope::core;

namespace {

double choose(int n, int k)
{
    double value = 1;
    for (int i = 0; i < k; ++i) {
        value *= static_cast<double>(n - i) / (i + 1);
    }
    return k < 0 || k > n ? 0 : value;
}

/// Two-sided Fisher by going through all tables.
double fisherByHand(int a, int b, int c, int d)
{
    const auto at = [&](int x) { return choose(a + b, x) * choose(c + d, a + c - x) / choose(a + b + c + d, a + c); };
    double sum = 0;
    for (int x = 0; x <= a + c; ++x) {
        sum += at(x) <= at(a) * (1 + 1e-7) ? at(x) : 0;
    }
    return std::min(1.0, sum);
}

double fisher(std::size_t a, std::size_t b, std::size_t c, std::size_t d)
{
    return std::exp(logFisherExact({a, b, c, d}));
}

/// Two tails of Student's t by Simpson's rule over the angle: t = √ν·tan φ.
double studentByHand(double t, double freedom)
{
    constexpr int kSteps = 20000;
    const double from = std::atan(std::abs(t) / std::sqrt(freedom)), to = std::acos(-1.0) / 2;
    const auto density = [&](double phi) { return std::pow(std::cos(phi), freedom - 1); };
    const auto integral = [&](double low) {
        double sum = density(low) + density(to);
        for (int i = 1; i < kSteps; ++i) {
            sum += (i % 2 == 1 ? 4 : 2) * density(low + (to - low) * i / kSteps);
        }
        return sum * (to - low) / kSteps / 3;
    };
    return integral(from) / integral(0);
}

Moments momentsOf(const std::vector<double>& v)
{
    Moments m;
    for (const double x : v) {
        m.mean += x / static_cast<double>(v.size());
    }
    for (const double x : v) {
        m.squares += (x - m.mean) * (x - m.mean);
    }
    m.count = v.size();
    return m;
}

Clustering clusteringOf(const std::vector<std::int32_t>& assignment, std::size_t k)
{
    Clustering c;
    c.assignment = assignment;
    c.sizes.assign(k, 0);
    for (std::size_t r = 0; r < assignment.size(); ++r) {
        c.inputRow.push_back(static_cast<std::uint32_t>(r));
        ++c.sizes[static_cast<std::size_t>(assignment[r])];
    }
    return c;
}

std::vector<std::uint32_t> upTo(std::size_t n)
{
    std::vector<std::uint32_t> rows(n);
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

std::string sentenceOf(const std::function<void()>& body, Code code)
{
    try {
        body();
    } catch (const Error& e) {
        return e.code() == code ? e.what() : "another code: " + std::string(e.what());
    }
    return "nothing was thrown";
}

} // namespace

#define REFUSES(code, body)                                                                                            \
    do {                                                                                                               \
        const std::string sentence = sentenceOf([&] { body; }, code);                                                  \
        QVERIFY2(sentence.size() > 20 && (sentence.back() == '.'), sentence.c_str());                                  \
    } while (false)

class TestClusterEnrichment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fisherIsExact()
    {
        for (int a = 0; a <= 7; ++a) {
            for (int b = 0; b <= 6; ++b) {
                for (int c = 0; c <= 8; c += 2) {
                    for (int d = 1; d <= 9; d += 4) {
                        const auto at = [](int v) { return static_cast<std::size_t>(v); };
                        const double mine = fisher(at(a), at(b), at(c), at(d)), right = fisherByHand(a, b, c, d);
                        QVERIFY2(std::abs(mine - right) < 1e-9 * right,
                                 qPrintable(QStringLiteral("%1 %2 %3 %4: %5").arg(a).arg(b).arg(c).arg(d).arg(mine)));
                    }
                }
            }
        }
        // symmetric: rows and columns may change places
        QVERIFY(std::abs(fisher(40, 160, 300, 9500) / fisher(300, 9500, 40, 160) - 1) < 1e-7);
        QVERIFY(std::abs(fisher(40, 160, 300, 9500) / fisher(40, 300, 160, 9500) - 1) < 1e-7);
        // far beyond what a double holds, and fast
        const double log = logFisherExact({100000, 0, 0, 900000});
        QVERIFY(std::isfinite(log) && log < -300000);
        QCOMPARE(logFisherExact({50000, 50000, 450000, 450000}), 0.0);
    }

    void welchIsRight()
    {
        const std::vector<double> a{3.1, 2.7, 4.4, 3.9, 5.2, 2.2}, b{1.0, 1.9, 0.4, 2.5, 1.1, 1.6, 0.2, 2.0, 1.4};
        const Moments ma = momentsOf(a), mb = momentsOf(b);
        const double va = ma.squares / 5 / 6, vb = mb.squares / 8 / 9, t = (ma.mean - mb.mean) / std::sqrt(va + vb);
        const double freedom = (va + vb) * (va + vb) / (va * va / 5 + vb * vb / 8);
        QVERIFY(std::abs(std::exp(logWelch(ma, mb)) / studentByHand(t, freedom) - 1) < 1e-7);
        for (const double nu : {1.5, 4.0, 30.0, 400.0}) {
            for (const double x : {0.01, 0.6, 1.7, 4.0}) {
                const double whole = nu + x * x;
                const double mine = std::exp(logIncompleteBeta(nu / 2, 0.5, nu / whole, x * x / whole));
                QVERIFY2(std::abs(mine / studentByHand(x, nu) - 1) < 2e-4, qPrintable(QString::number(mine)));
            }
        }
        QCOMPARE(logWelch(ma, ma), 0.0);
        QVERIFY(std::isinf(logWelch({1, 0, 5}, {2, 0, 5})));
        QVERIFY(logWelch({0, 1e6, 1000000}, {1, 1e6, 1000000}) < -10000);
    }

    void enrichmentOfCategories()
    {
        Attribute colour{"colour", {}, {}, {"red", "green", "blue"}};
        std::vector<std::int32_t> assignment;
        for (int i = 0; i < 90; ++i) { // cluster 0 is red but for two, the others mixed; three unknown
            assignment.push_back(i / 30);
            colour.categories.push_back(i < 28 ? 0 : i % 3);
        }
        colour.categories[40] = -1;
        const auto list = clusterEnrichment({colour}, upTo(90), clusteringOf(assignment, 3), 5);
        QCOMPARE(list.size(), std::size_t(3));
        const Enrichment& first = list[0].at(0);
        QCOMPARE(first.value, std::string("red"));
        std::size_t inside = 0, outside = 0;
        for (std::size_t i = 0; i < 90; ++i) {
            (i < 30 ? inside : outside) += colour.categories[i] == 0 ? 1 : 0;
        }
        QCOMPARE(first.inside, inside);
        QCOMPARE(first.insideOf, std::size_t(30));
        QCOMPARE(first.outside, outside);
        QCOMPARE(first.outsideOf, std::size_t(59));
        const double in = static_cast<double>(inside), out = static_cast<double>(outside);
        QVERIFY(std::abs(first.logOdds - std::log((in + .5) / (30.5 - in) / ((out + .5) / (59.5 - out)))) < 1e-12);
        const double p = fisherByHand(static_cast<int>(inside), 30 - static_cast<int>(inside),
                                      static_cast<int>(outside), 59 - static_cast<int>(outside));
        QVERIFY(std::abs(first.pValue / (p * 9) - 1) < 1e-7); // three values by three clusters
        for (const auto& cluster : list) {
            for (std::size_t i = 0; i < cluster.size(); ++i) {
                QVERIFY(cluster[i].pValue < 0.05 && (i == 0 || cluster[i - 1].pValue <= cluster[i].pValue));
            }
        }
    }

    void enrichmentOfNumbers()
    {
        std::mt19937 random(3);
        std::normal_distribution<double> normal;
        Attribute age{"age", {}, {}, {}}, mark{"mark", {}, {}, {}}, noise{"noise", {}, {}, {}};
        std::vector<std::int32_t> assignment;
        for (int i = 0; i < 120; ++i) {
            assignment.push_back(i % 2);
            age.numbers.push_back(i == 7 ? std::nan("") : 40 + 20 * (i % 2) + 5 * normal(random));
            mark.numbers.push_back(i % 2 == 1 && i > 11 ? 1 : 0);
            noise.numbers.push_back(normal(random));
        }
        const auto list = clusterEnrichment({age, mark, noise}, upTo(120), clusteringOf(assignment, 2), 9);
        const auto find = [&](std::size_t g, const char* name) {
            const auto found =
                std::find_if(list[g].begin(), list[g].end(), [&](const Enrichment& e) { return e.attribute == name; });
            return found == list[g].end() ? Enrichment() : *found;
        };
        const Enrichment older = find(1, "age"), marked = find(1, "mark");
        QVERIFY(older.value.empty() && older.insideOf == 59 && older.outsideOf == 60);
        QVERIFY(std::abs(older.meanInside - 60) < 2 && std::abs(older.meanOutside - 40) < 2);
        QVERIFY(older.effect > 3 && older.effect < 5 && older.pValue < 1e-30);
        QVERIFY(find(0, "age").effect < -3);
        QCOMPARE(marked.value, std::string("1")); // two values are marks, not measures
        QCOMPARE(marked.inside, std::size_t(54));
        QCOMPARE(find(0, "mark").value, std::string("0"));
        QVERIFY(find(0, "noise").attribute.empty() && find(1, "noise").attribute.empty());
    }

    void identifiersDrownNothing()
    {
        Attribute kind{"kind", {}, {}, {"a", "b"}}, id{"id", {}, {}, {}}, same{"same", {}, {}, {"all"}};
        std::vector<std::int32_t> assignment;
        for (std::int32_t i = 0; i < 60; ++i) {
            assignment.push_back(i % 3);
            kind.categories.push_back(i % 3 == 0 ? 0 : 1);
            id.categories.push_back(i);
            id.labels.push_back(std::to_string(i));
            same.categories.push_back(0);
        }
        const auto list = clusterEnrichment({id, kind, same}, upTo(60), clusteringOf(assignment, 3), 5);
        QCOMPARE(list[0].size(), std::size_t(1));
        QCOMPARE(list[0][0].value, std::string("a"));
        QVERIFY(std::abs(list[0][0].pValue / (3 * fisherByHand(20, 0, 0, 40)) - 1) < 1e-6);
        REFUSES(Code::Mismatch, clusterEnrichment({kind}, upTo(61), clusteringOf(assignment, 3), 5));
        REFUSES(Code::Mismatch,
                clusterEnrichment({kind}, std::vector<std::uint32_t>(60, 99), clusteringOf(assignment, 3), 5));
        QVERIFY(clusterEnrichment({}, upTo(60), clusteringOf(assignment, 3), 5)[2].empty());
    }

    /// Labels by chance: hardly ever is anything called enriched.
    void chanceIsNotEnriched()
    {
        std::mt19937 random(5);
        int found = 0;
        for (int trial = 0; trial < 100; ++trial) {
            Attribute a{"a", {}, {}, {"u", "v", "w", "x"}};
            std::vector<std::int32_t> assignment;
            for (int i = 0; i < 200; ++i) {
                assignment.push_back(static_cast<std::int32_t>(random() % 5));
                a.categories.push_back(static_cast<std::int32_t>(random() % 4));
            }
            for (const auto& list : clusterEnrichment({a}, upTo(200), clusteringOf(assignment, 5), 5)) {
                found += list.empty() ? 0 : 1;
            }
        }
        QVERIFY2(found <= 10, qPrintable(QString::number(found)));
    }

    void outliers()
    {
        const Matrix x = Matrix::from({0, 0, 1, 0, 0, 1, 9, 9, /**/ 50, 50, 51, 50, 70, 50}, 7, 2);
        Clustering c = clusteringFromLabels(x, {0, 0, 0, 0, 1, 1, 1}, false);
        const std::vector<std::vector<std::uint32_t>> worst{{3, 0}, {6, 4}};
        QCOMPARE(clusterOutliers(x, c, 2), worst);
        QCOMPARE(clusterOutliers(x, c, 99)[0].size(), std::size_t(4));
        c.soft = Matrix::from(std::vector<float>(14, 0.5F), 7, 2);
        c.confidence = {.9F, .2F, .8F, .7F, .6F, .9F, .5F};
        const std::vector<std::vector<std::uint32_t>> unsure{{1, 3}, {6, 4}};
        QCOMPARE(clusterOutliers(x, c, 2), unsure);
        REFUSES(Code::Mismatch, clusterOutliers(takeRows(x, {0, 1}), c, 2));
    }
};

QTEST_GUILESS_MAIN(TestClusterEnrichment)
#include "TestClusterEnrichment.moc"
