#include "LatentFixtures.h"
#include "core/latent/FlowAdam_p.h"
#include "core/latent/IinLoss_p.h"
#include "core/latent/IinTraining.h"

#include <limits>

using namespace semascope::core;
using namespace latent_test;

namespace {

Flow goldenFlow()
{
    const auto sizes = goldenJson("flow/expected.json")["layout"]["sizes"];
    Flow flow(FlowShape{sizes["D"], sizes["blocks"], sizes["depth"], sizes["hidden"]});
    for (const FlowTensor& t : flowTensors(flow)) {
        const auto values = goldenNumbers("flow/weights/" + t.name + ".npy");
        std::copy(values.begin(), values.end(), flow.values.begin() + static_cast<std::ptrdiff_t>(t.at));
    }
    for (std::size_t b = 0; b < flow.shape.blocks; ++b) {
        const auto order = goldenNumbers("flow/weights/" + std::to_string(b) + ".shuffle.npy");
        flow.order.emplace_back(order.begin(), order.end());
    }
    return flow;
}

/// Loss of a pair batch at given parameters, for checking gradients by differences.
double pairLossAt(const Flow& flow, const Matrix& x, const std::vector<FactorBlock>& blocks,
                  const std::vector<std::uint8_t>& shared)
{
    std::vector<float> rows = numbers(x);
    std::vector<double> logDet(x.rows());
    flowForward(flow, {.rows = rows.data(), .n = x.rows(), .logDet = logDet.data()});
    return pairLoss({rows.data(), logDet.data(), x.rows(), x.cols(), nullptr}, blocks, shared, .9);
}

} // namespace

class TestFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenLayers()
    {
        NEEDS_SHARED("goldens/algorithms/flow");
        const Flow flow = goldenFlow();
        const Matrix x = goldenMatrix("flow/x.npy");
        std::vector<float> rows = numbers(x);
        std::vector<double> logDet(x.rows());
        std::vector<std::vector<float>> states;
        flowForward(flow, {.rows = rows.data(), .n = x.rows(), .logDet = logDet.data(), .states = &states});
        std::size_t at = 0;
        for (std::size_t b = 0; b < flow.shape.blocks; ++b) {
            for (const char* layer : {"actnorm", "coupling", "shuffle"}) {
                const auto expected = goldenNumbers("flow/after_" + std::to_string(b) + "_" + layer + ".npy");
                QVERIFY2(worst(states.at(at++), expected) < 1e-4, layer);
            }
        }
        QVERIFY(worst(rows, goldenNumbers("flow/y.npy")) < 1e-4);
        const auto expected = goldenNumbers("flow/logdet.npy");
        QVERIFY(worst(std::vector<float>(logDet.begin(), logDet.end()), expected) < 1e-4);
        const double nll = goldenJson("flow/expected.json")["nll_unsupervised"];
        const FlowOutput out{rows.data(), logDet.data(), x.rows(), x.cols(), nullptr};
        QVERIFY(std::abs(likelihoodLoss(out) - nll) < 1e-4 * nll);
        flowInverse(flow, rows.data(), x.rows());
        QVERIFY(worst(rows, numbers(x)) < 1e-4);
    }

    void goldenPairLoss()
    {
        NEEDS_SHARED("goldens/algorithms/flow");
        const auto expected = goldenJson("flow/expected.json")["pair_loss"];
        std::vector<FactorBlock> blocks;
        std::size_t offset = 0;
        for (const std::size_t size : expected["parts"]) {
            blocks.push_back({"part", offset, size});
            offset += size;
        }
        std::vector<float> rows = numbers(goldenMatrix("flow/pair_a.npy"));
        const auto b = numbers(goldenMatrix("flow/pair_b.npy"));
        rows.insert(rows.end(), b.begin(), b.end());
        std::vector<double> logDet = goldenNumbers("flow/pair_logdet_a.npy");
        const auto second = goldenNumbers("flow/pair_logdet_b.npy");
        logDet.insert(logDet.end(), second.begin(), second.end());
        std::vector<std::uint8_t> shared;
        for (const double factor : goldenNumbers("flow/pair_factor.npy")) {
            for (std::size_t k = 0; k < blocks.size(); ++k) {
                shared.push_back(static_cast<double>(k) == factor ? 1 : 0);
            }
        }
        for (const auto& [rho, loss] : expected["by_rho"].items()) {
            const FlowOutput out{rows.data(), logDet.data(), logDet.size(), offset, nullptr};
            const double found = pairLoss(out, blocks, shared, std::stod(rho));
            QVERIFY2(std::abs(found - loss.get<double>()) < 1e-5 * std::abs(loss.get<double>()), rho.c_str());
        }
    }

    void goldenActNormAndSizes()
    {
        NEEDS_SHARED("goldens/algorithms/flow");
        const auto expected = goldenJson("flow/expected.json");
        const Matrix batch = goldenMatrix("flow/actnorm_batch.npy");
        Flow flow = makeFlow({batch.cols(), 1, 1, 4}, 1);
        initActNorm(flow, batch.data(), batch.rows());
        const float* loc = flow.values.data() + flow.layout.blocks[0].loc;
        const float* scale = flow.values.data() + flow.layout.blocks[0].scale;
        const auto& init = expected["actnorm_init"];
        QVERIFY(worst({loc, loc + batch.cols()}, init["loc"].get<std::vector<double>>()) < 1e-5);
        QVERIFY(worst({scale, scale + batch.cols()}, init["scale"].get<std::vector<double>>()) < 1e-5);

        const auto& sizes = expected["factor_sizes"];
        const FactorSizes found =
            factorSizes({{goldenMatrix("flow/factor0_a.npy"), goldenMatrix("flow/factor0_b.npy")},
                         {goldenMatrix("flow/factor1_a.npy"), goldenMatrix("flow/factor1_b.npy")}});
        QCOMPARE(found.sizes, sizes["dims"].get<std::vector<std::size_t>>());
        for (std::size_t k = 0; k < found.scores.size(); ++k) {
            QVERIFY(std::abs(found.scores[k] - sizes["scores"][k].get<double>()) < 1e-6);
        }
    }

    void inverseAndVolumeAtAnyWidth_data()
    {
        QTest::addColumn<int>("dim");
        QTest::newRow("two") << 2;
        QTest::newRow("odd") << 5;
        QTest::newRow("even") << 8;
    }
    void inverseAndVolumeAtAnyWidth()
    {
        QFETCH(int, dim);
        const auto d = static_cast<std::size_t>(dim);
        Flow flow = makeFlow({d, 3, 1, 16}, 7);
        const Matrix x = randomMatrix(20, d, 3);
        initActNorm(flow, x.data(), x.rows());
        std::vector<float> rows = numbers(x);
        std::vector<double> logDet(x.rows());
        flowForward(flow, {.rows = rows.data(), .n = x.rows(), .logDet = logDet.data()});
        const std::vector<float> out = rows;

        // One row at a time is the same map, by other code.
        const FlowRows single(flow);
        std::vector<float> one(x.row(4), x.row(4) + d);
        single.forward(one.data());
        QVERIFY(worst(one, std::vector<float>(out.begin() + 4 * dim, out.begin() + 5 * dim)) < 1e-5);
        single.inverse(one.data());
        QVERIFY(worst(one, std::vector<float>(x.row(4), x.row(4) + d)) < 1e-5);

        flowInverse(flow, rows.data(), x.rows());
        QVERIFY(worst(rows, numbers(x)) < 1e-5);

        // The determinant of the Jacobian by differences.
        const float step = 5e-3F;
        std::vector<double> jacobian(d * d);
        for (std::size_t j = 0; j < d; ++j) {
            std::vector<float> up(x.row(4), x.row(4) + d), down = up;
            up[j] += step;
            down[j] -= step;
            single.forward(up.data());
            single.forward(down.data());
            for (std::size_t i = 0; i < d; ++i) {
                jacobian[i * d + j] = static_cast<double>(up[i] - down[i]) / static_cast<double>(2 * step);
            }
        }
        QVERIFY(std::abs(logAbsDeterminant(jacobian, d) - logDet[4]) < .02);
    }

    void gradientsAreRight()
    {
        const std::size_t dim = 5;
        Flow flow = makeFlow({dim, 2, 1, 6}, 11);
        const Matrix x = randomMatrix(12, dim, 5);
        initActNorm(flow, x.data(), x.rows());
        const std::vector<FactorBlock> blocks{{"a", 0, 2}, {"rest", 2, 3}};
        const std::vector<std::uint8_t> shared{1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0};
        std::vector<float> rows = numbers(x), byRows(rows.size()), gradient(flow.values.size());
        std::vector<double> logDet(x.rows());
        FlowTape tape;
        flowForward(flow, {.rows = rows.data(), .n = x.rows(), .logDet = logDet.data(), .tape = &tape});
        pairLoss({rows.data(), logDet.data(), x.rows(), dim, byRows.data()}, blocks, shared, .9);
        flowBackward(flow, tape, {byRows.data(), x.rows(), -1.0 / 6, &gradient});
        // All together: single differences may step over a kink of the activation.
        double error = 0, size = 0;
        for (std::size_t i = 0; i < flow.values.size(); i += 2) {
            const float before = flow.values[i], step = 1e-3F;
            flow.values[i] = before + step;
            const double up = pairLossAt(flow, x, blocks, shared);
            flow.values[i] = before - step;
            const double slope = (up - pairLossAt(flow, x, blocks, shared)) / (2 * static_cast<double>(step));
            flow.values[i] = before;
            error += std::pow(slope - static_cast<double>(gradient[i]), 2);
            size += slope * slope;
        }
        QVERIFY2(std::sqrt(error / size) < .01, qPrintable(QString::number(std::sqrt(error / size))));
    }

    void aStepNeedsNumbers()
    {
        Flow flow = makeFlow({4, 1, 1, 4}, 1);
        const std::vector<float> before = flow.values;
        std::vector<float> gradient(flow.values.size(), std::numeric_limits<float>::quiet_NaN());
        QVERIFY(!FlowAdam(flow).step(flow, gradient, .1, 0));
        QCOMPARE(flow.values, before);
    }

private:
    /// By elimination with pivots.
    static double logAbsDeterminant(std::vector<double> m, std::size_t n)
    {
        double sum = 0;
        for (std::size_t c = 0; c < n; ++c) {
            std::size_t pivot = c;
            for (std::size_t r = c; r < n; ++r) {
                pivot = std::abs(m[r * n + c]) > std::abs(m[pivot * n + c]) ? r : pivot;
            }
            for (std::size_t k = 0; k < n; ++k) {
                std::swap(m[c * n + k], m[pivot * n + k]);
            }
            sum += std::log(std::abs(m[c * n + c]));
            for (std::size_t r = c + 1; r < n; ++r) {
                const double factor = m[r * n + c] / m[c * n + c];
                for (std::size_t k = c; k < n; ++k) {
                    m[r * n + k] -= factor * m[c * n + k];
                }
            }
        }
        return sum;
    }
};

QTEST_GUILESS_MAIN(TestFlow)
#include "TestFlow.moc"
