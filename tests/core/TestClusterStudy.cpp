#include "ReduceFixtures.h"
#include "core/cluster/ClusterStudy.h"
#include "core/cluster/ComparisonText.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using namespace semascope::core;

namespace {

Clustering clusteringOf(const std::vector<std::int32_t>& names, int k, std::vector<std::uint32_t> rows = {})
{
    Clustering c;
    c.assignment = names;
    c.inputRow = std::move(rows);
    if (c.inputRow.empty()) {
        c.inputRow.resize(names.size());
        std::iota(c.inputRow.begin(), c.inputRow.end(), 0U);
    }
    c.sizes.assign(static_cast<std::size_t>(k), 0);
    for (const std::int32_t name : names) {
        ++c.sizes[static_cast<std::size_t>(name)];
    }
    return c;
}

std::vector<std::int32_t> randomNames(std::size_t n, int k, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<std::int32_t> names(n);
    std::generate(names.begin(), names.end(), [&] { return static_cast<std::int32_t>(random() % unsigned(k)); });
    return names;
}

/// log₂ of the determinant, by elimination.
double logDet(std::vector<double> a, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += std::log2(a[i * n + i]);
        for (std::size_t r = i + 1; r < n; ++r) {
            const double factor = a[r * n + i] / a[i * n + i];
            for (std::size_t j = i; j < n; ++j) {
                a[r * n + j] -= factor * a[i * n + j];
            }
        }
    }
    return sum;
}

/// The formula as it is written, always by the d×d matrix.
double bitsByHand(const Matrix& x, const Clustering& c, double epsilon)
{
    const std::size_t d = x.cols();
    double bits = 0;
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
        const auto m = static_cast<double>(c.sizes[g]);
        std::vector<double> mean(d, 0.0), a(d * d, 0.0);
        for (std::size_t r = 0; r < c.assignment.size(); ++r) {
            for (std::size_t j = 0; static_cast<std::size_t>(c.assignment[r]) == g && j < d; ++j) {
                mean[j] += x.at(c.inputRow[r], j) / m;
            }
        }
        for (std::size_t r = 0; r < c.assignment.size(); ++r) {
            for (std::size_t e = 0; static_cast<std::size_t>(c.assignment[r]) == g && e < d * d; ++e) {
                const std::size_t i = e / d, j = e % d;
                a[e] += (x.at(c.inputRow[r], i) - mean[i]) * (x.at(c.inputRow[r], j) - mean[j]) * double(d) /
                        (epsilon * epsilon * m);
            }
        }
        for (std::size_t i = 0; i < d; ++i) {
            a[i * d + i] += 1;
        }
        if (m > 0) {
            const double middle = std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0);
            bits += (m + double(d)) / 2 * logDet(a, d) + double(d) / 2 * std::log2(1 + middle / (epsilon * epsilon)) +
                    m * std::log2(double(c.assignment.size()) / m);
        }
    }
    return bits;
}

/// Adjusted Rand index by looking at every pair.
double ariByPairs(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b)
{
    double both = 0, inA = 0, inB = 0, pairs = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            both += a[i] == a[j] && b[i] == b[j] ? 1 : 0;
            inA += a[i] == a[j] ? 1 : 0;
            inB += b[i] == b[j] ? 1 : 0;
            ++pairs;
        }
    }
    const double chance = inA * inB / pairs;
    return (both - chance) / ((inA + inB) / 2 - chance);
}

int sharedUnder(const std::vector<int>& names, const Clustering& a, const Clustering& b)
{
    int shared = 0;
    for (std::size_t i = 0; i < b.assignment.size(); ++i) {
        shared += names[static_cast<std::size_t>(b.assignment[i])] == a.assignment[i] ? 1 : 0;
    }
    return shared;
}

std::vector<std::int64_t> blobNames(const Blobs& blobs)
{
    std::vector<std::int64_t> names;
    for (std::size_t i = 0; i < blobs.n; ++i) {
        names.push_back(static_cast<std::int64_t>(i % blobs.k));
    }
    return names;
}

ComparisonSpec twoMethods(int k)
{
    ComparisonSpec spec;
    spec.methods = {{"kmeans", k, 0, {{"n_init", "1"}}}, {"spherical-kmeans", k, 0, {}}};
    spec.cosine = false;
    return spec;
}

} // namespace

class TestClusterStudy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void codingLengthIsTheFormula()
    {
        JobContext job;
        for (const std::size_t d : {1, 3, 40}) { // 40: clusters of fewer rows than numbers
            const Blobs blobs{60, d, 3, 1.0F, 5};
            const Matrix x = blobs.make();
            Clustering c = clusteringOf(randomNames(60, 4, 7), 4);
            c.sizes.push_back(0); // an empty cluster costs nothing
            for (const double epsilon : {0.1, 1.0, 30.0}) {
                const double expected = bitsByHand(x, c, epsilon);
                QVERIFY(std::abs(codingLength(x, c, epsilon, job) - expected) < 1e-8 * expected);
            }
        }
    }

    void codingLengthOfLoneRows()
    {
        JobContext job;
        const Matrix x = matrixOf({3, 4, 0, 0, -1, 2}, 2);
        const Clustering c = clusteringOf({0, 1, 2}, 3);
        const double epsilon = 0.5;
        double expected = 3 * std::log2(3.0);
        for (std::size_t i = 0; i < 3; ++i) {
            expected += std::log2(1 + (std::pow(x.at(i, 0), 2) + std::pow(x.at(i, 1), 2)) / (epsilon * epsilon));
        }
        QVERIFY(std::abs(codingLength(x, c, epsilon, job) - expected) < 1e-9);
        QCOMPARE(errorOf([&] { codingLength(x, c, 0, job); }).code(), Code::Misuse);
        QCOMPARE(errorOf([&] { codingLength(matrixOf({1, 2}, 2), c, 1, job); }).code(), Code::Mismatch);
    }

    void matchingIsTheBestOfAll()
    {
        for (unsigned seed = 0; seed < 8; ++seed) {
            const Clustering a = clusteringOf(randomNames(80, 5, seed), 5);
            const Clustering b = clusteringOf(randomNames(80, 5, seed + 100), 5);
            const std::vector<int> found = matchClusters(a, b);
            std::vector<int> names{0, 1, 2, 3, 4};
            int best = 0;
            do {
                best = std::max(best, sharedUnder(names, a, b));
            } while (std::next_permutation(names.begin(), names.end()));
            QCOMPARE(sharedUnder(found, a, b), best);
            QCOMPARE(std::set<int>(found.begin(), found.end()).size(), std::size_t{5});
        }
    }

    void matchingOfMoreAndOfFewer()
    {
        const Clustering a = clusteringOf({0, 0, 0, 1, 1, 1}, 2), b = clusteringOf({2, 2, 1, 0, 0, 3}, 4);
        const std::vector<int> names = matchClusters(a, b);
        QCOMPARE(names[2], 0);
        QCOMPARE(names[0], 1);
        QCOMPARE((std::set<int>{names[1], names[3]}), (std::set<int>{2, 3}));
        QCOMPARE(matchClusters(b, a), (std::vector<int>{2, 0}));
        // rows are found by where they stood in the input
        const Clustering c = clusteringOf({0, 1}, 2, {5, 0});
        QCOMPARE(matchClusters(a, c), (std::vector<int>{1, 0}));
        // nothing in common: still names that are free
        QCOMPARE(matchClusters(a, clusteringOf({0, 1, 2}, 3, {7, 8, 9})), (std::vector<int>{0, 1, 2}));
    }

    void contingencyCounts()
    {
        const std::vector<std::int64_t> labels{0, 1, 1, -1, 2, 1};
        const Clustering c = clusteringOf({0, 0, 1, 1, 1}, 2, {0, 1, 2, 3, 5});
        QCOMPARE(contingency(labels, 3, c), (std::vector<std::uint32_t>{1, 0, 1, 2, 0, 0}));
        QCOMPARE(errorOf([&] { contingency({0, 1}, 2, c); }).code(), Code::Mismatch);
        QCOMPARE(errorOf([&] { contingency(labels, 2, clusteringOf({0}, 1, {4})); }).code(), Code::Mismatch);
    }

    void stabilityIsTheMeanOverPairs()
    {
        std::vector<std::shared_ptr<const Clustering>> runs;
        for (unsigned seed = 0; seed < 3; ++seed) {
            runs.push_back(std::make_shared<Clustering>(clusteringOf(randomNames(50, 3, seed), 3)));
        }
        double sum = 0;
        for (const auto& [i, j] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
            sum += ariByPairs(runs[std::size_t(i)]->assignment, runs[std::size_t(j)]->assignment);
        }
        QVERIFY(std::abs(*stability(runs) - sum / 3) < 1e-12);
        QVERIFY(!stability({runs[0]}).has_value());
        QVERIFY(!stability({}).has_value());
        runs.push_back(std::make_shared<Clustering>(clusteringOf({0, 1}, 2)));
        QCOMPARE(errorOf([&] { (void)stability(runs); }).code(), Code::Mismatch);
    }

    void comparesMethods()
    {
        const Blobs blobs{150, 6, 3, 0.4F, 2};
        const Matrix x = blobs.make();
        std::vector<std::int64_t> labels = blobNames(blobs);
        labels[0] = labels[1] = -1;
        JobContext job;
        std::size_t published = 0;
        job.onPartial = [&](const std::shared_ptr<const void>& p) {
            published = std::static_pointer_cast<const ClusterComparison>(p)->done;
        };
        std::set<std::string> stages;
        job.onProgress = [&](const Progress& p) { stages.insert(p.stage); };
        const ClusterComparison found = compareMethods(x, labels, twoMethods(3), job);
        QCOMPARE(published, std::size_t{6});
        QVERIFY(std::any_of(stages.begin(), stages.end(),
                            [](const std::string& s) { return s.starts_with("k-means, seed 1 (3 of 6): "); }));
        QCOMPARE(found.n, std::size_t{150});
        QCOMPARE(found.labelled, std::size_t{148});
        QCOMPARE(found.silhouetteRows, std::size_t{150});
        for (const ComparedMethod& m : found.methods) {
            QCOMPARE(m.runs.size(), std::size_t{3});
            QVERIFY(m.problem.empty());
            QVERIFY(*m.stability > 0 && m.seconds >= 0);
            double mean = 0;
            for (std::size_t i = 0; i < 3; ++i) {
                const std::vector<std::int64_t> names(m.runs[i]->assignment.begin(), m.runs[i]->assignment.end());
                const double expected = silhouette(x, names, false, 0, 0, job).mean;
                QVERIFY(std::abs(m.silhouettes[i] - expected) < 1e-6);
                QVERIFY(m.silhouettes[m.best] >= m.silhouettes[i]);
                mean += *m.scores[i].ari / 3;
            }
            QVERIFY(std::abs(*m.meanScores.ari - mean) < 1e-12);
            QVERIFY(m.sdScores.ari.has_value() && m.sdSilhouette.has_value());
        }
    }

    void aMethodThatFailsKeepsItsSentence()
    {
        const Blobs blobs{40, 3, 2, 0.2F, 3};
        JobContext job;
        ComparisonSpec spec = twoMethods(2);
        spec.methods.push_back({"kmeans", 41, 0, {}});
        spec.methods.push_back({"nosuch", 2, 0, {}});
        const ClusterComparison found = compareMethods(blobs.make(), {}, spec, job);
        QCOMPARE(found.done, found.total);
        QCOMPARE(found.methods[0].runs.size(), std::size_t{3});
        QVERIFY(found.methods[2].problem.find("41 clusters") != std::string::npos);
        QVERIFY(found.methods[3].problem.find("nosuch") != std::string::npos && found.methods[3].runs.empty());
        QVERIFY(!found.methods[0].meanScores.ami.has_value() && found.methods[0].scores.empty());
        spec.methods.clear();
        QCOMPARE(errorOf([&] { compareMethods(blobs.make(), {}, spec, job); }).code(), Code::Misuse);
        QCOMPARE(errorOf([&] { compareMethods(blobs.make(), {1, 2}, twoMethods(2), job); }).code(), Code::Mismatch);
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(errorOf([&] { compareMethods(blobs.make(), {}, twoMethods(2), stopped); }).code(), Code::Cancelled);
    }

    /// Networks publish frames of their own while they train: receivers of a study must not see them.
    void receiversSeeTheStudyOnly()
    {
        const Blobs blobs{80, 4, 2, 0.3F, 4};
        const std::map<std::string, std::string> small{{"hidden", "8-8"}, {"epochs", "3"}, {"device", "cpu"}};
        ComparisonSpec spec;
        spec.methods = {{"ae-kmeans", 2, 0, small}, {"dec", 2, 0, small}};
        spec.seeds = {0, 1};
        JobContext job;
        int partials = 0;
        job.onPartial = [&](const std::shared_ptr<const void>&) { ++partials; };
        const ClusterComparison found = compareMethods(blobs.make(), blobNames(blobs), spec, job);
        QCOMPARE(partials, 4);
        for (const ComparedMethod& m : found.methods) {
            QVERIFY2(m.problem.empty(), m.problem.c_str());
            QCOMPARE(m.runs.size(), std::size_t{2});
            QVERIFY(m.runs[0]->frames.size() <= 1 && m.runs[0]->model != nullptr);
        }
        partials = 0;
        QCOMPARE(sweepK(blobs.make(), {"dec", 2, 0, small}, {2, 3}, 1, job).points.size(), std::size_t{2});
        QCOMPARE(partials, 2);
    }

    void sweepFindsTheNumberOfBlobs()
    {
        const Blobs blobs{300, 5, 4, 0.25F, 9};
        JobContext job;
        std::size_t published = 0;
        job.onPartial = [&](const std::shared_ptr<const void>& p) {
            published = std::static_pointer_cast<const KSweep>(p)->points.size();
        };
        const KSweep sweep = sweepK(blobs.make(), {"kmeans", 0, 3, {}}, {6, 2, 3, 4, 5, 4, 1}, 3, job);
        QCOMPARE(published, std::size_t{6});
        QCOMPARE(sweep.points.front().k, 1);
        QVERIFY(!sweep.points.front().silhouette.has_value());
        QCOMPARE(sweep.bySilhouette, 4);
        QCOMPARE(sweep.byCodingLength, 4);
        QVERIFY(*sweep.points[3].stability > 0.999);
        QVERIFY(sweep.points[3].inertia < sweep.points[2].inertia);
        QVERIFY(sweep.epsilon > 0 && !sweep.cosine);
    }

    void unitRowsAreComparedByCosine()
    {
        const Blobs blobs{120, 6, 3, 0.5F, 9};
        JobContext job;
        QVERIFY(!hasUnitRows(blobs.make()));
        const Matrix x = normaliseRows(blobs.make());
        QVERIFY(hasUnitRows(x));
        QVERIFY(sweepK(x, {"kmeans", 0, 0, {}}, {2, 3}, 1, job).cosine);
        QVERIFY(sweepK(blobs.make(), {"spherical-kmeans", 0, 0, {}}, {2, 3}, 1, job).cosine);
    }

    void degenerateInput_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<bool>("same");
        QTest::newRow("none") << 0 << 3 << false;
        QTest::newRow("one row") << 1 << 3 << false;
        QTest::newRow("two rows") << 2 << 3 << false;
        QTest::newRow("one column") << 20 << 1 << false;
        QTest::newRow("duplicates") << 20 << 4 << true;
    }
    void degenerateInput()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(bool, same);
        std::vector<float> values;
        for (int i = 0; i < rows * columns; ++i) {
            values.push_back(same ? 1.0F : static_cast<float>((i * 7) % 11));
        }
        const Matrix x = Matrix::from(values, std::size_t(rows), std::size_t(columns));
        JobContext job;
        const ClusterComparison found = compareMethods(x, {}, twoMethods(2), job);
        for (const ComparedMethod& m : found.methods) {
            QVERIFY(m.runs.empty() != m.problem.empty());
            QVERIFY(m.problem.empty() || m.problem.ends_with("."));
            QVERIFY(!m.silhouette || std::isfinite(*m.silhouette));
        }
        const KSweep sweep = sweepK(x, {"kmeans", 0, 0, {}}, {1, 2, 3}, 2, job);
        for (const KSweepPoint& p : sweep.points) {
            QVERIFY(p.problem.empty() || p.problem.ends_with("."));
            QVERIFY(!p.codingLength || std::isfinite(*p.codingLength));
            QVERIFY(!p.silhouette || std::isfinite(*p.silhouette));
        }
        QVERIFY(!comparisonCsv(found).empty() && !comparisonLatex(found).empty() && !kSweepCsv(sweep).empty());
    }

    void rowsThatCannotBeMeasured()
    {
        const Blobs blobs{60, 4, 2, 0.2F, 8};
        std::vector<float> values = numbersOf(blobs.make());
        values[5] = std::numeric_limits<float>::quiet_NaN();
        values[41] = std::numeric_limits<float>::infinity();
        std::fill_n(values.begin() + 80, 4, 0.0F);
        const Matrix x = matrixOf(values, 4);
        JobContext job;
        const ClusterComparison found = compareMethods(x, blobNames(blobs), twoMethods(2), job);
        QCOMPARE(found.silhouetteRows, std::size_t{58});
        QCOMPARE(found.methods[0].runs[0]->inputRow.size(), std::size_t{58});
        QCOMPARE(found.methods[1].runs[0]->inputRow.size(), std::size_t{57});
        QVERIFY(*found.methods[1].silhouette > 0.5);
        QVERIFY(*sweepK(x, {"kmeans", 0, 0, {}}, {2}, 2, job).points[0].codingLength > 0);
        const Matrix none = matrixOf({NAN, 1, 2, NAN}, 2);
        QVERIFY(compareMethods(none, {}, twoMethods(2), job).methods[0].runs.empty());
    }

    void texts()
    {
        const Blobs blobs{60, 4, 3, 0.2F, 8};
        JobContext job;
        ComparisonSpec spec = twoMethods(3);
        spec.labelName = "kind_of \"thing\", 100 %";
        spec.methods.push_back({"kmeans", 3, 0, {{"n_init", "2"}}});
        spec.methods.push_back({"kmeans", 70, 0, {}});
        spec.methods.back().k = 3;
        spec.methods.back().options["tol"] = "nonsense";
        const ClusterComparison found = compareMethods(blobs.make(), blobNames(blobs), spec, job);
        QCOMPARE(comparedTitles(found), (std::vector<std::string>{"k-means (n_init = 1)", "spherical k-means",
                                                                  "k-means (n_init = 2)", "k-means (tol = nonsense)"}));
        const std::string csv = comparisonCsv(found);
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 5);
        QVERIFY(csv.find("\"kind_of \"\"thing\"\", 100 %\"") != std::string::npos);
        QVERIFY(csv.find(",clustered,60,") != std::string::npos);
        const std::string latex = comparisonLatex(found);
        for (const char* part : {"\\toprule", "\\midrule", "\\bottomrule", "kind\\_of", "100 \\%", "k = 3",
                                 "3 seeds (0--2)", "60 rows clustered", "\\pm", "n\\_init = 1"}) {
            QVERIFY2(latex.find(part) != std::string::npos, part);
        }
        QCOMPARE(std::count(latex.begin(), latex.end(), '{'), std::count(latex.begin(), latex.end(), '}'));
        QCOMPARE(seedWords({4}), std::string("4"));
        QCOMPARE(seedWords({0, 1}), std::string("0, 1"));
        QCOMPARE(seedWords({3, 9, 1}), std::string("3, 9, 1"));
        QVERIFY(comparisonWords(found).find("none is held out") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestClusterStudy)
#include "TestClusterStudy.moc"
