#include "LatentFixtures.h"
#include "core/job/JobContext.h"
#include "core/latent/Disentanglement.h"

using namespace semascope::core;
using namespace latent_test;

namespace {

FactorTable goldenTable(const std::string& set)
{
    FactorTable table;
    table.latents = goldenMatrix("disentangle/" + set + ".npy");
    const Array a = readNpy(golden("disentangle/factors.npy"));
    const auto values = goldenNumbers("disentangle/factors.npy");
    for (std::size_t k = 0; k < a.shape.at(1); ++k) {
        table.factors.emplace_back();
        for (std::size_t i = 0; i < a.shape.at(0); ++i) {
            table.factors.back().push_back(static_cast<std::int32_t>(values[i * a.shape.at(1) + k]));
        }
    }
    return table;
}

LatentFactorTable tableOf(const nlohmann::json& rows)
{
    LatentFactorTable t{rows.size(), rows[0].size(), {}};
    for (const auto& row : rows) {
        for (const double v : row) {
            t.values.push_back(v);
        }
    }
    return t;
}

double worstOf(const std::vector<double>& a, const std::vector<double>& b)
{
    double most = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        most = std::max(most, std::abs(a[i] - b[i]));
    }
    return most;
}

#define WITHIN(found, expected, tolerance)                                                                             \
    QVERIFY2(std::abs((found) - (expected)) <= (tolerance),                                                            \
             qPrintable(QStringLiteral("%1 where %2 was expected").arg(found).arg(expected)))

/// Two factors (3 and 4 values) and latents that hold them, one each, and a column of noise.
FactorTable known(std::size_t n, bool mixed)
{
    FactorTable t;
    t.factors.resize(2);
    const Matrix noise = randomMatrix(n, 3, 4);
    std::vector<float> rows;
    for (std::size_t i = 0; i < n; ++i) {
        t.factors[0].push_back(static_cast<int>(i % 3));
        t.factors[1].push_back(static_cast<int>(i / 3 % 4));
        const float a = static_cast<float>(t.factors[0].back()) + .05F * noise.at(i, 0);
        const float b = static_cast<float>(t.factors[1].back()) + .05F * noise.at(i, 1);
        rows.insert(rows.end(), {mixed ? a + b : a, mixed ? a - b : b, noise.at(i, 2)});
    }
    t.latents = Matrix::from(std::move(rows), n, 3);
    return t;
}

} // namespace

class TestDisentanglement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldens_data()
    {
        QTest::addColumn<QString>("set");
        for (const char* set : {"aligned", "mixed", "duplicated", "noise"}) {
            QTest::newRow(set) << QString::fromLatin1(set);
        }
    }
    void goldens()
    {
        NEEDS_SHARED("goldens/algorithms/disentangle");
        QFETCH(QString, set);
        const auto e = goldenJson("disentangle/expected.json")["sets"][set.toStdString()];
        const FactorTable table = goldenTable(set.toStdString());
        JobContext job;
        const LatentFactorTable information = mutualInformation(table);
        QVERIFY(worstOf(information.values, tableOf(e["mutual_information"]).values) < 1e-6);
        const auto entropies = factorEntropies(table);
        QVERIFY(worstOf(entropies, e["factor_entropy"].get<std::vector<double>>()) < 1e-6);
        const GapScore gap = mutualInformationGap(information, entropies);
        WITHIN(gap.score, e["mig"].get<double>(), 1e-6);
        QVERIFY(worstOf(gap.perFactor, e["mig_per_factor"].get<std::vector<double>>()) < 1e-6);
        WITHIN(modularity(information), e["modularity"].get<double>(), 1e-6);
        WITHIN(gaussianTotalCorrelation(table.latents), e["gaussian_total_correlation"].get<double>(), 1e-4);

        WITHIN(separatedAttributePredictability(tableOf(e["sap_scores"])), e["sap"].get<double>(), 1e-6);
        const LatentFactorTable sap = separatedScores(table, job);
        QVERIFY(worstOf(sap.values, tableOf(e["sap_scores"]).values) < .03);
        WITHIN(separatedAttributePredictability(sap), e["sap"].get<double>(), .03);

        WITHIN(disentanglementOf(tableOf(e["dci_importance"])), e["dci_d"].get<double>(), 1e-6);
        WITHIN(completenessOf(tableOf(e["dci_importance"])), e["dci_c"].get<double>(), 1e-6);
        const DciScore found = dci(table, {40, 3, .1}, job);
        WITHIN(found.disentanglement, e["dci_d"].get<double>(), .05);
        WITHIN(found.completeness, e["dci_c"].get<double>(), .05);
        WITHIN(found.informativeness, e["dci_i"].get<double>(), .05);
        qInfo("%s: dci %.4f %.4f %.4f where %.4f %.4f %.4f, sap %.4f where %.4f", qPrintable(set),
              found.disentanglement, found.completeness, found.informativeness, e["dci_d"].get<double>(),
              e["dci_c"].get<double>(), e["dci_i"].get<double>(), separatedAttributePredictability(sap),
              e["sap"].get<double>());
    }

    void goldenImportances()
    {
        NEEDS_SHARED("goldens/algorithms/disentangle");
        for (const auto& e : goldenJson("disentangle/expected.json")["dci_from_importance"]) {
            WITHIN(disentanglementOf(tableOf(e["importance"])), e["d"].get<double>(), 1e-6);
            WITHIN(completenessOf(tableOf(e["importance"])), e["c"].get<double>(), 1e-6);
        }
    }

    void aPerfectTable()
    {
        JobContext job;
        const FactorTable table = known(600, false);
        const DisentanglementScores s = disentanglement(table, {400, 200, 32, 1}, job);
        QVERIFY(s.mig > .9 && s.modularity > .6 && s.explicitness > .99);
        QVERIFY(s.dci.disentanglement > .99 && s.dci.completeness > .99 && s.dci.informativeness > .99);
        QCOMPARE(s.factorVae, 1.0);
        QVERIFY(s.betaVae > .99);
        QVERIFY(s.totalCorrelation < .05);
        QVERIFY(s.sap > .1);
    }

    void aMixedTable()
    {
        JobContext job;
        const FactorTable table = known(600, true);
        const DisentanglementScores s = disentanglement(table, {400, 200, 32, 1}, job);
        QVERIFY(s.mig < .3 && s.dci.disentanglement < .5);
        QVERIFY(s.explicitness > .8); // everything is still in there
    }

    void oddTables()
    {
        JobContext job;
        FactorTable table = known(60, false);
        table.latents = Matrix::from(std::vector<float>(180, 1.0F), 60, 3); // all latents constant
        QCOMPARE(mutualInformationGap(mutualInformation(table), factorEntropies(table)).score, 0.0);
        QCOMPARE(modularity(mutualInformation(table)), 0.0);
        QCOMPARE(factorVaeScore(table, {10, 10, 4, 1}, job), 0.0);
        QVERIFY(std::isinf(gaussianTotalCorrelation(table.latents)));
        QCOMPARE(dci(table, {5, 2, .1}, job).disentanglement, 0.0);
        table.factors[0].back() = -1;
        QVERIFY(!failure([&] { mutualInformation(table); }).empty());
        table.factors[0].pop_back();
        QVERIFY(!failure([&] { factorEntropies(table); }).empty());
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(failure([&] { dci(known(60, false), {}, stopped); }), std::string("Cancelled."));
    }
};

QTEST_GUILESS_MAIN(TestDisentanglement)
#include "TestDisentanglement.moc"
