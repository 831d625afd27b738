#include "ScoreFixtures.h"
#include "Shared.h"
#include "core/clip/JointMap.h"
#include "core/reduce/Layout.h"
#include "core/session/Sample.h"

#include <QTemporaryDir>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using namespace semascope::core;

namespace {

std::vector<std::uint32_t> firstNumbers(std::size_t n)
{
    std::vector<std::uint32_t> numbers(n);
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

/// Pictures and captions that mean the same but stand in two cones.
JointInput twoCones(std::size_t n, std::size_t d)
{
    const Matrix meaning = randomRows(n, d, 21);
    std::vector<float> pictures(n * d), captions(n * d);
    for (std::size_t i = 0; i < n * d; ++i) {
        pictures[i] = meaning.data()[i] + (i % d == 0 ? 9.0F : 0.0F);
        captions[i] = meaning.data()[i] + (i % d == 1 ? 9.0F : 0.0F);
    }
    JointInput input;
    input.pictures = Matrix::from(std::move(pictures), n, d);
    input.captions = Matrix::from(std::move(captions), n, d);
    input.pictureSample = input.captionSample = firstNumbers(n);
    return input;
}

/// How often row i of b is the nearest of all to row i of a, both without their means, by the definition.
double shareOfOwn(const Matrix& a, const Matrix& b)
{
    const std::vector<double> meanA = meanOfUnitRows(a), meanB = meanOfUnitRows(b);
    std::vector<std::vector<double>> all;
    for (std::size_t j = 0; j < b.rows(); ++j) {
        all.push_back(unitRow(b.row(j), b.cols(), meanB));
    }
    std::size_t hits = 0;
    for (std::size_t i = 0; i < a.rows(); ++i) {
        const std::vector<double> query = unitRow(a.row(i), a.cols(), meanA);
        const double own = cosineOf(query, all[i]);
        const bool beaten = std::any_of(
            all.begin(), all.end(), [&](const auto& row) { return &row != &all[i] && cosineOf(query, row) >= own; });
        hits += beaten ? 0U : 1U;
    }
    return static_cast<double>(hits) / static_cast<double>(a.rows());
}

} // namespace

/// Pictures and texts in one space.
class TestJointMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closesTheGap()
    {
        JointInput input = twoCones(60, 16);
        input.prompts = takeRows(input.captions, {5});
        JobContext job;
        const JointMap map = jointMap(input, job);
        QCOMPARE(map.rows.rows(), std::size_t{121});
        QCOMPARE(map.kind[59], JointKind::Picture);
        QCOMPARE(map.kind[60], JointKind::Caption);
        QCOMPARE(map.kind[120], JointKind::Prompt);
        QCOMPARE(map.pairs.size(), std::size_t{60});
        QCOMPARE(map.pairs[7].first, 7U);
        QCOMPARE(map.pairs[7].second, 67U);
        QCOMPARE(map.textMeanOf, std::string("60 captions"));

        const std::vector<double> pictures = meanOfUnitRows(input.pictures), texts = meanOfUnitRows(input.captions);
        double gap = 0;
        for (std::size_t j = 0; j < pictures.size(); ++j) {
            gap += (pictures[j] - texts[j]) * (pictures[j] - texts[j]);
            QVERIFY(std::abs(static_cast<double>(map.textMean[j]) - texts[j]) < 1e-6);
        }
        QVERIFY(map.gap > 1 && std::abs(map.gap - std::sqrt(gap)) < 1e-6);
        const std::vector<double> expected = unitRow(input.captions.row(5), 16, texts);
        const std::vector<double> caption(map.rows.row(65), map.rows.row(65) + 16);
        QVERIFY(cosineOf(caption, expected) > 1 - 1e-9);
        QVERIFY(cosineOf(caption, {map.rows.row(120), map.rows.row(120) + 16}) > 1 - 1e-9);
        QVERIFY(cosineOf(caption, {map.rows.row(5), map.rows.row(5) + 16}) > 0.9); // its picture stands beside it
        const std::vector<double> length = unitRow(map.rows.row(3), 16);
        QVERIFY(std::abs(length[0] - static_cast<double>(map.rows.at(3, 0))) < 1e-6);
        const OwnNeighbour own = ownNeighbour(map, job);
        QCOMPARE(own.pictures, std::size_t{60});
        QCOMPARE(own.pictureToCaption, 1.0);
        QCOMPARE(own.captionToPicture, 1.0);
    }

    void layoutsKnowTheirKinds_data()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"pca", "svd", "classical", "mds"}) {
            QTest::newRow(method) << QString::fromLatin1(method);
        }
    }
    void layoutsKnowTheirKinds()
    {
        QFETCH(QString, method);
        JobContext job;
        const JointMap map = jointMap(twoCones(40, 8), job);
        LayoutSpec spec;
        spec.method = method.toStdString();
        const Layout layout = reduce(map.rows, spec, job);
        QCOMPARE(layout.points.rows(), map.kind.size());
        double pairs = 0, others = 0;
        for (const auto& [picture, caption] : map.pairs) {
            QCOMPARE(map.kind[layout.inputRow[picture]], JointKind::Picture);
            QCOMPARE(map.kind[layout.inputRow[caption]], JointKind::Caption);
            const std::size_t other = 40 + (caption + 13) % 40;
            pairs += std::hypot(layout.points.at(picture, 0) - layout.points.at(caption, 0),
                                layout.points.at(picture, 1) - layout.points.at(caption, 1));
            others += std::hypot(layout.points.at(picture, 0) - layout.points.at(other, 0),
                                 layout.points.at(picture, 1) - layout.points.at(other, 1));
        }
        QVERIFY(pairs < 0.5 * others);
    }

    void severalCaptionsOfOnePicture()
    {
        JointInput input = twoCones(30, 8);
        input.captionSample.assign(30, 0);
        for (std::uint32_t i = 0; i < 30; ++i) {
            input.captionSample[i] = i / 2; // two each for the first fifteen pictures
        }
        JobContext job;
        const JointMap map = jointMap(input, job);
        QCOMPARE(map.pairs.size(), std::size_t{30});
        QCOMPARE(map.pairs[3].first, 1U);
        const OwnNeighbour own = ownNeighbour(map, job);
        QCOMPARE(own.pictures, std::size_t{15});
        QCOMPARE(own.captions, std::size_t{30});
        QVERIFY(own.pictureToCaption < 0.3); // the captions are not about these pictures
    }

    void tiesAreMisses()
    {
        JointInput input = twoCones(30, 8);
        std::vector<float> captions(input.captions.data(), input.captions.data() + 30 * 8);
        std::copy_n(captions.begin(), 8, captions.begin() + 8); // captions 0 and 1 are one text
        input.captions = Matrix::from(std::move(captions), 30, 8);
        JobContext job;
        const OwnNeighbour own = ownNeighbour(jointMap(input, job), job);
        QVERIFY(own.pictureToCaption <= 28.0 / 30 + 1e-9);
    }

    void fewCaptionsNeedNeutralTexts()
    {
        JointInput input = twoCones(30, 8);
        input.captions = takeRows(input.captions, {0, 1, 2});
        input.captionSample = {0, 1, 2};
        JobContext job;
        QCOMPARE(codeOf([&] { (void)jointMap(input, job); }), Code::Misuse);
        input.neutral = randomRows(neutralTexts().size(), 8, 22, 2.0F);
        const JointMap map = jointMap(input, job);
        QCOMPARE(map.notes.size(), std::size_t{1});
        QVERIFY(map.notes.front().find("3 captions") != std::string::npos);
        const std::vector<double> mean = meanOfUnitRows(input.neutral);
        QVERIFY(std::abs(static_cast<double>(map.textMean[3]) - mean[3]) < 1e-6);
        QCOMPARE(map.pairs.size(), std::size_t{3});
    }

    void refusals()
    {
        JointInput input = twoCones(30, 8);
        JobContext job;
        JointInput alone = input;
        alone.captions = {};
        alone.captionSample = {};
        QCOMPARE(codeOf([&] { (void)jointMap(alone, job); }), Code::Misuse);
        JointInput other = input;
        other.captions = randomRows(30, 9, 23);
        QCOMPARE(codeOf([&] { (void)jointMap(other, job); }), Code::Mismatch);
        JointInput one = input;
        one.pictures = takeRows(input.pictures, {0});
        one.pictureSample = {0};
        QCOMPARE(codeOf([&] { (void)jointMap(one, job); }), Code::Mismatch);
        one.pictureSample = {0, 1};
        QCOMPARE(codeOf([&] { (void)jointMap(one, job); }), Code::Mismatch);
        std::stop_source source;
        source.request_stop();
        JobContext stopped(source.get_token());
        QCOMPARE(codeOf([&] { (void)jointMap(input, stopped); }), Code::Cancelled);
    }

    void rowsWithoutDirectionAreLeftOut()
    {
        JointInput input = twoCones(30, 8);
        std::vector<float> pictures(input.pictures.data(), input.pictures.data() + 30 * 8);
        pictures[8] = std::numeric_limits<float>::quiet_NaN();
        std::fill_n(pictures.begin() + 16, 8, 0.0F);
        input.pictures = Matrix::from(std::move(pictures), 30, 8);
        JobContext job;
        const JointMap map = jointMap(input, job);
        QCOMPARE(map.excluded, std::size_t{2});
        QCOMPARE(map.rows.rows(), std::size_t{58});
        QCOMPARE(map.source[1], 3U);
        QCOMPARE(map.pairs.size(), std::size_t{28});
        QCOMPARE(map.pairs[1].second, 28U + 3U);
        QCOMPARE(finiteRows(map.rows).size(), std::size_t{58});
    }

    void neutralTextsAreEnough()
    {
        const std::set<std::string> distinct(neutralTexts().begin(), neutralTexts().end());
        QCOMPARE(distinct.size(), neutralTexts().size());
        QVERIFY(neutralTexts().size() >= JointMap::kMeanCaptions);
        JobContext job;
        QTemporaryDir folder;
        ModelSpec spec;
        spec.path = builtInSample(folder.filePath(QStringLiteral("sample")).toStdString(), job).model;
        spec.device = "cpu";
        const auto model = ClipModel::open(spec, job);
        JointInput input;
        input.neutral = model->encodeTexts(neutralTexts(), job);
        input.pictures = randomRows(30, input.neutral.cols(), 24, 0.5F);
        input.pictureSample = firstNumbers(30);
        input.prompts = model->encodeTexts({"a red circle"}, job);
        QCOMPARE(jointMap(input, job).kind.back(), JointKind::Prompt);
    }

    void realVectors()
    {
        NEEDS_SHARED("data/coco-clip/image.npy");
        JointInput input;
        input.pictures = npyMatrix(sharedPath("data/coco-clip/image.npy"));
        input.captions = npyMatrix(sharedPath("data/coco-clip/text.npy"));
        input.pictureSample = input.captionSample = firstNumbers(500);
        JobContext job;
        const JointMap map = jointMap(input, job);
        const OwnNeighbour own = ownNeighbour(map, job);
        QVERIFY(map.gap > 0.8 && map.gap < 0.9); // Liang et al. 2022
        QVERIFY(std::abs(own.pictureToCaption - shareOfOwn(input.pictures, input.captions)) < 1e-9);
        QVERIFY(std::abs(own.captionToPicture - shareOfOwn(input.captions, input.pictures)) < 1e-9);
        QVERIFY(own.pictureToCaption > 0.5 && own.captionToPicture >= 0.5);
        input.pictures = npyMatrix(sharedPath("data/coco-clip/control_random_image.npy"));
        input.captions = npyMatrix(sharedPath("data/coco-clip/control_random_text.npy"));
        QVERIFY(ownNeighbour(jointMap(input, job), job).pictureToCaption < 0.02); // an untrained CLIP: chance
    }
};

QTEST_GUILESS_MAIN(TestJointMap)
#include "TestJointMap.moc"
