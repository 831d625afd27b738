#include "widgets/Palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace semascope::ui {
namespace {

// The first eight are Okabe and Ito's (2008), with a mid grey for black so that they show on a dark window too, strong
// ones first. The others were chosen greedily: each as far as possible, in CIELAB with chroma weighed 0.65 and also as
// a deuteranope sees it (Machado 2009), from those before it, from white, the dark window and the colour of "missing".
constexpr std::array<QRgb, kCategoryColours> kCategories{
    0xff0072b2, 0xffe69f00, 0xff009e73, 0xffcc79a7, 0xff56b4e9, 0xffd55e00, 0xfff0e442, 0xff6f6f6f,
    0xff882222, 0xff77dd66, 0xff882277, 0xffbb8855, 0xff7788ff, 0xff2244aa, 0xff557700, 0xff005544,
    0xffff9999, 0xffeeaaff, 0xffbb55bb, 0xff777744, 0xffaaaa33, 0xffff5588, 0xff00cccc, 0xff885599};

// Viridis (Smith and van der Walt, CC0) at 17 equal steps; straight lines between them stay within 2/255 of it.
constexpr std::array<QRgb, 17> kViridis{0xff440154, 0xff48186a, 0xff472d7b, 0xff424086, 0xff3b528b, 0xff33638d,
                                        0xff2c728e, 0xff26828e, 0xff21918d, 0xff1f9f88, 0xff27ad81, 0xff3ebc74,
                                        0xff5dc863, 0xff82d34d, 0xffaadc32, 0xffd5e21a, 0xfffde725};

// Straight lines in CIELAB from blue over a light grey, still seen on white, to red.
constexpr std::array<QRgb, 17> kDiverging{0xff1f5fa8, 0xff4770b1, 0xff6481bb, 0xff7e93c4, 0xff94a2c6, 0xffa5aec6,
                                          0xffb3bac8, 0xffc0c4ca, 0xffcbcccc, 0xffd0c0bd, 0xffd5b2ad, 0xffd8a49d,
                                          0xffd8938c, 0xffd37b73, 0xffc8625c, 0xffbd4845, 0xffb02a30};

int mix(int a, int b, double t)
{
    return static_cast<int>(std::lround(a + (b - a) * t));
}

double linear(int channel)
{
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

} // namespace

QRgb categoryColour(qsizetype index, qsizetype classes)
{
    if (index < 0) {
        return kMissingColour;
    }
    const qsizetype distinct = classes <= 8 ? 8 : kCategoryColours;
    return kCategories[static_cast<std::size_t>(index % distinct)];
}

QRgb rampColour(Ramp ramp, double t)
{
    if (std::isnan(t)) {
        return kMissingColour;
    }
    const std::span<const QRgb> table = ramp == Ramp::Diverging ? std::span(kDiverging) : std::span(kViridis);
    const double at = std::clamp(t, 0.0, 1.0) * static_cast<double>(table.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), table.size() - 2);
    const QRgb a = table[below];
    const QRgb b = table[below + 1];
    const double f = at - static_cast<double>(below);
    return qRgb(mix(qRed(a), qRed(b), f), mix(qGreen(a), qGreen(b), f), mix(qBlue(a), qBlue(b), f));
}

QRgb valueColour(Ramp ramp, double value, double lo, double hi)
{
    if (std::isnan(value)) {
        return kMissingColour;
    }
    return rampColour(ramp, hi > lo ? (value - lo) / (hi - lo) : 0.5);
}

QRgb contrastingText(QRgb background)
{
    const double luminance =
        0.2126 * linear(qRed(background)) + 0.7152 * linear(qGreen(background)) + 0.0722 * linear(qBlue(background));
    // Equal contrast with black and white: (L + 0.05)^2 = 1.05 * 0.05.
    return luminance > 0.179 ? 0xff000000 : 0xffffffff;
}

} // namespace semascope::ui
