#include "LatentFixtures.h"
#include "core/latent/IinTraining.h"
#include "core/latent/Probe.h"

#include <QElapsedTimer>
#include <atomic>
#include <thread>

using namespace semascope::core;
using namespace latent_test;

namespace {

IinSpec quick()
{
    IinSpec spec;
    spec.blocks = 3;
    spec.width = 24;
    spec.depth = 1;
    spec.epochs = 40;
    spec.noise = .1;
    spec.learningRate = 2e-3;
    return spec;
}

IinData twoFactors(const Causes& c)
{
    IinData data;
    data.rows = c.rows;
    data.factors = {{"shape", c.shape, {}, 0}, {"colour", c.colour, {}, 0}};
    return data;
}

} // namespace

class TestIin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void factorsAreSeparated()
    {
        const Causes c = causes(500, 8, 1);
        JobContext job;
        int frames = 0;
        job.onPartial = [&](std::shared_ptr<const void> partial) {
            const auto frame = std::static_pointer_cast<const IinFrame>(partial);
            frames += frame->model && !frame->curve.empty() ? 1 : 0;
        };
        const IinTraining t = trainIin(twoFactors(c), quick(), job);
        QVERIFY(frames > 0);
        QVERIFY(t.curve.front().heldOut > t.model->record().heldOutLoss);
        QCOMPARE(t.heldOutRows.size(), std::size_t{50});
        QVERIFY(t.model->record().inverseError < 1e-4);
        QCOMPARE(t.model->factors().size(), std::size_t{3});
        QCOMPARE(t.model->factors().back().name, std::string("residual"));

        const Matrix factors = t.model->forward(c.rows, job);
        ProbeTableTask task;
        for (const FactorBlock& block : t.model->factors()) {
            task.inputs.push_back(factorColumns(factors, block));
        }
        task.labels = {c.shape, c.colour};
        for (std::size_t i = 0; i < c.rows.rows(); ++i) {
            (i % 4 == 0 ? task.test : task.train).push_back(i);
        }
        const auto table = probeTable(task, job);
        QVERIFY2(table[0][0] > .9, qPrintable(QString::number(table[0][0])));
        QVERIFY2(table[1][1] > .85, qPrintable(QString::number(table[1][1])));
        QVERIFY(table[0][1] < .75 && table[1][0] < .6);
    }

    void sameSeedSameModel()
    {
        const Causes c = causes(120, 5, 2);
        IinSpec spec = quick();
        spec.epochs = 4;
        JobContext job;
        const auto a = trainIin(twoFactors(c), spec, job), b = trainIin(twoFactors(c), spec, job);
        QCOMPARE(numbers(a.model->forward(c.rows, job)), numbers(b.model->forward(c.rows, job)));
        spec.seed = 1;
        const auto other = trainIin(twoFactors(c), spec, job);
        QVERIFY(numbers(a.model->forward(c.rows, job)) != numbers(other.model->forward(c.rows, job)));
    }

    void groupsPairsAndNothing()
    {
        const Causes c = causes(100, 4, 3);
        IinSpec spec = quick();
        spec.epochs = 3;
        JobContext job;
        std::vector<std::vector<std::uint32_t>> groups(2);
        IinFactor pairs{"by pairs", {}, {}, 1};
        for (std::uint32_t i = 0; i + 1 < 100; ++i) {
            groups[static_cast<std::size_t>(c.shape[i])].push_back(i);
            pairs.pairs.emplace_back(i, i + 1);
        }
        IinData data;
        data.rows = c.rows;
        data.factors = {factorFromGroups("lassoed", groups, 100), pairs};
        const IinTraining both = trainIin(data, spec, job);
        QCOMPARE(both.model->factors()[1].size, std::size_t{1});
        data.factors.clear();
        data.deviations = Matrix::from(std::vector<float>(400, .1F), 100, 4);
        const IinTraining alone = trainIin(data, spec, job);
        QCOMPARE(alone.model->factors().size(), std::size_t{1});
        QCOMPARE(alone.reference, 2.0);
    }

    void savedAndOpened()
    {
        const Causes c = causes(100, 5, 4);
        IinSpec spec = quick();
        spec.epochs = 2;
        spec.seed = 123456789012345ULL;
        JobContext job;
        const auto model = trainIin(twoFactors(c), spec, job).model->renamed(1, "hue");
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("iin")).toStdString();
        model->save(path);
        QVERIFY(isIin(path) && !isIin(folder.path().toStdString()));
        const auto back = openIin(path);
        QCOMPARE(back->factors(), model->factors());
        QCOMPARE(back->record().spec, spec);
        QCOMPARE(numbers(back->forward(c.rows, job)), numbers(model->forward(c.rows, job)));
        QVERIFY(!failure([&] { model->renamed(0, "hue"); }).empty());
        QVERIFY(!failure([&] { model->renamed(0, " "); }).empty());
    }

    void damagedFilesAreRefused()
    {
        const Causes c = causes(60, 4, 5);
        IinSpec spec = quick();
        spec.epochs = 1;
        JobContext job;
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        trainIin(twoFactors(c), spec, job).model->save(path);
        const auto rewrite = [&](const std::function<void(nlohmann::json&)>& change) {
            std::ifstream in(path + "/config.json");
            nlohmann::json config = nlohmann::json::parse(in);
            change(config);
            std::ofstream(path + "/changed.json") << config;
            const QTemporaryDir other;
            const QString to = other.path();
            QFile::copy(folder.filePath(QStringLiteral("changed.json")), to + QStringLiteral("/config.json"));
            QFile::copy(folder.filePath(QStringLiteral("model.safetensors")),
                        to + QStringLiteral("/model.safetensors"));
            return failure([&] { openIin(to.toStdString()); });
        };
        QVERIFY(rewrite([](nlohmann::json&) {}).empty());
        QVERIFY(rewrite([](nlohmann::json& j) { j["kind"] = "vae"; }).find("kind") != std::string::npos);
        QVERIFY(!rewrite([](nlohmann::json& j) { j["training"]["width"] = 4096; }).empty());
        QVERIFY(!rewrite([](nlohmann::json& j) { j["dim"] = -3; }).empty());
        QVERIFY(!rewrite([](nlohmann::json& j) { j["factors"][0]["size"] = 77; }).empty());
        QVERIFY(!rewrite([](nlohmann::json& j) { j["factors"][0]["name"] = j["factors"][1]["name"]; }).empty());
    }

    void refusals()
    {
        const Causes c = causes(60, 4, 6);
        JobContext job;
        const auto refused = [&](const std::function<void(IinData&, IinSpec&)>& change) {
            IinData data = twoFactors(c);
            IinSpec spec = quick();
            spec.epochs = 1;
            change(data, spec);
            return failure([&] { trainIin(data, spec, job); });
        };
        QVERIFY(refused([](IinData&, IinSpec&) {}).empty());
        QVERIFY(refused([](IinData& d, IinSpec&) { d.factors[0].labels.pop_back(); }).find("shape") !=
                std::string::npos);
        QVERIFY(!refused([](IinData& d, IinSpec&) { d.factors[0].name = "colour"; }).empty());
        QVERIFY(!refused([](IinData& d, IinSpec&) { d.factors[0].size = 4; }).empty());
        QVERIFY(!refused([](IinData& d, IinSpec&) { d.factors[0] = {"x", {}, {{0, 600}}, 0}; }).empty());
        QVERIFY(!refused([](IinData& d, IinSpec&) { d.rows = randomMatrix(5, 4, 1), d.factors.clear(); }).empty());
        QVERIFY(!refused([](IinData&, IinSpec& s) { s.rho = 1; }).empty());
        QVERIFY(!refused([](IinData&, IinSpec& s) { s.heldOut = .9; }).empty());
        QVERIFY(!failure([] { factorFromGroups("g", {{1, 2}}, 9); }).empty());
        QVERIFY(!failure([] { factorFromGroups("g", {{1, 2}, {2, 3}}, 9); }).empty());
        const auto model = trainIin(twoFactors(c), quick(), job).model;
        QVERIFY(!failure([&] { model->forward(randomMatrix(3, 5, 1), job); }).empty());
    }

    void divergenceGoesBack()
    {
        const Causes c = causes(80, 4, 7);
        IinSpec spec = quick();
        spec.learningRate = 1; // far too much
        spec.epochs = 12;
        JobContext job;
        try {
            const IinTraining t = trainIin(twoFactors(c), spec, job);
            const auto factors = numbers(t.model->forward(c.rows, job));
            QVERIFY(std::all_of(factors.begin(), factors.end(), [](float v) { return std::isfinite(v); }));
        } catch (const Error& e) {
            QCOMPARE(e.code(), Code::ModelFailed);
        }
    }

    void cancelled()
    {
        const Causes c = causes(200, 6, 8);
        std::stop_source stop;
        JobContext job(stop.get_token());
        job.onProgress = [&](const Progress&) { stop.request_stop(); };
        IinSpec spec = quick();
        spec.epochs = 100000;
        spec.patience = 0;
        QCOMPARE(failure([&] { trainIin(twoFactors(c), spec, job); }), std::string("Cancelled."));
    }

    void oneRowIsQuickFromManyThreads()
    {
        const std::size_t dim = 32;
        const Matrix x = randomMatrix(64, dim, 9);
        IinData data;
        data.rows = x;
        IinSpec spec;
        spec.epochs = 1;
        JobContext job;
        const auto model = trainIin(data, spec, job).model;
        std::vector<double> times;
        for (std::size_t i = 0; i < 60; ++i) {
            std::vector<float> row(x.row(i), x.row(i) + dim);
            QElapsedTimer timer;
            timer.start();
            model->forward(row.data());
            model->inverse(row.data());
            times.push_back(static_cast<double>(timer.nsecsElapsed()) * 1e-6 / 2);
            QVERIFY(worst(row, std::vector<float>(x.row(i), x.row(i) + dim)) < 1e-4);
        }
        std::sort(times.begin(), times.end());
        qInfo("one row, dim 32, 6 blocks of width 128: median %.3f ms", times[30]);
        QVERIFY2(times[30] < 5, "a slider would stutter");

        const Matrix all = model->forward(x, job);
        std::atomic<int> wrong = 0;
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (std::size_t i = 0; i < x.rows(); ++i) {
                    std::vector<float> row(x.row(i), x.row(i) + dim);
                    model->forward(row.data());
                    wrong += worst(row, std::vector<float>(all.row(i), all.row(i) + dim)) < 1e-4 ? 0 : 1;
                }
            });
        }
        threads.clear();
        QCOMPARE(wrong.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestIin)
#include "TestIin.moc"
