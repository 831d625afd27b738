#include "DataFixtures.h"
#include "MockClip.h"
#include "Shared.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedRate.h"
#include "core/clip/EmbedSample.h"
#include "core/clip/Embedder.h"
#include "core/clip/PrecisionReport.h"
#include "core/session/Sample.h"

#include <cmath>
#include <set>

#include <sys/resource.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

/// The published ViT-B/32 shape (clip_formats.md, table of sizes).
ClipConfig vitB32()
{
    ClipConfig c;
    c.imageSize = 224;
    c.patchSize = 32;
    c.visionWidth = 768;
    c.visionLayers = 12;
    c.visionHeads = 12;
    c.embedDim = 512;
    return c;
}

EmbedQuestion question(std::size_t rows)
{
    EmbedQuestion q;
    q.clip = vitB32();
    q.parameters = 151'000'000;
    q.modelName = "ViT-B/32";
    q.rows = rows;
    q.threads = 2;
    return q;
}

MemoryRoom room(std::uint64_t available, std::uint64_t most)
{
    return {available, most, "free memory"};
}

Dataset arrayOf(std::size_t count)
{
    Dataset data;
    data.name = "array";
    for (std::size_t i = 0; i < count; ++i) {
        data.samples.push_back({std::to_string(i), {}, {}, false});
    }
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(count * 12);
    for (std::size_t i = 0; i < pixels->size(); ++i) {
        (*pixels)[i] = static_cast<std::uint8_t>(i * 7);
    }
    data.pictures = {pixels->data(), count, 2, 2, pixels};
    return data;
}

} // namespace

/// Memory and time told before a job, the sample, and what a precision costs.
class TestEmbedPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void flopsOfKnownShapes()
    {
        QVERIFY(std::abs(gflopPerPicture(vitB32()) - 8.8) < 0.3);
        ClipConfig rn50;
        rn50.resnet = true;
        rn50.imageSize = 224;
        rn50.visionWidth = 64;
        rn50.resnetBlocks = {3, 4, 6, 3};
        rn50.embedDim = 1024;
        QVERIFY2(std::abs(gflopPerPicture(rn50) - 12) < 2, qPrintable(QString::number(gflopPerPicture(rn50))));
        QCOMPARE(embedBatch(vitB32()), std::size_t{7});
        ClipConfig huge = vitB32();
        huge.visionLayers = 400;
        QCOMPARE(embedBatch(huge), std::size_t{1});
        QCOMPARE(embedBatch(ClipConfig{}), std::size_t{32});
    }

    void memoryGrowsWithWhatIsAsked()
    {
        const EmbedMemory small = embedMemory(question(1000)), large = embedMemory(question(100'000));
        QCOMPARE(small.weights, std::uint64_t{0});
        QCOMPARE(large.rows, std::uint64_t{2} * 100'000 * 512 * 4);
        QCOMPARE(small.activations, large.activations);
        EmbedQuestion unloaded = question(1000);
        unloaded.loaded = false;
        QCOMPARE(embedMemory(unloaded).weights, std::uint64_t{604'000'000});
        unloaded.precision = "bf16";
        QCOMPARE(embedMemory(unloaded).weights, std::uint64_t{302'000'000});
    }

    void adviceNamesNumbersAndCure()
    {
        constexpr std::uint64_t kGb = 1'000'000'000;
        QVERIFY(adviseMemory(question(1000), room(4 * kGb, 8 * kGb)).fits);
        const MemoryAdvice tight = adviseMemory(question(1'000'000), room(2 * kGb, 8 * kGb));
        QVERIFY(!tight.fits && !tight.hopeless);
        for (const char* part : {"ViT-B/32", "1,000,000 rows 4.1 GB", "2.0 GB can be had", "a sample of "}) {
            QVERIFY2(contains(tight.sentence, part), tight.sentence.c_str());
        }
        const MemoryAdvice hopeless = adviseMemory(question(100'000'000), room(2 * kGb, 8 * kGb));
        QVERIFY(hopeless.hopeless && !hopeless.sentence.empty());
        MemoryRoom limited = room(2 * kGb, 2 * kGb);
        limited.limit = "this process's limit (ulimit -v)";
        QVERIFY(contains(adviseMemory(question(400'000), limited).sentence, "raise the limit"));
        QVERIFY(adviseMemory(question(1'000'000), MemoryRoom{}).fits); // nothing is known: nothing is said
    }

    void aFullGpuIsNoReasonToRefuse()
    {
        constexpr std::uint64_t kMb = 1'000'000;
        EmbedQuestion q = question(1000);
        q.device = "cuda:0";
        q.loaded = false;
        const MemoryRoom host = room(8000 * kMb, 16'000 * kMb);
        QVERIFY(adviseMemory(q, host, DeviceMemory{2000 * kMb, 4000 * kMb}).fits);
        const MemoryAdvice full = adviseMemory(q, host, DeviceMemory{100 * kMb, 4000 * kMb});
        QVERIFY(!full.fits && !full.hopeless);
        QVERIFY2(contains(full.sentence, "cuda:0") && contains(full.sentence, "CPU"), full.sentence.c_str());
        QVERIFY(adviseMemory(q, host).fits); // its driver does not say
    }

    void roomFollowsTheMachineAndItsLimits()
    {
        const MemoryRoom told =
            roomOfMeminfo("MemTotal:       1000 kB\nMemFree: 10 kB\nMemAvailable:    600 kB\nSwapTotal:       50 kB\n");
        QCOMPARE(told.available, std::uint64_t{600 * 1024});
        QCOMPARE(told.most, std::uint64_t{1050 * 1024});
        const MemoryRoom here = hostMemory();
        QVERIFY(here.available > 0 && here.available <= here.most);
        rlimit old{};
        QCOMPARE(::getrlimit(RLIMIT_DATA, &old), 0);
        rlimit less = old;
        less.rlim_cur = 8ull << 30;
        if (old.rlim_cur == RLIM_INFINITY && here.available > less.rlim_cur) {
            QCOMPARE(::setrlimit(RLIMIT_DATA, &less), 0);
            const MemoryRoom limited = hostMemory();
            QCOMPARE(::setrlimit(RLIMIT_DATA, &old), 0);
            QVERIFY(limited.available < less.rlim_cur);
            QVERIFY(contains(limited.limit, "ulimit -d"));
        }
    }

    void durationsReadWell_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        const auto row = [](double seconds, const char* text) {
            QTest::newRow(text) << seconds << QString::fromLatin1(text);
        };
        row(0.3, "a moment");
        row(7.2, "about 7 s");
        row(71, "about 70 s");
        row(99, "about 100 s");
        row(419, "about 7 min");
        row(3590, "about 1 h");
        row(7800, "about 2 h 10 min");
        row(360'000, "about 100 h");
        row(NAN, "a moment");
    }

    void durationsReadWell()
    {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(durationText(seconds)), text);
    }

    void numbersReadWell()
    {
        QCOMPARE(groupedText(7), std::string("7"));
        QCOMPARE(groupedText(12'000), std::string("12,000"));
        QCOMPARE(groupedText(1'234'567), std::string("1,234,567"));
        QCOMPARE(bytesText(140'000'000), std::string("140 MB"));
        QCOMPARE(bytesText(5'240'000'000), std::string("5.2 GB"));
    }

    void estimateSpeaksPlainly()
    {
        EmbedEstimate e;
        e.pictures = 12'000;
        e.encode = 0.03;
        e.decode = 0.005;
        e.device = "cpu";
        e.precision = "fp32";
        QCOMPARE(estimateText(e, 2000), std::string("about 7 min for 12,000 pictures on cpu fp32; a sample of 2,000 "
                                                    "takes about 70 s"));
        QVERIFY(!contains(estimateText(e, 12'000), "sample"));
        e.sharedCores = false;
        QCOMPARE(e.secondsFor(100), 3.0);
    }

    void ratesAreRemembered()
    {
        const std::string path = m_folder.filePath(QStringLiteral("cache/semascope/rates.json")).toStdString();
        const MockClip model("cpu"), gpu("cuda:0"), half("cpu", "bf16");
        {
            RateBook book(path);
            QVERIFY(!book.encodeSeconds(model));
            book.remember(model, 0.25);
            book.remember(model, -1); // no measurement
            book.remember(model, NAN);
        }
        RateBook again(path);
        QCOMPARE(again.encodeSeconds(model).value(), 0.25);
        QVERIFY(!again.encodeSeconds(gpu) && !again.encodeSeconds(half));
        QVERIFY(again.gflops("cpu", "fp32") && !again.gflops("cpu", "bf16"));
        for (const char* damage : {"", "{", "[]", "{\"rates\":7}", "{\"rates\":{\"a | b\":{\"seconds\":\"x\"}}}"}) {
            writeFile(path, std::string(damage));
            QVERIFY(!RateBook(path).encodeSeconds(model));
        }
        RateBook(std::string()).remember(model, 1); // no cache folder: nothing happens
        RateBook("/proc/none/rates.json").remember(model, 1);
    }

    void estimateMeasuresOnceThenRemembers()
    {
        MockClip model("cpu");
        std::size_t calls = 0;
        model.before = [&](std::size_t) { ++calls; };
        RateBook book(m_folder.filePath(QStringLiteral("once.json")).toStdString());
        const Dataset data = arrayOf(500);
        JobContext job;
        const EmbedEstimate first = estimateEmbedding(data, model, book, job);
        QCOMPARE(first.pictures, std::size_t{500});
        QVERIFY(first.encode > 0 && first.decode > 0 && calls > 0);
        const std::size_t once = calls;
        const EmbedEstimate second = estimateEmbedding(data, model, book, job);
        QCOMPARE(calls, once);
        QCOMPARE(second.encode, first.encode);
        learnFrom(book, second, model, 100, 50); // too few to say anything
        QCOMPARE(book.encodeSeconds(model).value(), first.encode);
        learnFrom(book, second, model, 1000, 500);
        QVERIFY(std::abs(book.encodeSeconds(model).value() - 0.5) < 0.1);
        QCOMPARE(estimateEmbedding(Dataset{}, model, book, job).pictures, std::size_t{0});
    }

    void samplesAreTheSameForASeed()
    {
        const Dataset data = arrayOf(1000);
        const auto a = sampleOf(data, 100, 7);
        QCOMPARE(a, sampleOf(data, 100, 7));
        QVERIFY(a != sampleOf(data, 100, 8));
        QVERIFY(std::is_sorted(a.begin(), a.end()));
        QCOMPARE(std::set<std::uint32_t>(a.begin(), a.end()).size(), std::size_t{100});
        QCOMPARE(sampleOf(data, 5000, 7).size(), std::size_t{1000});
        const auto more = sampleOf(data, 200, 7); // a larger sample holds the smaller one
        QVERIFY(std::includes(more.begin(), more.end(), a.begin(), a.end()));
        Dataset mixed; // vectors without a picture are never drawn
        mixed.samples = {{"a", "/a.png", {}, false}, {"b", {}, {}, false}, {"c", "/c.png", {}, false}};
        QCOMPARE(sampleOf(mixed, 10), (std::vector<std::uint32_t>{0, 2}));
    }

    void sampleRowsBelongToTheWholeDataset()
    {
        const auto [data, clip] = builtIn();
        JobContext job;
        const auto which = sampleOf(data, 100, 3);
        std::vector<std::uint32_t> early;
        job.onPartial = [&](const std::shared_ptr<const void>& partial) {
            early = std::static_pointer_cast<const Embedding>(partial)->sampleIndex;
        };
        const Embedding some = embedSample(data, which, *clip, {}, job);
        QCOMPARE(some.sampleIndex, which);
        QVERIFY(!early.empty());
        for (const std::uint32_t s : early) {
            QVERIFY(std::binary_search(which.begin(), which.end(), s));
        }
        JobContext quiet;
        const Embedding all = embed(data, *clip, Modality::Picture, true, quiet);
        double most = 0;
        for (std::size_t r = 0; r < which.size(); ++r) {
            for (std::size_t j = 0; j < all.rows.cols(); ++j) {
                most = std::max(most, std::abs(double(some.rows.at(r, j)) - all.rows.at(which[r], j)));
            }
        }
        QVERIFY(most <= 1e-5);
    }

    void precisionsAreCompared()
    {
        const auto [data, clip] = builtIn();
        JobContext job;
        ModelSpec spec;
        spec.path = m_model;
        const PrecisionReport report = precisionReport(spec, data, job);
        QVERIFY(report.pictures >= 8 && report.pictures <= 64);
        QVERIFY(report.lines.size() >= 2);
        QCOMPARE(report.lines[0].precision, std::string("fp32"));
        QVERIFY(report.lines[0].perSecond > 0);
        QVERIFY(report.lines[0].minCosine > 0.999999);
        const PrecisionLine& half = report.lines[1];
        QCOMPARE(half.precision, std::string("bf16"));
        if (half.problem.empty()) {
            QVERIFY(half.minCosine > 0.99 && half.minCosine <= half.meanCosine && half.meanCosine < 1);
            QVERIFY(contains(precisionText(report, half), "times fp32"));
        }
        QCOMPARE(codeOf([&] { precisionReport(spec, Dataset{}, job); }), std::optional(Code::Mismatch));
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(codeOf([&] { precisionReport(spec, data, stopped); }), std::optional(Code::Cancelled));
    }

    void publishedShapeIsMeasuredSoon()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/openai_fp32.safetensors");
        NEEDS_SHARED("data/coco-photos");
        ModelSpec spec;
        spec.path = sharedPath("goldens/clip/vit_tiny/openai_fp32.safetensors");
        spec.device = "cpu";
        JobContext job;
        const auto model = ClipModel::open(spec, job);
        const Dataset data = openPath(sharedPath("data/coco-photos"));
        RateBook book(m_folder.filePath(QStringLiteral("coco.json")).toStdString());
        QElapsedTimer clock;
        clock.start();
        const EmbedEstimate estimate = estimateEmbedding(data, *model, book, job);
        QVERIFY(clock.elapsed() < 4000);
        clock.restart();
        const Embedding e = embed(data, *model, Modality::Picture, true, job);
        const double taken = double(clock.elapsed()) / 1000, told = estimate.secondsFor(estimate.pictures);
        QVERIFY2(told < 5 * taken + 1 && taken < 5 * told + 1,
                 qPrintable(QStringLiteral("%1 %2").arg(told).arg(taken)));
    }

private:
    std::pair<Dataset, std::shared_ptr<ClipModel>> builtIn()
    {
        JobContext job;
        const SampleFiles files = builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
        m_model = files.model;
        ModelSpec spec;
        spec.path = files.model;
        spec.device = "cpu";
        return {openPath(files.pictures), ClipModel::open(spec, job)};
    }

    QTemporaryDir m_folder;
    std::string m_model;
};

QTEST_GUILESS_MAIN(TestEmbedPlan)
#include "TestEmbedPlan.moc"
