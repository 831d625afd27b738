#pragma once
#include "CountingClip.h"
#include "core/clip/Embedder.h"

#include <QTemporaryDir>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

namespace fixtures {

/// Children of a fork cannot start threads under ThreadSanitizer.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kCanFork = false;
#else
inline constexpr bool kCanFork = true;
#endif

/// `count` pictures of noise in one array; picture i is the same whatever the count.
inline core::Dataset arrayOf(std::size_t count, int side = 8)
{
    const std::size_t bytes = static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(count * bytes);
    std::mt19937 random(7);
    for (std::uint8_t& p : *pixels) {
        p = static_cast<std::uint8_t>(random());
    }
    core::Dataset data;
    data.name = "noise";
    for (std::size_t i = 0; i < count; ++i) {
        data.samples.push_back({std::to_string(i), {}, {}, false});
    }
    data.pictures = {pixels->data(), count, side, side, pixels};
    data.found = count;
    return data;
}

inline void writePicture(const std::string& path, std::uint32_t seed, int side = 8)
{
    std::ofstream out(path, std::ios::binary);
    out << "P6\n" << side << " " << side << "\n255\n";
    std::mt19937 random(seed);
    for (int i = 0; i < side * side * 3; ++i) {
        out.put(static_cast<char>(random()));
    }
}

/// Picture files as a dataset, without reading them.
inline core::Dataset filesIn(const std::string& folder)
{
    core::Dataset data;
    data.name = "files";
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
        data.samples.push_back({name, folder + "/" + name, {}, false});
    }
    data.found = data.samples.size();
    return data;
}

inline core::EmbedOptions storeIn(const QString& folder, bool normalise = true)
{
    core::StoreSpec spec;
    spec.folder = folder.toStdString();
    return {normalise, spec};
}

/// Largest difference of two matrices; infinite when they have not the same shape.
inline double difference(const core::Matrix& a, const core::Matrix& b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols()) {
        return INFINITY;
    }
    double largest = 0;
    for (std::size_t i = 0; i < a.rows() * a.cols(); ++i) {
        const double d = std::abs(static_cast<double>(a.data()[i]) - b.data()[i]);
        largest = d <= largest ? largest : d; // NaN counts as different
    }
    return largest;
}

inline core::Embedding embedPictures(const core::Dataset& data, const core::ClipModel& model,
                                     const core::EmbedOptions& options)
{
    core::JobContext job;
    return core::embed(data, model, core::Modality::Picture, options, job);
}

/// The one file of a store.
inline std::string storeFile(const QString& folder)
{
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(folder.toStdString())) {
        const std::string name = entry.path().filename();
        if (name.starts_with("embeddings-") && name.ends_with(".sqlite")) {
            found = std::max(found, entry.path().string());
        }
    }
    return found;
}

inline bool mentions(const std::vector<std::string>& notes, const std::string& text)
{
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& n) { return n.find(text) != std::string::npos; });
}

} // namespace fixtures
