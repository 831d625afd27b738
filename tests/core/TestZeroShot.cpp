#include "ScoreFixtures.h"
#include "Shared.h"
#include "core/clip/ZeroShot.h"
#include "core/session/Sample.h"

#include <QTemporaryDir>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using namespace semascope::core;

namespace {

Embedding embeddingOf(const Matrix& rows)
{
    Embedding e;
    e.rows = rows;
    e.sampleIndex.resize(rows.rows());
    std::iota(e.sampleIndex.begin(), e.sampleIndex.end(), 0U);
    return e;
}

ZeroShotSpec specOf(std::size_t classes)
{
    ZeroShotSpec spec;
    for (std::size_t i = 0; i < classes; ++i) {
        spec.classes.push_back("class " + std::to_string(i));
    }
    spec.templates = templateSet("plain");
    return spec;
}

Attribute categories(std::vector<std::string> labels, std::vector<std::int32_t> values)
{
    Attribute a;
    a.name = "label";
    a.labels = std::move(labels);
    a.categories = std::move(values);
    return a;
}

} // namespace

/// Templates, classifier, ranking and judgement.
class TestZeroShot : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::shared_ptr<ClipModel> demo() const
    {
        JobContext job;
        return openModel(builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job).model);
    }
    static std::shared_ptr<ClipModel> openModel(const std::string& path)
    {
        JobContext job;
        ModelSpec spec;
        spec.path = path;
        spec.device = "cpu";
        spec.precision = "fp32";
        return ClipModel::open(spec, job);
    }

private Q_SLOTS:
    void templatesThatShip()
    {
        QStringList names;
        for (const TemplateSet& set : templateSets()) {
            names << QString::fromStdString(set.name);
            const std::set<std::string> distinct(set.templates.begin(), set.templates.end());
            QCOMPARE(distinct.size(), set.templates.size());
            for (const std::string& pattern : set.templates) {
                QVERIFY2(pattern.find("{}") != std::string::npos, pattern.c_str());
            }
        }
        QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("plain imagenet-7 imagenet-80 cifar-18"));
        QCOMPARE(templateSet("plain").templates.size(), std::size_t{1});
        QCOMPARE(templateSet("imagenet-7").templates.size(), std::size_t{7});
        QCOMPARE(templateSet("imagenet-80").templates.size(), std::size_t{80});
        QCOMPARE(templateSet("cifar-18").templates.size(), std::size_t{18});
        const auto& eighty = templateSet("imagenet-80").templates;
        for (const std::string& pattern : templateSet("imagenet-7").templates) { // published as a subset
            QVERIFY2(std::find(eighty.begin(), eighty.end(), pattern) != eighty.end(), pattern.c_str());
        }
        const auto& cifar = templateSet("cifar-18").templates;
        for (std::size_t i = 0; i < 9; ++i) { // published as nine with "a" and the same with "the"
            std::string with = cifar[i];
            const auto article = with.rfind(" a ");
            with.replace(article, 3, " the ");
            QCOMPARE(cifar[i + 9], with);
        }
        QCOMPARE(codeOf([] { (void)templateSet("imagenet"); }), Code::NotFound);
    }

    void templatesKeepTheirWords()
    {
        // FNV-1a over the published lists, made from another copy of them: one changed letter is another number
        std::uint64_t hash = 0xcbf29ce484222325;
        for (const char* name : {"imagenet-80", "cifar-18"}) {
            for (const std::string& pattern : templateSet(name).templates) {
                for (const char c : pattern + '\n') {
                    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
                }
            }
        }
        QCOMPARE(hash, std::uint64_t{0xd63bfa99d329dd9});
    }

    void fillingTemplates()
    {
        QCOMPARE(promptOf("a photo of a {}.", "red fox"), std::string("a photo of a red fox."));
        QCOMPARE(promptOf("{} and {}", "x"), std::string("x and x"));
        QCOMPARE(promptOf("{}", "{}"), std::string("{}")); // names are taken as they are
        QCOMPARE(promptOf("nothing", "x"), std::string("nothing"));
    }

    void ownTemplatesAndClasses()
    {
        const TemplateSet set = templatesFromText("mine.txt", "\xEF\xBB\xBF# comment\r\n a {} \r\n\n{}s");
        QVERIFY((set.templates == std::vector<std::string>{"a {}", "{}s"}));
        QCOMPARE(codeOf([] { (void)templatesFromText("t", "a {}\na photo"); }), Code::BadFormat);
        QCOMPARE(codeOf([] { (void)templatesFromText("t", "# only this\n"); }), Code::BadFormat);
        QVERIFY((classesFromText("cat\r\n\n  red fox \ndog") == std::vector<std::string>{"cat", "red fox", "dog"}));
        QVERIFY((classesOf(categories({"a", "unused", "b"}, {2, 0, -1, 2})) == std::vector<std::string>{"a", "b"}));
        Attribute numbers;
        numbers.name = "digit";
        numbers.numbers = {7, std::nan(""), 0, 7, 10};
        QVERIFY((classesOf(numbers) == std::vector<std::string>{"0", "7", "10"}));
        numbers.numbers[0] = 0.5;
        QCOMPARE(codeOf([&] { (void)classesOf(numbers); }), Code::Mismatch);
    }

    void labelsByName()
    {
        const Attribute a = categories({"Red_Fox", "grey-wolf", "cat"}, {0, 1, 2, -1, 1});
        const auto labels = labelsFor(a, {"grey wolf", "red fox"});
        QVERIFY((labels == std::vector<std::int32_t>{1, 0, -1, -1, 0}));
        Attribute digits;
        digits.numbers = {3, 1, std::nan(""), 2.5};
        QVERIFY((labelsFor(digits, {"1", "3"}) == std::vector<std::int32_t>{1, 0, -1, -1}));
    }

    void classifierAveragesUnitTexts()
    {
        const auto model = demo();
        ZeroShotSpec spec;
        spec.classes = {"circle", "star", "square"};
        spec.templates = {"two", {"a red {}", "a small blue {}"}};
        JobContext job;
        std::size_t reported = 0;
        job.onProgress = [&reported](const Progress& p) { reported = p.total; };
        const Matrix classifier = zeroShotClassifier(*model, spec, job);
        QCOMPARE(classifier.rows(), std::size_t{3});
        QCOMPARE(reported, std::size_t{6});
        for (std::size_t c = 0; c < 3; ++c) {
            const Matrix texts = model->encodeTexts({promptOf(spec.templates.templates[0], spec.classes[c]),
                                                     promptOf(spec.templates.templates[1], spec.classes[c])},
                                                    job);
            std::vector<double> mean = meanOfUnitRows(texts);
            const std::vector<double> row = unitRow(classifier.row(c), classifier.cols());
            QVERIFY(cosineOf(mean, row) > 1 - 1e-9);
            QVERIFY(std::abs(row[0] - static_cast<double>(classifier.at(c, 0))) < 1e-6);
        }
    }

    void badSpecsAreRefused()
    {
        const auto model = demo();
        JobContext job;
        for (ZeroShotSpec spec : {ZeroShotSpec{{"one"}, templateSet("plain")},
                                  ZeroShotSpec{{"a", "b", "a"}, templateSet("plain")}, ZeroShotSpec{{"a", "b"}, {}}}) {
            QCOMPARE(codeOf([&] { (void)zeroShotClassifier(*model, spec, job); }), Code::Misuse);
        }
        std::stop_source source;
        source.request_stop();
        JobContext stopped(source.get_token());
        QCOMPARE(codeOf([&] { (void)zeroShotClassifier(*model, specOf(3), stopped); }), Code::Cancelled);
        const Matrix rows = randomRows(4, 5, 1);
        QCOMPARE(codeOf([&] { (void)zeroShot(embeddingOf(rows), randomRows(3, 6, 2), specOf(3), 100, job); }),
                 Code::Mismatch);
        QCOMPARE(codeOf([&] { (void)zeroShot(embeddingOf(rows), randomRows(3, 5, 2), specOf(4), 100, job); }),
                 Code::Mismatch);
        QCOMPARE(codeOf([&] { (void)zeroShot(embeddingOf(rows), randomRows(3, 5, 2), specOf(3), 100, stopped); }),
                 Code::Cancelled);
    }

    void ranksByProbability_data()
    {
        QTest::addColumn<int>("classes");
        QTest::newRow("two") << 2;
        QTest::newRow("five") << 5;
        QTest::newRow("many") << 300;
    }
    void ranksByProbability()
    {
        QFETCH(int, classes);
        const auto k = static_cast<std::size_t>(classes);
        const Matrix rows = randomRows(5000, 12, 31), classifier = randomRows(k, 12, 32);
        JobContext job;
        const ZeroShotResult result = zeroShot(embeddingOf(rows), classifier, specOf(k), 20, job);
        QCOMPARE(result.top, std::min<std::size_t>(k, 5));
        QCOMPARE(result.best.size(), rows.rows() * result.top);
        for (std::size_t r = 0; r < rows.rows(); r += 61) {
            std::vector<double> cosine(k);
            double sum = 0;
            for (std::size_t c = 0; c < k; ++c) {
                cosine[c] = cosineOf(unitRow(rows.row(r), 12), unitRow(classifier.row(c), 12));
                sum += std::exp(20 * cosine[c]);
            }
            std::vector<std::size_t> order(k);
            std::iota(order.begin(), order.end(), 0U);
            std::sort(order.begin(), order.end(), [&](auto a, auto b) { return cosine[a] > cosine[b]; });
            for (std::size_t t = 0; t < result.top; ++t) {
                const std::size_t at = r * result.top + t;
                QCOMPARE(static_cast<std::size_t>(result.best[at]), order[t]);
                QVERIFY(std::abs(static_cast<double>(result.cosine[at]) - cosine[order[t]]) < 1e-5);
                QVERIFY(std::abs(static_cast<double>(result.probability[at]) - std::exp(20 * cosine[order[t]]) / sum) <
                        1e-5);
            }
        }
    }

    void judgement()
    {
        // classes are the axes, so that each row says what it is
        const std::vector<float> axes{1, 0, 0, 0, 1, 0, 0, 0, 1};
        const std::vector<float> rows{2, 1, 0, 0, 3, 1, 1, 0, 2, 0, 0, 0, 5, 4, 3, std::nanf(""), 0, 0};
        Embedding e = embeddingOf(Matrix::from(rows, 6, 3));
        e.sampleIndex = {0, 2, 3, 4, 5, 6}; // sample 1 has no row
        JobContext job;
        ZeroShotResult result = zeroShot(e, Matrix::from(axes, 3, 3), specOf(3), 100, job);
        QCOMPARE(result.best[3 * 3], -1);
        QVERIFY(std::isnan(result.probability[3 * 3]) && std::isnan(result.cosine[5 * 3]));
        judgeZeroShot(result, {0, 0, 1, 0, 0, -1, 2});
        QCOMPARE(result.labelled, std::size_t{3});
        QCOMPARE(result.unlabelled, std::size_t{3});
        QVERIFY(std::abs(result.top1 - 2.0 / 3) < 1e-12);
        QCOMPARE(result.top5, 1.0);
        QVERIFY((result.confusion == std::vector<std::uint32_t>{1, 0, 1, 0, 1, 0, 0, 0, 0}));
        judgeZeroShot(result, {});
        QCOMPARE(result.labelled, std::size_t{0});
        QVERIFY(result.confusion.empty());
    }

    void probabilitiesOfTheReference_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("suffix");
        const auto row = [](const char* folder, const char* model, const char* suffix) {
            QTest::addRow("%s%s", folder, suffix)
                << QString::fromLatin1(folder) << QString::fromLatin1(model) << QString::fromLatin1(suffix);
        };
        row("vit_tiny", "openai_fp32.safetensors", "");
        row("vit_tiny", "openai_fp32.safetensors", "_gelu");
        row("vit_tiny", "openai_fp32.safetensors", "_gelu_tanh");
        row("vit_tiny", "openai_bf16.safetensors", "_from_bf16");
        row("vit_tiny", "sd_fp16_zip.pt", "_from_fp16");
        row("vit_micro", "openai_fp16.safetensors", "");
        row("vit_openclip", "open_clip_model.safetensors", "");
        row("rn_tiny", "sd_fp16_zip.pt", "_from_fp16");
    }
    void probabilitiesOfTheReference()
    {
        NEEDS_SHARED("goldens/clip/models.json");
        QFETCH(QString, folder);
        QFETCH(QString, model);
        QFETCH(QString, suffix);
        const std::string base = sharedPath("goldens/clip/") + folder.toStdString() + "/";
        const std::string end = suffix.toStdString() + ".npy";
        const Matrix image = npyMatrix(base + "image_features" + end), text = npyMatrix(base + "text_features" + end);
        const Matrix logits = npyMatrix(base + "logits_per_image" + end), probs = npyMatrix(base + "probs" + end);
        const bool openClip = folder == QLatin1String("vit_openclip");
        const double scale = openModel(openClip ? base : base + model.toStdString())->logitScale();
        JobContext job;
        const ZeroShotResult result = zeroShot(embeddingOf(image), text, specOf(text.rows()), scale, job);
        for (std::size_t r = 0; r < image.rows(); ++r) {
            for (std::size_t t = 0; t < result.top; ++t) {
                const std::size_t at = r * result.top + t;
                const auto c = static_cast<std::size_t>(result.best[at]);
                QVERIFY(std::abs(result.probability[at] - probs.at(r, c)) < 1e-4F);
                QVERIFY(std::abs(static_cast<double>(result.cosine[at]) * scale -
                                 static_cast<double>(logits.at(r, c))) < 1e-4 * scale);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestZeroShot)
#include "TestZeroShot.moc"
