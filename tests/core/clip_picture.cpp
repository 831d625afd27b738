// Resizing and normalising pictures, bit for bit as Pillow and the reference pipelines do.
#include "Shared.h"
#include "core/clip/Preprocess.h"
#include "core/clip/Resize_p.h"
#include "core/job/Error.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <zlib.h>

#include <cmath>
#include <cstring>

using namespace semascope::core;

namespace {

constexpr const char* kGolden = "goldens/clip/image/golden.json";
constexpr int kSizes[] = {224, 64};

std::string imagePath(const QString& name)
{
    return sharedPath("goldens/clip/image/") + name.toStdString();
}

Picture readPicture(const QString& name)
{
    const cv::Mat bgr = cv::imread(imagePath(name), cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    cv::Mat rgb;
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return {rgb.cols, rgb.rows, 3, {rgb.datastart, rgb.dataend}};
}

QByteArray arrayBytes(const QString& name)
{
    QFile file(QString::fromStdString(imagePath(name)));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray all = file.readAll();
    return all.mid(10 + static_cast<unsigned char>(all[8]) + 256 * static_cast<unsigned char>(all[9]));
}

QByteArray bytesOf(const Picture& picture)
{
    return QByteArray(reinterpret_cast<const char*>(picture.pixels.data()),
                      static_cast<qsizetype>(picture.pixels.size()));
}

double crcOf(const Picture& picture)
{
    return static_cast<double>(crc32(0, picture.pixels.data(), static_cast<uInt>(picture.pixels.size())));
}

Picture noise(int width, int height)
{
    Picture picture{width, height, 3, {}};
    std::uint32_t state = 99;
    for (int i = 0; i < width * height * 3; ++i) {
        state = state * 1664525 + 1013904223;
        picture.pixels.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    return picture;
}

PreprocessSpec specOf(int size, bool hf = false)
{
    PreprocessSpec spec;
    spec.size = size;
    spec.hfCrop = hf;
    return spec;
}

QJsonArray goldenCases()
{
    QFile file(QString::fromStdString(sharedPath(kGolden)));
    return file.open(QIODevice::ReadOnly)
               ? QJsonDocument::fromJson(file.readAll()).object()[QStringLiteral("cases")].toArray()
               : QJsonArray();
}

double largestDifference(const std::vector<float>& values, const QByteArray& expected)
{
    if (static_cast<std::size_t>(expected.size()) != values.size() * sizeof(float)) {
        return INFINITY;
    }
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        float other = 0;
        std::memcpy(&other, expected.constData() + i * sizeof other, sizeof other);
        largest = std::max(largest, static_cast<double>(std::abs(values[i] - other)));
    }
    return largest;
}

std::vector<float> preprocessed(const Picture& picture, const PreprocessSpec& spec)
{
    std::vector<float> out(static_cast<std::size_t>(3 * spec.size * spec.size));
    preprocess(picture, spec, out.data());
    return out;
}

} // namespace

class TestClipPicture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameSizeIsCopy();
    void flatStaysFlat();
    void knownWeights();
    void windowIsPart_data();
    void windowIsPart();
    void kernelsAgree_data();
    void kernelsAgree();
    void cropOffsets();
    void longAndNarrow();
    void normalising();
    void refused();
    void goldenCrops();
    void goldenArrays();
    void goldenNormalised();
    void goldenModes();
    void speed();
};

void TestClipPicture::sameSizeIsCopy()
{
    const Picture in = noise(17, 9);
    QVERIFY(resizePillow(in, 17, 9, PreprocessSpec::Filter::Bicubic).pixels == in.pixels);
    const Picture part = resizePillow(in, 17, 9, PreprocessSpec::Filter::Bicubic, {3, 2, 5, 4});
    QCOMPARE(part.width, 5);
    QCOMPARE(part.height, 4);
    QVERIFY(std::memcmp(part.pixels.data() + 15, in.pixels.data() + (3 * 17 + 3) * 3, 15) == 0);
}

void TestClipPicture::flatStaysFlat()
{
    Picture in{50, 40, 3, std::vector<std::uint8_t>(50 * 40 * 3, 200)};
    for (const auto filter : {PreprocessSpec::Filter::Bicubic, PreprocessSpec::Filter::Bilinear}) {
        for (const auto& [w, h] : {std::pair(7, 5), std::pair(123, 81), std::pair(1, 1), std::pair(50, 3)}) {
            const Picture out = resizePillow(in, w, h, filter);
            QVERIFY(std::all_of(out.pixels.begin(), out.pixels.end(), [](std::uint8_t v) { return v == 200; }));
        }
    }
}

/// Halving with the triangle filter weighs 1:3:3:1 inside, and 3:3:1 over 7 at the edge.
void TestClipPicture::knownWeights()
{
    Picture in{8, 1, 3, {}};
    const int levels[8] = {10, 50, 90, 20, 200, 255, 0, 130};
    for (int level : levels) {
        in.pixels.insert(in.pixels.end(), 3, static_cast<std::uint8_t>(level));
    }
    const Picture out = resizePillow(in, 4, 1, PreprocessSpec::Filter::Bilinear);
    QCOMPARE(static_cast<int>(out.pixels[0]), static_cast<int>(std::lround((3 * 10 + 3 * 50 + 90) / 7.0)));
    QCOMPARE(static_cast<int>(out.pixels[3]), static_cast<int>(std::lround((50 + 3 * 90 + 3 * 20 + 200) / 8.0)));
    const ResizeAxis axis = makeResizeAxis({8, 4, 1, 2}, PreprocessSpec::Filter::Bicubic);
    QCOMPARE(axis.first.size(), std::size_t(2));
    for (std::size_t i = 0; i < 2; ++i) {
        std::int64_t sum = 0;
        for (int tap = 0; tap < axis.groups * ResizeAxis::kGroup; ++tap) {
            sum += axis.weight[i * static_cast<std::size_t>(axis.groups * ResizeAxis::kGroup) +
                               static_cast<std::size_t>(tap)];
        }
        QVERIFY(std::abs(sum - (1 << ResizeAxis::kFractionBits)) <= axis.count[i]);
    }
}

void TestClipPicture::windowIsPart_data()
{
    QTest::addColumn<QSize>("from");
    QTest::addColumn<QSize>("to");
    QTest::addColumn<QRect>("window");
    QTest::newRow("down") << QSize(301, 207) << QSize(97, 64) << QRect(16, 0, 64, 64);
    QTest::newRow("up") << QSize(19, 23) << QSize(64, 77) << QRect(3, 6, 60, 64);
    QTest::newRow("x only") << QSize(301, 40) << QSize(97, 40) << QRect(20, 5, 33, 30);
    QTest::newRow("y only") << QSize(40, 301) << QSize(40, 97) << QRect(7, 31, 22, 40);
    QTest::newRow("one pixel") << QSize(90, 70) << QSize(31, 30) << QRect(30, 29, 1, 1);
}

void TestClipPicture::windowIsPart()
{
    QFETCH(QSize, from);
    QFETCH(QSize, to);
    QFETCH(QRect, window);
    const Picture in = noise(from.width(), from.height());
    const Picture whole = resizePillow(in, to.width(), to.height(), PreprocessSpec::Filter::Bicubic);
    const Picture part = resizePillow(in, to.width(), to.height(), PreprocessSpec::Filter::Bicubic,
                                      {window.x(), window.y(), window.width(), window.height()});
    for (int y = 0; y < window.height(); ++y) {
        const int offset = ((y + window.y()) * to.width() + window.x()) * 3;
        QVERIFY(std::memcmp(part.pixels.data() + y * window.width() * 3, whole.pixels.data() + offset,
                            static_cast<std::size_t>(window.width()) * 3) == 0);
    }
}

void TestClipPicture::kernelsAgree_data()
{
    QTest::addColumn<QSize>("from");
    QTest::addColumn<QSize>("to");
    for (const QSize from :
         {QSize(1, 1), QSize(2, 3), QSize(1, 9), QSize(5, 1), QSize(640, 427), QSize(33, 65), QSize(3000, 7)}) {
        for (const QSize to : {QSize(1, 1), QSize(3, 2), QSize(64, 64), QSize(229, 31), QSize(7, 300)}) {
            QTest::addRow("%dx%d to %dx%d", from.width(), from.height(), to.width(), to.height()) << from << to;
        }
    }
}

void TestClipPicture::kernelsAgree()
{
    QFETCH(QSize, from);
    QFETCH(QSize, to);
    const Picture in = noise(from.width(), from.height());
    for (const auto filter : {PreprocessSpec::Filter::Bicubic, PreprocessSpec::Filter::Bilinear}) {
        ResizeRequest request{to.width(), to.height(), filter, {0, 0, to.width(), to.height()}, ResizeKernel::Best};
        const Picture best = resizeWith(in, request);
        request.kernel = ResizeKernel::Plain;
        QVERIFY(best.pixels == resizeWith(in, request).pixels);
    }
}

/// 11 wide for 8: 1.5 rounds to 2 for OpenAI and down for Hugging Face; 9 wide: 0.5 rounds to 0 for both.
void TestClipPicture::cropOffsets()
{
    const auto firstColumn = [](int width, bool hf) {
        Picture in{width, 8, 3, {}};
        for (int i = 0; i < width * 8; ++i) {
            in.pixels.insert(in.pixels.end(), 3, static_cast<std::uint8_t>(i % width));
        }
        return static_cast<int>(resizeAndCrop(in, specOf(8, hf)).pixels[0]);
    };
    QCOMPARE(firstColumn(11, false), 2);
    QCOMPARE(firstColumn(11, true), 1);
    QCOMPARE(firstColumn(9, false), 0);
    QCOMPARE(firstColumn(9, true), 0);
    QCOMPARE(firstColumn(13, false), 2);
    QCOMPARE(firstColumn(12, false), 2);
}

void TestClipPicture::longAndNarrow()
{
    const Picture column = resizeAndCrop(noise(1, 60'000), specOf(224));
    QCOMPARE(column.width, 224);
    QCOMPARE(column.height, 224);
    PreprocessSpec squash = specOf(32);
    squash.squash = true;
    QCOMPARE(resizeAndCrop(noise(20'000, 2), squash).pixels.size(), std::size_t(32 * 32 * 3));
}

void TestClipPicture::normalising()
{
    PreprocessSpec spec = specOf(16);
    Picture in{16, 16, 3, {}};
    for (int i = 0; i < 256; ++i) {
        in.pixels.insert(in.pixels.end(), 3, static_cast<std::uint8_t>(i));
    }
    const std::vector<float> out = preprocessed(in, spec);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < 256; ++i) {
            const float openAi = (static_cast<float>(i) / 255.0f - spec.mean[c]) / spec.stddev[c];
            const float scaled = static_cast<float>(static_cast<double>(i) * (1.0 / 255.0));
            const float huggingFace = (scaled - spec.mean[c]) / spec.stddev[c];
            QCOMPARE(out[c * 256 + i], openAi);
            QVERIFY(openAi == huggingFace); // so one table serves both
        }
    }
}

void TestClipPicture::refused()
{
    const Picture in = noise(5, 4);
    const auto filter = PreprocessSpec::Filter::Bicubic;
    QVERIFY_THROWS_EXCEPTION(Error, resizePillow(Picture{}, 4, 4, filter));
    QVERIFY_THROWS_EXCEPTION(Error, resizePillow(Picture{5, 4, 4, std::vector<std::uint8_t>(80)}, 4, 4, filter));
    QVERIFY_THROWS_EXCEPTION(Error, resizePillow(Picture{5, 5, 3, in.pixels}, 4, 4, filter));
    QVERIFY_THROWS_EXCEPTION(Error, resizePillow(in, 0, 4, filter));
    QVERIFY_THROWS_EXCEPTION(Error, resizePillow(in, 8, 8, filter, {1, 0, 8, 8}));
    QVERIFY_THROWS_EXCEPTION(Error, resizeAndCrop(Picture{}, specOf(8)));
}

void TestClipPicture::goldenCrops()
{
    NEEDS_SHARED("goldens/clip/image/golden.json");
    int compared = 0;
    for (const QJsonValue& value : goldenCases()) {
        const QJsonObject entry = value.toObject();
        const QString name = entry[QStringLiteral("name")].toString();
        const Picture in = readPicture(name + QStringLiteral(".png"));
        for (int size : kSizes) {
            const QJsonObject expected = entry[QString::number(size)].toObject();
            const int w = expected[QStringLiteral("resized_wh")][0].toInt();
            const int h = expected[QStringLiteral("resized_wh")][1].toInt();
            const auto crc = [&](const char* key) { return expected[QLatin1String(key)].toDouble(); };
            PreprocessSpec squash = specOf(size);
            squash.squash = true;
            QCOMPARE(crcOf(resizePillow(in, w, h, PreprocessSpec::Filter::Bicubic)), crc("crc32_resized"));
            QCOMPARE(crcOf(resizePillow(in, w, h, PreprocessSpec::Filter::Bilinear)), crc("crc32_resized_bilinear"));
            QCOMPARE(crcOf(resizeAndCrop(in, specOf(size))), crc("crc32_crop"));
            QCOMPARE(crcOf(resizeAndCrop(in, specOf(size, true))), crc("crc32_crop_hf"));
            QCOMPARE(crcOf(resizeAndCrop(in, squash)), crc("crc32_squash_bicubic"));
            compared += 5;
        }
    }
    qInfo() << compared << "pictures are equal to the last bit";
    QVERIFY(compared > 0);
}

void TestClipPicture::goldenArrays()
{
    NEEDS_SHARED("goldens/clip/image/golden.json");
    int compared = 0;
    for (const QJsonValue& value : goldenCases()) {
        const QString name = value.toObject()[QStringLiteral("name")].toString();
        const Picture in = readPicture(name + QStringLiteral(".png"));
        for (int size : kSizes) {
            const QByteArray crop = arrayBytes(name + QStringLiteral("_crop%1.npy").arg(size));
            if (!crop.isEmpty()) {
                QCOMPARE(bytesOf(resizeAndCrop(in, specOf(size))), crop);
                ++compared;
            }
        }
        PreprocessSpec squash = specOf(64);
        squash.squash = true;
        QCOMPARE(bytesOf(resizeAndCrop(in, squash)), arrayBytes(name + QStringLiteral("_squash64.npy")));
    }
    QVERIFY(compared > 0);
}

/// The arrays of both pipelines are of OpenAI's crop: they compare the arithmetic. The other crop is in goldenCrops().
void TestClipPicture::goldenNormalised()
{
    NEEDS_SHARED("goldens/clip/image/golden.json");
    int compared = 0;
    for (const QJsonValue& value : goldenCases()) {
        const QString name = value.toObject()[QStringLiteral("name")].toString();
        for (const char* ending : {"_norm64.npy", "_norm64_hf.npy"}) {
            const QByteArray expected = arrayBytes(name + QLatin1String(ending));
            if (!expected.isEmpty()) {
                const std::vector<float> out = preprocessed(readPicture(name + QStringLiteral(".png")), specOf(64));
                QVERIFY(largestDifference(out, expected) <= 1e-6);
                ++compared;
            }
        }
    }
    QVERIFY(compared > 0);
}

/// Decoded to RGB first, as Hugging Face's pipeline does.
void TestClipPicture::goldenModes()
{
    NEEDS_SHARED("goldens/clip/image/mode_L.png");
    for (const char* mode : {"mode_L", "mode_P", "mode_RGBA"}) {
        const QString name = QLatin1String(mode);
        QCOMPARE(bytesOf(resizeAndCrop(readPicture(name + QStringLiteral(".png")), specOf(64, true))),
                 arrayBytes(name + QStringLiteral("_hf64.npy")));
    }
    for (const char* mode : {"mode_L", "mode_P", "mode_RGBA"}) { // as stored, RGB last: OpenAI's pipeline
        const QString name = QLatin1String(mode);
        const std::string png = imagePath(name + QStringLiteral(".png"));
        const Picture stored = decodeAsStored(readRegularFile(png));
        QCOMPARE(bytesOf(resizeAndCrop(stored, specOf(64))), arrayBytes(name + QStringLiteral("_openai64.npy")));
    }
    for (const char* file : {"exif6", "gray"}) {
        const QString name = QLatin1String(file);
        QCOMPARE(bytesOf(resizeAndCrop(readPicture(name + QStringLiteral(".jpg")), specOf(64))),
                 arrayBytes(name + QStringLiteral("_jpg_openai64.npy")));
    }
}

void TestClipPicture::speed()
{
    const Picture in = noise(1920, 1080);
    const auto best = [&](ResizeKernel kernel) {
        qint64 shortest = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 10; ++i) {
            QElapsedTimer timer;
            timer.start();
            resizeWith(in, {398, 224, PreprocessSpec::Filter::Bicubic, {87, 0, 224, 224}, kernel});
            shortest = std::min(shortest, timer.nsecsElapsed());
        }
        return static_cast<double>(shortest) / 1e6;
    };
    QElapsedTimer timer;
    timer.start();
    preprocessed(in, specOf(224));
    const double whole = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    qInfo() << "1920x1080 to 398x224, middle 224x224:" << best(ResizeKernel::Best) << "ms, plain"
            << best(ResizeKernel::Plain) << "ms; with normalising" << whole << "ms";
}

QTEST_GUILESS_MAIN(TestClipPicture)
#include "clip_picture.moc"
