#include "ReduceFixtures.h"
#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/cluster/AutoEncoder_p.h"
#include "core/cluster/StudentT.h"
#include "core/cluster/StudentT_p.h"
#include "core/job/Parallel.h"

#include <numeric>

using namespace semascope::core;

namespace {

Matrix randomMatrix(std::size_t n, std::size_t d, unsigned seed, float size = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n * d);
    std::generate(values.begin(), values.end(), [&] { return size * normal(random); });
    return Matrix::from(std::move(values), n, d);
}

double worst(const Matrix& a, const Matrix& b)
{
    double miss = a.rows() == b.rows() && a.cols() == b.cols() ? 0 : 1e30;
    for (std::size_t i = 0; miss < 1e30 && i < a.rows() * a.cols(); ++i) {
        miss = std::max(miss, std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i])));
    }
    return miss;
}

std::vector<std::uint32_t> firstRows(std::size_t count)
{
    std::vector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

/// A small problem: data, targets and start of a network.
struct Problem
{
    AutoEncoderLayout layout{{6, 12, 8, 3}, 4};
    Matrix x = randomMatrix(20, 6, 3);
    Matrix p;
    std::vector<float> start;

    Problem()
    {
        start = initialParameters(layout, 0, 5);
        const Matrix mu = randomMatrix(4, 3, 9, 0.5F);
        std::copy_n(mu.data(), 12, start.begin() + static_cast<std::ptrdiff_t>(layout.centroids));
        p = targetDistribution(softAssignments(randomMatrix(20, 3, 4), mu));
    }
    Matrix centroids(const std::vector<float>& parameters) const
    {
        return Matrix::from({parameters.end() - 12, parameters.end()}, 4, 3);
    }
    /// reconstruction·MSE + clustering·KL a row, from the formulas.
    double loss(const std::vector<float>& parameters, double reconstruction, double clustering) const
    {
        const std::vector<float> code = denseForward(parameters.data(), layout.encoder, x.data(), 20);
        const std::vector<float> back = denseForward(parameters.data(), layout.decoder, code.data(), 20);
        double error = 0;
        for (std::size_t i = 0; i < back.size(); ++i) {
            error += std::pow(static_cast<double>(back[i]) - static_cast<double>(x.data()[i]), 2) / 120;
        }
        const Matrix q = softAssignments(Matrix::from(code, 20, 3), centroids(parameters));
        return reconstruction * error + clustering * kullbackLeibler(p, q) / 20;
    }
    void prepare(AutoEncoder& network, const Optimiser& optimiser) const
    {
        network.setData(x);
        network.setTargets(p);
        network.setParameters(start);
        network.startOptimiser(optimiser);
    }
};

} // namespace

class TestDeepEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void studentGoldens()
    {
        NEEDS_GOLDENS;
        const Matrix z = goldenMatrix("dec/z.npy"), mu = goldenMatrix("dec/mu.npy");
        const Matrix q = softAssignments(z, mu), p = targetDistribution(q);
        QVERIFY(worst(q, goldenMatrix("dec/q_alpha1.npy")) < 1e-6);
        QVERIFY(worst(p, goldenMatrix("dec/p_alpha1.npy")) < 1e-6);
        const StudentTGradients gradients = studentTGradients(z, mu, p);
        QVERIFY(worst(gradients.code, goldenMatrix("dec/grad_z_alpha1.npy")) < 1e-5);
        QVERIFY(worst(gradients.centroid, goldenMatrix("dec/grad_mu_alpha1.npy")) < 1e-5);
        const double kl = goldenJson("dec/expected.json").at("alpha1").at("kl_sum").get<double>();
        QVERIFY(std::abs(kullbackLeibler(p, q) - kl) < 1e-5 * std::max(1.0, kl));
    }

    void studentProperties()
    {
        const Matrix z = randomMatrix(50, 5, 1), mu = randomMatrix(7, 5, 2);
        const Matrix q = softAssignments(z, mu), p = targetDistribution(q);
        for (std::size_t i = 0; i < 50; ++i) {
            QVERIFY(std::abs(std::accumulate(q.row(i), q.row(i) + 7, 0.0) - 1) < 1e-6);
            QVERIFY(std::abs(std::accumulate(p.row(i), p.row(i) + 7, 0.0) - 1) < 1e-6);
        }
        QVERIFY(kullbackLeibler(p, q) > 0);
        QCOMPARE(kullbackLeibler(q, q), 0.0);
        QVERIFY(errorOf([&] { softAssignments(z, randomMatrix(7, 4, 2)); }).code() == Code::Mismatch);
    }

    void batchGradientIsTheOneOfTheFormulas_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("c");
        QTest::newRow("one") << 1 << 1 << 2;
        QTest::newRow("odd") << 77 << 7 << 11;
        QTest::newRow("many") << 256 << 40 << 40;
    }
    void batchGradientIsTheOneOfTheFormulas()
    {
        QFETCH(int, n);
        QFETCH(int, k);
        QFETCH(int, c);
        const auto count = static_cast<std::size_t>(n), clusters = static_cast<std::size_t>(k),
                   width = static_cast<std::size_t>(c);
        const Matrix z = randomMatrix(count, width, 1), mu = randomMatrix(clusters, width, 2);
        const Matrix p = targetDistribution(softAssignments(randomMatrix(count, width, 3), mu));
        const std::vector<std::uint32_t> rows = firstRows(count);
        std::vector<float> code(count * width, 0.0F), centroid(clusters * width, 2.0F);
        addStudentTGradients({z.data(), p.data(), rows.data(), count, mu.data(), clusters, width, 0.5, 0.25F,
                              code.data(), centroid.data()});
        const StudentTGradients expected = studentTGradients(z, mu, p);
        for (std::size_t i = 0; i < code.size(); ++i) {
            QVERIFY(std::abs(code[i] - 0.5F * expected.code.data()[i]) < 1e-5F);
        }
        for (std::size_t i = 0; i < centroid.size(); ++i) {
            const float wanted = 0.5F + 0.5F * expected.centroid.data()[i];
            QVERIFY(std::abs(centroid[i] - wanted) < 1e-4F * std::max(1.0F, std::abs(wanted)));
        }
    }

    void stepFollowsTheGradient_data()
    {
        QTest::addColumn<double>("reconstruction");
        QTest::addColumn<double>("clustering");
        QTest::newRow("pre-training") << 1.0 << 0.0;
        QTest::newRow("dec") << 0.0 << 1.0;
        QTest::newRow("idec") << 1.0 << 0.3;
    }
    void stepFollowsTheGradient()
    {
        QFETCH(double, reconstruction);
        QFETCH(double, clustering);
        const Problem problem;
        const auto network = makeCpuAutoEncoder(problem.layout);
        problem.prepare(*network, {Optimiser::Kind::Sgd, 0});
        const std::vector<std::uint32_t> rows = firstRows(20);
        network->step({rows.data(), 20, reconstruction, clustering, 1.0});
        const std::vector<float> after = network->parameters();
        constexpr float kStep = 2e-3F;
        std::size_t checked = 0, off = 0;
        for (std::size_t i = 0; i < after.size(); ++i) {
            std::vector<float> moved = problem.start;
            moved[i] = problem.start[i] + kStep;
            const double up = problem.loss(moved, reconstruction, clustering);
            moved[i] = problem.start[i] - kStep;
            const double slope = (up - problem.loss(moved, reconstruction, clustering)) / (2 * kStep);
            const double taken = static_cast<double>(problem.start[i]) - static_cast<double>(after[i]);
            ++checked;
            off += std::abs(taken - slope) > 2e-4 + 0.02 * std::abs(slope); // a ReLU may have its corner in between
        }
        QVERIFY2(off <= checked / 100, qPrintable(QStringLiteral("%1 of %2 are off").arg(off).arg(checked)));
    }

    void bothEnginesAgree_data()
    {
        QTest::addColumn<bool>("adam");
        QTest::addColumn<double>("reconstruction");
        QTest::addColumn<double>("clustering");
        for (const bool adam : {false, true}) {
            const QByteArray name = adam ? "adam" : "sgd";
            QTest::newRow((name + " pre-training").constData()) << adam << 1.0 << 0.0;
            QTest::newRow((name + " dec").constData()) << adam << 0.0 << 1.0;
            QTest::newRow((name + " idec").constData()) << adam << 1.0 << 0.1;
        }
    }
    void bothEnginesAgree()
    {
        QFETCH(bool, adam);
        QFETCH(double, reconstruction);
        QFETCH(double, clustering);
        const Problem problem;
        const auto plain = makeCpuAutoEncoder(problem.layout);
        const auto torch = makeTorchAutoEncoder(problem.layout, Device{});
        const std::vector<std::uint32_t> rows{3, 1, 4, 1, 5, 9, 2, 6, 19};
        std::vector<double> errors;
        for (AutoEncoder* network : {plain.get(), torch.get()}) {
            problem.prepare(*network, {adam ? Optimiser::Kind::Adam : Optimiser::Kind::Sgd, 0.9});
            for (int i = 0; i < 12; ++i) {
                network->step({rows.data(), rows.size() - static_cast<std::size_t>(i % 3), reconstruction, clustering,
                               adam ? 1e-3 : 0.05});
            }
            errors.push_back(network->takeSquaredError());
            QCOMPARE(network->takeSquaredError(), 0.0);
        }
        QVERIFY(std::abs(errors[0] - errors[1]) <= 1e-4 * errors[0]);
        const std::vector<float> a = plain->parameters(), b = torch->parameters();
        double miss = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            miss = std::max(miss, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
        }
        QVERIFY2(miss < 1e-5, qPrintable(QString::number(miss)));
        QVERIFY(a != problem.start);
        JobContext job;
        QVERIFY(worst(plain->codes(job), torch->codes(job)) < 1e-5);
    }

    void dropOutKeepsTheMean()
    {
        std::vector<float> values(100000, 1.0F);
        dense::dropOut(values.data(), values.size(), 0.2, 7);
        const auto zeros = static_cast<double>(std::count(values.begin(), values.end(), 0.0F));
        QVERIFY(std::abs(zeros / 100000 - 0.2) < 0.01);
        QVERIFY(std::abs(std::accumulate(values.begin(), values.end(), 0.0) / 100000 - 1) < 0.02);
        std::vector<float> again(100000, 1.0F);
        setThreadCount(1);
        dense::dropOut(again.data(), again.size(), 0.2, 7);
        QCOMPARE(again, values);
    }

    void notFiniteIsSeen()
    {
        std::vector<float> values(37, 1e30F);
        QVERIFY(dense::allFinite(values.data(), values.size()));
        for (const std::size_t at : {std::size_t{0}, std::size_t{20}, std::size_t{36}}) {
            std::vector<float> bad = values;
            bad[at] = at == 20 ? -INFINITY : NAN;
            QVERIFY(!dense::allFinite(bad.data(), bad.size()));
        }
    }

    void layoutIsContiguous()
    {
        const AutoEncoderLayout layout({6, 12, 8, 3}, 4);
        QCOMPARE(layout.inputDim(), std::size_t{6});
        QCOMPARE(layout.codeDim(), std::size_t{3});
        QCOMPARE(layout.decoder.front().in, std::size_t{3});
        QCOMPARE(layout.decoder.back().out, std::size_t{6});
        QVERIFY(!layout.encoder.back().relu && !layout.decoder.back().relu && layout.encoder.front().relu);
        QCOMPARE(layout.encoderBegin, layout.decoder.back().bias + 6);
        QCOMPARE(layout.centroids, layout.encoder.back().bias + 3);
        QCOMPARE(layout.total, layout.centroids + 12);
    }
};

QTEST_GUILESS_MAIN(TestDeepEngine)
#include "TestDeepEngine.moc"
