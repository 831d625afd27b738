#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/Store.h"
#include "core/data/Dataset.h"

#include <algorithm>
#include <map>
#include <optional>

namespace semascope::core {

/// Speeds measured on this machine, kept between runs in a small JSON file. They belong to the shape of a model (not to
/// its weights), the device, the precision, the threads and the processor. A file that is damaged or cannot be written
/// costs a measurement, nothing else.
class RateBook
{
public:
    explicit RateBook(std::string path = defaultPath());
    /// rates.json in cacheFolder(); empty when there is no such place.
    static std::string defaultPath();

    /// Seconds a picture of the image tower alone.
    std::optional<double> encodeSeconds(const ClipModel& model) const;
    /// GFLOP/s that another model reached on this device and precision.
    std::optional<double> gflops(const std::string& device, const std::string& precision) const;
    void remember(const ClipModel& model, double encodeSeconds);

private:
    struct Rate
    {
        double seconds = 0, gflop = 0;
        std::string place; ///< device, precision, threads, processor
        std::int64_t when = 0;
    };
    void save() const;

    std::string m_path;
    std::map<std::string, Rate> m_rates; ///< by shape and place
};

/// How long the pictures of a dataset take with a model.
struct EmbedEstimate
{
    std::size_t pictures = 0;
    std::size_t stored = 0;  ///< of them have a row in the store already, which costs next to nothing
    double encode = 0;       ///< seconds a picture, image tower alone
    double decode = 0;       ///< seconds a picture, reading and preparing on all threads
    bool sharedCores = true; ///< decoding takes its time from the same cores
    std::string device, precision;

    std::size_t left() const noexcept { return pictures - std::min(stored, pictures); }
    double secondsFor(std::size_t count) const noexcept
    {
        return static_cast<double>(count) * (sharedCores ? encode + decode : std::max(encode, decode));
    }
};

/// Measures on a few pictures (decoding always, the tower unless `book` knows it): below two seconds for the published
/// shapes. Where no picture can be read, the tower's rate comes from its FLOPs and what other models reached here.
/// `pictures` counts those of `data`; 0 when it has none. Throws Error(Cancelled) and what the model throws.
EmbedEstimate estimateEmbedding(const Dataset& data, const ClipModel& model, RateBook& book, JobContext& job);

/// Which samples have a row in the store, as far as the names, sizes and times of their files tell; none of an array of
/// pictures, because that would have to be read.
std::vector<std::uint8_t> storedPictures(const Dataset& data, const ClipModel& model, const StoreSpec& store,
                                         JobContext& job);

/// What a finished run of `computed` pictures (not read from the store) teaches.
void learnFrom(RateBook& book, const EmbedEstimate& estimate, const ClipModel& model, std::size_t computed,
               double seconds);

/// "about 7 min for 12,000 pictures on cpu fp32; a sample of 2,000 takes about 70 s", or "about 5 min for 9,000 of
/// 12,000 pictures (the store has the others) …". Nothing of a sample of 0 or all; `stored` of the sample cost nothing.
std::string estimateText(const EmbedEstimate& estimate, std::size_t sample, std::size_t stored = 0);

} // namespace semascope::core
