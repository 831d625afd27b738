#include "Shared.h"
#include "core/demo/Face.h"
#include "core/job/Error.h"

#include <array>
#include <cmath>
#include <map>
#include <set>

using namespace semascope::core;

namespace {

constexpr int kSide = 64;

/// A part of the picture in the units of the drawing, −1 … 1.
struct Area
{
    double left, top, right, bottom;
};

double unit(int pixel)
{
    return (pixel + 0.5) * 2 / kSide - 1;
}

int change(const Picture& a, const Picture& b, std::size_t pixel)
{
    int most = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        most = std::max(most, std::abs(int{a.pixels[3 * pixel + c]} - int{b.pixels[3 * pixel + c]}));
    }
    return most;
}

/// The largest change within and beyond an area.
std::array<int, 2> changes(const Picture& a, const Picture& b, const Area& area)
{
    std::array<int, 2> most = {0, 0};
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const bool within =
                unit(x) > area.left && unit(x) < area.right && unit(y) > area.top && unit(y) < area.bottom;
            int& side = most[within ? 0 : 1];
            side = std::max(side, change(a, b, static_cast<std::size_t>(y * kSide + x)));
        }
    }
    return most;
}

double brightness(const Picture& p, const PixelBox& box)
{
    double sum = 0;
    for (int y = box.top; y < box.bottom; ++y) {
        for (int x = box.left; x < box.right; ++x) {
            for (int c = 0; c < 3; ++c) {
                sum += p.pixels[static_cast<std::size_t>(3 * (y * p.width + x) + c)];
            }
        }
    }
    return sum / (3.0 * (box.right - box.left) * (box.bottom - box.top));
}

/// Faces that look straight ahead, so that areas are known.
std::vector<FaceFactors> frontal(std::size_t n)
{
    std::vector<FaceFactors> faces;
    for (std::size_t i = 0; i < n; ++i) {
        FaceFactors face = drawFactors(100 + i);
        face.turn = face.tilt = 0;
        face.hat = Hat::None;
        face.eyewear = Eyewear::None;
        face.sex = i % 2 == 0 ? Sex::Female : Sex::Male;
        face.beard = Beard::None;
        faces.push_back(face);
    }
    return faces;
}

} // namespace

class TestFace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameNumbersSameBytes()
    {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const FaceFactors face = drawFactors(seed);
            QVERIFY(face == drawFactors(seed));
            QCOMPARE(drawFace(face, kSide).pixels, drawFace(face, kSide).pixels);
        }
        QVERIFY(!(drawFactors(1) == drawFactors(2)));
        QVERIFY(faceOf(FaceSplit::Train, 1, 5) == faceOf(FaceSplit::Train, 1, 5));
        QVERIFY(!(faceOf(FaceSplit::Train, 1, 5) == faceOf(FaceSplit::Validation, 1, 5)));
        QVERIFY(!(faceOf(FaceSplit::Train, 1, 5) == faceOf(FaceSplit::Train, 2, 5)));
    }

    void sizes()
    {
        const FaceFactors face = drawFactors(3);
        for (const int side : {16, 64, 96, 100, 256, 512}) {
            const Picture p = drawFace(face, side);
            QCOMPARE(p.width, side);
            QCOMPARE(p.height, side);
            QCOMPARE(p.pixels.size(), static_cast<std::size_t>(side * side * 3));
        }
        for (const int side : {-1, 0, 15, 4096}) {
            QVERIFY_THROWS_EXCEPTION(Error, drawFace(face, side));
            QVERIFY_THROWS_EXCEPTION(Error, glassesBox(face, side));
        }
    }

    void sizeChangesSharpnessOnly()
    {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            const FaceFactors face = drawFactors(seed);
            const Picture small = drawFace(face, 64), large = drawFace(face, 256);
            double off = 0;
            for (int y = 0; y < 64; ++y) {
                for (int x = 0; x < 64; ++x) {
                    const double mean = brightness(large, {4 * x, 4 * y, 4 * x + 4, 4 * y + 4});
                    off += std::abs(mean - brightness(small, {x, y, x + 1, y + 1})) / (64 * 64);
                }
            }
            QVERIFY2(off < 1.5, qPrintable(QString::number(off)));
        }
    }

    void everyFactorShows()
    {
        for (const FaceFactorInfo& info : faceFactors()) {
            for (FaceFactors face : frontal(4)) {
                const bool frame = info.factor == FaceFactor::FrameColour || info.factor == FaceFactor::FrameShape ||
                                   info.factor == FaceFactor::FrameWeight;
                face.eyewear = frame ? Eyewear::Glasses : face.eyewear;
                face.hat = info.factor == FaceFactor::HatColour ? Hat::Cap : face.hat;
                if (info.factor == FaceFactor::HairTone || info.factor == FaceFactor::HairColour) {
                    face.hairShape = HairShape::Wavy;
                }
                const std::vector<FaceFactors> strip = faceStrip(face, info.factor, 2);
                for (std::size_t i = 1; i < strip.size(); ++i) {
                    const Picture a = drawFace(strip[i - 1], kSide), b = drawFace(strip[i], kSide);
                    const int most = changes(a, b, {-1, -1, 1, 1})[0];
                    QVERIFY2(most >= 5, qPrintable(QString::fromStdString(info.name) + QString::number(most)));
                }
            }
        }
    }

    void factorsChangeTheirPartOnly()
    {
        const std::map<FaceFactor, Area> areas = {
            {FaceFactor::Eyewear, {-0.55, -0.25, 0.55, 0.25}},
            {FaceFactor::Beard, {-0.6, -0.1, 0.6, 0.75}},
            {FaceFactor::Hat, {-1, -1, 1, 0.35}},
            {FaceFactor::Smile, {-0.45, -0.25, 0.45, 0.56}},
            {FaceFactor::Clothing, {-1, 0.5, 1, 1}},
            {FaceFactor::EyeColour, {-0.32, -0.12, 0.32, 0.12}},
            {FaceFactor::Nose, {-0.2, -0.15, 0.2, 0.3}},
            {FaceFactor::Brow, {-0.4, -0.3, 0.4, 0}},
            {FaceFactor::EyeSize, {-0.4, -0.25, 0.4, 0.15}},
            {FaceFactor::Mouth, {-0.25, 0.1, 0.25, 0.56}},
            {FaceFactor::Skin, {-0.65, -0.66, 0.65, 0.95}},
            {FaceFactor::Turn, {-1, -1, 1, 0.97}},
            {FaceFactor::HairColour, {-0.95, -0.97, 0.95, 0.97}},
        };
        for (const auto& [factor, area] : areas) {
            for (const FaceFactors& face : frontal(5)) {
                const std::vector<FaceFactors> strip = faceStrip(face, factor, 3);
                const Picture first = drawFace(strip[0], kSide);
                for (std::size_t i = 1; i < strip.size(); ++i) {
                    const auto [within, beyond] = changes(first, drawFace(strip[i], kSide), area);
                    const QString what = QString::fromStdString(faceFactors()[static_cast<std::size_t>(factor)].name);
                    QVERIFY2(beyond <= 2, qPrintable(QStringLiteral("%1: %2").arg(what).arg(beyond)));
                }
            }
        }
    }

    void backdropLeavesTheFaceAlone()
    {
        for (const FaceFactors& face : frontal(6)) {
            const Picture a = drawFace(face, kSide);
            for (const FaceFactors& other : faceStrip(face, FaceFactor::Backdrop, 2)) {
                QCOMPARE(changes(a, drawFace(other, kSide), {-0.2, -0.2, 0.2, 0.35})[0], 0);
            }
        }
    }

    void whatIsNotWornDoesNotShow()
    {
        for (const FaceFactors& face : frontal(6)) {
            const Picture plain = drawFace(face, kSide);
            for (const FaceFactor factor :
                 {FaceFactor::FrameColour, FaceFactor::FrameShape, FaceFactor::FrameWeight, FaceFactor::HatColour}) {
                for (const FaceFactors& other : faceStrip(face, factor, 3)) {
                    QCOMPARE(drawFace(other, kSide).pixels, plain.pixels);
                }
            }
        }
    }

    void glassesAreUnmistakable()
    {
        for (std::uint64_t seed = 0; seed < 25; ++seed) {
            FaceFactors face = drawFactors(seed);
            const PixelBox box = glassesBox(face, kSide);
            QVERIFY(box.left >= 0 && box.left < box.right && box.right <= kSide);
            QVERIFY(box.top >= 0 && box.top < box.bottom && box.bottom <= kSide);
            face.eyewear = Eyewear::None;
            const Picture none = drawFace(face, kSide);
            for (const Eyewear eyewear : {Eyewear::Glasses, Eyewear::Sunglasses}) {
                face.eyewear = eyewear;
                const Picture worn = drawFace(face, kSide);
                double within = 0, all = 0;
                for (int y = 0; y < kSide; ++y) {
                    for (int x = 0; x < kSide; ++x) {
                        const int d = change(none, worn, static_cast<std::size_t>(y * kSide + x));
                        all += d * d;
                        const bool in = x >= box.left && x < box.right && y >= box.top && y < box.bottom;
                        within += in ? d * d : 0;
                    }
                }
                QVERIFY2(within > 0.9 * all, qPrintable(QString::number(within / all)));
                const double rms = std::sqrt(within / ((box.right - box.left) * (box.bottom - box.top)));
                QVERIFY2(rms > 20, qPrintable(QString::number(rms)));
            }
        }
    }

    void coloursAreWhatLabelsSay()
    {
        const FaceFactors face = frontal(1)[0];
        double before = 1000;
        for (const FaceFactors& f : faceStrip(face, FaceFactor::Skin, 12)) {
            const double cheek = brightness(drawFace(f, kSide), {24, 38, 28, 41});
            QVERIFY2(cheek < before - 4, "every skin tone must be darker than the one before");
            before = cheek;
        }
        const auto corner = [&](Backdrop backdrop, int channel) {
            FaceFactors f = face;
            f.backdrop = backdrop;
            return int{drawFace(f, kSide).pixels[static_cast<std::size_t>(channel)]};
        };
        QVERIFY(corner(Backdrop::Blue, 2) > corner(Backdrop::Blue, 0) + 30);
        QVERIFY(corner(Backdrop::Pink, 0) > corner(Backdrop::Pink, 1) + 30);
        QVERIFY(corner(Backdrop::Green, 1) > corner(Backdrop::Green, 0) + 20);
        QVERIFY(std::abs(corner(Backdrop::Grey, 0) - corner(Backdrop::Grey, 2)) < 20);
    }
};

QTEST_GUILESS_MAIN(TestFace)
#include "TestFace.moc"
