#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

/// 0..bound-1 without bias, equal on every platform (std::uniform_int_distribution is not).
std::uint64_t below(std::mt19937_64& random, std::uint64_t bound)
{
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t limit = most - most % bound;
    std::uint64_t value = random();
    while (value >= limit) {
        value = random();
    }
    return value % bound;
}

Attribute taken(const Attribute& from, const std::vector<std::uint32_t>& which)
{
    Attribute to;
    to.name = from.name;
    to.labels = from.labels;
    for (const std::uint32_t i : which) {
        if (from.numeric()) {
            to.numbers.push_back(from.numbers[i]);
        } else {
            to.categories.push_back(from.categories[i]);
        }
    }
    return to;
}

/// The rows of the vectors that belong to the samples kept, sample after sample.
void takeVectors(const Dataset& from, const std::vector<std::uint32_t>& which, Dataset& to)
{
    std::vector<std::vector<std::size_t>> rowsOf(from.samples.size());
    for (std::size_t row = 0; row < from.vectorSample.size(); ++row) {
        rowsOf[from.vectorSample[row]].push_back(row);
    }
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < which.size(); ++i) {
        for (const std::size_t row : rowsOf[which[i]]) {
            rows.push_back(row);
            to.vectorSample.push_back(static_cast<std::uint32_t>(i));
        }
    }
    to.vectors = takeRows(*from.vectors, rows);
}

void takePictures(const Dataset& from, const std::vector<std::uint32_t>& which, Dataset& to)
{
    const PictureArray& all = from.pictures;
    const std::size_t each = static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height) * 3;
    std::vector<std::uint8_t> pixels(which.size() * each);
    for (std::size_t i = 0; i < which.size(); ++i) {
        std::memcpy(pixels.data() + i * each, all.data + which[i] * each, each);
    }
    setPictures(to, std::move(pixels), all.width, all.height);
}

} // namespace

Dataset takeSamples(const Dataset& data, const std::vector<std::uint32_t>& which, const std::string& name)
{
    Dataset part;
    part.name = name;
    part.source = data.source;
    part.kind = data.kind;
    part.notes = data.notes;
    part.found = which.size();
    ContentHash hash;
    hash.add(data.contentHash);
    for (const std::uint32_t i : which) {
        if (i >= data.samples.size()) {
            throw Error(Code::Misuse, "There is no sample " + std::to_string(i) + " in “" + data.name + "”.");
        }
        part.samples.push_back(data.samples[i]);
        hash.add(data.samples[i].id);
    }
    for (const Attribute& attribute : data.attributes) {
        part.attributes.push_back(taken(attribute, which));
    }
    if (data.vectors) {
        takeVectors(data, which, part);
    }
    if (data.pictures.count > 0) {
        takePictures(data, which, part);
    }
    part.contentHash = hash.hex();
    return part;
}

Dataset randomSubset(Dataset data, std::size_t count, std::uint64_t seed)
{
    std::vector<std::uint32_t> order(data.samples.size());
    std::iota(order.begin(), order.end(), 0u);
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(order[i], order[i + below(random, order.size() - i)]);
    }
    order.resize(count);
    std::sort(order.begin(), order.end());
    Dataset part = takeSamples(data, order, data.name);
    part.skipped = std::move(data.skipped);
    part.found = part.samples.size() + part.skipped.size();
    part.notes.push_back("A random subset: " + std::to_string(count) + " of " + std::to_string(data.samples.size()) +
                         " samples (seed " + std::to_string(seed) + ").");
    return part;
}

} // namespace semascope::core
