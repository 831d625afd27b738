#include "MockClip.h"
#include "Shared.h"
#include "core/clip/BatchEncoder.h"
#include "core/data/Arrays.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <random>

using namespace semascope::core;

namespace {

constexpr std::size_t kRows = 21; // no multiple of any batch
constexpr std::size_t kEach = 3 * 2 * 2;

std::vector<float> pixels()
{
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    std::vector<float> x(kRows * kEach);
    std::generate(x.begin(), x.end(), [&] { return normal(random); });
    return x;
}

double largestDifference(const Matrix& a, const Matrix& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols()) {
        return INFINITY;
    }
    double most = 0;
    for (std::size_t i = 0; i < a.rows() * a.cols(); ++i) {
        most = std::max(most, std::abs(double(a.data()[i]) - b.data()[i]));
    }
    return most;
}

/// The rows of a run in batches of one on a model that never fails.
Matrix expected(const std::vector<float>& x)
{
    const MockClip sound("cpu");
    JobContext job;
    return BatchEncoder(sound, 1).encode(x.data(), kRows, job);
}

/// What a GPU with room for `most` rows does.
std::function<void(std::size_t)> roomFor(std::size_t most)
{
    return [most](std::size_t rows) {
        if (rows > most) {
            throw Error(Code::OutOfMemory, "CUDA out of memory. Tried to allocate 20.00 MiB");
        }
    };
}

struct Told
{
    JobContext job;
    std::vector<std::string> stages, notes;
    Told()
    {
        job.onProgress = [this](const Progress& p) { stages.push_back(p.stage); };
        job.onNote = [this](const std::string& sentence) { notes.push_back(sentence); };
    }
};

} // namespace

/// Out of memory and lost devices in the middle of a job (T43, T44).
class TestBatchEncoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheBatchWhenAllFits()
    {
        const auto x = pixels();
        const MockClip model("cpu");
        Told told;
        BatchEncoder encoder(model, 8);
        QCOMPARE(largestDifference(encoder.encode(x.data(), kRows, told.job), expected(x)), 0.0);
        QCOMPARE(model.batches, (std::vector<std::size_t>{8, 8, 5}));
        QVERIFY(encoder.notes().empty() && told.notes.empty());
        QCOMPARE(encoder.encode(x.data(), 0, told.job).rows(), std::size_t{0});
    }

    void halvesTheBatchAndKeepsIt_data()
    {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("room");
        QTest::addColumn<bool>("badAlloc");
        for (const int batch : {64, 32, 16}) {
            for (const int room : {8, 3, 1}) {
                for (const bool bad : {false, true}) {
                    QTest::addRow("%d into %d, %s", batch, room, bad ? "bad_alloc" : "torch") << batch << room << bad;
                }
            }
        }
    }

    void halvesTheBatchAndKeepsIt()
    {
        QFETCH(int, batch);
        QFETCH(int, room);
        QFETCH(bool, badAlloc);
        const auto x = pixels();
        MockClip model("mock:halves");
        int failures = 0;
        model.before = [&](std::size_t rows) {
            if (rows > std::size_t(room)) {
                ++failures;
                if (badAlloc) {
                    throw std::bad_alloc();
                }
                roomFor(std::size_t(room))(rows);
            }
        };
        Told told;
        BatchEncoder encoder(model, std::size_t(batch));
        QVERIFY(largestDifference(encoder.encode(x.data(), kRows, told.job), expected(x)) <= 1e-5);
        QVERIFY(encoder.batch() <= std::size_t(room) && encoder.batch() * 2 > std::size_t(room) / 2);
        const int once = failures;
        (void)encoder.encode(x.data(), kRows, told.job);
        QCOMPARE(failures, once); // the smaller batch was kept
        QCOMPARE(encoder.notes().size(), std::size_t{1});
        QVERIFY(encoder.notes().front().find("Memory was short") == 0);
        QCOMPARE(told.notes.size(), std::size_t{1});
        QVERIFY(!told.stages.empty());
        QCOMPARE(&encoder.model(), static_cast<const ClipModel*>(&model));
    }

    void movesToTheCpuWhenNotEvenOneRowFits()
    {
        const auto x = pixels();
        MockClip model("mock:full", "fp16");
        model.before = roomFor(0);
        const auto cpu = std::make_shared<MockClip>("cpu");
        cpu->before = roomFor(4); // halving goes on there
        model.twin = cpu;
        Told told;
        BatchEncoder encoder(model, 16);
        QVERIFY(largestDifference(encoder.encode(x.data(), kRows, told.job), expected(x)) <= 1e-5);
        QVERIFY(model.batches.empty());
        QCOMPARE(cpu->batches, (std::vector<std::size_t>{4, 4, 4, 4, 4, 1}));
        QCOMPARE(encoder.notes().size(), std::size_t{3}); // smaller, the CPU, smaller there
        QVERIFY(encoder.notes()[1].find("on the CPU") != std::string::npos);
        QVERIFY(encoder.notes()[1].find("fp32") != std::string::npos);
        QCOMPARE(encoder.model().deviceName(), std::string("cpu"));
    }

    void throwsWhenTheCpuHasNoRoomEither()
    {
        const auto x = pixels();
        MockClip model("mock:hopeless");
        model.before = roomFor(0);
        const auto cpu = std::make_shared<MockClip>("cpu");
        cpu->before = [](std::size_t) { throw std::bad_alloc(); };
        JobContext job;
        QCOMPARE(codeOf([&] {
                     (void)BatchEncoder(model, 8, [&](JobContext&) { return cpu; }).encode(x.data(), kRows, job);
                 }),
                 Code::OutOfMemory);
        QCOMPARE(codeOf([&] { (void)BatchEncoder(*cpu, 8).encode(x.data(), kRows, job); }), Code::OutOfMemory);
        QCOMPARE(codeOf([&] { (void)BatchEncoder(model, 8).encode(x.data(), kRows, job); }), Code::OutOfMemory);
    }

    void goesOnOnTheCpuWhenTheDeviceIsLost()
    {
        const auto x = pixels();
        MockClip model("mock:lost");
        bool broken = false;
        model.before = [&](std::size_t) {
            broken = broken || model.batches.size() == 2; // sticky: every later call fails as well
            if (broken) {
                const std::string text = "CUDA error: an illegal memory access was encountered";
                throw Error(torchErrorCode(text), text);
            }
        };
        const auto cpu = std::make_shared<MockClip>("cpu");
        model.twin = cpu;
        Told told;
        BatchEncoder encoder(model, 4);
        QVERIFY(largestDifference(encoder.encode(x.data(), kRows, told.job), expected(x)) <= 1e-5);
        QCOMPARE(model.batches, (std::vector<std::size_t>{4, 4}));
        QCOMPARE(cpu->batches, (std::vector<std::size_t>{4, 4, 4, 1})); // finished rows were not computed again
        QCOMPARE(told.notes.size(), std::size_t{1});
        QVERIFY(told.notes.front().find("GPU unavailable until restart") == 0);
        QVERIFY(deviceLost("mock:lost"));

        Told later; // a second job with the same model: no second message, no call to the device
        BatchEncoder again(model, 4);
        QVERIFY(largestDifference(again.encode(x.data(), kRows, later.job), expected(x)) <= 1e-5);
        QVERIFY(later.notes.empty());
        QCOMPARE(again.notes().size(), std::size_t{1}); // but its provenance says it
        QCOMPARE(model.batches.size(), std::size_t{2});
    }

    void textsGoTheSameWay()
    {
        MockClip model("mock:texts");
        model.before = roomFor(2);
        std::vector<std::vector<std::int32_t>> ids;
        for (int i = 0; i < 11; ++i) {
            ids.push_back(std::vector<std::int32_t>(std::size_t(1 + i % 3), i));
        }
        const MockClip sound("cpu");
        JobContext job;
        BatchEncoder encoder(model, 8);
        QCOMPARE(largestDifference(encoder.encodeTokens(ids, job), BatchEncoder(sound, 1).encodeTokens(ids, job)), 0.0);
        QCOMPARE(encoder.batch(), std::size_t{2});
    }

    void passesOtherErrorsOn()
    {
        const auto x = pixels();
        MockClip model("mock:wrong");
        model.before = [](std::size_t) { throw Error(Code::Unsupported, "no image tower"); };
        JobContext job;
        QCOMPARE(codeOf([&] { (void)BatchEncoder(model, 4).encode(x.data(), kRows, job); }), Code::Unsupported);
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        const MockClip sound("cpu");
        QCOMPARE(codeOf([&] { (void)BatchEncoder(sound, 4).encode(x.data(), kRows, stopped); }), Code::Cancelled);
    }

    void torchMessagesAreToldApart_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        const auto row = [](const char* text, Code code) {
            QTest::newRow(text) << QString::fromLatin1(text) << int(code);
        };
        row("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity)", Code::OutOfMemory);
        row("[enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 "
            "bytes. Error code 12 (Cannot allocate memory)",
            Code::OutOfMemory);
        row("DefaultCPUAllocator: not enough memory: you tried to allocate 64 bytes.", Code::OutOfMemory);
        row("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", Code::OutOfMemory);
        row("CUDA error: an illegal memory access was encountered", Code::DeviceLost);
        row("CUDA error: device-side assert triggered", Code::DeviceLost);
        row("CUDA error: unspecified launch failure", Code::DeviceLost);
        row("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)", Code::ModelFailed);
        row("\"addmm_impl_cpu_\" not implemented for 'Half'", Code::ModelFailed);
    }

    void torchMessagesAreToldApart()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        QCOMPARE(int(torchErrorCode(text.toStdString())), code);
    }

    void devicesAreNamedClearly()
    {
        QCOMPARE(computeDevices().front(), std::string("cpu"));
        const int gpus = int(computeDevices().size()) - 1;
        const std::string absent = "cuda:" + std::to_string(gpus + 3);
        try {
            (void)chooseDevice(absent);
            QFAIL("a device that is not there was accepted");
        } catch (const Error& e) {
            QCOMPARE(e.code(), Code::NotFound);
            QVERIFY(std::string(e.what()).find("cpu") != std::string::npos);
        }
        for (const char* word : {"cuda:", "cuda:x", "cuda:-1", "gpu", "cuda:12345", ""}) {
            QCOMPARE(codeOf([&] { (void)chooseDevice(word); }), Code::Misuse);
        }
    }

    void realModelInSmallBatches()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/openai_fp32.safetensors");
        ModelSpec spec;
        spec.path = sharedPath("goldens/clip/vit_tiny/openai_fp32.safetensors");
        spec.device = "cpu";
        JobContext job;
        const auto model = ClipModel::open(spec, job);
        const Array a = readNpy(sharedPath("goldens/clip/vit_tiny/image.npy"));
        const auto* x = static_cast<const float*>(a.data);
        const Matrix whole = BatchEncoder(*model, 64).encode(x, a.shape[0], job);
        const Matrix single = BatchEncoder(*model, 1).encode(x, a.shape[0], job);
        QVERIFY(largestDifference(whole, single) <= 1e-5);
        const auto twin = model->onCpu(job);
        QVERIFY(twin && twin->deviceName() == "cpu" && twin->precision() == "fp32");
        QVERIFY(largestDifference(BatchEncoder(*twin, 64).encode(x, a.shape[0], job), whole) <= 1e-6);
    }

private:
    template<class F> static Code codeOf(F&& body)
    {
        try {
            body();
        } catch (const Error& e) {
            return e.code();
        }
        return Code::Io; // nothing was thrown; no test expects this one
    }
};

QTEST_GUILESS_MAIN(TestBatchEncoder)
#include "TestBatchEncoder.moc"
