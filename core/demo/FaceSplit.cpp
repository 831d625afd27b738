#include "core/demo/FaceFactors.h"
#include "core/demo/FaceRandom_p.h"

#include <algorithm>
#include <array>

namespace semascope::core {

namespace {

/// Labels of glasses, hair colour, skin class, and whether there is a hat.
using Cell = std::array<std::size_t, 4>;
constexpr Cell kSizes = {3, 5, 3, 2};
constexpr std::size_t kCells = 3 * 5 * 3 * 2;
constexpr int kRounds = 60; // far more than the weights need to settle

Cell cellAt(std::size_t index)
{
    Cell cell{};
    for (std::size_t i = 0; i < cell.size(); ++i) {
        cell[i] = index % kSizes[i];
        index /= kSizes[i];
    }
    return cell;
}

std::size_t indexOf(const Cell& cell)
{
    std::size_t index = 0;
    for (std::size_t i = cell.size(); i-- > 0;) {
        index = index * kSizes[i] + cell[i];
    }
    return index;
}

Cell cellOf(const FaceFactors& face)
{
    return {static_cast<std::size_t>(face.eyewear), static_cast<std::size_t>(face.hairColour),
            static_cast<std::size_t>(skinClass(face.skin)), face.hat == Hat::None ? 0U : 1U};
}

bool isHeldOut(const Cell& cell)
{
    return cell[1] == (cell[0] + 2 * cell[2] + 3 * cell[3]) % kSizes[1];
}

/// Scales the weights so that all pairs of labels of the factors a and b weigh the same.
void levelPair(std::array<double, kCells>& weights, std::size_t a, std::size_t b)
{
    std::array<double, 25> sums{};
    const auto pairOf = [a, b](const Cell& cell) { return cell[a] * kSizes[b] + cell[b]; };
    for (std::size_t i = 0; i < kCells; ++i) {
        sums[pairOf(cellAt(i))] += weights[i];
    }
    const double wanted = static_cast<double>(kCells) / static_cast<double>(kSizes[a] * kSizes[b]);
    for (std::size_t i = 0; i < kCells; ++i) {
        weights[i] *= wanted / sums[pairOf(cellAt(i))];
    }
}

/// How likely a drawn face is kept for training: iterative proportional fitting (Deming and Stephan 1940) of the
/// combinations that are left to level pairs.
std::array<double, kCells> keepingChances()
{
    std::array<double, kCells> weights{};
    for (std::size_t i = 0; i < kCells; ++i) {
        weights[i] = isHeldOut(cellAt(i)) ? 0 : 1;
    }
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t a = 0; a < kSizes.size(); ++a) {
            for (std::size_t b = a + 1; b < kSizes.size(); ++b) {
                levelPair(weights, a, b);
            }
        }
    }
    const double most = *std::max_element(weights.begin(), weights.end());
    for (double& w : weights) {
        w /= most;
    }
    return weights;
}

} // namespace

bool heldOutCombination(const FaceFactors& face)
{
    return isHeldOut(cellOf(face));
}

FaceFactors faceOf(FaceSplit split, std::uint64_t seed, std::size_t index)
{
    static const std::array<double, kCells> chances = keepingChances();
    face::Random random(seed, static_cast<std::uint64_t>(split) + 3 * static_cast<std::uint64_t>(index));
    while (true) {
        const FaceFactors face = drawFactors(random.next());
        const std::size_t cell = indexOf(cellOf(face));
        if (split == FaceSplit::Unseen ? isHeldOut(cellAt(cell)) : random.chance(chances[cell])) {
            return face;
        }
    }
}

} // namespace semascope::core
