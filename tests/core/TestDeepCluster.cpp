#include "DeepFixtures.h"

#include <QTemporaryDir>

#include <cstring>
#include <thread>

using namespace semascope::core;
using namespace deep;

class TestDeepCluster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { setThreadCount(2); }

    void findsBlobs_data() { methods(); }
    void findsBlobs()
    {
        QFETCH(QString, method);
        const std::string word = method.toStdString();
        const Matrix x = Blobs{240, 12, 4, 0.3F, 4}.make();
        const Clustering found = run(x, word, 4, optionsFor(word));
        QVERIFY(isSound(found, 240, 4));
        QVERIFY2(accuracy(found, 4) > 0.95, qPrintable(QString::number(accuracy(found, 4))));
        QCOMPARE(found.code.cols(), std::size_t{3});
        QVERIFY(found.model != nullptr);
        QCOMPARE(found.model->method(), word);
        QCOMPARE(found.criterion, std::string());
        QVERIFY(mentions(found.notes, "prepare=scale"));
        for (std::size_t i = 0; i < 240; ++i) {
            const auto label = static_cast<std::size_t>(found.assignment[i]);
            QVERIFY(std::abs(std::accumulate(found.soft.row(i), found.soft.row(i) + 4, 0.0) - 1) < 1e-5);
            QCOMPARE(*std::max_element(found.soft.row(i), found.soft.row(i) + 4), found.confidence[i]);
            QCOMPARE(found.soft.at(i, label), found.confidence[i]);
        }
        const auto pretraining = std::count_if(found.curve.begin(), found.curve.end(), [](const TrainingPoint& p) {
            return p.stage == TrainingPoint::Stage::Pretraining;
        });
        QCOMPARE(pretraining, 30L);
        QVERIFY(found.curve[29].reconstruction < 0.5 * found.curve[0].reconstruction);
        if (word != "ae-kmeans") { // the third update is the first that may end it
            QVERIFY(found.curve.back().step >= 2);
            QCOMPARE(found.iterations, found.curve.back().step);
        }
    }

    void modelAssignsAsTrained_data() { methods(); }
    void modelAssignsAsTrained()
    {
        QFETCH(QString, method);
        const std::string word = method.toStdString();
        const Matrix x = Blobs{150, 10, 3, 0.4F, 6}.make();
        const Clustering found = run(x, word, 3, optionsFor(word, {{"epochs", "150"}}));
        JobContext job;
        const DeepModel& model = *found.model;
        QCOMPARE(model.inputDim(), std::size_t{10});
        QCOMPARE(model.codeDim(), std::size_t{3});
        QCOMPARE(model.clusters(), std::size_t{3});
        const Matrix again = model.assign(x, job);
        for (std::size_t i = 0; i < 150 * 3; ++i) {
            QVERIFY(std::abs(again.data()[i] - found.soft.data()[i]) < 1e-4F);
        }
        std::vector<float> strange = numbersOf(takeRows(x, {0, 1, 2}));
        strange[12] = kNan;
        const Matrix some = model.assign(matrixOf(strange, 10), job);
        QVERIFY(std::isnan(some.at(1, 0)) && std::isnan(some.at(1, 2)));
        QVERIFY(std::abs(some.at(2, 1) - found.soft.at(2, 1)) < 1e-4F);
        QVERIFY(errorOf([&] { model.assign(Blobs{5, 9, 1}.make(), job); }).code() == Code::Mismatch);
        QCOMPARE(model.encode(Matrix(), job).rows(), std::size_t{0});
        QCOMPARE(model.hasDecoder(), word != "dec");
        const Matrix decoded = model.decodedCentroids();
        QCOMPARE(decoded.rows(), word == "dec" ? std::size_t{0} : std::size_t{3});
        if (word == "ae-kmeans") { // near the mean of its cluster, in the units of the input
            double miss = 0, size = 0;
            for (std::size_t i = 0; i < 150; ++i) {
                for (std::size_t j = 0; j < 10; ++j) {
                    miss += std::pow(decoded.at(static_cast<std::size_t>(found.assignment[i]), j) - x.at(i, j), 2);
                    size += std::pow(x.at(i, j), 2);
                }
            }
            QVERIFY(miss < 0.3 * size);
        }
    }

    void savedModelIsTheSame_data() { methods(); }
    void savedModelIsTheSame()
    {
        QFETCH(QString, method);
        const std::string word = method.toStdString();
        const Matrix x = normaliseRows(Blobs{90, 8, 3, 0.4F, 6}.make());
        const Clustering found = run(x, word, 3, optionsFor(word, {{"epochs", "5"}}));
        QVERIFY(mentions(found.notes, "prepare=clip"));
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("model")).toStdString();
        QVERIFY(!isDeepModel(path));
        found.model->save(path);
        found.model->save(path); // over itself
        QVERIFY(isDeepModel(path));
        const auto opened = openDeepModel(path);
        JobContext job;
        QCOMPARE(opened->method(), word);
        QCOMPARE(numbersOf(opened->assign(x, job)), numbersOf(found.model->assign(x, job)));
        QCOMPARE(numbersOf(opened->encode(x, job)), numbersOf(found.model->encode(x, job)));
        QCOMPARE(numbersOf(opened->decodedCentroids()), numbersOf(found.model->decodedCentroids()));
    }

    void damagedModelsAreRefused()
    {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QVERIFY(errorOf([&] { openDeepModel(path + "/none"); }).code() == Code::NotFound);
        QVERIFY(errorOf([&] { openDeepModel(path); }).code() == Code::BadFormat);
        const Matrix x = Blobs{60, 8, 3}.make();
        run(x, "idec", 3, refining({{"epochs", "2"}, {"max_updates", "2"}})).model->save(path);
        const auto content = [&](const char* name) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const auto write = [&](const char* name, const QByteArray& bytes) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
        };
        const QByteArray config = content("config.json"), weights = content("model.safetensors");
        const auto refuses = [&](const QByteArray& c, const QByteArray& w) {
            write("config.json", c);
            write("model.safetensors", w);
            return errorOf([&] { openDeepModel(path); }).code() == Code::BadFormat;
        };
        QVERIFY(refuses("{}", weights));
        QVERIFY(refuses("[1", weights));
        QVERIFY(refuses(QByteArray(config).replace("\"version\": 1", "\"version\": 2"), weights));
        QVERIFY(refuses(QByteArray(config).replace("idec", "tsne"), weights));
        QVERIFY(refuses(QByteArray(config).replace("idec", "dec"), weights));
        QVERIFY(refuses(QByteArray(config).replace("24", "25"), weights));
        QVERIFY(refuses(QByteArray(config).replace("24", "-4"), weights));
        QVERIFY(refuses(QByteArray(config).replace("24", "99999999999"), weights));
        QVERIFY(refuses(config, weights.left(weights.size() / 2)));
        QVERIFY(refuses(config, "no tensors"));
        QByteArray spoilt = weights;
        const float nan = kNan;
        std::memcpy(spoilt.data() + spoilt.size() - 4, &nan, 4);
        QVERIFY(refuses(config, spoilt));
        QVERIFY(!refuses(config, weights));
        QVERIFY(openDeepModel(path)->hasDecoder());
    }

    void sameSeedSameResult()
    {
        const Matrix x = Blobs{200, 12, 4, 2.0F, 4}.make();
        const Clustering a = run(x, "idec", 4, refining(), 3), b = run(x, "idec", 4, refining(), 3);
        QCOMPARE(numbersOf(a.soft), numbersOf(b.soft));
        QCOMPARE(a.assignment, b.assignment);
        QVERIFY(numbersOf(a.code) != numbersOf(run(x, "idec", 4, refining(), 4).code));
    }

    void framesTellTheCourse()
    {
        const Matrix x = Blobs{200, 12, 4, 0.5F, 4}.make();
        JobContext job;
        std::vector<std::shared_ptr<const DeepFrame>> live;
        std::vector<Progress> progress;
        job.onPartial = [&](std::shared_ptr<const void> p) {
            live.push_back(std::static_pointer_cast<const DeepFrame>(p));
        };
        job.onProgress = [&](const Progress& p) { progress.push_back(p); };
        const Clustering found = cluster(x, {"dec", 4, 0, refining()}, job);
        QVERIFY(!live.empty() && !progress.empty());
        QVERIFY(
            std::any_of(progress.begin(), progress.end(), [](const Progress& p) { return p.stage == "pre-training"; }));
        QVERIFY(std::any_of(progress.begin(), progress.end(), [](const Progress& p) { return p.stage == "refining"; }));
        QVERIFY(found.frames.size() >= 3 && found.frames.size() <= 120);
        const DeepFrame& last = *found.frames.back();
        QCOMPARE(last.assignment, found.assignment);
        QCOMPARE(last.curve.size(), found.curve.size());
        QCOMPARE(last.inputRow->size(), std::size_t{200});
        QCOMPARE(numbersOf(live.back()->points), numbersOf(last.points));
        QVERIFY(mentions({last.stage}, "refining, update"));
        QVERIFY(std::any_of(found.frames.begin(), found.frames.end(),
                            [](const auto& f) { return f->stage == "k-means on the code"; }));
        for (std::size_t f = 1; f < found.frames.size(); ++f) {
            QVERIFY(found.frames[f]->curve.size() >= found.frames[f - 1]->curve.size());
            QCOMPARE(found.frames[f]->points.cols(), std::size_t{2});
        }
    }

    void picturesLieOnEachOther()
    {
        const Matrix code = Blobs{100, 5, 3, 0.5F, 2}.make();
        const Matrix first = codePicture(code, Matrix());
        for (const bool mirrored : {false, true}) { // turned by 40°, and mirrored
            std::vector<float> turned = numbersOf(first);
            for (std::size_t i = 0; i < 100; ++i) {
                const float x = first.at(i, 0), y = mirrored ? -first.at(i, 1) : first.at(i, 1);
                turned[2 * i] = std::cos(0.7F) * x - std::sin(0.7F) * y;
                turned[2 * i + 1] = std::sin(0.7F) * x + std::cos(0.7F) * y;
            }
            const Matrix before = matrixOf(turned, 2), again = codePicture(code, before);
            for (std::size_t i = 0; i < 200; ++i) {
                QVERIFY(std::abs(again.data()[i] - before.data()[i]) < 1e-3F);
            }
        }
        QVERIFY(allFinite(codePicture(matrixOf(std::vector<float>(30, 1.0F), 3), Matrix())));
        QCOMPARE(codePicture(matrixOf({1, 2, 3}, 1), Matrix()).at(0, 1), 0.0F);
    }

    void framesAreThinnedEvenly()
    {
        JobContext job;
        auto rows = std::make_shared<std::vector<std::uint32_t>>(3);
        FrameRecorder recorder(job, rows);
        const Matrix code = matrixOf({1, 2, 3, 4, 5, 7}, 2);
        std::vector<TrainingPoint> curve(1);
        for (int i = 0; i < 1000; ++i) {
            curve[0].step = i;
            recorder.add({"s", code, {}, curve}, 0, i == 999);
        }
        const auto frames = recorder.take();
        QVERIFY(frames.size() > 60 && frames.size() <= 120);
        QCOMPARE(frames.back()->at.step, 999);
        const int gap = frames[1]->at.step - frames[0]->at.step;
        for (std::size_t f = 1; f + 1 < frames.size(); ++f) {
            QCOMPARE(frames[f]->at.step - frames[f - 1]->at.step, gap);
        }
    }

    void restartsAreChosenWithoutLabels()
    {
        const Matrix x = Blobs{160, 10, 4, 1.5F, 4}.make();
        const Clustering found = run(x, "ae-kmeans", 4, quick({{"restarts", "3"}, {"epochs", "8"}}));
        QVERIFY(mentions({found.criterion}, "silhouette"));
        QVERIFY(std::isfinite(found.criterionValue) && found.criterionValue <= 1);
        QVERIFY(mentions(found.notes, "Best of 3 restarts"));
        QCOMPARE(found.curve.size(), std::size_t{8});
    }

    void recipes_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<QString>("rate");
        QTest::newRow("sgd") << QStringLiteral("sgd") << QStringLiteral("0.2"); // 1 is for wide layers
        QTest::newRow("paper") << QStringLiteral("paper") << QStringLiteral("0.1");
    }
    void recipes()
    {
        QFETCH(QString, recipe);
        QFETCH(QString, rate);
        const Matrix x = Blobs{240, 12, 4, 0.3F, 4}.make();
        const Clustering found = run(x, "dec", 4,
                                     refining({{"recipe", recipe.toStdString()},
                                               {"lr", rate.toStdString()},
                                               {"epochs", "120"},
                                               {"update_interval", "10"},
                                               {"code", "4"}}));
        QVERIFY(isSound(found, 240, 4));
        QVERIFY(mentions(found.notes, recipe == QLatin1String("paper") ? "recipe paper" : "recipe sgd"));
        QVERIFY2(accuracy(found, 4) > 0.9, qPrintable(QString::number(accuracy(found, 4))));
    }

    void stopsSoon()
    {
        const Matrix x = Blobs{3000, 32, 5, 3.0F, 1}.make();
        std::stop_source stop;
        JobContext job(stop.get_token());
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            stop.request_stop();
        });
        const auto start = std::chrono::steady_clock::now();
        QVERIFY(errorOf([&] {
                    cluster(x, {"idec", 5, 0, {{"epochs", "5000"}, {"device", "cpu"}}}, job);
                }).code() == Code::Cancelled);
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
    }
};

QTEST_GUILESS_MAIN(TestDeepCluster)
#include "TestDeepCluster.moc"
