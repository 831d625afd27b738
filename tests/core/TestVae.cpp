#include "Shared.h"
#include "core/demo/FaceDataset.h"
#include "core/job/Error.h"
#include "core/latent/VaeTrain.h"

#include <cmath>
#include <numeric>

using namespace semascope::core;

namespace {

PixelSet faces(std::size_t count, int channels)
{
    JobContext job;
    FaceSetSpec spec;
    spec.count = count;
    spec.side = 32;
    const Dataset data = faceDataset(spec, job);
    return readPixels(data, {}, {channels, 32, 0}, job);
}

VaeTrainSpec quick(const char* objective)
{
    VaeTrainSpec spec;
    spec.objective = objective;
    spec.epochs = 2;
    spec.batch = 16;
    spec.latents = 4;
    spec.device = "cpu";
    return spec;
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString messageOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const Error& e) {
        return QString::fromUtf8(e.what());
    }
    return {};
}

class TestVae : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void descriptionsSurviveWritingAndReading_data();
    void descriptionsSurviveWritingAndReading();
    void misfitsAreNamed();
    void trainingLearnsAndOpens_data();
    void trainingLearnsAndOpens();
    void goingOnEqualsAnUndisturbedRun();
    void otherPicturesStartAnew();
    void cancelKeepsTheFolder();
    void refusals_data();
    void refusals();
    void othersModelsGiveTheirFigures_data();
    void othersModelsGiveTheirFigures();
};

void TestVae::descriptionsSurviveWritingAndReading_data()
{
    QTest::addColumn<bool>("burgess");
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("channels");
    for (const bool burgess : {true, false}) {
        for (const int side : {32, 64}) {
            for (const int channels : {1, 3}) {
                QTest::addRow("%s %d px, %d channels", burgess ? "burgess" : "disentanglement_lib", side, channels)
                    << burgess << side << channels;
            }
        }
    }
}

void TestVae::descriptionsSurviveWritingAndReading()
{
    QFETCH(bool, burgess);
    QFETCH(int, side);
    QFETCH(int, channels);
    const VaeSpec spec = burgess ? burgessSpec(side, channels, 7) : disentanglementLibSpec(side, channels, 7);
    checkVaeSpec(spec);
    QVERIFY(vaeSpecFromJson(vaeSpecToJson(spec), "config.json") == spec);
}

void TestVae::misfitsAreNamed()
{
    VaeSpec spec = burgessSpec(64, 3, 10);
    spec.encoder[2].in = 31;
    QVERIFY(messageOf([&] { checkVaeSpec(spec); }).contains(QLatin1String("encoder.conv2")));
    spec = burgessSpec(64, 3, 10);
    spec.decoder.pop_back();
    spec.decoder.pop_back();
    QVERIFY(messageOf([&] { checkVaeSpec(spec); }).contains(QLatin1String("decoder ends")));
    spec = burgessSpec(64, 3, 10);
    spec.latents = 11;
    QVERIFY(messageOf([&] { checkVaeSpec(spec); }).contains(QLatin1String("11 latents")));
    QVERIFY(messageOf([] { vaeSpecFromJson("{\"vae\": {\"side\": -3}}", "c.json"); }).contains(QLatin1String("side")));
    QVERIFY(messageOf([] { vaeSpecFromJson("[", "c.json"); }).contains(QLatin1String("c.json")));
    const char* unknown = "{\"vae\": {\"encoder\": [{\"layer\": \"attention\"}], \"decoder\": []}}";
    QVERIFY(messageOf([&] { vaeSpecFromJson(unknown, "c.json"); }).contains(QLatin1String("attention")));
}

void TestVae::trainingLearnsAndOpens_data()
{
    QTest::addColumn<QString>("objective");
    for (const char* objective : {"vae", "beta", "factor", "btcvae"}) {
        QTest::newRow(objective) << QString::fromLatin1(objective);
    }
}

void TestVae::trainingLearnsAndOpens()
{
    QFETCH(QString, objective);
    const QTemporaryDir folder;
    const PixelSet pixels = faces(96, 3);
    int shown = 0;
    JobContext job;
    job.onPartial = [&](std::shared_ptr<const void>) { ++shown; };
    const VaeProgress progress =
        trainVae(pixels, quick(objective.toUtf8().constData()), folder.path().toStdString(), job);
    QCOMPARE(progress.epochs.size(), 2u);
    QVERIFY(shown >= 2);
    QCOMPARE(progress.trained + progress.held, pixels.size());
    QVERIFY(progress.held > 0);
    QVERIFY(progress.epochs.back().heldReconstruction < progress.epochs.front().heldReconstruction);
    QCOMPARE(progress.originals.rows(), progress.reconstructions.rows());
    const auto vae = Vae::open(folder.path().toStdString(), "cpu", job);
    QVERIFY(vae->spec() == burgessSpec(32, 3, 4));
    std::vector<float> all(pixels.size() * 3 * 32 * 32);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels.copy(i, PixelRange::Unit, all.data() + i * 3 * 32 * 32);
    }
    const VaeFit fit = vaeFit(*vae, Matrix::from(std::move(all), pixels.size(), 3 * 32 * 32), job);
    QCOMPARE(fit.divergenceOf.size(), 4u);
    QVERIFY(std::abs(std::accumulate(fit.divergenceOf.begin(), fit.divergenceOf.end(), 0.0) - fit.divergence) < 1e-9);
    QVERIFY(std::abs(fit.reconstruction / progress.epochs.back().heldReconstruction - 1) < 0.1);
}

void TestVae::goingOnEqualsAnUndisturbedRun()
{
    for (const char* objective : {"btcvae", "factor"}) {
        const QTemporaryDir once, twice;
        const PixelSet pixels = faces(48, 1);
        VaeTrainSpec spec = quick(objective);
        JobContext job;
        trainVae(pixels, spec, once.path().toStdString(), job);
        spec.epochs = 1;
        trainVae(pixels, spec, twice.path().toStdString(), job);
        spec.epochs = 2;
        const VaeProgress progress = trainVae(pixels, spec, twice.path().toStdString(), job);
        QCOMPARE(progress.epochs.size(), 2u);
        const QByteArray weights = bytesOf(once.filePath(QStringLiteral("model.safetensors")));
        QVERIFY(!weights.isEmpty());
        QCOMPARE(bytesOf(twice.filePath(QStringLiteral("model.safetensors"))), weights);
    }
}

void TestVae::otherPicturesStartAnew()
{
    const QTemporaryDir folder;
    VaeTrainSpec spec = quick("vae");
    spec.epochs = 1;
    JobContext job;
    trainVae(faces(48, 1), spec, folder.path().toStdString(), job);
    const VaeProgress other = trainVae(faces(64, 1), spec, folder.path().toStdString(), job);
    QCOMPARE(other.trained + other.held, 64u);
    QVERIFY(!other.originals.empty()); // it was trained, not found to be done
}

void TestVae::cancelKeepsTheFolder()
{
    const QTemporaryDir folder;
    const PixelSet pixels = faces(48, 1);
    VaeTrainSpec spec = quick("vae");
    spec.epochs = 1;
    JobContext job;
    trainVae(pixels, spec, folder.path().toStdString(), job);
    const QByteArray before = bytesOf(folder.filePath(QStringLiteral("model.safetensors")));
    std::stop_source stop;
    JobContext stopped(stop.get_token());
    stopped.onProgress = [&](const Progress&) { stop.request_stop(); };
    spec.epochs = 50;
    try {
        trainVae(pixels, spec, folder.path().toStdString(), stopped);
        QFAIL("it was not cancelled");
    } catch (const Error& e) {
        QCOMPARE(e.code(), Code::Cancelled);
    }
    QCOMPARE(bytesOf(folder.filePath(QStringLiteral("model.safetensors"))), before);
}

void TestVae::refusals_data()
{
    QTest::addColumn<QString>("objective");
    QTest::addColumn<int>("epochs");
    QTest::addColumn<int>("pictures");
    QTest::addColumn<QString>("says");
    QTest::newRow("objective") << "gan" << 1 << 48 << "gan";
    QTest::newRow("epochs") << "vae" << 0 << 48 << "1 epoch";
    QTest::newRow("pictures") << "vae" << 1 << 3 << "at least 4";
}

void TestVae::refusals()
{
    QFETCH(QString, objective);
    QFETCH(int, epochs);
    QFETCH(int, pictures);
    QFETCH(QString, says);
    const QTemporaryDir folder;
    VaeTrainSpec spec = quick(objective.toUtf8().constData());
    spec.epochs = epochs;
    JobContext job;
    const QString message = messageOf(
        [&] { trainVae(faces(static_cast<std::size_t>(pictures), 1), spec, folder.path().toStdString(), job); });
    QVERIFY2(message.contains(says), qPrintable(message));
}

void TestVae::othersModelsGiveTheirFigures_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<double>("entropy");
    QTest::addColumn<double>("divergence");
    // measured by others' code on the same pictures: algorithms §4.3; NaN where it states none
    QTest::newRow("beta-TCVAE") << "data/vae/btcvae_celeba" << 6521.8 << 21.4;
    QTest::newRow("VAE") << "data/vae/VAE_celeba" << qQNaN() << qQNaN();
    QTest::newRow("beta-VAE") << "data/vae/betaH_celeba" << qQNaN() << qQNaN();
}

void TestVae::othersModelsGiveTheirFigures()
{
    NEEDS_SHARED("data/vae");
    QFETCH(QString, model);
    QFETCH(double, entropy);
    QFETCH(double, divergence);
    JobContext job;
    OpenSpec open;
    open.path = sharedPath("data/vae/celeba-faces");
    const PixelSet pixels = readPixels(openDataset(open, job), {}, {3, 64, 0}, job);
    QCOMPARE(pixels.size(), 100u);
    constexpr std::size_t kNumbers = 3 * 64 * 64;
    std::vector<float> all(pixels.size() * kNumbers);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels.copy(i, PixelRange::Unit, all.data() + i * kNumbers);
    }
    const auto vae = Vae::open(sharedPath(model.toUtf8().constData()), "cpu", job);
    QVERIFY(vae->spec() == burgessSpec(64, 3, 10));
    QCOMPARE(vae->parameters(), 504055u);
    const VaeFit fit = vaeFit(*vae, Matrix::from(std::move(all), pixels.size(), kNumbers), job);
    QVERIFY(fit.psnr > 15);
    QVERIFY(std::isnan(entropy) || std::abs(fit.reconstruction - entropy) <= 1);
    QVERIFY(std::isnan(divergence) || std::abs(fit.divergence - divergence) <= 0.2);
}

} // namespace

QTEST_GUILESS_MAIN(TestVae)
#include "TestVae.moc"
