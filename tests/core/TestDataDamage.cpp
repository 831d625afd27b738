#include "DataFixtures.h"

using namespace semascope::core;
using namespace fixtures;

namespace {

Bytes cut(const Bytes& bytes, std::size_t size)
{
    return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(size, bytes.size())));
}

/// Writes other sizes into a JPEG's picture header.
Bytes withSize(Bytes bytes, int width, int height)
{
    for (std::size_t i = 2; i + 9 < bytes.size(); ++i) {
        if (bytes[i] == 0xff && (bytes[i + 1] == 0xc0 || bytes[i + 1] == 0xc2)) {
            bytes[i + 5] = static_cast<std::uint8_t>(height >> 8);
            bytes[i + 6] = static_cast<std::uint8_t>(height & 255);
            bytes[i + 7] = static_cast<std::uint8_t>(width >> 8);
            bytes[i + 8] = static_cast<std::uint8_t>(width & 255);
            break;
        }
    }
    return bytes;
}

/// A PNG header that claims these sizes, with nearly nothing behind it.
Bytes pngClaiming(std::uint32_t width, std::uint32_t height)
{
    Bytes bytes = encoded(gradient(4, 4), ".png");
    const Bytes sizes = bigEndian({width, height});
    std::copy(sizes.begin(), sizes.end(), bytes.begin() + 16);
    return bytes;
}

bool refused(const Bytes& bytes)
{
    return codeOf([&] { decodeForModel(bytes); }).has_value();
}

} // namespace

class TestDataDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutJpegIsNeverSilent_data()
    {
        QTest::addColumn<bool>("progressive");
        QTest::newRow("baseline") << false;
        QTest::newRow("progressive") << true;
    }
    void cutJpegIsNeverSilent()
    {
        QFETCH(bool, progressive);
        const Bytes whole = encoded(gradient(320, 240), ".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, progressive ? 1 : 0});
        QVERIFY(!refused(whole));
        for (std::size_t sixteenths = 0; sixteenths < 16; ++sixteenths) {
            QVERIFY2(refused(cut(whole, whole.size() * sixteenths / 16)), std::to_string(sixteenths).c_str());
        }
        QVERIFY(refused(cut(whole, whole.size() - 1)));
        SAYS(messageOf([&] { decodeForModel(cut(whole, whole.size() / 2)); }), "truncated");
        const Picture eye = decodeForEye(cut(whole, whole.size() * 3 / 4), 0); // shown as far as it goes
        QCOMPARE(eye.width, 320);
    }

    void flippedBytesAreFlagged()
    {
        Bytes bytes = encoded(gradient(320, 240), ".jpg");
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[bytes.size() / 2 + i] = static_cast<std::uint8_t>(bytes[bytes.size() / 2 + i] ^ 0xff);
        }
        bytes[bytes.size() / 2] = 0xff;
        bytes[bytes.size() / 2 + 1] = 0xd3; // a restart marker where none may be
        SAYS(messageOf([&] { decodeForModel(bytes); }), "damaged");
    }

    void pngCutOrWithWrongChecksum()
    {
        const Bytes whole = encoded(gradient(100, 80), ".png");
        QVERIFY(!refused(whole));
        QVERIFY(refused(cut(whole, whole.size() / 2)));
        Bytes flipped = whole;
        flipped[whole.size() / 2] ^= 0xff;
        QCOMPARE(messageOf([&] { decodeForModel(flipped); }), std::string("damaged: chunk IDAT fails its checksum"));
        QCOMPARE(messageOf([&] { decodeForModel(cut(whole, whole.size() / 2)); }),
                 std::string("truncated (ends inside chunk IDAT)"));
        QCOMPARE(messageOf([&] { decodeForModel(cut(whole, whole.size() - 12)); }),
                 std::string("truncated (no end marker)"));
        QCOMPARE(decodeForEye(flipped, 0).width, 100); // shown as far as it goes
        const Picture eye = decodeForEye(cut(whole, whole.size() / 2), 0);
        QCOMPARE(eye.height, 80);
        const Picture good = decodeForModel(whole);
        QVERIFY(std::equal(eye.pixels.begin(), eye.pixels.begin() + 300, good.pixels.begin())); // first row is there
    }

    /// Profiles and texts do not change a pixel; one that is damaged is no reason to lose the picture.
    void pngWithADamagedExtra()
    {
        const Bytes whole = encoded(gradient(40, 30), ".png");
        Bytes extra = bigEndian({4});
        for (const char c : {'t', 'E', 'X', 't', 'a', '\0', 'b', 'c', 'w', 'r', 'o', 'n'}) {
            extra.push_back(static_cast<std::uint8_t>(c));
        }
        Bytes bytes = whole;
        bytes.insert(bytes.begin() + 33, extra.begin(), extra.end());
        QCOMPARE(decodeForModel(bytes).pixels, decodeForModel(whole).pixels);
        QCOMPARE(decodeForEye(bytes, 0).pixels, decodeForModel(whole).pixels);
    }

    void hugeHeadersAreRefusedAtOnce()
    {
        const Bytes jpegBomb = cut(withSize(encoded(gradient(640, 480), ".jpg"), 30000, 30000), 4096);
        QElapsedTimer timer;
        timer.start();
        SAYS(messageOf([&] { decodeForModel(jpegBomb); }), "too large");
        SAYS(messageOf([&] { decodeForEye(jpegBomb, 64); }), "too large");
        QVERIFY(timer.elapsed() < 50);
        SAYS(messageOf([&] { decodeForModel(cut(withSize(jpeg(640, 480), 12000, 12000), 4096)); }), "truncated");
        SAYS(messageOf([&] { decodeForModel(pngClaiming(30000, 30000)); }), "too large");
        SAYS(messageOf([&] { decodeForModel(pngClaiming(40000, 40000)); }), "too large");
        SAYS(messageOf([&] { decodeForModel(pngClaiming((1u << 20) + 1, 1)); }), "too large");
        SAYS(messageOf([&] { decodeForModel(pngClaiming(0, 0)); }), "no pixels");
        SAYS(messageOf([&] { decodeForModel(pngClaiming(0x7fffffff, 0x7fffffff)); }), "too large");
        SAYS(messageOf([&] { decodeForModel(pngClaiming(12000, 12000)); }), "truncated");
    }

    void limitsCanBeTighter()
    {
        PictureLimits limits;
        limits.maxPixels = 100;
        QCOMPARE(codeOf([&] { probePicture(jpeg(11, 10), limits); }), std::optional(Code::Unsupported));
        QVERIFY(!codeOf([&] { probePicture(jpeg(10, 10), limits); }));
        limits.maxSide = 9;
        QVERIFY(codeOf([&] { probePicture(jpeg(10, 10), limits); }).has_value());
    }

    void scanBombEnds()
    {
        const Bytes bytes = encoded(gradient(512, 512), ".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
        std::size_t lastScan = 0;
        for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
            lastScan = bytes[i] == 0xff && bytes[i + 1] == 0xda ? i : lastScan;
        }
        const Bytes scan(bytes.begin() + static_cast<std::ptrdiff_t>(lastScan), bytes.end() - 2);
        Bytes bomb = cut(bytes, bytes.size() - 2);
        for (int i = 0; i < 5000; ++i) {
            bomb.insert(bomb.end(), scan.begin(), scan.end());
        }
        bomb.insert(bomb.end(), bytes.end() - 2, bytes.end());
        QElapsedTimer timer;
        timer.start();
        SAYS(messageOf([&] { decodeForModel(bomb); }), "scans");
        QVERIFY(timer.elapsed() < 10000);
    }

    void unknownKindsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, const QByteArray& bytes, const char* words) {
            QTest::newRow(name) << bytes << QByteArray(words);
        };
        row("empty", "", "empty");
        row("text", "hello, this is text\n", "text file");
        row("gif", "GIF89a\1\0\1\0", "GIF");
        row("svg", "<?xml version='1.0'?><svg xmlns='x'/>", "SVG");
        row("html", "<!DOCTYPE html><html></html>", "HTML");
        row("pdf", "%PDF-1.4", "PDF");
        row("lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull");
        row("dicom", QByteArray(128, '\0') + "DICM", "DICOM");
        row("hdf5", "\x89HDF\r\n\x1a\n", "HDF5");
        row("bigtiff", QByteArray("II+\0\x08\0\0\0", 8), "BigTIFF");
        row("heic",
            QByteArray("\0\0\0\x18"
                       "ftypheic",
                       12),
            "HEIC");
        row("noise", QByteArray("\x01\x02\x03\x04\x80\x81", 6), "known kind");
    }
    void unknownKindsAreNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, words);
        SAYS(messageOf([&] { probePicture(Bytes(bytes.begin(), bytes.end())); }), words.toStdString());
    }

    void everyByteFlippedNeverCrashes_data()
    {
        QTest::addColumn<QByteArray>("extension");
        for (const char* extension : {".jpg", ".png", ".webp", ".bmp", ".tiff", ".ppm"}) {
            QTest::newRow(extension) << QByteArray(extension);
        }
    }
    void everyByteFlippedNeverCrashes()
    {
        QFETCH(QByteArray, extension);
        const Bytes whole = encoded(gradient(12, 9), extension.constData());
        PictureLimits limits;
        limits.maxPixels = 1 << 20;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            for (const int bits : {0x01, 0x80, 0xff}) {
                Bytes bytes = whole;
                bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ bits);
                codeOf([&] { decodeForModel(bytes, limits); });
                codeOf([&] { decodeForEye(bytes, 8, limits); });
            }
        }
        for (std::size_t size = 0; size < whole.size(); ++size) {
            codeOf([&] { decodeForModel(cut(whole, size), limits); });
        }
    }

    void oddFilesEachHaveTheirSentence()
    {
        QTemporaryDir dir;
        const std::string root = dir.path().toStdString() + "/";
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(::mkfifo((root + "pipe.png").c_str(), 0600), 0);
        SAYS(messageOf([&] { readRegularFile(root + "pipe.png"); }), "FIFO");
        QCOMPARE(::symlink("/dev/zero", (root + "zero.png").c_str()), 0);
        SAYS(messageOf([&] { readRegularFile(root + "zero.png"); }), "device");
        QCOMPARE(::symlink("gone", (root + "dangling.png").c_str()), 0);
        SAYS(messageOf([&] { readRegularFile(root + "dangling.png"); }), "link to a file that does not exist");
        QCOMPARE(::symlink("loop.png", (root + "loop.png").c_str()), 0);
        SAYS(messageOf([&] { readRegularFile(root + "loop.png"); }), "leads back to itself");
        QCOMPARE(::mkdir((root + "folder.png").c_str(), 0700), 0);
        SAYS(messageOf([&] { readRegularFile(root + "folder.png"); }), "folder");
        SAYS(messageOf([&] { readRegularFile(root + "absent.png"); }), "does not exist");
        QCOMPARE(codeOf([&] { readRegularFile(root + "absent.png"); }), std::optional(Code::NotFound));
        writeFile(root + "large.png", std::string(1000, 'x'));
        SAYS(messageOf([&] { readRegularFile(root + "large.png", 999); }), "larger");
        QCOMPARE(readRegularFile(root + "large.png").size(), std::size_t(1000));
        if (::geteuid() != 0) {
            ::chmod((root + "large.png").c_str(), 0);
            SAYS(messageOf([&] { readRegularFile(root + "large.png"); }), "permission denied");
        }
        QVERIFY(timer.elapsed() < 2000);
    }
};

QTEST_GUILESS_MAIN(TestDataDamage)
#include "TestDataDamage.moc"
