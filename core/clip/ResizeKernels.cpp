#include "core/clip/Resize_p.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define SEMASCOPE_RESIZE_AVX2 1
#endif

namespace semascope::core {

namespace {

constexpr std::int32_t kHalf = 1 << (ResizeAxis::kFractionBits - 1);
constexpr int kGroup = ResizeAxis::kGroup;

std::uint8_t toByte(std::int32_t sum) noexcept
{
    return static_cast<std::uint8_t>(std::clamp(sum >> ResizeAxis::kFractionBits, 0, 255));
}

const std::int32_t* weightsOf(const ResizeAxis& axis, std::size_t output) noexcept
{
    return axis.weight.data() + output * static_cast<std::size_t>(axis.groups * kGroup);
}

void resizeRowPlain(const ResizeAxis& axis, const std::uint8_t* source, std::uint8_t* target)
{
    for (std::size_t i = 0; i < axis.first.size(); ++i) {
        const std::int32_t* weight = weightsOf(axis, i);
        const std::uint8_t* pixel = source + static_cast<std::size_t>(axis.first[i]) * 3;
        std::int32_t sum[3] = {kHalf, kHalf, kHalf};
        for (int tap = 0; tap < axis.count[i]; ++tap, pixel += 3) {
            sum[0] += pixel[0] * weight[tap];
            sum[1] += pixel[1] * weight[tap];
            sum[2] += pixel[2] * weight[tap];
        }
        std::transform(sum, sum + 3, target + i * 3, toByte);
    }
}

void resizeColumnsPlain(const ResizeAxis& axis, const ColumnTask& task, std::size_t from)
{
    const std::int32_t* weight = weightsOf(axis, task.output);
    for (std::size_t x = from; x < task.bytes; ++x) {
        std::int32_t sum = kHalf;
        for (int tap = 0; tap < axis.count[task.output]; ++tap) {
            sum += task.rows[tap][x] * weight[tap];
        }
        task.target[x] = toByte(sum);
    }
}

#ifdef SEMASCOPE_RESIZE_AVX2

#define SEMASCOPE_AVX2 __attribute__((target("avx2")))

bool hasAvx2()
{
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
}

const std::uint32_t* packedOf(const ResizeAxis& axis, std::size_t output) noexcept
{
    return axis.packed.data() + output * static_cast<std::size_t>(axis.groups * kGroup);
}

/// Low and high sums of 8 accumulators put together: exact, since the whole fits 32 bits.
SEMASCOPE_AVX2 inline __m256i joined(__m256i low, __m256i high)
{
    return _mm256_add_epi32(_mm256_slli_epi32(high, ResizeAxis::kLowBits), low);
}

SEMASCOPE_AVX2 inline void storePixel(std::uint8_t* target, __m256i low, __m256i high)
{
    const __m256i both = joined(low, high); // taps 0|1 of each group in one half, 2|3 in the other
    const __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    const __m128i level = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(kHalf)), ResizeAxis::kFractionBits);
    const __m128i words = _mm_packs_epi32(level, level);
    const int bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    std::memcpy(target, &bytes, 3);
}

/// Four pixels in 12 bytes, spread to the pairs r0 r1 g0 g1 b0 b1 and r2 r3 g2 g3 b2 b3 of 16 bits.
SEMASCOPE_AVX2 inline __m256i loadPixels(const std::uint8_t* source)
{
    const __m256i spread = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, //
                                            6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), spread);
}

SEMASCOPE_AVX2 void resizeRowsAvx2(const ResizeAxis& axis, const RowPair& rows)
{
    const __m256i pickLow = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    const __m256i pickHigh = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
    for (std::size_t i = 0; i < axis.first.size(); ++i) {
        const std::uint32_t* packed = packedOf(axis, i);
        const std::size_t offset = static_cast<std::size_t>(axis.first[i]) * 3;
        const std::uint8_t* a = rows.source[0] + offset;
        const std::uint8_t* b = rows.source[1] + offset;
        __m256i lowA = _mm256_setzero_si256(), highA = lowA, lowB = lowA, highB = lowA;
        for (int group = axis.groupsOf(i); group > 0; --group, packed += kGroup, a += kGroup * 3, b += kGroup * 3) {
            const __m256i weights =
                _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(packed)));
            const __m256i low = _mm256_permutevar8x32_epi32(weights, pickLow);
            const __m256i high = _mm256_permutevar8x32_epi32(weights, pickHigh);
            const __m256i pixelsA = loadPixels(a);
            const __m256i pixelsB = loadPixels(b);
            lowA = _mm256_add_epi32(lowA, _mm256_madd_epi16(pixelsA, low));
            highA = _mm256_add_epi32(highA, _mm256_madd_epi16(pixelsA, high));
            lowB = _mm256_add_epi32(lowB, _mm256_madd_epi16(pixelsB, low));
            highB = _mm256_add_epi32(highB, _mm256_madd_epi16(pixelsB, high));
        }
        storePixel(rows.target[0] + i * 3, lowA, highA);
        storePixel(rows.target[1] + i * 3, lowB, highB);
    }
}

/// Eight bytes of two rows as pairs of 16 bits.
SEMASCOPE_AVX2 inline __m256i loadPairs(const std::uint8_t* a, const std::uint8_t* b)
{
    return _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(a)),
                                                  _mm_loadl_epi64(reinterpret_cast<const __m128i*>(b))));
}

/// Returns how many bytes of the row are done; fewer than 8 are left.
SEMASCOPE_AVX2 std::size_t resizeColumnsAvx2(const ResizeAxis& axis, const ColumnTask& task)
{
    const int groups = axis.groupsOf(task.output);
    std::size_t x = 0;
    for (; x + 8 <= task.bytes; x += 8) {
        const std::uint32_t* packed = packedOf(axis, task.output);
        const std::uint8_t* const* rows = task.rows;
        __m256i low = _mm256_setzero_si256(), high = low;
        for (int group = 0; group < groups; ++group, packed += kGroup, rows += kGroup) {
            const __m256i first = loadPairs(rows[0] + x, rows[1] + x);
            const __m256i second = loadPairs(rows[2] + x, rows[3] + x);
            const auto weight = [packed](int i)
                                    SEMASCOPE_AVX2 { return _mm256_set1_epi32(static_cast<int>(packed[i])); };
            low = _mm256_add_epi32(low, _mm256_madd_epi16(first, weight(0)));
            low = _mm256_add_epi32(low, _mm256_madd_epi16(second, weight(1)));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(first, weight(2)));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(second, weight(3)));
        }
        const __m256i sum = _mm256_add_epi32(joined(low, high), _mm256_set1_epi32(kHalf));
        const __m256i level = _mm256_srai_epi32(sum, ResizeAxis::kFractionBits);
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(level), _mm256_extracti128_si256(level, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(task.target + x), _mm_packus_epi16(words, words));
    }
    return x;
}

#undef SEMASCOPE_AVX2
#endif

} // namespace

void resizeRows(const ResizeAxis& axis, const RowPair& rows, ResizeKernel kernel)
{
#ifdef SEMASCOPE_RESIZE_AVX2
    if (kernel == ResizeKernel::Best && hasAvx2()) {
        resizeRowsAvx2(axis, rows);
        return;
    }
#endif
    resizeRowPlain(axis, rows.source[0], rows.target[0]);
    if (rows.target[1] != rows.target[0]) {
        resizeRowPlain(axis, rows.source[1], rows.target[1]);
    }
    static_cast<void>(kernel);
}

void resizeColumns(const ResizeAxis& axis, const ColumnTask& task, ResizeKernel kernel)
{
    std::size_t done = 0;
#ifdef SEMASCOPE_RESIZE_AVX2
    if (kernel == ResizeKernel::Best && hasAvx2()) {
        done = resizeColumnsAvx2(axis, task);
    }
#endif
    resizeColumnsPlain(axis, task, done);
    static_cast<void>(kernel);
}

} // namespace semascope::core
