#include "core/session/SampleParts_p.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace semascope::core {

namespace {

constexpr int kSide = 96, kScale = 4, kLarge = kSide * kScale; // drawn large, then reduced
constexpr int kShift = 4;                                      // OpenCV's fixed-point bits for coordinates
constexpr int kRepeats = 5;

constexpr const char* kShapes[] = {"circle", "square", "triangle", "star", "ring", "cross"};
constexpr const char* kSizes[] = {"small", "medium", "large"};
constexpr const char* kBackgrounds[] = {"light", "dark"};

struct Colour
{
    const char* name;
    double blue, green, red;
};
constexpr Colour kColours[] = {{"red", 76, 82, 190},     {"orange", 74, 142, 214}, {"yellow", 92, 190, 222},
                               {"green", 96, 150, 92},   {"teal", 152, 150, 70},   {"blue", 178, 118, 72},
                               {"purple", 164, 92, 128}, {"brown", 70, 92, 128}};

using Points = std::vector<cv::Point2d>;

cv::Scalar scaled(const Colour& c, double gain)
{
    return {std::min(255.0, c.blue * gain), std::min(255.0, c.green * gain), std::min(255.0, c.red * gain)};
}

/// A colour that changes from one corner towards the other.
cv::Mat gradient(const cv::Scalar& from, const cv::Scalar& to, double angle)
{
    cv::Mat picture(kLarge, kLarge, CV_8UC3);
    const double dx = std::cos(angle), dy = std::sin(angle), half = kLarge / 2.0;
    for (int y = 0; y < kLarge; ++y) {
        for (int x = 0; x < kLarge; ++x) {
            const double t = std::clamp(0.5 + ((x - half) * dx + (y - half) * dy) / (kLarge * 1.2), 0.0, 1.0);
            cv::Vec3b& pixel = picture.at<cv::Vec3b>(y, x);
            for (int c = 0; c < 3; ++c) {
                pixel[c] = cv::saturate_cast<std::uint8_t>(from[c] + (to[c] - from[c]) * t);
            }
        }
    }
    return picture;
}

/// Corners at these radii, evenly around the centre, the first one on top.
Points polygon(const std::vector<double>& radii)
{
    Points points;
    for (std::size_t i = 0; i < radii.size(); ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(radii.size());
        points.emplace_back(radii[i] * std::sin(angle), -radii[i] * std::cos(angle));
    }
    return points;
}

Points outline(const std::string& shape)
{
    if (shape == "square") {
        return {{-0.86, -0.86}, {0.86, -0.86}, {0.86, 0.86}, {-0.86, 0.86}};
    }
    if (shape == "triangle") {
        return polygon({1.12, 1.12, 1.12});
    }
    if (shape == "star") {
        return polygon({1.12, 0.47, 1.12, 0.47, 1.12, 0.47, 1.12, 0.47, 1.12, 0.47});
    }
    constexpr double a = 0.33, b = 1.0;
    return {{-a, -b}, {a, -b}, {a, -a}, {b, -a}, {b, a}, {a, a}, {a, b}, {-a, b}, {-a, a}, {-b, a}, {-b, -a}, {-a, -a}};
}

struct Placement
{
    cv::Point2d centre;
    double radius = 0, turn = 0;
};

cv::Point fixedPoint(const cv::Point2d& p)
{
    return {cvRound(p.x * (1 << kShift)), cvRound(p.y * (1 << kShift))};
}

cv::Mat shapeMask(const std::string& shape, const Placement& at)
{
    cv::Mat mask(kLarge, kLarge, CV_8UC1, cv::Scalar(0));
    const auto disc = [&](double radius, double value) {
        cv::circle(mask, fixedPoint(at.centre), cvRound(radius * (1 << kShift)), cv::Scalar(value), cv::FILLED,
                   cv::LINE_AA, kShift);
    };
    if (shape == "circle" || shape == "ring") {
        disc(at.radius, 255);
        if (shape == "ring") {
            disc(at.radius * 0.58, 0);
        }
        return mask;
    }
    std::vector<cv::Point> corners;
    for (const cv::Point2d& p : outline(shape)) {
        const double c = std::cos(at.turn), s = std::sin(at.turn);
        corners.push_back(fixedPoint(at.centre + at.radius * cv::Point2d(c * p.x - s * p.y, s * p.x + c * p.y)));
    }
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255), cv::LINE_AA, kShift);
    return mask;
}

/// canvas = canvas·(1 − mask·strength) + paint·mask·strength
void blend(cv::Mat& canvas, const cv::Mat& paint, const cv::Mat& mask, double strength)
{
    for (int y = 0; y < canvas.rows; ++y) {
        for (int x = 0; x < canvas.cols; ++x) {
            const double alpha = mask.at<std::uint8_t>(y, x) / 255.0 * strength;
            if (alpha > 0) {
                cv::Vec3b& under = canvas.at<cv::Vec3b>(y, x);
                const cv::Vec3b& over = paint.at<cv::Vec3b>(y, x);
                for (int c = 0; c < 3; ++c) {
                    under[c] = cv::saturate_cast<std::uint8_t>(under[c] + (over[c] - under[c]) * alpha);
                }
            }
        }
    }
}

cv::Mat background(const std::string& word, SampleRandom& random)
{
    const double angle = random.uniform(0, 2 * std::numbers::pi), warm = random.uniform(-5, 5);
    const double from = word == "light" ? 244 : 62, to = word == "light" ? 208 : 28;
    return gradient({from - warm, from, from + warm}, {to + 6 - warm, to, to + warm}, angle);
}

Placement placement(const std::string& size, SampleRandom& random)
{
    const double share = size == "small" ? 0.17 : size == "medium" ? 0.26 : 0.36;
    Placement at;
    at.radius = kLarge * share * random.uniform(0.94, 1.06);
    const double room = std::max(0.0, kLarge / 2.0 - at.radius * 1.25) * 0.5;
    at.centre = {kLarge / 2.0 + random.uniform(-room, room), kLarge / 2.0 + random.uniform(-room, room)};
    at.turn = random.uniform(-0.26, 0.26);
    return at;
}

std::string withArticle(const std::string& words)
{
    return (std::string("aeiou").find(words[0]) != std::string::npos ? "an " : "a ") + words;
}

std::string captionOf(const SampleShape& s, std::size_t phrase)
{
    switch (phrase) {
    case 0:
        return withArticle(s.size) + " " + s.colour + " " + s.shape + " on a " + s.background + " background";
    case 1:
        return withArticle(s.colour) + " " + s.shape + ", " + s.size + ", on " + s.background + " ground";
    case 2:
        return "a drawing of " + withArticle(s.size) + " " + s.colour + " " + s.shape;
    default:
        return "the " + s.shape + " is " + s.colour + " and " + s.size + ", the background is " + s.background;
    }
}

/// `n` words in which each of `words` is equally frequent, in random order.
template<std::size_t N>
std::vector<std::string> balanced(const char* const (&words)[N], std::size_t n, SampleRandom& random)
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < n; ++i) {
        all.emplace_back(words[i % N]);
    }
    random.shuffle(all);
    return all;
}

} // namespace

std::vector<SampleShape> sampleShapes()
{
    SampleRandom random(1);
    std::vector<SampleShape> shapes;
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
        for (const char* shape : kShapes) {
            for (const Colour& colour : kColours) {
                shapes.push_back({"", "", shape, colour.name, "", "", 0});
            }
        }
    }
    random.shuffle(shapes);
    const auto sizes = balanced(kSizes, shapes.size(), random);
    const auto backgrounds = balanced(kBackgrounds, shapes.size(), random);
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        SampleShape& s = shapes[i];
        const std::string number = std::to_string(i + 1);
        s.file = "shape-" + std::string(3 - number.size(), '0') + number + ".png";
        s.size = sizes[i];
        s.background = backgrounds[i];
        s.seed = random.next();
        s.caption = captionOf(s, random.next() % 4);
    }
    return shapes;
}

std::vector<std::uint8_t> drawSampleShape(const SampleShape& shape)
{
    SampleRandom random(shape.seed);
    const Colour& colour = *std::find_if(std::begin(kColours), std::end(kColours),
                                         [&](const Colour& c) { return shape.colour == c.name; });
    cv::Mat canvas = background(shape.background, random);
    const Placement at = placement(shape.size, random);
    const cv::Mat mask = shapeMask(shape.shape, at);

    cv::Mat shadow, black(kLarge, kLarge, CV_8UC3, cv::Scalar(20, 16, 14));
    const cv::Mat offset = (cv::Mat_<double>(2, 3) << 1, 0, 6, 0, 1, 10);
    cv::warpAffine(mask, shadow, offset, mask.size());
    cv::blur(shadow, shadow, {19, 19});
    cv::blur(shadow, shadow, {19, 19}); // twice: nearly a Gaussian, and cheap
    blend(canvas, black, shadow, 0.34);
    blend(canvas, gradient(scaled(colour, 1.14), scaled(colour, 0.86), std::numbers::pi / 2), mask, 1);

    cv::Mat small;
    cv::resize(canvas, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
    std::vector<std::uint8_t> png;
    cv::imencode(".png", small, png);
    return png;
}

} // namespace semascope::core
