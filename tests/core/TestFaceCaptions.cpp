#include "Shared.h"
#include "core/demo/Face.h"
#include "core/demo/FaceDataset.h"
#include "core/job/Parallel.h"

#include <map>
#include <set>

using namespace semascope::core;

namespace {

std::set<std::string> wordsOf(const std::string& text)
{
    std::set<std::string> words;
    const QRegularExpression pattern(QStringLiteral("\\{[a-z]+\\}|[A-Za-z]+"));
    for (auto match = pattern.globalMatch(QString::fromStdString(text)); match.hasNext();) {
        words.insert(match.next().captured().toStdString());
    }
    return words;
}

/// Facts that words give away, whatever the vocabulary of the captions says.
bool agrees(const std::string& caption, const FaceFactors& f)
{
    const QString text = QString::fromStdString(caption);
    const auto says = [&](const char* pattern) {
        return QRegularExpression(QStringLiteral("\\b(%1)\\b").arg(QLatin1String(pattern))).match(text).hasMatch();
    };
    const bool negated = says("(no|any|without|neither) (glasses|eyeglasses|spectacles)");
    if (negated && f.eyewear != Eyewear::None) {
        return false;
    }
    if (!negated && says("sunglasses|shades|dark glasses|tinted") && f.eyewear != Eyewear::Sunglasses) {
        return false;
    }
    if (!negated && says("eyeglasses|spectacles|bespectacled|clear") && f.eyewear != Eyewear::Glasses) {
        return false;
    }
    const std::map<const char*, Hat> hats = {
        {"beanie", Hat::Beanie}, {"cap", Hat::Cap}, {"fedora", Hat::Brimmed}, {"beret", Hat::Beret}};
    for (const auto& [word, hat] : hats) {
        if (says(word) && f.hat != hat) {
            return false;
        }
    }
    if (says("woman|lady|female") && f.sex != Sex::Female) {
        return false;
    }
    return !(says("man|gentleman|male") && f.sex != Sex::Male) && !(says("bald") && f.hairShape != HairShape::Bald) &&
           !(says("bearded|full beard|thick beard") && f.beard != Beard::Full);
}

} // namespace

class TestFaceCaptions : public QObject
{
    Q_OBJECT
    JobContext m_job;

private Q_SLOTS:
    void captionsAreTrue_data()
    {
        QTest::addColumn<int>("wording");
        QTest::newRow("train") << static_cast<int>(CaptionWording::Train);
        QTest::newRow("paraphrase") << static_cast<int>(CaptionWording::Paraphrase);
    }
    void captionsAreTrue()
    {
        QFETCH(int, wording);
        std::map<FaceFactor, int> said;
        std::set<std::string> different;
        int n = 0;
        for (std::uint64_t seed = 0; seed < 2000; ++seed) {
            const FaceFactors face = drawFactors(seed);
            for (const std::string& caption : faceCaptions(face, 4, seed, static_cast<CaptionWording>(wording))) {
                const std::vector<FaceClaim> claims = claimsIn(caption);
                QVERIFY2(!claims.empty(), caption.c_str());
                for (const FaceClaim& claim : claims) {
                    QVERIFY2(claimHolds(claim, face), (caption + " | " + claim.words).c_str());
                    ++said[claim.factor];
                }
                QVERIFY2(agrees(caption, face), caption.c_str());
                QVERIFY2(caption.find_first_of("{}#") == std::string::npos, caption.c_str());
                different.insert(caption);
                ++n;
            }
        }
        QVERIFY(n == 8000 && different.size() > 4000);
        for (const FaceFactor factor :
             {FaceFactor::Eyewear, FaceFactor::HairColour, FaceFactor::Skin, FaceFactor::Hat, FaceFactor::Sex}) {
            QVERIFY2(said[factor] > n / 6, qPrintable(QString::number(said[factor])));
        }
    }

    void readingFindsWhatIsFalse()
    {
        FaceFactors face;
        face.eyewear = Eyewear::Sunglasses;
        const auto holds = [&](const char* caption) {
            const std::vector<FaceClaim> claims = claimsIn(caption);
            return !claims.empty() &&
                   std::all_of(claims.begin(), claims.end(), [&](const FaceClaim& c) { return claimHolds(c, face); });
        };
        QVERIFY(holds("a portrait of a woman with sunglasses"));
        QVERIFY(holds("a smiling woman") == false); // .3 lies between two words
        QVERIFY(!holds("a portrait of a woman without glasses"));
        QVERIFY(!holds("a woman with glasses"));
        QVERIFY(!holds("a man with sunglasses"));
        QVERIFY(!holds("a woman with sunglasses and a beret"));
        QCOMPARE(claimsIn("a photograph of a tree").size(), std::size_t{0});
        QCOMPARE(claimsIn("a person without a beard").size(), std::size_t{1});
    }

    void whatCannotBeSeenIsNotSaid()
    {
        FaceFactors bald;
        bald.hairShape = HairShape::Bald;
        FaceFactors hatted;
        hatted.hairShape = HairShape::Bun;
        hatted.hat = Hat::Beanie;
        for (const CaptionWording wording : {CaptionWording::Train, CaptionWording::Paraphrase}) {
            for (const std::string& caption : faceCaptions(bald, 200, 1, wording)) {
                for (const FaceClaim& claim : claimsIn(caption)) {
                    QVERIFY2(claim.factor != FaceFactor::HairColour, caption.c_str());
                }
            }
            for (const std::string& caption : faceCaptions(hatted, 200, 1, wording)) {
                for (const FaceClaim& claim : claimsIn(caption)) {
                    QVERIFY2(claim.factor != FaceFactor::HairShape, caption.c_str());
                }
            }
        }
    }

    void sameSeedSameWords()
    {
        const FaceFactors face = drawFactors(5);
        const auto captions = faceCaptions(face, 12, 7, CaptionWording::Train);
        QCOMPARE(captions, faceCaptions(face, 12, 7, CaptionWording::Train));
        QVERIFY(captions != faceCaptions(face, 12, 8, CaptionWording::Train));
        QCOMPARE(std::set<std::string>(captions.begin(), captions.end()).size(), captions.size());
    }

    void wordingsHaveNothingInCommon()
    {
        std::set<std::string> train;
        for (std::uint64_t seed = 0; seed < 1500; ++seed) {
            for (const std::string& c : faceCaptions(drawFactors(seed), 4, seed, CaptionWording::Train)) {
                train.insert(c);
            }
        }
        for (std::uint64_t seed = 0; seed < 1500; ++seed) {
            for (const std::string& c : faceCaptions(drawFactors(seed), 4, seed, CaptionWording::Paraphrase)) {
                QVERIFY2(!train.contains(c), c.c_str());
            }
        }
        QVERIFY(std::any_of(train.begin(), train.end(),
                            [](const std::string& c) { return c.find("without glasses") != std::string::npos; }));
    }

    void everyWordIsLearned()
    {
        std::set<std::string> known, wanted;
        int templates = 0, held = 0;
        for (const auto& list : {captionTemplates(), captionPhrases()}) {
            for (const auto& [text, heldOut] : list) {
                for (const std::string& word : wordsOf(text)) {
                    (heldOut ? wanted : known).insert(word);
                }
            }
        }
        for (const auto& [text, heldOut] : captionTemplates()) {
            ++templates;
            held += heldOut ? 1 : 0;
        }
        QVERIFY(templates - held >= 40);
        QVERIFY(held >= 10);
        known.insert({"a", "an", "{noun}"});
        for (const std::string& word : wanted) {
            QVERIFY2(known.contains(word), word.c_str());
        }
    }

    void questionsAskOneThing()
    {
        for (const CaptionWording wording : {CaptionWording::Train, CaptionWording::Paraphrase}) {
            const std::vector<FaceQuestion> questions = faceQuestions(wording, 8, 1);
            QVERIFY(questions.size() >= 4);
            QCOMPARE(questions[0].name, std::string("glasses"));
            QCOMPARE(questions[1].name, std::string("hair colour"));
            QCOMPARE(questions[2].name, std::string("skin tone"));
            QCOMPARE(questions[3].name, std::string("hat"));
            for (const FaceQuestion& q : questions) {
                QCOMPARE(q.prompts.size(), q.labels.size());
                for (std::size_t label = 0; label < q.labels.size(); ++label) {
                    QVERIFY2(q.prompts[label].size() >= 2, (q.name + ": " + q.labels[label]).c_str());
                    for (const std::string& prompt : q.prompts[label]) {
                        for (const FaceClaim& claim : claimsIn(prompt)) {
                            QVERIFY2(claim.factor == q.factor && claim.labels == 1U << label, prompt.c_str());
                        }
                    }
                }
            }
        }
    }

    void answers()
    {
        const std::vector<FaceQuestion> questions = faceQuestions(CaptionWording::Train, 1, 1);
        FaceFactors face;
        face.eyewear = Eyewear::Sunglasses;
        face.skin = 0.9F;
        face.hat = Hat::Beret;
        face.hairColour = HairColour::Grey;
        QCOMPARE(faceAnswer(questions[0], face), 2);
        QCOMPARE(faceAnswer(questions[1], face), 4);
        QCOMPARE(faceAnswer(questions[2], face), 2);
        QCOMPARE(faceAnswer(questions[3], face), 4);
        face.hairShape = HairShape::Bald;
        QCOMPARE(faceAnswer(questions[1], face), -1);
    }

    void dataset()
    {
        FaceSetSpec spec;
        spec.count = 60;
        spec.side = 32;
        const Dataset data = faceDataset(spec, m_job);
        QCOMPARE(data.samples.size(), spec.count);
        QCOMPARE(data.found, spec.count);
        QCOMPARE(data.pictures.count, spec.count);
        QCOMPARE(data.pictures.width, 32);
        std::set<std::string> ids, names;
        const std::vector<FaceFactors> faces = faceSetFactors(spec);
        for (std::size_t i = 0; i < spec.count; ++i) {
            ids.insert(data.samples[i].id);
            QCOMPARE(data.samples[i].captions.size(), spec.captions);
            QCOMPARE(pictureForModel(data, i).pixels, drawFace(faces[i], 32).pixels);
        }
        QCOMPARE(ids.size(), spec.count);
        QCOMPARE(data.samples[7].id, std::string("face-train-1-00007"));
        for (const Attribute& column : data.attributes) {
            names.insert(column.name);
            QCOMPARE(column.numeric() ? column.numbers.size() : column.categories.size(), spec.count);
            for (const std::int32_t label : column.categories) {
                QVERIFY(label >= -1 && label < static_cast<std::int32_t>(column.labels.size()));
            }
        }
        QCOMPARE(names.size(), data.attributes.size());
        for (const char* name : {"glasses", "skin tone", "skin", "sex", "hair colour", "hat", "smile"}) {
            QVERIFY2(names.contains(name), name);
        }
    }

    void datasetIsTheSameOnAnyThreads()
    {
        FaceSetSpec spec;
        spec.count = 40;
        spec.side = 32;
        const int before = threadCount();
        setThreadCount(1);
        const Dataset one = faceDataset(spec, m_job);
        setThreadCount(4);
        const Dataset four = faceDataset(spec, m_job);
        setThreadCount(before);
        QVERIFY(std::equal(one.pictures.data, one.pictures.data + 40 * 32 * 32 * 3, four.pictures.data));
        for (std::size_t i = 0; i < spec.count; ++i) {
            QCOMPARE(one.samples[i].captions, four.samples[i].captions);
        }
        QCOMPARE(one.contentHash, four.contentHash);
        spec.pose = 0;
        QVERIFY(faceDataset(spec, m_job).contentHash != one.contentHash);
        QCOMPARE(faceSetFactors(spec)[3].turn, 0.0F);
    }

    void datasetOfOnesOwnFaces()
    {
        const std::vector<FaceFactors> strip = faceStrip(drawFactors(1), FaceFactor::Smile, 7);
        const Dataset data = faceDataset(strip, FaceSetSpec{}, "smiles", m_job);
        QCOMPARE(data.samples.size(), std::size_t{7});
        QCOMPARE(data.name, std::string("smiles"));
    }

    void misuseAndCancel()
    {
        FaceSetSpec none;
        none.count = 0;
        QVERIFY_THROWS_EXCEPTION(Error, faceDataset(none, m_job));
        FaceSetSpec tiny;
        tiny.side = 3;
        QVERIFY_THROWS_EXCEPTION(Error, faceDataset(tiny, m_job));
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        try {
            (void)faceDataset(FaceSetSpec{}, job);
            QFAIL("not cancelled");
        } catch (const Error& e) {
            QCOMPARE(e.code(), Code::Cancelled);
        }
    }
};

QTEST_GUILESS_MAIN(TestFaceCaptions)
#include "TestFaceCaptions.moc"
