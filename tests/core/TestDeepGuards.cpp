#include "DeepFixtures.h"

#include <set>

using namespace semascope::core;
using namespace deep;

class TestDeepGuards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { setThreadCount(2); }

    void optionsAreRefusedByName_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const std::vector<std::pair<const char*, const char*>> bad{
            {"max_iter", "5"},
            {"epochs", "0"},
            {"epochs", "x"},
            {"dropout", "0.95"},
            {"dropout", "-0.1"},
            {"lr", "0"},
            {"lr", "nan"},
            {"code", "1"},
            {"hidden", ""},
            {"hidden", "5-"},
            {"hidden", "5--5"},
            {"hidden", "0"},
            {"hidden", "99999"},
            {"hidden", "a"},
            {"batch", "0"},
            {"recipe", "best"},
            {"prepare", "pca"},
            {"tol", "2"},
            {"update_interval", "-1"},
            {"max_updates", "0"},
            {"gamma", "0"},
            {"restarts", "0"},
            {"refine_optimiser", "lbfgs"},
            {"refine_lr", "1e13"},
        };
        for (const auto& [key, value] : bad) {
            QTest::newRow(qPrintable(QStringLiteral("%1=%2").arg(QLatin1String(key), QLatin1String(value))))
                << QString::fromLatin1(key) << QString::fromLatin1(value);
        }
    }
    void optionsAreRefusedByName()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        const Matrix x = Blobs{30, 4, 2}.make();
        const Error error = errorOf([&] { run(x, "idec", 2, refining({{key.toStdString(), value.toStdString()}})); });
        QVERIFY(error.code() == Code::Misuse);
        QVERIFY2(QByteArray(error.what()).contains(key.toUtf8()), error.what());
        QVERIFY(errorOf([&] { run(x, "dec", 2, refining({{"gamma", "0.2"}})); }).code() == Code::Misuse);
        QVERIFY(errorOf([&] { run(x, "ae-kmeans", 2, quick({{"tol", "0.2"}})); }).code() == Code::Misuse);
    }

    void everyOptionIsListed()
    {
        for (const std::string& method : clusterMethods()) {
            const auto& options = clusterOptions(method);
            QVERIFY(!options.empty());
            QVERIFY(std::any_of(options.begin(), options.end(), [](const ClusterOption& o) { return o.common; }));
            std::set<std::string> keys;
            for (const ClusterOption& o : options) {
                QVERIFY(keys.insert(o.key).second && !o.meaning.empty());
                const bool choice = o.kind == ClusterOption::Kind::Choice;
                QCOMPARE(choice, !o.choices.empty());
                if (choice && !o.fallback.empty()) {
                    QVERIFY(std::find(o.choices.begin(), o.choices.end(), o.fallback) != o.choices.end());
                }
                const bool isNumber = o.kind == ClusterOption::Kind::Integer || o.kind == ClusterOption::Kind::Number;
                QVERIFY(!isNumber || o.least < o.most);
            }
        }
        QVERIFY(clusterOptions("umap").empty());
    }

    void brokenRowsAreLeftOut()
    {
        std::vector<float> values = numbersOf(Blobs{60, 4, 2}.make());
        values[4] = kNan;
        values[9] = std::numeric_limits<float>::infinity();
        const Clustering found = run(matrixOf(values, 4), "idec", 2, refining({{"epochs", "3"}}));
        QVERIFY(isSound(found, 58, 2));
        QCOMPARE(found.excluded, std::size_t{2});
        QCOMPARE(found.inputRow[1], 3U);
        QCOMPARE(found.frames.back()->inputRow->at(1), 3U);
        QVERIFY(mentions(found.notes, "2 of 60 rows"));
    }

    void degenerateInput_data() { methods(); }
    void degenerateInput()
    {
        QFETCH(QString, method);
        const std::string word = method.toStdString();
        const Options few = optionsFor(word, {{"epochs", "3"}});
        const auto refuses = [&](const Matrix& x, int k) {
            return errorOf([&] { run(x, word, k, few); }).code() == Code::Mismatch;
        };
        QVERIFY(refuses(matrixOf({}, 3), 1));
        QVERIFY(refuses(matrixOf({kNan, kNan}, 2), 1));
        QVERIFY(refuses(matrixOf({1, 2, 3, 4}, 2), 3));                    // n < k
        QVERIFY(refuses(matrixOf(std::vector<float>(60, 2.5F), 3), 2));    // only duplicates
        QVERIFY(isSound(run(matrixOf({1, 2, 3}, 3), word, 1, few), 1, 1)); // n = 1
        QVERIFY(isSound(run(matrixOf(std::vector<float>(60, 2.5F), 3), word, 1, few), 20, 1));
        QVERIFY(isSound(run(matrixOf(std::vector<float>(60, 0.0F), 3), word, 1, few), 20, 1));
        QVERIFY(isSound(run(matrixOf({1, 2, 3, -4}, 2), word, 2, few), 2, 2));                // n = 2
        QVERIFY(isSound(run(matrixOf({1, 2, 3, 4, 10, 11, 12, 13}, 1), word, 2, few), 8, 2)); // d = 1
        std::vector<float> constant = numbersOf(Blobs{40, 4, 2}.make());
        for (std::size_t i = 0; i < 40; ++i) {
            constant[i * 4 + 2] = 7;
        }
        for (const char* prepare : {"none", "scale", "clip"}) {
            Options options = few;
            options["prepare"] = prepare;
            QVERIFY(isSound(run(matrixOf(constant, 4), word, 2, options), 40, 2));
        }
        std::vector<float> huge = numbersOf(Blobs{40, 4, 2}.make());
        std::for_each(huge.begin(), huge.end(), [](float& v) { v *= 1e16F; });
        QVERIFY(isSound(run(matrixOf(huge, 4), word, 2, few), 40, 2));
    }

    void divergenceIsStopped_data() { methods(); }
    void divergenceIsStopped()
    {
        QFETCH(QString, method);
        const std::string word = method.toStdString();
        const Matrix x = Blobs{120, 8, 3}.make();
        for (const char* recipe : {"quick", "sgd", "paper"}) {
            const Clustering found = run(x, word, 3, optionsFor(word, {{"lr", "1e6"}, {"recipe", recipe}}));
            QVERIFY(isSound(found, 120, 3));
            QVERIFY2(mentions(found.warnings, "lr"), recipe);
        }
        if (word == "ae-kmeans") {
            return;
        }
        for (const char* optimiser : {"adam", "sgd"}) {
            const Clustering found = run(x, word, 3, refining({{"refine_lr", "1e6"}, {"refine_optimiser", optimiser}}));
            QVERIFY(isSound(found, 120, 3));
            QVERIFY2(mentions(found.warnings, "refine_lr"), optimiser);
        }
    }

    void nanIsStopped_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("step");
        for (const char* method : {"ae-kmeans", "dec", "idec"}) {
            for (const int step : {1, 50, 120, 130}) { // the last but one is the last of pre-training
                QTest::newRow(qPrintable(QStringLiteral("%1 at %2").arg(QLatin1String(method)).arg(step)))
                    << QString::fromLatin1(method) << step;
            }
        }
    }
    void nanIsStopped()
    {
        QFETCH(QString, method);
        QFETCH(int, step);
        bool injected = false;
        DeepHooks hooks;
        hooks.beforeStep = [&](AutoEncoder& network, long at) {
            if (at == step) {
                std::vector<float> values = network.parameters();
                values[network.layout().encoder.back().weight] = kNan;
                network.setParameters(values);
                injected = true;
            }
        };
        const Clustering found = runHooked(Blobs{120, 8, 4, 0.5F, 3}.make(), method.toStdString(), hooks);
        QVERIFY(isSound(found, 120, 4));
        QCOMPARE(injected, step <= 120 || method != QLatin1String("ae-kmeans"));
        QCOMPARE(mentions(found.warnings, "left its range"), injected);
        QVERIFY(!injected || found.curve.size() < 30 + 13);
    }
};

QTEST_GUILESS_MAIN(TestDeepGuards)
#include "TestDeepGuards.moc"
