#include "core/clip/RowKernels_p.h"
#include "core/clip/SimdDispatch_p.h"
#include "core/clip/Simd_p.h"

#include <limits>

namespace semascope::core::clip {

namespace {

using simd::Floats;
using simd::kLanes;
using simd::roundedUp;

constexpr std::size_t kQueryRows = 6; ///< with 4 vectors of columns: 24 sums and their operands fill 32 registers
constexpr std::size_t kVectors = 4;

/// One head of one item.
struct HeadTask
{
    const AttentionInput* in;
    const AttentionItem* item;
    std::size_t head;
    void* out;
    float* scratch; ///< scratchSize() values
};

/// Keys as columns, values as rows, a few queries and their logits; all padded to whole vectors.
struct Layout
{
    std::size_t width, length; ///< padded
    Layout(std::size_t headWidth, std::size_t tokens)
        : width(roundedUp(headWidth, kLanes)), length(roundedUp(tokens, kLanes))
    {}
    std::size_t keys() const { return 0; }
    std::size_t values() const { return width * length; }
    std::size_t queries() const { return 2 * width * length; }
    std::size_t logits() const { return queries() + kQueryRows * width; }
    std::size_t size() const { return logits() + kQueryRows * length; }
};

/// Operands of a product: rows of `left` (a stride apart) times a matrix `right` of `depth` rows.
struct Product
{
    const float* left;
    std::size_t leftStride;
    const float* right;
    std::size_t rightStride;
    float* out;
    std::size_t outStride, depth;
};

/// kQueryRows × 16·V sums in registers.
template<std::size_t V> SEMASCOPE_INLINE void multiplyTile(const Product& p, std::size_t column)
{
    Floats sum[kQueryRows][V] = {};
    for (std::size_t k = 0; k < p.depth; ++k) {
        Floats right[V];
#pragma GCC unroll 4
        for (std::size_t v = 0; v < V; ++v) {
            simd::load(p.right + k * p.rightStride + column + v * kLanes, right[v]);
        }
#pragma GCC unroll 6
        for (std::size_t r = 0; r < kQueryRows; ++r) {
            const float left = p.left[r * p.leftStride + k];
#pragma GCC unroll 4
            for (std::size_t v = 0; v < V; ++v) {
                sum[r][v] += left * right[v];
            }
        }
    }
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kQueryRows; ++r) {
#pragma GCC unroll 4
        for (std::size_t v = 0; v < V; ++v) {
            simd::store(sum[r][v], p.out + r * p.outStride + column + v * kLanes);
        }
    }
}

SEMASCOPE_INLINE void multiply(const Product& p, std::size_t columns)
{
    std::size_t column = 0;
    for (; column + kVectors * kLanes <= columns; column += kVectors * kLanes) {
        multiplyTile<kVectors>(p, column);
    }
    for (; column + 2 * kLanes <= columns; column += 2 * kLanes) {
        multiplyTile<2>(p, column);
    }
    if (column < columns) {
        multiplyTile<1>(p, column);
    }
}

/// Logits → weights that are not yet divided by their sum, which is returned. Keys behind `valid` weigh nothing.
SEMASCOPE_INLINE float weigh(float* row, std::size_t valid, std::size_t padded)
{
    for (std::size_t j = valid; j < padded; ++j) {
        row[j] = -std::numeric_limits<float>::infinity();
    }
    Floats largest, part;
    simd::load(row, largest);
    for (std::size_t j = kLanes; j < padded; j += kLanes) {
        simd::load(row + j, part);
        largest = part > largest ? part : largest;
    }
    const float shift = simd::largestOf(largest);
    Floats sums = {};
    for (std::size_t j = 0; j < padded; j += kLanes) {
        simd::load(row + j, part);
        part -= shift;
        simd::exponential(part);
        sums += part;
        simd::store(part, row + j);
    }
    return simd::sumOf(sums);
}

/// Sixteen rows of sixteen values turned over, by four rounds of pairwise exchange.
SEMASCOPE_INLINE void transpose(Floats (&m)[kLanes])
{
    Floats t[kLanes];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 8; ++i) { // rows i and i + 8 interleaved, four times over, is a transposition
        t[2 * i] = __builtin_shufflevector(m[i], m[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        t[2 * i + 1] =
            __builtin_shufflevector(m[i], m[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < kLanes; ++i) {
        m[i] = t[i];
    }
}

template<class T> struct HeadKernel
{
    SEMASCOPE_INLINE static const T* row(const HeadTask& t, std::size_t part, std::size_t token)
    {
        const std::size_t model = t.in->heads * t.in->headWidth;
        return static_cast<const T*>(t.in->qkv) + (t.item->firstRow + token) * 3 * model + part * model +
               t.head * t.in->headWidth;
    }

    /// One row as float32, padded with zeros.
    SEMASCOPE_INLINE static void widen(const T* from, std::size_t width, float scale, float* to)
    {
        Floats part;
        std::size_t i = 0;
        for (; i + kLanes <= width; i += kLanes) {
            simd::load(from + i, part);
            simd::store(part * scale, to + i);
        }
        if (i < width) {
            simd::loadSome(from + i, width - i, part);
            simd::store(part * scale, to + i);
        }
    }

    SEMASCOPE_INLINE static void packKeys(const HeadTask& t, const Layout& l, float* keys)
    {
        const std::size_t width = t.in->headWidth;
        for (std::size_t j = 0; j < l.length; j += kLanes) {
            for (std::size_t d = 0; d < l.width; d += kLanes) {
                Floats block[kLanes] = {};
                for (std::size_t r = 0; r < kLanes && j + r < t.item->length; ++r) {
                    const T* from = row(t, 1, j + r) + d;
                    if (d + kLanes <= width) {
                        simd::load(from, block[r]);
                    } else {
                        simd::loadSome(from, width - d, block[r]);
                    }
                }
                transpose(block);
                transpose(block);
                transpose(block);
                transpose(block);
                for (std::size_t r = 0; r < kLanes; ++r) {
                    simd::store(block[r], keys + (d + r) * l.length + j);
                }
            }
        }
    }

    SEMASCOPE_INLINE static void writeRow(const HeadTask& t, std::size_t query, const float* from, float scale)
    {
        const std::size_t width = t.in->headWidth;
        T* to = static_cast<T*>(t.out) + (t.item->firstOut + query) * t.in->heads * width + t.head * width;
        Floats part;
        std::size_t i = 0;
        for (; i + kLanes <= width; i += kLanes) {
            simd::load(from + i, part);
            simd::store(part * scale, to + i);
        }
        if (i < width) {
            simd::load(from + i, part);
            simd::storeSome(part * scale, width - i, to + i);
        }
    }

    /// Queries [first, first + kQueryRows) of the item, or as many as it has.
    SEMASCOPE_INLINE static void answer(const HeadTask& t, const Layout& l, std::size_t first)
    {
        float* queries = t.scratch + l.queries();
        float* logits = t.scratch + l.logits();
        const std::size_t count = t.item->queries - first < kQueryRows ? t.item->queries - first : kQueryRows;
        const float scale = 1.0f / __builtin_sqrtf(static_cast<float>(t.in->headWidth));
        const std::size_t last = t.item->firstQuery + first + count;
        const std::size_t reach = t.in->causal ? roundedUp(last, kLanes) : l.length;
        for (std::size_t r = 0; r < kQueryRows; ++r) { // the last query again, to fill up
            const std::size_t query = t.item->firstQuery + first + (r < count ? r : count - 1);
            widen(row(t, 0, query), t.in->headWidth, scale, queries + r * l.width);
        }
        multiply({queries, l.width, t.scratch + l.keys(), l.length, logits, l.length, l.width}, reach);
        float sums[kQueryRows];
        for (std::size_t r = 0; r < kQueryRows; ++r) {
            const std::size_t query = t.item->firstQuery + first + (r < count ? r : count - 1);
            const std::size_t valid = t.in->causal ? query + 1 : t.item->length;
            sums[r] = weigh(logits + r * l.length, valid, reach);
        }
        const std::size_t depth = t.in->causal ? last : t.item->length;
        multiply({logits, l.length, t.scratch + l.values(), l.width, queries, l.width, depth}, l.width);
        for (std::size_t r = 0; r < count; ++r) {
            writeRow(t, first + r, queries + r * l.width, 1.0f / sums[r]);
        }
    }

    SEMASCOPE_INLINE static void run(const HeadTask& t)
    {
        const Layout l(t.in->headWidth, t.item->length);
        packKeys(t, l, t.scratch + l.keys());
        for (std::size_t j = 0; j < t.item->length; ++j) {
            widen(row(t, 2, j), t.in->headWidth, 1.0f, t.scratch + l.values() + j * l.width);
        }
        for (std::size_t first = 0; first < t.item->queries; first += kQueryRows) {
            answer(t, l, first);
        }
    }
};

} // namespace

void attend(const AttentionInput& in, const std::vector<AttentionItem>& items, void* out)
{
    std::size_t longest = 0;
    for (const AttentionItem& item : items) {
        longest = std::max(longest, item.length);
    }
    const std::size_t size = Layout(in.headWidth, longest).size() + kLanes;
    std::vector<float> scratch(size * static_cast<std::size_t>(threadCount()));
    constexpr std::size_t kHeads = 4; // that one thread takes at once
    teamFor(items.size() * in.heads, kHeads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const HeadTask task{&in, &items[i / in.heads], i % in.heads, out, scratch.data() + size * teamMember()};
            if (in.type == Element::F32) {
                simd::dispatch<HeadKernel<float>>(task);
            } else {
                simd::dispatch<HeadKernel<std::uint16_t>>(task);
            }
        }
    });
}

} // namespace semascope::core::clip
