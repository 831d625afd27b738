#include "DataFixtures.h"

#include <cstdio>
#include <jpeglib.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

/// A JPEG of one colour in four inks, written inverted with Adobe's marker as programs do.
Bytes inkJpeg(bool ycck)
{
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &memory, &size);
    info.image_width = info.image_height = 32;
    info.input_components = 4;
    info.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&info);
    jpeg_set_colorspace(&info, ycck ? JCS_YCCK : JCS_CMYK);
    info.write_Adobe_marker = TRUE;
    jpeg_start_compress(&info, TRUE);
    std::vector<JSAMPLE> row;
    for (int x = 0; x < 32; ++x) {
        row.insert(row.end(), {255, 15, 15, 255}); // inverted: no cyan, full magenta and yellow, no black
    }
    JSAMPROW rows[1] = {row.data()};
    while (info.next_scanline < info.image_height) {
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    Bytes bytes(memory, memory + size);
    std::free(memory); // NOLINT: allocated by libjpeg
    return bytes;
}

std::array<int, 3> pixel(const Picture& p, int x, int y)
{
    const std::size_t at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(p.width) + static_cast<std::size_t>(x)) *
        static_cast<std::size_t>(p.channels);
    return {p.pixels[at], p.pixels[at + 1], p.pixels[at + 2]};
}

} // namespace

class TestDataPicture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headersOfAllKinds_data()
    {
        QTest::addColumn<QByteArray>("extension");
        QTest::addColumn<int>("kind");
        QTest::newRow("jpeg") << QByteArray(".jpg") << int(PictureKind::Jpeg);
        QTest::newRow("png") << QByteArray(".png") << int(PictureKind::Png);
        QTest::newRow("webp") << QByteArray(".webp") << int(PictureKind::WebP);
        QTest::newRow("bmp") << QByteArray(".bmp") << int(PictureKind::Bmp);
        QTest::newRow("tiff") << QByteArray(".tiff") << int(PictureKind::Tiff);
        QTest::newRow("ppm") << QByteArray(".ppm") << int(PictureKind::Pnm);
    }
    void headersOfAllKinds()
    {
        QFETCH(QByteArray, extension);
        QFETCH(int, kind);
        const cv::Mat original = gradient(61, 37);
        const Bytes bytes =
            encoded(original, extension.constData(),
                    extension == ".webp" ? std::vector<int>{cv::IMWRITE_WEBP_QUALITY, 101} : std::vector<int>{});
        const PictureHeader header = probePicture(bytes);
        QCOMPARE(int(header.kind), kind);
        QCOMPARE(header.width, 61);
        QCOMPARE(header.height, 37);
        QVERIFY(!header.hasAlpha);
        const Picture picture = decodeForModel(bytes);
        QCOMPARE(picture.width, 61);
        QCOMPARE(picture.channels, 3);
        const int slack = kind == int(PictureKind::Jpeg) ? 24 : 0;
        for (int y = 0; y < 37; y += 6) {
            for (int x = 0; x < 61; x += 6) {
                const cv::Vec3b bgr = original.at<cv::Vec3b>(y, x);
                const auto rgb = pixel(picture, x, y);
                QVERIFY(std::abs(rgb[0] - bgr[2]) <= slack && std::abs(rgb[1] - bgr[1]) <= slack);
                QVERIFY(std::abs(rgb[2] - bgr[0]) <= slack + (slack > 0 ? 40 : 0));
            }
        }
    }

    void orientation()
    {
        const Bytes plain = jpeg(64, 32);
        const Picture reference = decodeForEye(plain, 0);
        for (int o = 1; o <= 8; ++o) {
            const Bytes turned = withOrientation(plain, o);
            QCOMPARE(probePicture(turned).orientation, o);
            QCOMPARE(decodeForModel(turned).pixels, decodeForModel(plain).pixels); // the model sees it as stored
            const Picture eye = decodeForEye(turned, 0);
            QCOMPARE(eye.width, o >= 5 ? 32 : 64);
            // Where the stored picture's upper left corner must be seen: EXIF names the sides of row 0 and column 0.
            const bool right = o == 2 || o == 3 || o == 6 || o == 7;
            const bool bottom = o == 3 || o == 4 || o == 7 || o == 8;
            QCOMPARE(pixel(eye, right ? eye.width - 1 : 0, bottom ? eye.height - 1 : 0), pixel(reference, 0, 0));
            // And its upper right corner.
            const bool turnedRight = o == 1 || o == 4 || o == 6 || o == 7;
            const bool turnedBottom = o == 3 || o == 4 || o == 5 || o == 6;
            QCOMPARE(pixel(eye, turnedRight ? eye.width - 1 : 0, turnedBottom ? eye.height - 1 : 0),
                     pixel(reference, 63, 0));
        }
    }

    void sixteenBitIsDividedBy257()
    {
        cv::Mat values(1, 4, CV_16UC1);
        const std::uint16_t numbers[] = {0, 65535, 129, 32768};
        std::memcpy(values.data, numbers, sizeof numbers);
        for (const char* extension : {".png", ".tiff", ".pgm"}) {
            const Picture picture = decodeForModel(encoded(values, extension));
            for (int i = 0; i < 4; ++i) {
                QCOMPARE(pixel(picture, i, 0)[0], int(std::lround(numbers[i] / 257.0)));
            }
        }
        const Bytes colour = encoded(gradient(20, 10, CV_16UC3), ".png");
        QCOMPARE(decodeForModel(colour).pixels, decodeForModel(encoded(gradient(20, 10), ".png")).pixels);
    }

    void alphaIsDroppedForTheModelAndKeptForTheEye()
    {
        const cv::Mat hidden(8, 8, CV_8UC4, cv::Scalar(10, 20, 250, 0)); // red, wholly transparent
        for (const char* extension : {".png", ".webp"}) {
            const Bytes bytes = encoded(hidden, extension, {cv::IMWRITE_WEBP_QUALITY, 101});
            QVERIFY(probePicture(bytes).hasAlpha);
            QCOMPARE(decodeForModel(bytes).channels, 3);
            const Picture eye = decodeForEye(bytes, 4);
            QCOMPARE(eye.channels, 4);
            QCOMPARE(eye.width, 4);
            QCOMPARE(int(eye.pixels[3]), 0);
        }
        QCOMPARE(pixel(decodeForModel(encoded(hidden, ".png")), 3, 3), (std::array<int, 3>{250, 20, 10}));
    }

    void hiddenColoursDoNotShineThroughWhenScaled()
    {
        cv::Mat half(2, 2, CV_8UC4, cv::Scalar(0, 0, 255, 0)); // hidden red
        half.at<cv::Vec4b>(0, 0) = {200, 0, 0, 255};
        const Picture eye = decodeForEye(encoded(half, ".png"), 1);
        QCOMPARE(pixel(eye, 0, 0), (std::array<int, 3>{0, 0, 200}));
        QCOMPARE(int(eye.pixels[3]), 64);
    }

    void inksBecomeRed()
    {
        for (const bool ycck : {false, true}) {
            const Bytes bytes = inkJpeg(ycck);
            QCOMPARE(probePicture(bytes).channels, 4);
            for (const auto& rgb : {pixel(decodeForModel(bytes), 16, 16), pixel(decodeForEye(bytes, 0), 16, 16)}) {
                QVERIFY(rgb[0] > 200 && rgb[1] < 60 && rgb[2] < 60);
            }
        }
    }

    void greyAndBitmapsBecomeRgb()
    {
        const cv::Mat grey(3, 5, CV_8UC1, cv::Scalar(77));
        QCOMPARE(pixel(decodeForModel(encoded(grey, ".png")), 2, 1), (std::array<int, 3>{77, 77, 77}));
        QCOMPARE(pixel(decodeForModel(encoded(grey, ".jpg")), 2, 1), (std::array<int, 3>{77, 77, 77}));
        const std::string ascii = "P1\n# a comment\n3 2\n1 0 1\n010\n";
        const Picture bits = decodeForModel(Bytes(ascii.begin(), ascii.end()));
        QCOMPARE(pixel(bits, 0, 0)[0], 0);
        QCOMPARE(pixel(bits, 0, 1)[0], 255);
        const std::string small = "P2 2 1 3 0 3";
        QCOMPARE(pixel(decodeForModel(Bytes(small.begin(), small.end())), 1, 0)[0], 255);
        const Bytes packed = {'P', '4', '\n', '9', ' ', '1', '\n', 0x80, 0x80};
        const Picture wide = decodeForModel(packed);
        QCOMPARE(pixel(wide, 0, 0)[0], 0);
        QCOMPARE(pixel(wide, 1, 0)[0], 255);
        QCOMPARE(pixel(wide, 8, 0)[0], 0);
    }

    void scaledForTheEye()
    {
        const Bytes large = jpeg(1000, 500);
        const Picture eye = decodeForEye(large, 100);
        QCOMPARE(eye.width, 100);
        QCOMPARE(eye.height, 50);
        const Picture model = decodeForModel(large);
        QVERIFY(std::abs(pixel(eye, 50, 25)[0] - pixel(model, 505, 255)[0]) < 6);
        QCOMPARE(decodeForEye(large, 2000).width, 1000); // never enlarged
        const Picture strip = decodeForEye(encoded(gradient(300, 1), ".png"), 10);
        QCOMPARE(strip.height, 1);
    }

    void floatTiffIsNamed()
    {
        const cv::Mat values(4, 4, CV_32FC1, cv::Scalar(0.5));
        const Bytes bytes = encoded(values, ".tiff");
        QCOMPARE(codeOf([&] { probePicture(bytes); }), std::optional(Code::Unsupported));
        SAYS(messageOf([&] { probePicture(bytes); }), "floating point");
    }

    void iccIsSeen()
    {
        Bytes bytes = jpeg(16, 16);
        const std::string icc = std::string("\xff\xe2\x00\x10ICC_PROFILE\0\1\1", 18);
        bytes.insert(bytes.begin() + 2, icc.begin(), icc.end());
        QVERIFY(probePicture(bytes).iccProfile);
        QVERIFY(!probePicture(jpeg(16, 16)).iccProfile);
    }
};

QTEST_GUILESS_MAIN(TestDataPicture)
#include "TestDataPicture.moc"
