#include "core/clip/FilePages_p.h"
#include "core/clip/GemmRate.h"
#include "core/clip/RowKernels_p.h"
#include "core/clip/StageTimes.h"

#include "core/checkpoint/MappedFile_p.h"

#include <QTemporaryDir>
#include <QtTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>

using namespace semascope::core;
using namespace semascope::core::clip;

namespace {

std::vector<float> randomValues(std::size_t count, unsigned seed, double scale = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, static_cast<float>(scale));
    std::vector<float> values(count);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return values;
}

/// float32 values as `type`, in words of floats.
std::vector<float> stored(const std::vector<float>& values, Element type)
{
    std::vector<float> out(values.size());
    convertInto(values.data(), values.size(), out.data(), type);
    return out;
}

std::vector<float> widened(const std::vector<float>& values, Element type, std::size_t count)
{
    std::vector<float> out(count);
    widenInto(values.data(), type, count, out.data());
    return out;
}

double worst(const std::vector<float>& got, const std::vector<double>& expected)
{
    double difference = 0, largest = 1e-30;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double d = std::abs(got[i] - expected[i]);
        difference = d <= difference ? difference : d; // a NaN counts
        largest = std::max(largest, std::abs(expected[i]));
    }
    return difference / largest;
}

double tolerance(Element type)
{
    return type == Element::F32 ? 2e-6 : 1e-2;
}

double activated(double x, Activation a)
{
    switch (a) {
    case Activation::QuickGelu:
        return x / (1 + std::exp(-1.702 * x));
    case Activation::Gelu:
        return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
    case Activation::GeluTanh:
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    default:
        return x;
    }
}

struct Tokens
{
    std::size_t length, heads, width;
    bool causal;
};

/// One token's answer, by the formula.
std::vector<double> answer(const std::vector<float>& qkv, const Tokens& t, std::size_t first, std::size_t query)
{
    const std::size_t model = t.heads * t.width;
    std::vector<double> out(model), weight(t.length);
    const std::size_t keys = t.causal ? query + 1 : t.length;
    for (std::size_t h = 0; h < t.heads; ++h) {
        double sum = 0;
        for (std::size_t j = 0; j < keys; ++j) {
            double dot = 0;
            for (std::size_t d = 0; d < t.width; ++d) {
                dot += static_cast<double>(qkv[(first + query) * 3 * model + h * t.width + d]) *
                       qkv[(first + j) * 3 * model + model + h * t.width + d];
            }
            weight[j] = std::exp(dot / std::sqrt(static_cast<double>(t.width)));
            sum += weight[j];
        }
        for (std::size_t d = 0; d < t.width; ++d) {
            for (std::size_t j = 0; j < keys; ++j) {
                out[h * t.width + d] += weight[j] / sum * qkv[(first + j) * 3 * model + 2 * model + h * t.width + d];
            }
        }
    }
    return out;
}

} // namespace

/// The kernels under the towers, each against its formula in double precision.
class TestClipKernels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void brainFloatRoundsToEven()
    {
        const std::vector<float> values{
            1.0f, std::bit_cast<float>(0x3f808000u), std::bit_cast<float>(0x3f818000u), -0.0f, INFINITY, NAN};
        const std::vector<std::uint16_t> expected{0x3f80, 0x3f80, 0x3f82, 0x8000, 0x7f80, 0x7fc0};
        std::vector<std::uint16_t> got(values.size());
        convertInto(values.data(), values.size(), got.data(), Element::Bf16);
        QCOMPARE(got, expected);
        std::vector<float> back(values.size());
        widenInto(got.data(), Element::Bf16, got.size(), back.data());
        QCOMPARE(back[0], 1.0f);
        QVERIFY(std::isnan(back[5]));
    }

    void norm()
    {
        for (const std::size_t width : {5u, 16u, 64u, 100u, 768u}) {
            const std::size_t rows = 37;
            const std::vector<float> in = randomValues(rows * width, 1, 3);
            const RowNorm norm{randomValues(width, 2), randomValues(width, 3), 1e-5f};
            std::vector<double> expected(in.size());
            for (std::size_t r = 0; r < rows; ++r) {
                double mean = 0, square = 0;
                for (std::size_t i = 0; i < width; ++i) {
                    mean += in[r * width + i] / static_cast<double>(width);
                }
                for (std::size_t i = 0; i < width; ++i) {
                    square += std::pow(in[r * width + i] - mean, 2) / static_cast<double>(width);
                }
                for (std::size_t i = 0; i < width; ++i) {
                    expected[r * width + i] =
                        (in[r * width + i] - mean) / std::sqrt(square + 1e-5) * norm.weight[i] + norm.bias[i];
                }
            }
            for (const Element type : {Element::F32, Element::Bf16}) {
                std::vector<float> out(in.size());
                normaliseInto(norm, in.data(), rows, out.data(), type);
                QVERIFY(worst(widened(out, type, in.size()), expected) < tolerance(type));
            }
        }
    }

    void attention_data()
    {
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("causal");
        for (const int length : {1, 2, 7, 16, 50, 77, 130}) {
            for (const int width : {16, 64, 72, 88}) {
                for (const bool causal : {false, true}) {
                    QTest::addRow("%d tokens, heads of %d%s", length, width, causal ? ", causal" : "")
                        << length << width << causal;
                }
            }
        }
    }

    void attention()
    {
        QFETCH(int, length);
        QFETCH(int, width);
        QFETCH(bool, causal);
        const Tokens t{static_cast<std::size_t>(length), 2, static_cast<std::size_t>(width), causal};
        const std::size_t model = t.heads * t.width, items = 3;
        const std::vector<float> values = randomValues(items * t.length * 3 * model, 5);
        for (const Element type : {Element::F32, Element::Bf16}) {
            const std::vector<float> kept = stored(values, type);
            const std::vector<float> exact = widened(kept, type, values.size());
            // all tokens of the first two items ask; of the last one only its last token
            std::vector<AttentionItem> asked{{0, t.length, 0, t.length, 0},
                                             {t.length, t.length, 0, t.length, t.length},
                                             {2 * t.length, t.length, t.length - 1, 1, 2 * t.length}};
            std::vector<double> expected;
            for (const AttentionItem& item : asked) {
                for (std::size_t q = 0; q < item.queries; ++q) {
                    const auto row = answer(exact, t, item.firstRow, item.firstQuery + q);
                    expected.insert(expected.end(), row.begin(), row.end());
                }
            }
            std::vector<float> out(expected.size());
            attend({kept.data(), type, t.heads, t.width, t.causal}, asked, out.data());
            QVERIFY(worst(widened(out, type, expected.size()), expected) < tolerance(type));
        }
    }

    void attentionOfLargeLogits() // e^x alone would overflow
    {
        const std::vector<float> qkv = randomValues(20 * 3 * 16, 9, 60);
        std::vector<float> out(20 * 16);
        attend({qkv.data(), Element::F32, 1, 16, false}, {{0, 20, 0, 20, 0}}, out.data());
        QVERIFY(std::all_of(out.begin(), out.end(), [](float v) { return std::isfinite(v); }));
    }

    void linear_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("activation");
        QTest::addColumn<bool>("add");
        QTest::addRow("1 row") << 1 << static_cast<int>(Activation::Unknown) << false;
        QTest::addRow("50 rows, quick gelu") << 50 << static_cast<int>(Activation::QuickGelu) << false;
        QTest::addRow("33 rows, gelu") << 33 << static_cast<int>(Activation::Gelu) << false;
        QTest::addRow("33 rows, gelu tanh") << 33 << static_cast<int>(Activation::GeluTanh) << false;
        QTest::addRow("600 rows, added") << 600 << static_cast<int>(Activation::Unknown) << true;
    }

    void linear()
    {
        QFETCH(int, rows);
        QFETCH(int, activation);
        QFETCH(bool, add);
        const std::size_t n = 96, k = 75, m = static_cast<std::size_t>(rows);
        const std::vector<float> w = randomValues(n * k, 1, 0.2), b = randomValues(n, 2), x = randomValues(m * k, 3),
                                 before = randomValues(m * n, 4);
        for (const Element type : {Element::F32, Element::Bf16}) {
            if (!dnnlSupports(type)) {
                continue;
            }
            const LinearSpec spec{n, k, type, Element::F32, {add, false, static_cast<Activation>(activation)}};
            const PackedLinear packed(spec, w.data(), b.data());
            std::vector<float> out = before;
            packed.run(stored(x, type).data(), out.data(), m);
            std::vector<double> expected(m * n);
            for (std::size_t i = 0; i < m * n; ++i) {
                double sum = b[i % n];
                for (std::size_t j = 0; j < k; ++j) {
                    sum += static_cast<double>(x[i / n * k + j]) * w[i % n * k + j];
                }
                expected[i] = activated(sum + (add ? before[i] : 0), static_cast<Activation>(activation));
            }
            QVERIFY(worst(out, expected) < tolerance(type));
        }
    }

    void convolution()
    {
        const std::size_t in = 8, out = 16;
        const std::vector<float> w = randomValues(out * in * 9, 1, 0.2), b = randomValues(out, 2);
        for (const Element type : {Element::F32, Element::Bf16}) {
            if (!dnnlSupports(type)) {
                continue;
            }
            const PackedConvolution packed({out, in, 3, 2, 1, type, {false, true, Activation::Unknown}}, w.data(),
                                           b.data());
            // one kernel's weights serve maps of other sizes too
            for (const MapShape& shape : {MapShape{2, 14, 14}, MapShape{1, 6, 10}, MapShape{3, 56, 56}}) {
                const std::vector<float> x = randomValues(shape.cells() * in, 3);
                const MapShape to = packed.outputShape(shape);
                std::vector<float> got(to.cells() * out);
                packed.run(stored(x, type).data(), got.data(), shape);
                QVERIFY(worst(widened(got, type, got.size()), convolved({x, w, b, shape, to, in, out})) <
                        tolerance(type));
            }
        }
    }

    void pagesAreDroppedOfFilesOnly()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("f")).toStdString();
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(1 << 20, 'x'));
        file.close();
        const auto mapped = MappedFile::open(path);
        std::vector<char> own(1 << 20, 'y');
        const FilePages pages;
        pages.drop(mapped->data() + 100, 1 << 19);
        pages.drop(own.data(), own.size());
        QVERIFY(std::all_of(mapped->data(), mapped->data() + mapped->size(), [](auto c) { return c == 'x'; }));
        QVERIFY(std::all_of(own.begin(), own.end(), [](char c) { return c == 'y'; }));
    }

    void stagesAdd()
    {
        {
            const StageTimer nobodyListens("a");
        }
        const StageTimes times;
        for (int i = 0; i < 2; ++i) {
            const StageTimer timer("a");
        }
        QCOMPARE(times.stages().size(), std::size_t(1));
        QVERIFY(times.stages().front().second >= 0);
    }

    void gemmRateIsMeasured()
    {
        const GemmRate rate = gemmRate("fp32", JobContext());
        QVERIFY(rate.gflops > 0);
        QVERIFY(!rate.library.empty());
    }

private:
    struct Convolved
    {
        const std::vector<float>&x, &w, &b;
        MapShape shape, to;
        std::size_t in, out;
    };

    /// Stride 2, padding 1, kernel 3, then relu; rows of channels.
    static std::vector<double> convolved(const Convolved& c)
    {
        std::vector<double> result;
        for (std::size_t i = 0; i < c.to.cells() * c.out; ++i) {
            const std::size_t o = i % c.out, cell = i / c.out, picture = cell / (c.to.height * c.to.width);
            const auto y0 = static_cast<std::ptrdiff_t>(2 * (cell / c.to.width % c.to.height)) - 1;
            const auto x0 = static_cast<std::ptrdiff_t>(2 * (cell % c.to.width)) - 1;
            double sum = c.b[o];
            for (std::ptrdiff_t tap = 0; tap < 9; ++tap) {
                const std::ptrdiff_t y = y0 + tap / 3, x = x0 + tap % 3;
                if (y < 0 || x < 0 || y >= static_cast<std::ptrdiff_t>(c.shape.height) ||
                    x >= static_cast<std::ptrdiff_t>(c.shape.width)) {
                    continue;
                }
                const std::size_t from = (picture * c.shape.height + static_cast<std::size_t>(y)) * c.shape.width +
                                         static_cast<std::size_t>(x);
                for (std::size_t channel = 0; channel < c.in; ++channel) {
                    sum += static_cast<double>(c.x[from * c.in + channel]) *
                           c.w[(o * c.in + channel) * 9 + static_cast<std::size_t>(tap)];
                }
            }
            result.push_back(std::max(sum, 0.0));
        }
        return result;
    }
};

QTEST_GUILESS_MAIN(TestClipKernels)
#include "TestClipKernels.moc"
