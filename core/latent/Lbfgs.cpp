#include "core/latent/Lbfgs_p.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double largest(const Vector& v)
{
    return std::accumulate(v.begin(), v.end(), 0.0, [](double m, double x) { return std::max(m, std::abs(x)); });
}

Vector moved(const Vector& x, const Vector& direction, double step)
{
    Vector y(x.size());
    std::transform(x.begin(), x.end(), direction.begin(), y.begin(), [&](double a, double d) { return a + step * d; });
    return y;
}

/// A step and the change of gradient over it.
struct Update
{
    Vector step, change;
    double product = 0;
};

/// The two-loop recursion: −H·gradient.
Vector descent(const std::deque<Update>& past, const Vector& gradient)
{
    Vector q = gradient;
    std::vector<double> factors(past.size());
    for (std::size_t i = past.size(); i-- > 0;) {
        factors[i] = dot(past[i].step, q) / past[i].product;
        q = moved(q, past[i].change, -factors[i]);
    }
    const double scale = past.empty() ? 1 / std::max(1.0, std::sqrt(dot(gradient, gradient)))
                                      : past.back().product / dot(past.back().change, past.back().change);
    std::for_each(q.begin(), q.end(), [&](double& v) { v *= scale; });
    for (std::size_t i = 0; i < past.size(); ++i) {
        const double back = dot(past[i].change, q) / past[i].product;
        q = moved(q, past[i].step, factors[i] - back);
    }
    std::for_each(q.begin(), q.end(), [](double& v) { v = -v; });
    return q;
}

struct Point
{
    Vector x, gradient;
    double value = 0;
};

/// A step along `direction` that holds the weak Wolfe conditions, by bisection; false when there is none.
bool search(const LbfgsTask& task, const Point& from, const Vector& direction, Point& to)
{
    const double slope = dot(from.gradient, direction);
    double low = 0, high = std::numeric_limits<double>::infinity(), step = 1;
    for (int i = 0; i < 40; ++i) {
        to.x = moved(from.x, direction, step);
        to.value = task.value(to.x, to.gradient);
        if (!(to.value <= from.value + 1e-4 * step * slope)) {
            high = step;
        } else if (dot(to.gradient, direction) < .9 * slope) {
            low = step;
        } else {
            return true;
        }
        step = std::isinf(high) ? 2 * low : (low + high) / 2;
    }
    return to.value < from.value;
}

} // namespace

double minimise(const LbfgsTask& task, std::vector<double>& x)
{
    Point now{x, Vector(x.size()), 0};
    now.value = task.value(now.x, now.gradient);
    const double enough = task.tolerance * std::max(1e-300, largest(now.gradient));
    std::deque<Update> past;
    for (int i = 0; i < task.iterations && largest(now.gradient) > enough; ++i) {
        Point next{{}, Vector(x.size()), 0};
        if (!search(task, now, descent(past, now.gradient), next)) {
            break;
        }
        Update update{moved(next.x, now.x, -1), moved(next.gradient, now.gradient, -1), 0};
        update.product = dot(update.step, update.change);
        if (update.product > 0) {
            past.push_back(std::move(update));
        }
        if (past.size() > static_cast<std::size_t>(task.memory)) {
            past.pop_front();
        }
        now = std::move(next);
    }
    x = now.x;
    return now.value;
}

} // namespace semascope::core
