#include "LatentFixtures.h"
#include "core/latent/VaeLosses.h"

using namespace semascope::core;
using namespace latent_test;

namespace {

LossRows rowsOf(const std::string& name)
{
    const Array a = readNpy(golden("vae/" + name + ".npy"));
    return {goldenNumbers("vae/" + name + ".npy"), a.shape.at(0), a.shape.at(1)};
}

LossRows random(std::size_t n, std::size_t width, unsigned seed)
{
    const Matrix m = randomMatrix(n, width, seed);
    return {{m.data(), m.data() + n * width}, n, width};
}

#define CLOSE(found, expected) QVERIFY2(near(found, expected), qPrintable(QString::number(found, 'g', 15)))

bool near(double found, double expected)
{
    return std::abs(found - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
}

} // namespace

class TestVaeLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenTerms()
    {
        NEEDS_SHARED("goldens/algorithms/vae");
        const auto e = goldenJson("vae/expected.json");
        const LossRows mu = rowsOf("mu"), lv = rowsOf("logvar"), logits = rowsOf("logits"), x = rowsOf("x"),
                       y = rowsOf("y");
        const double kl = loss::kl(mu, lv), bernoulli = loss::bernoulli(logits, x);
        CLOSE(kl, e["kl"].get<double>());
        CLOSE(bernoulli, e["bernoulli"].get<double>());
        CLOSE(loss::squaredError(y, x), e["mse_sum"].get<double>());
        CLOSE(loss::absoluteError(y, x), e["l1_sum"].get<double>());
        CLOSE(loss::gaussian(y, x), e["gaussian_nll_unit_variance"].get<double>());
        CLOSE(-bernoulli - kl, e["elbo_bernoulli"].get<double>());
        CLOSE(bernoulli + 4 * kl, e["beta_vae_beta4"].get<double>());
        CLOSE(bernoulli + loss::annealed(kl, 10, 2), e["annealed_gamma10_C2"].get<double>());
        const auto perLatent = loss::klPerLatent(mu, lv);
        for (std::size_t l = 0; l < perLatent.size(); ++l) {
            CLOSE(perLatent[l], e["kl_per_latent"][l].get<double>());
        }
        CLOSE(loss::dip({mu, lv, false, 10, 100}), e["dip"]["dip_i_od10_d100"].get<double>());
        CLOSE(loss::dip({mu, lv, true, 10, 10}), e["dip"]["dip_ii_od10_d10"].get<double>());
        CLOSE(loss::factorTerm(rowsOf("discriminator_logits")), e["factor"]["tc"].get<double>());
    }

    void goldenDecomposition()
    {
        NEEDS_SHARED("goldens/algorithms/vae");
        const auto e = goldenJson("vae/expected.json")["tcvae"];
        const LossRows mu = rowsOf("mu"), lv = rowsOf("logvar"), z = rowsOf("z");
        const double n = e["data_set_size_N"];
        const auto compare = [&](loss::Estimator estimator, const nlohmann::json& expected) {
            const auto d = loss::decompose({z, mu, lv, n, estimator});
            CLOSE(d.information, expected["mi"].get<double>());
            CLOSE(d.correlation, expected["tc"].get<double>());
            CLOSE(d.dimensionwise, expected["dwkl"].get<double>());
            for (std::size_t i = 0; i < d.logQ.size(); ++i) {
                CLOSE(d.logQ[i], expected["log_qz"][i].get<double>());
                CLOSE(d.logProductQ[i], expected["log_prod_qz"][i].get<double>());
            }
        };
        compare(loss::Estimator::Weighted, e["minibatch_weighted"]);
        compare(loss::Estimator::Stratified, e["minibatch_stratified"]);
        const auto weights = loss::stratifiedWeights(mu.n, n).values;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            CLOSE(weights[i], e["minibatch_stratified"]["weights_row_major"][i].get<double>());
        }
        const auto plain = loss::decompose({z, mu, lv, n, loss::Estimator::Plain});
        CLOSE(plain.correlation, e["tc_without_constants"].get<double>());
    }

    void whatMustHold()
    {
        const LossRows zero{std::vector<double>(12), 4, 3};
        CLOSE(loss::kl(zero, zero), 0.0);
        CLOSE(loss::bernoulli(zero, zero), 3 * std::log(2.0));
        const LossRows large{{800, -800}, 1, 2}, right{{1, 0}, 1, 2}, wrong{{0, 1}, 1, 2};
        CLOSE(loss::bernoulli(large, right), 0.0);
        CLOSE(loss::bernoulli(large, wrong), 1600.0);
        const LossRows mu = random(6, 3, 1), lv = random(6, 3, 2), z = random(6, 3, 3);
        // The three parts are those of one KL estimate, whatever the weights: log q(z|x) − log p(z).
        double given = 0;
        for (std::size_t i = 0; i < z.values.size(); ++i) {
            const double d = z.values[i] - mu.values[i];
            given += (-.5 * (lv.values[i] + d * d * std::exp(-lv.values[i])) + .5 * z.values[i] * z.values[i]) / 6;
        }
        for (const auto estimator : {loss::Estimator::Weighted, loss::Estimator::Stratified, loss::Estimator::Plain}) {
            const auto d = loss::decompose({z, mu, lv, 50, estimator});
            CLOSE(d.information + d.correlation + d.dimensionwise, given);
        }
        const LossRows weights = loss::stratifiedWeights(6, 50);
        for (std::size_t i = 0; i < 6; ++i) {
            double sum = 0;
            for (std::size_t j = 0; j < 6; ++j) {
                sum += weights.at(i, j);
            }
            CLOSE(sum, 1.0);
        }
        QVERIFY(!failure([&] { loss::kl(mu, zero); }).empty());
        QVERIFY(!failure([&] { loss::stratifiedWeights(1, 50); }).empty());
        QVERIFY(!failure([&] { loss::factorTerm(mu); }).empty());
    }
};

QTEST_GUILESS_MAIN(TestVaeLosses)
#include "TestVaeLosses.moc"
