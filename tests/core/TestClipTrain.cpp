#include "Shared.h"
#include "core/clip/ClipModel.h"
#include "core/clip/ClipTrain.h"
#include "core/demo/FaceDataset.h"
#include "core/job/Error.h"

using namespace semascope::core;

namespace {

ClipTrainSpec small()
{
    ClipTrainSpec spec;
    spec.imageSize = 32;
    spec.patch = 16;
    spec.width = spec.textWidth = 32;
    spec.layers = spec.textLayers = 1;
    spec.heads = spec.textHeads = 2;
    spec.embed = 16;
    spec.vocabulary = 560;
    spec.epochs = 2;
    spec.batch = 16;
    spec.device = "cpu";
    return spec;
}

struct Faces
{
    PixelSet pixels;
    std::vector<std::vector<std::string>> captions;
};

Faces faces()
{
    JobContext job;
    FaceSetSpec spec;
    spec.count = 80;
    spec.side = 32;
    const Dataset data = faceDataset(spec, job);
    Faces faces{readPixels(data, {}, {3, 32, 0}, job), {}};
    for (const std::uint32_t sample : faces.pixels.sample) {
        faces.captions.push_back(data.samples[sample].captions);
    }
    return faces;
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

class TestClipTrain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mergesAreTheMostFrequentPairs();
    void vocabularyIsReadBack();
    void opensAsAnyOtherAndIsTheSameAgain();
    void refusesWhatDoesNotBelongTogether();
};

void TestClipTrain::mergesAreTheMostFrequentPairs()
{
    const auto merges = learnMerges({"aab aab aab", "cab"}, 10);
    QVERIFY(!merges.empty());
    // "ab</w>" occurs four times and "aa" three times
    QCOMPARE(QString::fromStdString(merges[0].first), QStringLiteral("a"));
    QCOMPARE(QString::fromStdString(merges[0].second), QStringLiteral("b</w>"));
    QCOMPARE(learnMerges({"aab aab"}, 1).size(), 1u);
    QVERIFY(learnMerges({"a", "b"}, 10).empty());
}

void TestClipTrain::vocabularyIsReadBack()
{
    const QTemporaryDir folder;
    const std::vector<std::string> texts{"a face with glasses", "a face with a hat", "glasses and a hat"};
    const int tokens = writeVocabulary(folder.path().toStdString(), learnMerges(texts, 100));
    const auto tokenizer = Tokenizer::open(folder.path().toStdString(), TokenizerStyle::HuggingFace);
    QCOMPARE(static_cast<int>(tokenizer->vocabularySize()), tokens);
    QCOMPARE(tokenizer->encode("glasses").size(), 1u);
    QVERIFY(tokenizer->encode("zebra").size() > 1);
    QCOMPARE(QString::fromStdString(tokenizer->decode(tokenizer->encode("a zebra with glasses"))).trimmed(),
             QStringLiteral("a zebra with glasses"));
}

void TestClipTrain::opensAsAnyOtherAndIsTheSameAgain()
{
    const QTemporaryDir once, again;
    const Faces data = faces();
    JobContext job;
    const ClipProgress progress = trainClip(data.pixels, data.captions, small(), once.path().toStdString(), job);
    QCOMPARE(progress.epochs.size(), 2u);
    QVERIFY(progress.epochs[1].loss < progress.epochs[0].loss);
    trainClip(data.pixels, data.captions, small(), again.path().toStdString(), job);
    const QByteArray weights = bytesOf(once.filePath(QStringLiteral("model.safetensors")));
    QVERIFY(!weights.isEmpty());
    QCOMPARE(bytesOf(again.filePath(QStringLiteral("model.safetensors"))), weights);

    ModelSpec spec;
    spec.path = once.path().toStdString();
    spec.device = "cpu";
    const auto model = ClipModel::open(spec, job);
    QCOMPARE(model->info().clip.embedDim, 16);
    QCOMPARE(model->info().clip.imageSize, 32);
    QVERIFY(model->tokenizer() != nullptr);
    const Matrix texts = model->encodeTexts({"a face with glasses", "a man with a beard"}, job);
    QCOMPARE(texts.rows(), 2u);
    QCOMPARE(texts.cols(), 16u);
}

void TestClipTrain::refusesWhatDoesNotBelongTogether()
{
    const QTemporaryDir folder;
    Faces data = faces();
    data.captions.pop_back();
    JobContext job;
    try {
        trainClip(data.pixels, data.captions, small(), folder.path().toStdString(), job);
        QFAIL("it was not refused");
    } catch (const Error& e) {
        QCOMPARE(e.code(), Code::Mismatch);
    }
}

} // namespace

QTEST_GUILESS_MAIN(TestClipTrain)
#include "TestClipTrain.moc"
