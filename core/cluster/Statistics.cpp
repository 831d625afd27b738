#include "core/cluster/Statistics_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

constexpr double kAlike = 1e-7; ///< relative: tables this close are equally probable
constexpr double kNegligible = 1e-17;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double logGamma(double x)
{
    int sign = 0; // lgamma() itself writes a global variable
    return ::lgamma_r(x, &sign);
}

double logChoose(double n, double k)
{
    return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/// The hypergeometric distribution of the count inside with the property, given the margins.
class Hypergeometric
{
public:
    explicit Hypergeometric(const TwoByTwo& t)
        : m_inside(static_cast<double>(t.insideWith + t.insideWithout)),
          m_outside(static_cast<double>(t.outsideWith + t.outsideWithout)),
          m_with(static_cast<double>(t.insideWith + t.outsideWith)),
          m_logAll(logChoose(m_inside + m_outside, m_with))
    {}

    double least() const { return std::max(0.0, m_with - m_outside); }
    double most() const { return std::min(m_inside, m_with); }
    double mode() const { return std::floor((m_with + 1) * (m_inside + 1) / (m_inside + m_outside + 2)); }
    double logAt(double x) const { return logChoose(m_inside, x) + logChoose(m_outside, m_with - x) - m_logAll; }

    /// Σ from x outwards (step ±1), in units of the probability at x.
    double tail(double x, int step) const
    {
        double sum = 1, term = 1;
        for (double at = x; (step < 0 ? at > least() : at < most()) && term > kNegligible * sum; at += step) {
            term *= step < 0 ? ratioUp(at - 1, true) : ratioUp(at, false);
            sum += term;
        }
        return sum;
    }

private:
    /// P(x + 1) / P(x), or its inverse.
    double ratioUp(double x, bool inverse) const
    {
        const double above = (m_inside - x) * (m_with - x), below = (x + 1) * (m_outside - m_with + x + 1);
        return inverse ? below / above : above / below;
    }

    double m_inside, m_outside, m_with, m_logAll;
};

/// The value nearest to the mode, on the side of `step`, that is no more probable than `log`; beyond the end: none.
double firstNoLikelier(const Hypergeometric& h, double log, int step)
{
    double near = h.mode(), far = step < 0 ? h.least() : h.most(); // near is likelier, or the very mode
    if (h.logAt(far) > log + kAlike) {
        return step < 0 ? -1 : h.most() + 1;
    }
    while (std::abs(far - near) > 1) {
        const double middle = std::floor((near + far) / 2);
        (h.logAt(middle) <= log + kAlike ? far : near) = middle;
    }
    return far;
}

/// Continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method as Thompson and Barnett (1986)
/// changed it.
double betaFraction(double a, double b, double x)
{
    constexpr double kTiny = 1e-300;
    constexpr int kMostSteps = 100000;
    const auto notZero = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
    double c = 1, d = 1 / notZero(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < kMostSteps; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / notZero(1 + even * d);
        c = notZero(1 + even / c);
        value *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / notZero(1 + odd * d);
        c = notZero(1 + odd / c);
        const double change = d * c;
        value *= change;
        if (std::abs(change - 1) < 1e-15) {
            break;
        }
    }
    return value;
}

} // namespace

double logFisherExact(const TwoByTwo& t)
{
    const Hypergeometric h(t);
    const double x = static_cast<double>(t.insideWith), log = h.logAt(x);
    const int step = x < h.mode() ? -1 : 1; // away from the mode
    if (log + kAlike >= h.logAt(h.mode())) {
        return 0; // nothing is likelier
    }
    double sum = h.tail(x, step);
    const double other = firstNoLikelier(h, log, -step);
    if (other >= h.least() && other <= h.most()) {
        sum += std::exp(h.logAt(other) - log) * h.tail(other, -step);
    }
    return std::min(0.0, log + std::log(sum));
}

double logIncompleteBeta(double a, double b, double x, double y)
{
    if (x <= 0 || y <= 0) {
        return x <= 0 ? -kInfinity : 0;
    }
    const double front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) + b * std::log(y);
    if (x < (a + 1) / (a + b + 2)) {
        return std::min(0.0, front - std::log(a) + std::log(betaFraction(a, b, x)));
    }
    const double rest = std::exp(front - std::log(b) + std::log(betaFraction(b, a, y)));
    return std::log1p(-std::min(1.0, rest));
}

double logWelch(const Moments& a, const Moments& b)
{
    const double na = static_cast<double>(a.count), nb = static_cast<double>(b.count);
    const double va = a.squares / (na - 1) / na, vb = b.squares / (nb - 1) / nb, difference = a.mean - b.mean;
    if (difference == 0 || va + vb <= 0) {
        return difference == 0 ? 0 : -kInfinity;
    }
    const double freedom = (va + vb) * (va + vb) / (va * va / (na - 1) + vb * vb / (nb - 1));
    const double square = difference * difference / (va + vb), whole = freedom + square;
    return logIncompleteBeta(freedom / 2, 0.5, freedom / whole, square / whole);
}

} // namespace semascope::core
