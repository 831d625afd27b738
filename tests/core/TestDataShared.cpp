#include "DataFixtures.h"
#include "Shared.h"
#include "core/data/Arrays.h"

#include <set>

using namespace semascope::core;
using namespace fixtures;

/// Real data: numbers of samples, joins, and pixels against the reference decoders.
class TestDataShared : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cocoPhotos()
    {
        NEEDS_SHARED("data/coco-photos");
        const Dataset folder = openPath(sharedPath("data/coco-photos"));
        QCOMPARE(folder.samples.size(), std::size_t(100));
        SAYS(reasonOf(folder, "captions.csv"), "CSV table");
        QCOMPARE(folder.skipped.size(), std::size_t(1));
        const Dataset table = openPath(sharedPath("data/coco-photos/captions.csv"));
        QCOMPARE(table.samples.size(), std::size_t(100));
        QVERIFY(std::all_of(table.samples.begin(), table.samples.end(),
                            [](const Sample& s) { return s.captions.size() >= 5; }));
        for (std::size_t i = 0; i < folder.samples.size(); ++i) {
            const Picture model = pictureForModel(folder, i); // none of them is called damaged
            const Picture eye = pictureForEye(folder, i, 128);
            QCOMPARE(std::max(eye.width, eye.height), 128);
            QVERIFY(model.width > 0);
        }
    }

    void sameDecoderAsOpenCv()
    {
        NEEDS_SHARED("data/coco-photos");
        const Dataset folder = openPath(sharedPath("data/coco-photos"));
        for (std::size_t i = 0; i < 10; ++i) {
            const Picture ours = pictureForModel(folder, i);
            cv::Mat theirs = cv::imread(folder.samples[i].path, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
            cv::Mat mine(ours.height, ours.width, CV_8UC3);
            for (int y = 0; y < ours.height; ++y) {
                for (int x = 0; x < ours.width; ++x) {
                    const std::uint8_t* p =
                        ours.pixels.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(ours.width) +
                                              static_cast<std::size_t>(x)) *
                                                 3;
                    mine.at<cv::Vec3b>(y, x) = {p[2], p[1], p[0]};
                }
            }
            QCOMPARE(cv::norm(mine, theirs, cv::NORM_INF), 0.0);
        }
    }

    void cifarBothWays()
    {
        NEEDS_SHARED("data/cifar10");
        const Dataset folders = openPath(sharedPath("data/cifar10"));
        QCOMPARE(folders.kind, DatasetKind::FolderPerClass);
        QCOMPARE(folders.samples.size(), std::size_t(1000));
        const Dataset table = openPath(sharedPath("data/cifar10/labels.csv"));
        QCOMPARE(table.samples.size(), std::size_t(1000));
        const Attribute* byFolder = attributeNamed(folders, "class");
        const Attribute* byTable = attributeNamed(table, "label");
        QCOMPARE(byFolder->labels, byTable->labels);
        std::map<std::string, std::int32_t> known;
        for (std::size_t i = 0; i < 1000; ++i) {
            known[folders.samples[i].id] = byFolder->categories[i];
        }
        for (std::size_t i = 0; i < 1000; ++i) {
            QCOMPARE(byTable->categories[i], known.at(table.samples[i].id));
        }
    }

    void faces()
    {
        NEEDS_SHARED("data/cmu-faces");
        const Dataset faces = openPath(sharedPath("data/cmu-faces/attributes.csv"));
        QCOMPARE(faces.samples.size(), std::size_t(624));
        QCOMPARE(attributeNamed(faces, "eyes")->labels, (std::vector<std::string>{"open", "sunglasses"}));
        QCOMPARE(attributeNamed(faces, "pose")->labels.size(), std::size_t(4));
        const Picture face = pictureForModel(faces, 0);
        QCOMPARE(face.width, 64);
        QCOMPARE(face.height, 60);
        QCOMPARE(openPath(sharedPath("data/cmu-faces")).samples.size(), std::size_t(624));
    }

    void digits()
    {
        NEEDS_SHARED("data/mnist");
        const Dataset digits = openPath(sharedPath("data/mnist"));
        QCOMPARE(digits.pictures.count, std::size_t(10000));
        QCOMPARE(digits.pictures.width, 28);
        const Attribute* labels = attributeNamed(digits, "label");
        QCOMPARE(labels->labels.size(), std::size_t(10));
        const auto ones = std::count(labels->categories.begin(), labels->categories.end(), 1);
        QVERIFY(ones > 900 && ones < 1300);
    }

    void clipVectors()
    {
        NEEDS_SHARED("data/coco-clip");
        OpenSpec spec;
        spec.path = sharedPath("data/coco-clip/image.npy");
        spec.pictureFolder = sharedPath("data/coco-photos");
        const Dataset data = open(spec);
        QCOMPARE(data.vectors->rows(), std::size_t(500));
        QCOMPARE(data.vectors->cols(), std::size_t(512));
        QVERIFY(anyContains(data.notes, "Joined by row order: captions.csv has 500 rows"));
        QVERIFY(
            std::all_of(data.samples.begin(), data.samples.end(), [](const Sample& s) { return !s.captions.empty(); }));
        std::size_t pictures = 0;
        for (std::size_t i = 0; i < data.samples.size(); ++i) {
            pictures += data.hasPicture(i) ? 1u : 0u;
        }
        QCOMPARE(pictures, std::size_t(29));
        spec.metadata = sharedPath("data/cifar10/labels.csv");
        QCOMPARE(codeOf([&] { open(spec); }), std::optional(Code::Mismatch));
    }

    void decodedAsTheReferenceDoes()
    {
        NEEDS_SHARED("goldens/clip/image");
        for (const char* name : {"exif6", "gray"}) {
            const std::string base = sharedPath("goldens/clip/image/") + name;
            const Picture ours = decodeForModel(readRegularFile(base + ".jpg"));
            const Array golden = readNpy(base + "_jpg_decoded_rgb.npy");
            QCOMPARE(golden.shape, (std::vector<std::size_t>{std::size_t(ours.height), std::size_t(ours.width), 3}));
            QVERIFY(std::equal(ours.pixels.begin(), ours.pixels.end(), static_cast<const std::uint8_t*>(golden.data)));
        }
        QCOMPARE(probePicture(readRegularFile(sharedPath("goldens/clip/image/exif6.jpg"))).orientation, 6);
        for (const char* mode : {"L", "P", "RGBA"}) {
            const auto bytes = readRegularFile(sharedPath("goldens/clip/image/mode_") + mode + ".png");
            QCOMPARE(decodeForModel(bytes).channels, 3);
            QCOMPARE(decodeForEye(bytes, 0).channels, std::string(mode) == "RGBA" ? 4 : 3);
        }
    }
};

QTEST_GUILESS_MAIN(TestDataShared)
#include "TestDataShared.moc"
