#include "core/demo/Face.h"

#include "core/demo/FaceParts_p.h"
#include "core/job/Error.h"

namespace semascope::core {

namespace face {

Picture Canvas::reduced(int factor) const
{
    const int side = m_side / factor;
    const float gain = 255.0F / static_cast<float>(factor * factor);
    Picture picture{side, side, 3, std::vector<std::uint8_t>(static_cast<std::size_t>(side * side * 3)), false};
    std::uint8_t* to = picture.pixels.data();
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            Colour sum;
            for (int row = y * factor; row < (y + 1) * factor; ++row) {
                const Colour* from = m_pixels.data() + row * m_side + x * factor;
                for (int i = 0; i < factor; ++i) {
                    sum = sum + from[i];
                }
            }
            for (const float v : {sum.r, sum.g, sum.b}) {
                *to++ = static_cast<std::uint8_t>(std::clamp(v * gain + 0.5F, 0.0F, 255.0F));
            }
        }
    }
    return picture;
}

} // namespace face

namespace {

constexpr int kSmallest = 16, kLargest = 2048, kCanvas = 192;

void requireSide(int side)
{
    if (side < kSmallest || side > kLargest) {
        throw Error(Code::Misuse,
                    "A face can be drawn with 16 to 2048 pixels a side, not " + std::to_string(side) + ".");
    }
}

} // namespace

Picture drawFace(const FaceFactors& face, int side)
{
    requireSide(side);
    const int factor = std::max(1, (kCanvas + side - 1) / side);
    const face::Layout layout(face);
    face::Canvas canvas(side * factor);
    // from the back to the front
    face::paintBackdrop(canvas, layout);
    face::paintClothes(canvas, layout);
    face::paintHairBehind(canvas, layout);
    face::paintNeck(canvas, layout);
    face::paintEars(canvas, layout, false);
    face::paintHead(canvas, layout);
    face::paintNose(canvas, layout);
    face::paintBeard(canvas, layout);
    face::paintMouth(canvas, layout);
    face::paintEyes(canvas, layout);
    face::paintBrows(canvas, layout);
    face::paintTemples(canvas, layout);
    face::paintHairFront(canvas, layout);
    face::paintEars(canvas, layout, true);
    face::paintGlasses(canvas, layout);
    face::paintHat(canvas, layout);
    return canvas.reduced(factor);
}

PixelBox glassesBox(const FaceFactors& face, int side)
{
    requireSide(side);
    const face::Layout layout(face);
    const face::Vec half = face::kLensHalf;
    const float left = layout.at(-face::kEyeU).x - 1.35F * half.x, right = layout.at(face::kEyeU).x + 1.35F * half.x;
    const face::Box on =
        layout.head.toCanvas(face::Box{left, face::kEyeY - 1.4F * half.y, right, face::kEyeY + 1.7F * half.y});
    const auto pixel = [side](float v) {
        return std::clamp(static_cast<int>((v + 1) * 0.5F * static_cast<float>(side)), 0, side - 1);
    };
    return {pixel(on.left), pixel(on.top), pixel(on.right) + 1, pixel(on.bottom) + 1};
}

} // namespace semascope::core
