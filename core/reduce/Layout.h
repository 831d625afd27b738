#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace semascope::core {

/// Which reduction, to how many dimensions. Method words are the command line's: pca svd pca-joint pca-modality
/// classical mds.
struct LayoutSpec
{
    std::string method = "mds";
    int dim = 2;
    std::uint64_t seed = 0;
    std::map<std::string, std::string> options; ///< as --set key=value; unknown keys are refused
    bool operator==(const LayoutSpec&) const = default;
};

/// Places new rows into an existing layout. Immutable and thread-safe.
class Projector
{
public:
    virtual ~Projector() = default;
    /// n×d in the layout's input space → n×dim. Throws Error(Mismatch) when d differs.
    virtual Matrix place(const Matrix& rows) const = 0;
    /// Whether a row of the training set comes back exactly where it was (linear methods), or nearly (MDS).
    virtual bool exact() const noexcept = 0;
};

/// n×dim coordinates from a reduction, raw: stress and axes are true. Row r is row inputRow[r] of the input (rows that
/// finiteRows leaves out have none).
struct Layout
{
    Matrix points;
    std::vector<std::uint32_t> inputRow;
    LayoutSpec spec;
    std::shared_ptr<const Projector> projector;
    std::size_t excluded = 0; ///< rows left out because they cannot be measured
    double rawStress = -1;    ///< Σ_{i<j}(d−δ)², negative when the method has none
    double stress1 = -1;      ///< Kruskal's: sqrt(Σ(d−δ)²/Σd²)
    int iterations = 0;
    double seconds = 0;
    std::vector<float> explained; ///< share of variance per axis, for PCA
    std::vector<std::string> notes;
};

/// Reduces x (n×d). Deterministic for a given spec and thread count. Partial layouts (shared_ptr<const Layout>) are
/// published by methods that iterate. Throws Error(Misuse | Mismatch | OutOfMemory | Cancelled) with the cure.
/// Options. classical: metric=euclidean|cosine|precomputed (cosine is the chord between unit rows; precomputed takes x
/// as n×n distances and has no projector). mds: also init=classical|random, n_init (by default as many starts, up to
/// 12, as are quick; at least 4 when random), max_iter=300, eps=1e-6 (relative decrease of the raw stress that ends a
/// start; 0 runs them all), relaxed=0|1 (the longer steps of de Leeuw & Heiser 1980). mds holds all distances: at most
/// 20,000 rows. Sources: algorithms of Torgerson 1952 (classical), de Leeuw 1977 (SMACOF), Pearson 1901 (PCA).
Layout reduce(const Matrix& x, const LayoutSpec& spec, JobContext& job);

/// Reduces paired sets together (image row i ↔ text row i): svd, pca-joint, pca-modality. Returns both layouts, in the
/// same axes.
struct PairedLayout
{
    Layout image, text;
};
PairedLayout reducePaired(const Matrix& image, const Matrix& text, const LayoutSpec& spec, JobContext& job);

/// Layout quality. Rows of x and y correspond. Above `sample` rows a fixed random subsample is used and `n` says so.
struct LayoutQuality
{
    std::size_t n = 0;  ///< rows the figures are of
    std::size_t of = 0; ///< rows there are
    int k = 0;
    double rawStress = 0, stress1 = 0, normalisedStress = 0, scaleNormalisedStress = 0;
    double trustworthiness = 0, continuity = 0, recall = 0;
    double spearman = 0, pearson = 0;
};
LayoutQuality layoutQuality(const Matrix& x, const Matrix& y, int k, int recallK, std::size_t sample,
                            std::uint64_t seed, JobContext& job);

/// Words of the methods `reduce` knows, in the order to offer them.
std::vector<std::string> layoutMethods();

} // namespace semascope::core
