#include "core/latent/Disentanglement_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr double kCost = .01;

/// sign(w·x + b) for one value against the rest.
struct Line
{
    double w = 0, b = 0;
};

/// One value against the rest, and what mistakes cost on either side.
struct Side
{
    std::int32_t value = 0;
    double cost = kCost, restCost = kCost;
};

/// ½(w² + b²) + Σ c_i max(0, 1 − s_i(w·x_i + b))², its gradient and its (generalised) second derivatives.
struct Objective
{
    double value = 0, byW = 0, byB = 0, ww = 1, wb = 0, bb = 1;

    Objective(const LatentColumn& data, const Side& side, const Line& at)
        : value((at.w * at.w + at.b * at.b) / 2), byW(at.w), byB(at.b)
    {
        for (std::size_t i = 0; i < data.x.size(); ++i) {
            const double sign = data.y[i] == side.value ? 1 : -1, x = data.x[i];
            const double cost = data.y[i] == side.value ? side.cost : side.restCost;
            const double slack = 1 - sign * (at.w * x + at.b);
            if (slack > 0) {
                value += cost * slack * slack;
                byW -= 2 * cost * sign * slack * x;
                byB -= 2 * cost * sign * slack;
                ww += 2 * cost * x * x;
                wb += 2 * cost * x;
                bb += 2 * cost;
            }
        }
    }
};

/// Newton's method with halved steps: the objective is piecewise quadratic and strictly convex, so it ends exactly.
Line fit(const LatentColumn& data, const Side& side)
{
    Line line;
    Objective now(data, side, line);
    for (int i = 0; i < 100; ++i) {
        const double determinant = now.ww * now.bb - now.wb * now.wb;
        const double stepW = (now.bb * now.byW - now.wb * now.byB) / determinant;
        const double stepB = (now.ww * now.byB - now.wb * now.byW) / determinant;
        const double slope = stepW * now.byW + stepB * now.byB;
        if (!(slope > 1e-14 * (1 + now.value))) {
            break;
        }
        double length = 1;
        Line next{line.w - stepW, line.b - stepB};
        Objective there(data, side, next);
        while (there.value > now.value - 1e-4 * length * slope && length > 1e-10) {
            length /= 2;
            next = {line.w - length * stepW, line.b - length * stepB};
            there = Objective(data, side, next);
        }
        line = next;
        now = there;
    }
    return line;
}

} // namespace

double linearSvmAccuracy(const LatentColumn& train, const LatentColumn& test, std::size_t classes)
{
    std::vector<double> counts(classes);
    for (const std::int32_t y : train.y) {
        ++counts[static_cast<std::size_t>(y)];
    }
    const std::size_t present = classes - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0.0));
    const auto costOf = [&](double count) {
        return kCost * static_cast<double>(train.y.size()) / (static_cast<double>(present) * count);
    };
    std::vector<Line> lines(classes, Line{0, -INFINITY});
    for (std::size_t c = 0; c < classes; ++c) {
        if (counts[c] > 0) {
            // As the published scores do: among more than two values only the one looked for is weighted.
            const double rest = static_cast<double>(train.y.size()) - counts[c];
            lines[c] =
                fit(train, {static_cast<std::int32_t>(c), costOf(counts[c]), present == 2 ? costOf(rest) : kCost});
        }
    }
    std::size_t right = 0;
    for (std::size_t i = 0; i < test.x.size(); ++i) {
        const auto value = [&](const Line& line) { return line.w * test.x[i] + line.b; };
        const auto best = std::max_element(lines.begin(), lines.end(),
                                           [&](const Line& a, const Line& b) { return value(a) < value(b); });
        right += best - lines.begin() == test.y[i] ? 1 : 0;
    }
    return test.x.empty() ? 0 : static_cast<double>(right) / static_cast<double>(test.x.size());
}

} // namespace semascope::core
