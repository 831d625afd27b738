// Reading, refusing and finding vocabularies, with small ones written here.
#include "Shared.h"
#include "core/clip/BytePairs.h"
#include "core/clip/Tokenizer.h"
#include "core/clip/Unicode.h"
#include "core/job/Error.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <zlib.h>

#include <thread>

using namespace semascope::core;

namespace {

const std::vector<std::pair<std::string, std::string>>& merges()
{
    static const std::vector<std::pair<std::string, std::string>> list{{"l", "o"}, {"o", "w</w>"}, {"lo", "w</w>"},
                                                                       {"a", "a"}, {"aa", "aa"},   {"e", "r</w>"}};
    return list;
}

std::string mergeLines(const char* header)
{
    std::string text = header;
    for (const auto& [left, right] : merges()) {
        text += left + " " + right + "\n";
    }
    return text;
}

/// The tokens that the merges above need, numbered from the end so that no order can be taken for granted.
QJsonObject tokenNumbers()
{
    std::vector<std::string> tokens;
    for (const char* ending : {"", kWordEnd}) {
        for (char32_t symbol : byteSymbols().symbol) {
            tokens.push_back(toUtf8({&symbol, 1}) + ending);
        }
    }
    for (const auto& [left, right] : merges()) {
        tokens.push_back(left + right);
    }
    tokens.insert(tokens.end(), {"<|startoftext|>", "<|endoftext|>"});
    QJsonObject numbers;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        numbers[QString::fromStdString(tokens[i])] = static_cast<int>(tokens.size() - 1 - i);
    }
    return numbers;
}

QByteArray tokenizerJson(bool pairs)
{
    QJsonArray list;
    for (const auto& [left, right] : merges()) {
        const QString a = QString::fromStdString(left);
        const QString b = QString::fromStdString(right);
        list.append(pairs ? QJsonValue(QJsonArray{a, b}) : QJsonValue(a + QLatin1Char(' ') + b));
    }
    const QJsonObject model{{QStringLiteral("type"), QStringLiteral("BPE")},
                            {QStringLiteral("end_of_word_suffix"), QStringLiteral("</w>")},
                            {QStringLiteral("vocab"), tokenNumbers()},
                            {QStringLiteral("merges"), list}};
    return QJsonDocument(QJsonObject{{QStringLiteral("model"), model}}).toJson();
}

/// The reference algorithm, word by word and as slow as it is.
std::vector<std::int32_t> slowlyEncoded(const Vocabulary& vocabulary, const std::string& word)
{
    std::vector<std::string> symbols;
    for (char c : word) {
        symbols.push_back(std::string(1, c));
    }
    symbols.back() += kWordEnd;
    for (bool joined = true; joined;) {
        joined = false;
        for (const auto& [left, right] : vocabulary.merges) {
            std::vector<std::string> next;
            for (std::size_t i = 0; i < symbols.size(); ++i) {
                const bool here = i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right;
                next.push_back(here ? left + right : symbols[i]);
                i += here ? 1 : 0;
            }
            if (next.size() < symbols.size()) {
                symbols = next;
                joined = true;
                break;
            }
        }
    }
    std::vector<std::int32_t> ids;
    for (const std::string& symbol : symbols) {
        ids.push_back(vocabulary.idOf(symbol));
    }
    return ids;
}

} // namespace

class TestClipTextVocabulary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void mergeList();
    void gzip();
    void jsonAndMerges();
    void tokenizerJsonBothWays();
    void sameAsSlow();
    void longWords();
    void missingByte();
    void refused_data();
    void refused();
    void notThere();
    void truncation();
    void threads();
    void found();
    void foundInCaches();

private:
    std::string write(const QString& name, const QByteArray& content);
    std::string path(const QString& name) const { return m_folder->filePath(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestClipTextVocabulary::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    for (const char* variable : {"HF_HUB_CACHE", "HF_HOME", "XDG_DATA_HOME", "VIRTUAL_ENV", "CONDA_PREFIX"}) {
        qunsetenv(variable);
    }
    qputenv("HOME", m_folder->filePath(QStringLiteral("home")).toUtf8());
}

std::string TestClipTextVocabulary::write(const QString& name, const QByteArray& content)
{
    const QString whole = m_folder->filePath(name);
    QDir().mkpath(QFileInfo(whole).path());
    QFile file(whole);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("cannot write a fixture");
    }
    return whole.toStdString();
}

void TestClipTextVocabulary::mergeList()
{
    const std::string file = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    const auto tokenizer = Tokenizer::open(file, TokenizerStyle::OpenAi);
    QCOMPARE(tokenizer->vocabularySize(), std::size_t(512 + 6 + 2));
    QCOMPARE(tokenizer->startId(), 518);
    QCOMPARE(tokenizer->endId(), 519);
    QCOMPARE(tokenizer->source(), file);
    QCOMPARE(tokenizer->encode("LOW"), (std::vector<std::int32_t>{514}));
    QCOMPARE(tokenizer->encode("!"), (std::vector<std::int32_t>{256}));
    QCOMPARE(tokenizer->encode("!!"), (std::vector<std::int32_t>{0, 256}));
    QCOMPARE(tokenizer->decode({518, 514, 256, 519, -4, 9999}),
             std::string("<|startoftext|>low ! <|endoftext|>\xEF\xBF\xBD\xEF\xBF\xBD"));
}

void TestClipTextVocabulary::gzip()
{
    const std::string plain = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    const std::string packed = path(QStringLiteral("words.txt.gz"));
    const std::string lines = mergeLines("a header\n");
    gzFile file = gzopen(packed.c_str(), "wb");
    gzwrite(file, lines.data(), static_cast<unsigned>(lines.size()));
    gzclose(file);
    QCOMPARE(Tokenizer::open(packed, TokenizerStyle::OpenAi)->encode("lower aaaa"),
             Tokenizer::open(plain, TokenizerStyle::OpenAi)->encode("lower aaaa"));

    const std::string bomb = path(QStringLiteral("bomb.gz"));
    file = gzopen(bomb.c_str(), "wb1");
    const std::string zeros(1 << 20, 'a');
    for (int i = 0; i < 70; ++i) {
        gzwrite(file, zeros.data(), static_cast<unsigned>(zeros.size()));
    }
    gzclose(file);
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open(bomb, TokenizerStyle::OpenAi));
    write(QStringLiteral("cut.gz"), QByteArray("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03\x4B", 11));
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open(path(QStringLiteral("cut.gz")), TokenizerStyle::OpenAi));
}

void TestClipTextVocabulary::jsonAndMerges()
{
    const std::string json = write(QStringLiteral("vocab.json"), QJsonDocument(tokenNumbers()).toJson());
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open(json, TokenizerStyle::HuggingFace)); // without merges.txt
    const std::string text =
        write(QStringLiteral("merges.txt"), QByteArray::fromStdString(mergeLines("#version: 0.2\n")));
    const auto byFile = Tokenizer::open(json, TokenizerStyle::HuggingFace);
    const auto byFolder = Tokenizer::open(m_folder->path().toStdString(), TokenizerStyle::HuggingFace);
    const auto byMerges = Tokenizer::open(text, TokenizerStyle::HuggingFace);
    for (const auto& tokenizer : {byFile, byFolder, byMerges}) {
        QCOMPARE(tokenizer->startId(), 1);
        QCOMPARE(tokenizer->endId(), 0);
        QCOMPARE(tokenizer->encode("Low"), (std::vector<std::int32_t>{520 - 1 - 514}));
        QCOMPARE(tokenizer->source(), json);
    }
    write(QStringLiteral("merges.txt"), QByteArray::fromStdString(mergeLines(""))); // some have no header
    QCOMPARE(Tokenizer::open(json, TokenizerStyle::HuggingFace)->encode("slow"), byFile->encode("slow"));
}

void TestClipTextVocabulary::tokenizerJsonBothWays()
{
    const std::string first = write(QStringLiteral("1/tokenizer.json"), tokenizerJson(false));
    write(QStringLiteral("2/tokenizer.json"), tokenizerJson(true));
    const auto strings = Tokenizer::open(first, TokenizerStyle::HuggingFace);
    const auto pairs = Tokenizer::open(path(QStringLiteral("2")), TokenizerStyle::HuggingFace);
    QCOMPARE(strings->encode("lower aaaaa <|endoftext|>"), pairs->encode("lower aaaaa <|endoftext|>"));
    QCOMPARE(strings->encode("<|endoftext|>"), (std::vector<std::int32_t>{strings->endId()}));
    QVERIFY(strings->encode("<|ENDOFTEXT|>").size() > 1); // exact only
}

void TestClipTextVocabulary::sameAsSlow()
{
    // Merges in an order that no training gives: later symbols outrank the ones they are made of.
    Vocabulary vocabulary;
    vocabulary.merges = {{"ab", "c"}, {"b", "c"},     {"a", "b"},  {"a", "a"},
                         {"aa", "a"}, {"c", "c</w>"}, {"bc", "a"}, {"abc", "abc"}};
    std::int32_t id = 0;
    for (const char* symbol : {"a", "b", "c", "a</w>", "b</w>", "c</w>"}) {
        vocabulary.add(symbol, id++);
    }
    for (const auto& [left, right] : vocabulary.merges) {
        if (vocabulary.idOf(left + right) < 0) {
            vocabulary.add(left + right, id++);
        }
    }
    const BytePairs pairs(vocabulary, -1);
    std::uint32_t state = 12345;
    for (int round = 0; round < 5000; ++round) {
        std::string word;
        for (int i = 0; i <= round % 17; ++i) {
            state = state * 1664525 + 1013904223;
            word.push_back(static_cast<char>('a' + (state >> 24) % 3));
        }
        QVERIFY2(pairs.encode(word) == slowlyEncoded(vocabulary, word), word.c_str());
    }
}

void TestClipTextVocabulary::longWords()
{
    const std::string file = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    const auto tokenizer = Tokenizer::open(file, TokenizerStyle::OpenAi);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(tokenizer->encode(std::string(400'001, 'a')).size(), std::size_t(100'001));
    QVERIFY(timer.elapsed() < 5000);
}

/// Hugging Face's unknown token is the end token.
void TestClipTextVocabulary::missingByte()
{
    QJsonObject numbers = tokenNumbers();
    numbers.remove(QStringLiteral("z"));
    numbers[QStringLiteral("model")] = static_cast<int>(numbers.size()) + 1; // a word, not tokenizer.json's section
    write(QStringLiteral("vocab.json"), QJsonDocument(numbers).toJson());
    write(QStringLiteral("merges.txt"), QByteArray::fromStdString(mergeLines("#version: 0.2\n")));
    const auto tokenizer = Tokenizer::open(m_folder->path().toStdString(), TokenizerStyle::HuggingFace);
    QCOMPARE(tokenizer->encode("zlow").front(), tokenizer->endId());
}

void TestClipTextVocabulary::refused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const auto json = [](const char* name, const QByteArray& content) {
        QTest::newRow(name) << QStringLiteral("tokenizer.json") << content;
    };
    json("empty", "");
    json("not json", "{\"model\": ");
    json("list", "[1, 2]");
    json("deep", QByteArray(100'000, '['));
    json("deep object", QByteArray("{\"a\":").repeated(1000));
    json("no tokens", "{}");
    json("wordpiece", R"({"model": {"type": "WordPiece", "vocab": {"a": 0}}})");
    json("other suffix", R"({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}})");
    json("negative", R"({"a": -1})");
    json("huge", R"({"a": 4294967295})");
    json("huger", R"({"a": 99999999999999999999})");
    json("fraction", R"({"a": 1.5})");
    json("same number", R"({"a": 1, "b": 1})");
    json("bad utf8", "{\"a\xFF\": 1}");
    json("merge of one", R"({"model": {"end_of_word_suffix": "</w>", "vocab": {"a": 0}, "merges": ["a"]}})");
    json("pair of one", R"({"model": {"end_of_word_suffix": "</w>", "vocab": {"a": 0}, "merges": [["a"]]}})");
    json("unknown symbol", tokenizerJson(true).replace("\"lo\":", "\"other\":"));
    json("no end token", tokenizerJson(true).replace("<|endoftext|>", "<|end|>"));
    QTest::newRow("no merges") << QStringLiteral("a.txt") << QByteArray("header\n");
    QTest::newRow("one symbol") << QStringLiteral("a.txt") << QByteArray("header\na b\nabc\n");
    QTest::newRow("three symbols") << QStringLiteral("a.txt") << QByteArray("header\na b c\n");
    QTest::newRow("unknown in text") << QStringLiteral("a.txt") << QByteArray("header\na bc\n");
    QTest::newRow("binary") << QStringLiteral("a.txt") << QByteArray("h\na\0 b\n", 8);
}

void TestClipTextVocabulary::refused()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    const std::string file = write(name, content);
    try {
        Tokenizer::open(file, TokenizerStyle::OpenAi);
        QFAIL("was accepted");
    } catch (const Error& error) {
        QVERIFY2(error.code() == Code::BadFormat || error.code() == Code::NotFound, error.what());
        QVERIFY2(QByteArray(error.what()).contains("vocab"), error.what());
    }
}

void TestClipTextVocabulary::notThere()
{
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open(path(QStringLiteral("none.json")), TokenizerStyle::OpenAi));
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open(m_folder->path().toStdString(), TokenizerStyle::OpenAi));
    QVERIFY_THROWS_EXCEPTION(Error, Tokenizer::open("/dev/zero", TokenizerStyle::OpenAi));
}

void TestClipTextVocabulary::truncation()
{
    const std::string file = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    const auto tokenizer = Tokenizer::open(file, TokenizerStyle::OpenAi);
    QCOMPARE(tokenizer->encodeForModel("", 4), (std::vector<std::int32_t>{518, 519}));
    QCOMPARE(tokenizer->encodeForModel("low low", 4), (std::vector<std::int32_t>{518, 514, 514, 519}));
    QCOMPARE(tokenizer->encodeForModel("low low low", 4), (std::vector<std::int32_t>{518, 514, 514, 519}));
    QCOMPARE(tokenizer->encodeForModel("low", 2), (std::vector<std::int32_t>{518, 519}));
    QVERIFY_THROWS_EXCEPTION(Error, tokenizer->encodeForModel("low", 1));
}

void TestClipTextVocabulary::threads()
{
    const std::string file = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    const auto tokenizer = Tokenizer::open(file, TokenizerStyle::OpenAi);
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 3000; ++i) {
                const std::string text = "lower slow " + std::to_string(i % 500);
                wrong += tokenizer->decode(tokenizer->encode(text)).substr(0, 11) == "lower slow " ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    QCOMPARE(wrong.load(), 0);
}

void TestClipTextVocabulary::found()
{
    QCOMPARE(findVocabulary({}, {}, 520), std::string());
    const std::string file = write(QStringLiteral("words.txt"), QByteArray::fromStdString(mergeLines("a header\n")));
    QCOMPARE(findVocabulary(file, {}, 520), file);
    QCOMPARE(findVocabulary(file, {}, 0), file);
    QVERIFY_THROWS_EXCEPTION(Error, findVocabulary(file, {}, 600));
    QVERIFY_THROWS_EXCEPTION(Error, findVocabulary(path(QStringLiteral("none")), {}, 600));
    write(QStringLiteral("model/tokenizer.json"), tokenizerJson(true));
    const std::string folder = path(QStringLiteral("model"));
    QCOMPARE(findVocabulary({}, folder, 520), folder);
    QCOMPARE(findVocabulary({}, path(QStringLiteral("model/weights.safetensors")), 520), folder);
    QCOMPARE(findVocabulary({}, folder, 600), std::string());
}

void TestClipTextVocabulary::foundInCaches()
{
    const QByteArray lines = QByteArray::fromStdString(mergeLines("a header\n"));
    const std::string remembered =
        write(QStringLiteral("home/.local/share/semascope/vocabulary/tokenizer.json"), tokenizerJson(true));
    QCOMPARE(findVocabulary({}, {}, 520) + "/tokenizer.json", remembered);
    const QString hub = QStringLiteral("home/.cache/huggingface/hub/models--some--clip/snapshots/1/");
    write(hub + QStringLiteral("tokenizer.json"), tokenizerJson(false));
    QCOMPARE(findVocabulary({}, {}, 520) + "/", path(hub));
    const QString package =
        QStringLiteral("home/.local/lib/python3.11/site-packages/open_clip/bpe_simple_vocab_16e6.txt.gz");
    const std::string installed = write(package, lines);
    QCOMPARE(findVocabulary({}, {}, 520), installed);
    QCOMPARE(findVocabulary({}, {}, 521), std::string());
    QVERIFY(vocabularyHelp().find("--vocab") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestClipTextVocabulary)
#include "clip_text_vocabulary.moc"
