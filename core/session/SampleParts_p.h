#pragma once
#include "core/job/JobContext.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

/// Numbers that are the same with every compiler and library (SplitMix64, Steele et al. 2014).
class SampleRandom
{
public:
    explicit SampleRandom(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();
    double uniform(double low, double high);
    double normal(); ///< Box and Muller 1958
    template<class T> void shuffle(std::vector<T>& values)
    {
        for (std::size_t i = values.size(); i > 1; --i) {
            std::swap(values[i - 1], values[next() % i]);
        }
    }

private:
    std::uint64_t m_state;
};

/// One picture to draw.
struct SampleShape
{
    std::string file, caption, shape, colour, background, size;
    std::uint64_t seed = 0;
};

/// All of them, in the order of the table: every shape in every colour five times, sizes and backgrounds independent of
/// both.
std::vector<SampleShape> sampleShapes();
/// A 96×96 PNG.
std::vector<std::uint8_t> drawSampleShape(const SampleShape& shape);

/// Writes config, weights and vocabulary into `folder`. The vocabulary knows the words of `captions`.
void writeSampleModel(const std::string& folder, const std::vector<std::string>& captions);
/// Files that a complete model folder has.
std::vector<std::string> sampleModelFiles();

/// Plain write; the folder is moved into its place afterwards. Throws Error(Io).
void writeSampleFile(const std::string& path, const void* data, std::size_t size);

} // namespace semascope::core
