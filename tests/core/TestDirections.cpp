#include "LatentFixtures.h"
#include "core/latent/Directions.h"
#include "core/latent/IinEdits.h"
#include "core/latent/IinTraining.h"
#include "core/latent/LatentNames.h"

#include <limits>
#include <numeric>

using namespace semascope::core;
using namespace latent_test;

namespace {

double cosine(const Direction& d, const std::vector<double>& axis)
{
    double product = 0, square = 0;
    for (std::size_t j = 0; j < axis.size(); ++j) {
        product += static_cast<double>(d.unit[j]) * axis[j];
        square += axis[j] * axis[j];
    }
    return product / std::sqrt(square);
}

double length(const Direction& d)
{
    double square = 0;
    for (const float v : d.unit) {
        square += static_cast<double>(v) * static_cast<double>(v);
    }
    return std::sqrt(square);
}

/// Column 0 is the attribute (±2), column 1 another one that goes with it in three of four rows (±2), the rest noise.
struct Confounded
{
    Matrix rows;
    TwoClasses wanted;
    Labels other;
};
Confounded confounded(std::size_t n)
{
    Confounded c;
    std::mt19937 random(5);
    std::normal_distribution<float> normal(0, .8F);
    std::vector<float> rows;
    for (std::size_t i = 0; i < n; ++i) {
        c.wanted.push_back(static_cast<int>(random() % 2));
        c.other.push_back(random() % 4 != 0 ? c.wanted.back() : 1 - c.wanted.back());
        for (std::size_t j = 0; j < 6; ++j) {
            const float centre = j == 0 ? 4.0F * static_cast<float>(c.wanted.back()) - 2
                                        : (j == 1 ? 4.0F * static_cast<float>(c.other.back()) - 2 : 0.0F);
            rows.push_back(centre + normal(random));
        }
    }
    c.rows = Matrix::from(std::move(rows), n, 6);
    return c;
}

std::vector<std::size_t> range(std::size_t first, std::size_t last)
{
    std::vector<std::size_t> rows(last - first);
    std::iota(rows.begin(), rows.end(), first);
    return rows;
}

Labels part(const Labels& all, std::size_t first, std::size_t last)
{
    return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(last)};
}

} // namespace

class TestDirections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void probeReads()
    {
        const Causes c = causes(300, 6, 1);
        JobContext job;
        const Probe probe = fitProbe(takeRows(c.rows, range(0, 200)), part(c.colour, 0, 200), {}, job);
        const Matrix test = takeRows(c.rows, range(200, 300));
        QVERIFY(accuracy(probe.predict(test), part(c.colour, 200, 300)) > .85);
        const Matrix p = probe.probabilities(test);
        for (std::size_t i = 0; i < p.rows(); ++i) {
            QVERIFY(std::abs(p.at(i, 0) + p.at(i, 1) + p.at(i, 2) - 1) < 1e-5F);
        }
        // Optimal: the gradient of the penalised loss vanishes, so the mean residual of every class is 0.
        const Matrix fitted = probe.probabilities(takeRows(c.rows, range(0, 200)));
        for (std::size_t k = 0; k < 3; ++k) {
            double residual = 0;
            for (std::size_t i = 0; i < 200; ++i) {
                residual += static_cast<double>(fitted.at(i, k)) - (c.colour[i] == static_cast<int>(k) ? 1 : 0);
            }
            QVERIFY(std::abs(residual) < 1e-2);
        }
    }

    void probeHandlesSeparableAndConstantData()
    {
        JobContext job;
        std::vector<float> values;
        Labels labels;
        for (int i = 0; i < 20; ++i) {
            values.insert(values.end(), {i < 10 ? -1.0F : 1.0F, 7.0F});
            labels.push_back(i < 10 ? 0 : 1);
        }
        const Matrix rows = Matrix::from(std::move(values), 20, 2);
        const Probe probe = fitProbe(rows, labels, {}, job);
        QCOMPARE(accuracy(probe.predict(rows), labels), 1.0);
        QVERIFY(std::all_of(probe.weights.begin(), probe.weights.end(), [](double w) { return std::abs(w) < 100; }));
        QCOMPARE(fitProbe(rows, labels, {}, job).weights, probe.weights);
        labels.assign(20, 1);
        QVERIFY(!failure([&] { fitProbe(rows, labels, {}, job); }).empty());
        labels.pop_back();
        QVERIFY(!failure([&] { fitProbe(rows, labels, {}, job); }).empty());
        QVERIFY(!failure([&] { probe.predict(randomMatrix(2, 3, 1)); }).empty());
    }

    void directionsPointTheRightWay()
    {
        const Confounded c = confounded(600);
        JobContext job;
        const std::vector<double> axis{1, 0, 0, 0, 0, 0}, both{1, .5, 0, 0, 0, 0};
        const Direction mean = meanDifference(c.rows, c.wanted);
        QVERIFY(cosine(mean, both) > .99); // takes along what goes with the attribute
        for (const Direction& d :
             {adjustedDifference(c.rows, c.wanted, {c.other}), logisticDirection(c.rows, c.wanted, 1, job),
              discriminantDirection(c.rows, c.wanted)}) {
            QVERIFY2(cosine(d, axis) > .97, d.method.c_str());
            QVERIFY(std::abs(length(d) - 1) < 1e-5);
            QVERIFY(d.scale > 3 && d.scale < 5);
        }
        std::vector<double> score(600);
        for (std::size_t i = 0; i < 600; ++i) {
            score[i] =
                i % 50 == 0 ? std::numeric_limits<double>::quiet_NaN() : .3 * static_cast<double>(c.rows.at(i, 0));
        }
        const Direction ridge = ridgeDirection(c.rows, score, 1e-6);
        QVERIFY(cosine(ridge, axis) > .9999);
        // One step raises the score by its deviation, about .3·2.2.
        QVERIFY(std::abs(.3 * ridge.scale - .65) < .05);
        const Direction clean = without(mean, Matrix::from({0, 2, 0, 0, 0, 0}, 1, 6));
        QVERIFY(cosine(clean, axis) > .99 && std::abs(clean.unit[1]) < 1e-6F);
        QVERIFY(!failure([&] { without(mean, Matrix::from(mean.unit, 1, 6)); }).empty());
    }

    void movesAndPositions()
    {
        const Confounded c = confounded(100);
        const Direction d = meanDifference(c.rows, c.wanted);
        const Matrix set = moveTo(d, c.rows, 1), added = moveBy(d, c.rows, .5);
        for (std::size_t i = 0; i < 100; ++i) {
            QVERIFY(std::abs(position(d, set.row(i), 6) - 1) < 1e-5);
            const double before = position(d, c.rows.row(i), 6);
            QVERIFY(std::abs(position(d, added.row(i), 6) - before - .5) < 1e-5);
        }
        QVERIFY(!failure([&] { moveBy(d, randomMatrix(2, 5, 1), 1); }).empty());
        QVERIFY(!failure([&] { meanDifference(c.rows, TwoClasses(100, 1)); }).empty());
        QVERIFY(!failure([&] { meanDifference(c.rows, TwoClasses(99, 1)); }).empty());
        QVERIFY(!failure([&] { meanDifference(randomMatrix(0, 6, 1), {}); }).empty());
    }

    void editsAreCompared()
    {
        const Confounded c = confounded(800);
        JobContext job;
        const Matrix fit = takeRows(c.rows, range(0, 300)), other = takeRows(c.rows, range(300, 600));
        const Labels wanted = part(c.wanted, 0, 300);
        EditTrial trial;
        trial.z = takeRows(c.rows, range(600, 800));
        trial.attribute = {"wanted", fitProbe(other, part(c.wanted, 300, 600), {}, job)};
        trial.others = {{"other", fitProbe(other, part(c.other, 300, 600), {}, job)}};
        trial.directional = [](const Matrix& from, const Matrix& to) { return from.rows() == to.rows() ? .5 : 0.0; };
        const Direction mean = meanDifference(fit, wanted),
                        clean = adjustedDifference(fit, wanted, {part(c.other, 0, 300)});
        const auto by = [](const std::string& name, const Direction& d, double steps) {
            return LatentEdit{name, [=](const Matrix& z) { return moveBy(d, z, steps); }};
        };
        const EditTable table =
            compareEdits(trial, {by("nothing", mean, 0), by("mean", mean, 2), by("adjusted", clean, 1)}, job);
        QVERIFY(table.rows > 60 && table.rows < 140);
        QCOMPARE(table.scores[0].flipped, 0.0);
        QCOMPARE(table.scores[0].leastKept, 1.0);
        QVERIFY(table.scores[1].flipped > .95 && table.scores[1].leastKept < .8);
        QVERIFY2(table.scores[2].flipped > .9 && table.scores[2].leastKept > .9,
                 qPrintable(QStringLiteral("%1 %2").arg(table.scores[2].flipped).arg(table.scores[2].leastKept)));
        QCOMPARE(table.best, std::size_t{2});
        QVERIFY(table.scores[2].controlFlipped < table.scores[2].flipped - .3);
        QCOMPARE(table.scores[2].directional, .5);

        const Strength s = chooseStrength(
            trial, [&](double a) { return by("adjusted", clean, a); }, {.25, 1, 4}, job);
        QVERIFY(s.value > .25);
        QVERIFY(!failure([&] { compareEdits(trial, {}, job); }).empty());
    }

    void iinEditsChangeTheirBlockOnly()
    {
        const Causes c = causes(200, 6, 3);
        IinData data;
        data.rows = c.rows;
        data.factors = {{"shape", c.shape, {}, 2}};
        IinSpec spec;
        spec.blocks = 2;
        spec.width = 16;
        spec.epochs = 5;
        JobContext job;
        const auto iin = trainIin(data, spec, job).model;
        const Matrix factors = iin->forward(c.rows, job);
        const Matrix means = blockMeans(factors, iin->factors()[0], c.shape);
        const std::vector<float> donor(c.rows.row(7), c.rows.row(7) + 6);
        const Matrix set = iin->forward(setBlock(iin, 0, meanBetween(means, 0, 1, 1)).apply(c.rows), job);
        const Matrix shifted = iin->forward(shiftBlock(iin, 0, {1, -1}).apply(c.rows), job);
        const Matrix copied = iin->forward(copyBlock(iin, 0, donor).apply(c.rows), job);
        for (std::size_t i = 0; i < 200; ++i) {
            for (std::size_t j = 0; j < 6; ++j) {
                const float before = factors.at(i, j);
                QVERIFY(std::abs(set.at(i, j) - (j < 2 ? means.at(1, j) : before)) < 1e-3F);
                QVERIFY(std::abs(shifted.at(i, j) - (j == 0 ? before + 1 : (j == 1 ? before - 1 : before))) < 1e-3F);
                QVERIFY(std::abs(copied.at(i, j) - (j < 2 ? factors.at(7, j) : before)) < 1e-3F);
            }
        }
        QVERIFY(!failure([&] { setBlock(iin, 0, {1}); }).empty());
        QVERIFY(!failure([&] { shiftBlock(iin, 9, {1}); }).empty());
        QVERIFY(!failure([&] { blockMeans(factors, iin->factors()[0], Labels(200, -1)); }).empty());
    }

    void latentsAreNamed()
    {
        // Latent 0 moves pictures along axis 3, latent 1 against axis 5, latent 2 nowhere in particular.
        const std::size_t width = 24;
        LatentNameTask task;
        const auto axis = [&](std::size_t at, float size) {
            std::vector<float> v(width);
            v[at] = size;
            return v;
        };
        task.prompts = {{"glasses", axis(3, .7F)}, {"hat", axis(5, .4F)}, {"beard", axis(9, .5F)}};
        for (std::size_t latent = 0; latent < 3; ++latent) {
            const Matrix noise = randomMatrix(40, width, static_cast<unsigned>(latent) + 20);
            std::vector<float> rows(noise.data(), noise.data() + 40 * width);
            for (std::size_t i = 0; latent < 2 && i < 40; ++i) {
                rows[i * width + (latent == 0 ? 3 : 5)] += latent == 0 ? 3.0F : -3.0F;
            }
            task.changes.push_back(Matrix::from(std::move(rows), 40, width));
        }
        task.pictures = randomMatrix(100, width, 30);
        JobContext job;
        const LatentNaming naming = nameLatents(task, job);
        QCOMPARE(naming.name, (std::vector<std::int32_t>{0, 1, -1}));
        QVERIFY(naming.scores[0][0].zScore > 4 && naming.scores[1][1].zScore < -4);
        QVERIFY(std::abs(naming.scores[0][0].slope - 3) < .6);
        QVERIFY(std::abs(naming.scores[0][2].zScore) < 3);
        task.prompts[0].vector.pop_back();
        QVERIFY(!failure([&] { nameLatents(task, job); }).empty());
    }
};

QTEST_GUILESS_MAIN(TestDirections)
#include "TestDirections.moc"
