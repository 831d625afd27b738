#include "Shared.h"
#include "StoreFixtures.h"
#include "core/data/Arrays.h"
#include "core/session/Sample.h"

#include <fcntl.h>
#include <sys/stat.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

std::uint64_t bytesReadSoFar()
{
    std::ifstream io("/proc/self/io");
    std::string word;
    std::uint64_t value = 0;
    io >> word >> value;
    return value;
}

} // namespace

/// What is kept and what is computed.
class TestStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void folderFollowsTheEnvironment()
    {
        const QByteArray home = qgetenv("HOME"), base = qgetenv("XDG_CACHE_HOME"), own = qgetenv("SEMASCOPE_CACHE");
        qputenv("HOME", "/somewhere");
        qunsetenv("XDG_CACHE_HOME");
        qunsetenv("SEMASCOPE_CACHE");
        QCOMPARE(cacheFolder(), std::string("/somewhere/.cache/semascope"));
        qputenv("XDG_CACHE_HOME", "/caches");
        QCOMPARE(cacheFolder(), std::string("/caches/semascope"));
        qputenv("XDG_CACHE_HOME", "relative");
        QCOMPARE(cacheFolder(), std::string("/somewhere/.cache/semascope"));
        qputenv("SEMASCOPE_CACHE", "/elsewhere");
        QCOMPARE(cacheFolder(), std::string("/elsewhere"));
        qunsetenv("SEMASCOPE_CACHE");
        qunsetenv("XDG_CACHE_HOME");
        qunsetenv("HOME");
        QCOMPARE(cacheFolder(), std::string());
        const CountingClip model;
        const Embedding e = embedPictures(arrayOf(20), model, {true, StoreSpec{}});
        QCOMPARE(e.rows.rows(), std::size_t(20));
        QVERIFY(mentions(e.notes, "no home folder"));
        qputenv("HOME", home);
        base.isNull() || qputenv("XDG_CACHE_HOME", base);
        own.isNull() || qputenv("SEMASCOPE_CACHE", own);
    }

    void secondRunComputesNothing()
    {
        const Dataset data = arrayOf(700);
        const CountingClip model;
        const Embedding first = embedPictures(data, model, storeIn(cache()));
        QCOMPARE(first.cached, std::size_t(0));
        QVERIFY(first.notes.empty());
        QCOMPARE(model.encoded->exchange(0), 700);
        const Embedding again = embedPictures(data, model, storeIn(cache()));
        QCOMPARE(again.cached, std::size_t(700));
        QCOMPARE(model.encoded->load(), 0);
        QCOMPARE(difference(again.rows, first.rows), 0.0);
        QVERIFY(again.sampleIndex == first.sampleIndex);
        const Embedding without = embedPictures(data, model, {true, std::nullopt});
        QCOMPARE(without.cached, std::size_t(0));
        QCOMPARE(difference(without.rows, first.rows), 0.0);
    }

    void onlyNewAndChangedFilesAreComputed()
    {
        const std::string pictures = makePictures(60);
        const CountingClip model;
        (void)embedPictures(filesIn(pictures), model, storeIn(cache()));
        for (std::uint32_t i = 100; i < 105; ++i) {
            writePicture(pictures + "/new" + std::to_string(i) + ".ppm", i);
        }
        writePicture(pictures + "/3.ppm", 999);
        *model.encoded = 0;
        const Dataset data = filesIn(pictures);
        const Embedding e = embedPictures(data, model, storeIn(cache()));
        QCOMPARE(model.encoded->load(), 6);
        QCOMPARE(e.cached, std::size_t(59));
        QCOMPARE(difference(e.rows, embedPictures(data, model, {true, std::nullopt}).rows), 0.0);
    }

    void changeBehindTheSameSizeAndTimeIsSeen()
    {
        const std::string pictures = makePictures(4);
        const CountingClip model;
        const Embedding before = embedPictures(filesIn(pictures), model, storeIn(cache()));
        struct stat s = {};
        const std::string path = pictures + "/2.ppm";
        QCOMPARE(::stat(path.c_str(), &s), 0);
        writePicture(path, 4711);
        const timespec times[2] = {s.st_atim, s.st_mtim};
        QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
        *model.encoded = 0;
        const Embedding after = embedPictures(filesIn(pictures), model, storeIn(cache()));
        QCOMPARE(model.encoded->load(), 1);
        QVERIFY(difference(after.rows, before.rows) > 1e-3);
    }

    void reopeningReadsNoPicture()
    {
        const std::string pictures = makePictures(50, 100); // 30 kB each
        QTest::qSleep(2100);                                // files that changed just now are not trusted
        const CountingClip model;
        const Dataset data = filesIn(pictures);
        (void)embedPictures(data, model, storeIn(cache()));
        const std::uint64_t before = bytesReadSoFar();
        const Embedding e = embedPictures(data, model, storeIn(cache()));
        QCOMPARE(e.cached, std::size_t(50));
        QVERIFY2(bytesReadSoFar() - before < 500'000, qPrintable(QString::number(bytesReadSoFar() - before)));
    }

    void movedAndCopiedFilesAreRecognised()
    {
        const std::string pictures = makePictures(1500);
        const CountingClip model;
        const Embedding first = embedPictures(filesIn(pictures), model, storeIn(cache()));
        const std::string moved = pictures + "-moved";
        std::filesystem::rename(pictures, moved);
        *model.encoded = 0;
        const Embedding e = embedPictures(filesIn(moved), model, storeIn(cache()));
        QCOMPARE(model.encoded->load(), 0);
        QCOMPARE(e.cached, std::size_t(1500));
        QCOMPARE(difference(e.rows, first.rows), 0.0);
    }

    void duplicatesAreComputedOnce_data()
    {
        QTest::addColumn<bool>("keep");
        QTest::newRow("with a store") << true;
        QTest::newRow("without") << false;
    }
    void duplicatesAreComputedOnce()
    {
        QFETCH(bool, keep);
        const std::string pictures = makePictures(40);
        for (int i = 0; i < 40; ++i) {
            std::filesystem::copy_file(pictures + "/" + std::to_string(i) + ".ppm",
                                       pictures + "/copy" + std::to_string(i) + ".ppm");
        }
        const CountingClip model;
        const EmbedOptions options = keep ? storeIn(cache()) : EmbedOptions{true, std::nullopt};
        const Embedding e = embedPictures(filesIn(pictures), model, options);
        QCOMPARE(model.encoded->load(), 40);
        QCOMPARE(e.rows.rows(), std::size_t(80));
        // "0.ppm" … come before "copy0.ppm" …, in the same order
        QCOMPARE(difference(Matrix(e.rows.row(0), 40, e.rows.cols(), nullptr),
                            Matrix(e.rows.row(40), 40, e.rows.cols(), nullptr)),
                 0.0);
    }

    void rawAndNormalisedRowsShareTheStore()
    {
        const Dataset data = arrayOf(50);
        const CountingClip model;
        const Embedding unit = embedPictures(data, model, storeIn(cache()));
        const Embedding raw = embedPictures(data, model, storeIn(cache(), false));
        QCOMPARE(raw.cached, std::size_t(50));
        QVERIFY(difference(normaliseRows(raw.rows), unit.rows) < 1e-6);
        QVERIFY(difference(raw.rows, embedPictures(data, model, {false, std::nullopt}).rows) < 1e-6);
    }

    void whatDecidesAVectorIsInTheKey_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("weights") << 0;
        QTest::newRow("precision") << 1;
        QTest::newRow("activation") << 2;
        QTest::newRow("preprocessing") << 3;
    }
    void whatDecidesAVectorIsInTheKey()
    {
        QFETCH(int, which);
        const Dataset data = arrayOf(30);
        CountingClip model, other;
        (void)embedPictures(data, model, storeIn(cache()));
        other.hash = which == 0 ? "weights-2" : other.hash;
        other.word = which == 1 ? "bf16" : other.word;
        other.change().clip.visionActivation = which == 2 ? Activation::Gelu : Activation::Unknown;
        other.change().clip.preprocess.hfCrop = which == 3;
        QCOMPARE(embedPictures(data, other, storeIn(cache())).cached, std::size_t(0));
        QCOMPARE(embedPictures(data, model, storeIn(cache())).cached, std::size_t(30));
    }

    void reasonsAreRemembered()
    {
        const std::string pictures = makePictures(10);
        std::ofstream(pictures + "/5.ppm", std::ios::binary) << "P6\n8 8\n255\nshort";
        std::filesystem::remove(pictures + "/6.ppm");
        std::filesystem::create_symlink("nowhere", pictures + "/6.ppm");
        QTest::qSleep(2100);
        const CountingClip model;
        const Embedding first = embedPictures(filesIn(pictures), model, storeIn(cache()));
        QCOMPARE(first.skipped.size(), std::size_t(2));
        const Embedding again = embedPictures(filesIn(pictures), model, storeIn(cache()));
        QCOMPARE(again.skipped.size(), std::size_t(2));
        QCOMPARE(again.cached, std::size_t(8));
        QCOMPARE(reasonOf(again, "5.ppm"), reasonOf(first, "5.ppm"));
        QCOMPARE(reasonOf(again, "6.ppm"), reasonOf(first, "6.ppm"));
        JobContext job;
        QCOMPARE(storeSummary(*storeIn(cache()).store, job).reasons, std::size_t(1)); // the other may come back
        writePicture(pictures + "/5.ppm", 5);
        std::filesystem::remove(pictures + "/6.ppm");
        writePicture(pictures + "/6.ppm", 6);
        QCOMPARE(embedPictures(filesIn(pictures), model, storeIn(cache())).skipped.size(), std::size_t(0));
    }

    void knownRowsComeFirst()
    {
        const CountingClip model;
        (void)embedPictures(arrayOf(2600), model, storeIn(cache()));
        JobContext job;
        std::vector<std::size_t> partials;
        job.onPartial = [&](const std::shared_ptr<const void>& p) {
            partials.push_back(std::static_pointer_cast<const Embedding>(p)->rows.rows());
        };
        std::string stage;
        job.onProgress = [&](const Progress& p) { stage = p.stage; };
        *model.encoded = 0;
        const Embedding e = embed(arrayOf(3000), model, Modality::Picture, storeIn(cache()), job);
        QCOMPARE(e.cached, std::size_t(2600));
        QCOMPARE(model.encoded->load(), 400);
        QVERIFY(!partials.empty());
        QCOMPARE(partials.front(), std::size_t(2600));
        QVERIFY2(stage.find("2,600 from the store") != std::string::npos, stage.c_str());
    }

    void rowsThatAreNotNumbersAreNotKept()
    {
        class Faulty : public CountingClip
        {
        public:
            Matrix encodePictures(const float* pixels, std::size_t n, JobContext& job) const override
            {
                const Matrix m = CountingClip::encodePictures(pixels, n, job);
                std::vector<float> values(m.data(), m.data() + m.rows() * m.cols());
                values[0] = NAN;
                return Matrix::from(std::move(values), m.rows(), m.cols());
            }
        };
        const Faulty faulty;
        (void)embedPictures(arrayOf(10), faulty, storeIn(cache()));
        const CountingClip model;
        const Embedding e = embedPictures(arrayOf(10), model, storeIn(cache()));
        QCOMPARE(e.cached, std::size_t(9));
        QCOMPARE(finiteRows(e.rows).size(), std::size_t(10));
    }

    void captionsAreKept()
    {
        JobContext job;
        const SampleFiles files = builtInSample(m_folder->filePath(QStringLiteral("sample")).toStdString(), job);
        OpenSpec spec;
        spec.path = files.pictures;
        const Dataset data = openDataset(spec, job);
        ModelSpec modelSpec;
        modelSpec.path = files.model;
        const auto model = ClipModel::open(modelSpec, job);
        const Embedding plain = embed(data, *model, Modality::Text, true, job);
        const Embedding first = embed(data, *model, Modality::Text, storeIn(cache()), job);
        const Embedding again = embed(data, *model, Modality::Text, storeIn(cache()), job);
        QCOMPARE(first.cached, std::size_t(0));
        QCOMPARE(again.cached, again.rows.rows());
        QVERIFY(difference(first.rows, plain.rows) < 1e-5);
        QCOMPARE(difference(again.rows, first.rows), 0.0);
        // pictures of the same model are another space
        QCOMPARE(embed(data, *model, Modality::Picture, storeIn(cache()), job).cached, std::size_t(0));
        QCOMPARE(storeSummary(*storeIn(cache()).store, job).models.size(), std::size_t(2));
    }

    void whatWasUsedLongestAgoGoesFirst()
    {
        CountingClip models[3] = {CountingClip(256), CountingClip(256), CountingClip(256)};
        const Dataset data = arrayOf(1000);
        EmbedOptions options = storeIn(cache());
        for (int i = 0; i < 3; ++i) {
            models[i].hash = "weights-" + std::to_string(i);
        }
        (void)embedPictures(data, models[0], options); // about 1.1 MB each
        (void)embedPictures(data, models[1], options);
        (void)embedPictures(data, models[0], options); // used again
        options.store->maxBytes = 2'600'000;
        const Embedding third = embedPictures(data, models[2], options);
        QVERIFY(third.notes.empty());
        QCOMPARE(embedPictures(data, models[2], options).cached, std::size_t(1000));
        QVERIFY(embedPictures(takeSamples(data, everySample(1000), "0"), models[0], options).cached == 1000);
        const Embedding second = embedPictures(takeSamples(data, {0}, "one"), models[1], options);
        QCOMPARE(second.cached, std::size_t(0)); // gone, oldest part first
    }

    void aRunningJobIsNotEvicted()
    {
        CountingClip model(256);
        const Dataset data = arrayOf(3000);
        EmbedOptions options = storeIn(cache());
        options.store->maxBytes = 1'500'000;
        const Embedding e = embedPictures(data, model, options);
        QCOMPARE(e.rows.rows(), std::size_t(3000));
        QVERIFY(mentions(e.notes, "has reached its limit"));
        QCOMPARE(e.notes.size(), std::size_t(1));
        const Embedding again = embedPictures(data, model, options);
        QVERIFY2(again.cached > 800, qPrintable(QString::number(again.cached)));
        QCOMPARE(difference(again.rows, e.rows), 0.0);
        QVERIFY(std::filesystem::file_size(storeFile(cache())) < 2'000'000);
    }

    void limitIsRememberedAndMakesRoom()
    {
        JobContext job;
        const StoreSpec spec = *storeIn(cache()).store;
        CountingClip model(256);
        (void)embedPictures(arrayOf(3000), model, storeIn(cache()));
        QVERIFY(!storeSummary(spec, job).limitChosen);
        const auto before = std::filesystem::file_size(storeFile(cache()));
        const std::uint64_t freed = setStoreLimit(spec, 1'500'000, job);
        QVERIFY(freed > 1'000'000);
        QVERIFY(std::filesystem::file_size(storeFile(cache())) < before - 1'000'000);
        const StoreSummary summary = storeSummary(spec, job);
        QVERIFY(summary.limitChosen);
        QCOMPARE(summary.limit, std::uint64_t(1'500'000));
        const StoreCleared cleared = clearStore(spec, job);
        QCOMPARE(cleared.files.size(), std::size_t(1));
        QVERIFY(cleared.rows > 0);
        QCOMPARE(storeSummary(spec, job).limit, std::uint64_t(1'500'000)); // a wish outlives the contents
        QCOMPARE(storeSummary(spec, job).models.size(), std::size_t(0));
    }

    void summaryTellsTheModels()
    {
        JobContext job;
        const StoreSpec spec = *storeIn(cache()).store;
        QVERIFY(storeSummary(spec, job).file.empty());
        QVERIFY(clearStore(spec, job).files.empty());
        QCOMPARE(verifyStore(spec, job).rows, std::size_t(0));
        const CountingClip model;
        (void)embedPictures(arrayOf(300), model, storeIn(cache()));
        const StoreSummary summary = storeSummary(spec, job);
        QCOMPARE(summary.models.size(), std::size_t(1));
        QCOMPARE(summary.models.front().model, std::string("counting model"));
        QCOMPARE(summary.models.front().rows, std::size_t(300));
        QCOMPARE(verifyStore(spec, job).rows, std::size_t(300));
    }

    void stoppedJobKeepsWhatItHas()
    {
        CountingClip model;
        std::stop_source stop;
        model.before = [&] {
            if (*model.encoded >= 640) {
                stop.request_stop();
            }
        };
        JobContext job(stop.get_token());
        QVERIFY_THROWS_EXCEPTION(Error, (void)embed(arrayOf(2000), model, Modality::Picture, storeIn(cache()), job));
        const CountingClip fresh;
        const Embedding e = embedPictures(arrayOf(2000), fresh, storeIn(cache()));
        QVERIFY2(e.cached >= 600, qPrintable(QString::number(e.cached)));
    }

private:
    QString cache() const { return m_folder->filePath(QStringLiteral("cache")); }
    std::string makePictures(std::uint32_t count, int side = 8)
    {
        const std::string folder = m_folder->filePath(QStringLiteral("pictures")).toStdString();
        std::filesystem::create_directories(folder);
        for (std::uint32_t i = 0; i < count; ++i) {
            writePicture(folder + "/" + std::to_string(i) + ".ppm", i, side);
        }
        return folder;
    }
    static std::vector<std::uint32_t> everySample(std::uint32_t count)
    {
        std::vector<std::uint32_t> all(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            all[i] = i;
        }
        return all;
    }
    static std::string reasonOf(const Embedding& e, const std::string& id)
    {
        for (const Skip& skip : e.skipped) {
            if (skip.path == id) {
                return skip.reason;
            }
        }
        return {};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestStore)
#include "TestStore.moc"
