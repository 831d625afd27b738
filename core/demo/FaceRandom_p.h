#pragma once
#include <cstddef>
#include <cstdint>

namespace semascope::core::face {

/// Numbers that are the same with every compiler and library (SplitMix64, Steele et al. 2014).
class Random
{
public:
    /// Streams of one seed are unrelated, so that what one draws does not depend on how much another has drawn.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : m_state(mixed(seed + mixed(stream + kStep))) {}

    std::uint64_t next()
    {
        m_state += kStep;
        return mixed(m_state);
    }
    /// In [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
    bool chance(double p) { return uniform() < p; }

private:
    static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15ull;
    static constexpr std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    std::uint64_t m_state;
};

} // namespace semascope::core::face
