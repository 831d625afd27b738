#include "Shared.h"
#include "core/demo/FaceFactors.h"

#include <array>
#include <cmath>
#include <map>
#include <set>

using namespace semascope::core;

namespace {

/// Columns of numbers: one a number, one a label.
struct Column
{
    FaceFactor factor;
    std::string name;
    std::vector<double> values; ///< mean 0, length 1
};

std::vector<Column> columnsOf(const std::vector<FaceFactors>& faces)
{
    std::vector<Column> columns;
    for (const FaceFactorInfo& info : faceFactors()) {
        const std::size_t n = info.labels.empty() || info.nuisance ? 1 : info.labels.size();
        for (std::size_t label = 0; label < n; ++label) {
            Column column{info.factor, info.name + (n > 1 ? ": " + info.labels[label] : ""), {}};
            double mean = 0, square = 0;
            for (const FaceFactors& face : faces) {
                const double v = faceFactor(face, info.factor);
                column.values.push_back(n == 1 ? v : v == static_cast<double>(label));
                mean += column.values.back() / static_cast<double>(faces.size());
            }
            for (double& v : column.values) {
                v -= mean;
                square += v * v;
            }
            for (double& v : column.values) {
                v /= std::sqrt(square);
            }
            columns.push_back(std::move(column));
        }
    }
    return columns;
}

std::vector<FaceFactors> many(FaceSplit split, std::size_t n, std::uint64_t seed)
{
    std::vector<FaceFactors> faces;
    for (std::size_t i = 0; i < n; ++i) {
        faces.push_back(faceOf(split, seed, i));
    }
    return faces;
}

std::array<int, 4> combination(const FaceFactors& f)
{
    return {static_cast<int>(f.eyewear), static_cast<int>(f.hairColour), static_cast<int>(skinClass(f.skin)),
            f.hat == Hat::None ? 0 : 1};
}

} // namespace

class TestFaceFactors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stripsHoldTheRest()
    {
        const FaceFactors face = drawFactors(9);
        for (const FaceFactorInfo& info : faceFactors()) {
            const std::vector<FaceFactors> strip = faceStrip(face, info.factor, 5);
            QCOMPARE(strip.size(), info.labels.empty() ? 5 : info.labels.size());
            QCOMPARE(faceFactor(strip.front(), info.factor), info.low);
            QCOMPARE(faceFactor(strip.back(), info.factor), info.high);
            for (const FaceFactors& f : strip) {
                QVERIFY(withFaceFactor(f, info.factor, faceFactor(face, info.factor)) == face);
            }
            QCOMPARE(faceFactor(withFaceFactor(face, info.factor, 99), info.factor), info.high);
        }
    }

    void drawnFactorsAreUnrelated()
    {
        // The standard error of a correlation is .014 here.
        const std::vector<Column> columns = columnsOf(many(FaceSplit::Train, 5000, 3));
        for (std::size_t a = 0; a < columns.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const std::set<FaceFactor> pair = {columns[a].factor, columns[b].factor};
                // only men have beards, and there is no tone between the classes: the exceptions
                if (pair.size() == 1 || pair == std::set{FaceFactor::Sex, FaceFactor::Beard}) {
                    continue;
                }
                double r = 0;
                for (std::size_t i = 0; i < columns[a].values.size(); ++i) {
                    r += columns[a].values[i] * columns[b].values[i];
                }
                QVERIFY2(std::abs(r) < 0.05,
                         qPrintable(QString::fromStdString(columns[a].name + " and " + columns[b].name + " ") +
                                    QString::number(r)));
            }
        }
    }

    void everyLabelIsDrawn()
    {
        const std::vector<FaceFactors> faces = many(FaceSplit::Train, 2000, 1);
        for (const FaceFactorInfo& info : faceFactors()) {
            std::map<double, int> seen;
            for (const FaceFactors& face : faces) {
                const double v = faceFactor(face, info.factor);
                QVERIFY(v >= info.low && v <= info.high);
                ++seen[v];
            }
            if (!info.labels.empty()) {
                QCOMPARE(seen.size(), info.labels.size());
                for (const auto& [label, count] : seen) {
                    QVERIFY2(count > 80, info.name.c_str());
                }
            }
        }
        for (const FaceFactors& face : faces) {
            QVERIFY(face.beard == Beard::None || face.sex == Sex::Male);
            QVERIFY(skinClass(face.skin - 0.03F) == skinClass(face.skin + 0.03F));
        }
    }

    void beardsOfMenDependOnNothing()
    {
        std::map<std::pair<int, int>, int> counts;
        std::array<int, 3> beards = {};
        std::array<int, 2> hats = {};
        int men = 0;
        for (const FaceFactors& f : many(FaceSplit::Train, 6000, 2)) {
            if (f.sex == Sex::Male) {
                const int beard = static_cast<int>(f.beard), hat = f.hat == Hat::None ? 0 : 1;
                ++counts[{beard, hat}];
                ++beards[static_cast<std::size_t>(beard)];
                ++hats[static_cast<std::size_t>(hat)];
                ++men;
            }
        }
        for (const auto& [key, count] : counts) {
            const double expected = double{1} * beards[static_cast<std::size_t>(key.first)] *
                                    hats[static_cast<std::size_t>(key.second)] / men;
            QVERIFY(std::abs(count - expected) < 0.15 * expected);
        }
    }

    void combinationsAreHeldOut()
    {
        std::set<std::array<int, 4>> trained, unseen;
        for (const FaceSplit split : {FaceSplit::Train, FaceSplit::Validation}) {
            for (const FaceFactors& face : many(split, 6000, 4)) {
                QVERIFY(!heldOutCombination(face));
                trained.insert(combination(face));
            }
        }
        for (const FaceFactors& face : many(FaceSplit::Unseen, 2000, 4)) {
            QVERIFY(heldOutCombination(face));
            unseen.insert(combination(face));
        }
        QCOMPARE(trained.size() + unseen.size(), std::size_t{3 * 5 * 3 * 2});
        QCOMPARE(unseen.size(), std::size_t{18});
        for (const auto& u : unseen) {
            QVERIFY(!trained.contains(u));
            for (std::size_t free = 0; free < u.size(); ++free) { // any three labels are together in training
                const auto agrees = [&](const std::array<int, 4>& t) {
                    for (std::size_t i = 0; i < u.size(); ++i) {
                        if (i != free && t[i] != u[i]) {
                            return false;
                        }
                    }
                    return true;
                };
                QVERIFY(std::any_of(trained.begin(), trained.end(), agrees));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestFaceFactors)
#include "TestFaceFactors.moc"
