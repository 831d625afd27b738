#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

/// Sizes of a flow. Each block is ActNorm → two affine couplings → shuffle (algorithm: Esser, Rombach & Ommer 2020).
struct FlowShape
{
    std::size_t dim = 0;
    std::size_t blocks = 6;
    std::size_t depth = 2; ///< hidden layers between the first and the last of a coupling's network
    std::size_t width = 128;
    /// The halves of an odd width differ by one, so that no dimension has to be invented.
    std::size_t half() const noexcept { return dim / 2; }
    bool operator==(const FlowShape&) const = default;
};

/// One linear layer within the flat parameters: weight out×in, then bias.
struct LinearAt
{
    std::size_t in = 0, out = 0, weight = 0, bias = 0;
};
using NetAt = std::vector<LinearAt>;
/// The parts of one block within the flat parameters. Coupling 0 changes the second half given the first, coupling 1
/// the other way round.
struct BlockAt
{
    std::size_t loc = 0, scale = 0;
    std::array<NetAt, 2> s, t;
};
/// Where everything lies; `count` numbers in all.
struct FlowLayout
{
    explicit FlowLayout(const FlowShape& shape);
    std::vector<BlockAt> blocks;
    std::size_t count = 0;
};

/// A named part of the parameters: as stored in files.
struct FlowTensor
{
    std::string name;
    std::vector<std::int64_t> shape;
    std::size_t at = 0;
};

/// A flow's numbers. Plain data: training changes it, an Iin keeps it constant.
struct Flow
{
    explicit Flow(const FlowShape& size) : shape(size), layout(size), values(layout.count) {}
    FlowShape shape;
    FlowLayout layout;
    std::vector<float> values;
    std::vector<std::vector<std::uint32_t>> order; ///< per block: y_j = x_order[j]
};

/// Weights and biases uniform in ±1/sqrt(inputs), ActNorm the identity, shuffles drawn. Deterministic.
Flow makeFlow(const FlowShape& shape, std::uint64_t seed);
std::vector<FlowTensor> flowTensors(const Flow& flow);

/// What the backward pass needs of the forward pass.
struct NetTape
{
    std::vector<std::vector<float>> outputs; ///< of each layer, activation applied
};
struct BlockTape
{
    std::vector<float> first, second, changed; ///< halves after ActNorm; the second half after coupling 0
    std::array<NetTape, 2> s, t;
};
struct FlowTape
{
    std::vector<BlockTape> blocks;
};

/// Rows in place (n×dim). `logDet`, when given, receives n log-determinants. `states`, when given, receives the rows
/// after every ActNorm, coupling and shuffle in turn.
struct FlowPass
{
    float* rows = nullptr;
    std::size_t n = 0;
    double* logDet = nullptr;
    FlowTape* tape = nullptr;
    std::vector<std::vector<float>>* states = nullptr;
};
void flowForward(const Flow& flow, const FlowPass& pass);
void flowInverse(const Flow& flow, float* rows, std::size_t n);

/// Sets every ActNorm so that these rows (n×dim, at least two) leave it with mean 0 and deviation 1.
void initActNorm(Flow& flow, const float* rows, std::size_t n);

/// Adds to `gradient` (as flow.values) what a loss has whose gradient by the output rows is `output` (n×dim,
/// overwritten with that by the input rows) and by every row's log-determinant is `byLogDet`.
struct FlowGradient
{
    float* output = nullptr;
    std::size_t n = 0;
    double byLogDet = 0;
    std::vector<float>* gradient = nullptr;
};
void flowBackward(const Flow& flow, const FlowTape& tape, const FlowGradient& task);

/// The networks rearranged for single rows: what a slider needs at every move. Immutable.
class FlowRows
{
public:
    explicit FlowRows(const Flow& flow);
    void forward(float* row) const;
    void inverse(float* row) const;

private:
    struct Layer
    {
        std::size_t in = 0, out = 0, padded = 0, at = 0; ///< weight in×padded, then bias
    };
    using Net = std::vector<Layer>;
    Net pack(const Flow& flow, const NetAt& net);
    void evaluate(const Net& net, const float* in, float* out) const;
    void couple(std::size_t block, int which, const float* given, float* changed) const;
    void decouple(std::size_t block, int which, const float* given, float* changed) const;

    const Flow* m_flow;
    std::vector<float> m_weights;
    std::vector<std::array<Net, 2>> m_s, m_t;
    std::size_t m_widest = 0;
};

} // namespace semascope::core
