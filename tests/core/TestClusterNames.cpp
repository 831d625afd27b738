#include "Shared.h"
#include "core/cluster/ClusterNames.h"
#include "core/data/Arrays.h"
#include "core/job/Parallel.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <random>
#include <set>

using namespace semascope::core;

namespace {

/// A world of k topics: pictures and words around the same directions, each modality moved by an offset of its own.
struct World
{
    std::size_t k = 4, each = 30, d = 24, distractors = 40;
    float gap = 3;
    unsigned seed = 7;
    std::vector<std::int32_t> assignment;
    std::vector<float> topics;

    Matrix rows, words; ///< words: k names in the order of the topics, then distractors

    World& make()
    {
        std::mt19937 random(seed);
        std::normal_distribution<float> normal;
        const auto vector = [&](float size) {
            std::vector<float> v(d);
            std::generate(v.begin(), v.end(), [&] { return size * normal(random); });
            return v;
        };
        const std::vector<float> pictureSide = vector(gap), wordSide = vector(gap);
        topics = {};
        std::vector<float> picture, word;
        for (std::size_t t = 0; t < k; ++t) {
            const std::vector<float> topic = vector(1);
            topics.insert(topics.end(), topic.begin(), topic.end());
        }
        const auto add = [&](std::vector<float>& to, const std::vector<float>& side, const float* topic, float spread) {
            for (std::size_t j = 0; j < d; ++j) {
                to.push_back(side[j] + (topic != nullptr ? topic[j] : normal(random)) + spread * normal(random));
            }
        };
        assignment.clear();
        for (std::size_t i = 0; i < k * each; ++i) {
            assignment.push_back(static_cast<std::int32_t>(i % k));
            add(picture, pictureSide, topics.data() + (i % k) * d, 0.3F);
        }
        for (std::size_t w = 0; w < k + distractors; ++w) {
            add(word, wordSide, w < k ? topics.data() + w * d : nullptr, 0.3F);
        }
        rows = Matrix::from(std::move(picture), k * each, d);
        words = Matrix::from(std::move(word), k + distractors, d);
        return *this;
    }
};

ClusterNaming named(const World& w)
{
    JobContext job;
    return nameClusters(w.rows, w.assignment, static_cast<int>(w.k), w.words, job);
}

/// cos of the cluster's contrast with a centred word, straight from the definition.
double scoreOf(const World& w, std::int32_t cluster, std::size_t word)
{
    const Matrix rows = normaliseRows(w.rows), words = normaliseRows(w.words);
    double dot = 0, a2 = 0, b2 = 0;
    for (std::size_t j = 0; j < w.d; ++j) {
        double in = 0, out = 0, all = 0;
        std::size_t n = 0;
        for (std::size_t r = 0; r < rows.rows(); ++r) {
            (w.assignment[r] == cluster ? in : out) += static_cast<double>(rows.at(r, j));
            n += w.assignment[r] == cluster ? 1 : 0;
        }
        for (std::size_t v = 0; v < words.rows(); ++v) {
            all += static_cast<double>(words.at(v, j));
        }
        const double a = in / static_cast<double>(n) - out / static_cast<double>(rows.rows() - n);
        const double b = static_cast<double>(words.at(word, j)) - all / static_cast<double>(words.rows());
        dot += a * b;
        a2 += a * a;
        b2 += b * b;
    }
    return dot / std::sqrt(a2 * b2);
}

std::string sentenceOf(const std::function<void()>& body, Code code)
{
    try {
        body();
    } catch (const Error& e) {
        return e.code() == code ? e.what() : "another code: " + std::string(e.what());
    }
    return "nothing was thrown";
}

} // namespace

#define REFUSES(code, body)                                                                                            \
    do {                                                                                                               \
        const std::string sentence = sentenceOf([&] { body; }, code);                                                  \
        QVERIFY2(sentence.size() > 20 && (sentence.back() == '.'), sentence.c_str());                                  \
    } while (false)

class TestClusterNames : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::string file(const char* name, const std::string& text) const
    {
        const std::string path = m_folder.filePath(QString::fromUtf8(name)).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void findsTheNames()
    {
        const World world = World().make();
        const ClusterNaming naming = named(world);
        QCOMPARE(naming.name.size(), world.k);
        for (std::size_t c = 0; c < world.k; ++c) {
            QCOMPARE(naming.name[c], static_cast<std::int64_t>(c));
            QCOMPARE(naming.top[c].size(), std::size_t(5));
            QCOMPARE(naming.top[c][0].word, static_cast<std::uint32_t>(c));
            QVERIFY(naming.top[c][0].margin > 0.2);
        }
        QVERIFY(naming.notes.empty());
    }

    void scoresAndMarginsAreTheDefinition()
    {
        const World world = World().make();
        const ClusterNaming naming = named(world);
        for (std::int32_t c = 0; c < static_cast<std::int32_t>(world.k); ++c) {
            const auto& top = naming.top[static_cast<std::size_t>(c)];
            double last = 2;
            for (const NameCandidate& n : top) {
                double other = -2;
                for (std::int32_t o = 0; o < static_cast<std::int32_t>(world.k); ++o) {
                    other = o == c ? other : std::max(other, scoreOf(world, o, n.word));
                }
                const double score = scoreOf(world, c, n.word);
                QVERIFY2(std::abs(n.score - score) < 1e-5, qPrintable(QString::number(n.score - score)));
                QVERIFY(std::abs(n.margin - (score - other)) < 2e-5);
                QVERIFY(n.score <= last);
                last = n.score;
            }
            for (std::size_t w = 0; w < world.words.rows(); ++w) {
                QVERIFY(scoreOf(world, c, w) <= top[0].score + 1e-5);
            }
        }
    }

    /// What the modalities have in common each may change without changing a name.
    void theModalityGapSaysNothing()
    {
        World near, far;
        near.gap = 0.5F;
        far.gap = 8;
        QCOMPARE(named(near.make()).name, named(far.make()).name);
    }

    /// Words of another world score as chance has it, and that is said.
    void chanceIsTold()
    {
        World world, other;
        world.d = other.d = 200;
        other.seed = 99;
        QVERIFY(named(world.make()).notes.empty());
        world.words = other.make().words;
        const ClusterNaming naming = named(world);
        QVERIFY(!naming.notes.empty());
        QVERIFY2(naming.notes[0].find("unrelated") != std::string::npos, naming.notes[0].c_str());
        // the best of as many random directions, by trying
        std::mt19937 random(2);
        std::normal_distribution<float> normal;
        int above = 0;
        for (int trial = 0; trial < 2000; ++trial) {
            double best = -1;
            for (std::size_t w = 0; w < world.words.rows(); ++w) {
                double first = 0, square = 0;
                for (std::size_t j = 0; j < world.d; ++j) {
                    const double v = static_cast<double>(normal(random));
                    first = j == 0 ? v : first;
                    square += v * v;
                }
                best = std::max(best, first / std::sqrt(square));
            }
            above += best > naming.chance ? 1 : 0;
        }
        QVERIFY2(above > 50 && above < 150, qPrintable(QString::number(above))); // 5 % of 2,000
    }

    void threadsDoNotMatter()
    {
        World world;
        world.each = 5000;
        world.make();
        setThreadCount(1);
        const ClusterNaming one = named(world);
        setThreadCount(2);
        const ClusterNaming two = named(world);
        QCOMPARE(one.name, two.name);
        QCOMPARE(one.top[1][2].score, two.top[1][2].score);
    }

    /// The best words collide, so the assignment must look at all clusters at once.
    void noNameTwice()
    {
        World world;
        world.distractors = 0;
        world.make();
        std::vector<float> words(world.words.data(), world.words.data() + world.words.rows() * world.d);
        // every cluster has one word to itself and would rather have the first
        for (std::size_t j = 0; j < world.d; ++j) {
            words[3 * world.d + j] = words[j] * 0.9F + words[3 * world.d + j] * 0.1F;
        }
        world.words = Matrix::from(words, world.words.rows(), world.d);
        const ClusterNaming naming = named(world);
        const std::set<std::int64_t> distinct(naming.name.begin(), naming.name.end());
        QCOMPARE(distinct.size(), world.k);
        QVERIFY(!naming.notes.empty());
        const auto worth = [&](std::size_t c, std::size_t word) { // score, and a thin margin
            double other = -2;
            for (std::size_t o = 0; o < 4; ++o) {
                other = o == c ? other : std::max(other, scoreOf(world, static_cast<std::int32_t>(o), word));
            }
            const double score = scoreOf(world, static_cast<std::int32_t>(c), word);
            return score + std::min(score - other, 0.02);
        };
        double best = -1e9; // of all ways to give four words to four clusters
        std::vector<std::size_t> order{0, 1, 2, 3};
        do {
            double sum = 0;
            for (std::size_t c = 0; c < 4; ++c) {
                sum += worth(c, order[c]);
            }
            best = std::max(best, sum);
        } while (std::next_permutation(order.begin(), order.end()));
        double mine = 0;
        for (std::size_t c = 0; c < 4; ++c) {
            mine += worth(c, static_cast<std::size_t>(naming.name[c]));
        }
        QVERIFY2(std::abs(mine - best) < 1e-5, qPrintable(QString::number(mine - best)));
    }

    void manyClustersAndWords()
    {
        World world;
        world.k = 90; // more than the candidates of one cluster
        world.each = 4;
        world.d = 48;
        world.distractors = 9000; // more than one block
        world.make();
        const ClusterNaming naming = named(world);
        std::set<std::int64_t> distinct(naming.name.begin(), naming.name.end());
        QCOMPARE(distinct.size(), world.k);
        QVERIFY(*distinct.begin() >= 0);
        std::size_t right = 0;
        for (std::size_t c = 0; c < world.k; ++c) {
            right += naming.name[c] == static_cast<std::int64_t>(c) ? 1 : 0;
            const auto& top = naming.top[c];
            QVERIFY(std::any_of(top.begin(), top.end(), [&](const NameCandidate& n) {
                return static_cast<std::int64_t>(n.word) == naming.name[c];
            }));
        }
        QVERIFY2(right > 80, qPrintable(QString::number(right)));
    }

    /// As many words as clusters: everybody gets one, whatever it is.
    void justEnoughWords()
    {
        World world;
        world.k = 70;
        world.each = 3;
        world.distractors = 0;
        const ClusterNaming naming = named(world.make());
        QCOMPARE(std::set<std::int64_t>(naming.name.begin(), naming.name.end()).size(), std::size_t(70));
        QVERIFY(*std::min_element(naming.name.begin(), naming.name.end()) == 0);
    }

    void oddInput()
    {
        World world = World().make();
        JobContext job;
        std::vector<float> rows(world.rows.data(), world.rows.data() + world.rows.rows() * world.d);
        std::fill_n(rows.begin(), world.d, std::numeric_limits<float>::quiet_NaN());
        std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>(world.d), world.d, 0.0F);
        std::vector<float> words(world.words.data(), world.words.data() + world.words.rows() * world.d);
        std::fill_n(words.end() - static_cast<std::ptrdiff_t>(world.d), world.d,
                    std::numeric_limits<float>::infinity());
        world.assignment[2] = -1; // in no cluster
        const Matrix x = Matrix::from(rows, world.rows.rows(), world.d);
        const Matrix t = Matrix::from(words, world.words.rows(), world.d);
        const ClusterNaming naming = nameClusters(x, world.assignment, 6, t, job); // two of them empty
        for (std::int64_t c = 0; c < 4; ++c) {
            QCOMPARE(naming.name[static_cast<std::size_t>(c)], c);
        }
        QCOMPARE(naming.name[5], std::int64_t(-1));
        QVERIFY(naming.top[5].empty());
    }

    void oneCluster()
    {
        World world;
        world.k = 1;
        const ClusterNaming naming = named(world.make());
        QVERIFY(naming.name[0] >= 0);
        QCOMPARE(naming.top[0][0].margin, 0.0);
        QCOMPARE(naming.notes.size(), std::size_t(1));
    }

    void refusals()
    {
        const World world = World().make();
        JobContext job;
        const Matrix few = takeRows(world.words, {0, 1, 2});
        const Matrix narrow = Matrix::from(std::vector<float>(20, 1.0F), 10, 2);
        REFUSES(Code::Mismatch, nameClusters(world.rows, world.assignment, 4, few, job));
        REFUSES(Code::Mismatch, nameClusters(world.rows, world.assignment, 4, narrow, job));
        REFUSES(Code::Mismatch, nameClusters(world.rows, world.assignment, 3, world.words, job));
        REFUSES(Code::Mismatch, nameClusters(world.rows, world.assignment, 0, world.words, job));
        REFUSES(Code::Mismatch, nameClusters(world.rows, {0, 1}, 4, world.words, job));
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(
            sentenceOf([&] { nameClusters(world.rows, world.assignment, 4, world.words, stopped); }, Code::Cancelled),
            std::string("Cancelled."));
    }

    void vocabularyIsSound()
    {
        const std::vector<std::string>& words = generalVocabulary();
        QVERIFY2(words.size() >= 500, qPrintable(QString::number(words.size())));
        QCOMPARE(std::set<std::string>(words.begin(), words.end()).size(), words.size());
        for (const std::string& word : words) {
            const QString text = QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
            QVERIFY2(!word.empty() && text == text.simplified() && text == text.toLower(), word.c_str());
            const bool sane = std::all_of(text.begin(), text.end(), [](QChar c) {
                return c.isLetter() || c == QLatin1Char(' ') || c == QLatin1Char('-') || c == QLatin1Char('\'');
            });
            QVERIFY2(sane && text.size() <= 30, word.c_str());
        }
    }

    void readsVocabularies()
    {
        const std::string path =
            file("words.txt", "\xEF\xBB\xBF# animals\r\ndog\r\n  cat # a comment\r\n\r\nDog\nred  car\n"
                              "red car\nc#\nna\xC3\xAFve");
        const std::vector<std::string> expected{"dog", "cat", "red  car", "c#", "na\xC3\xAFve"};
        QCOMPARE(readWordList(path), expected);
        REFUSES(Code::NotFound, readWordList(m_folder.filePath(QStringLiteral("absent")).toStdString()));
        REFUSES(Code::BadFormat, readWordList(file("empty.txt", "\n# nothing\n\n")));
        REFUSES(Code::BadFormat, readWordList(file("binary.txt", std::string("a\0b\n", 4))));
        REFUSES(Code::BadFormat, readWordList(file("long.txt", std::string(5000, 'x'))));
    }

    void readsWordnet()
    {
        const std::string licence = "  1 This software and database is being provided to you\n";
        const std::string data = licence +
                                 "00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | that which is\n"
                                 "00002684 03 n 02 object 0 physical_object 0 001 @ 00001930 n 0000 | a thing; n 01\n"
                                 "00003553 03 n 03 whole 0 unit 0 object 0 000 | a whole\n"
                                 "00004475 18 n 02 Albert_Einstein 0 Einstein 1 001 @i 00001740 n 0000 | physicist\n";
        const std::string path = file("data.noun", data);
        const std::vector<std::string> all{"entity", "object", "physical object", "whole", "unit"};
        QCOMPARE(readWordnet(path, 100), all);
        QCOMPARE(readWordnet(path, 1), std::vector<std::string>{"object"}); // two senses
        const std::string index = licence + "10 n 1 2 @ ~ 1 1 13746512\n"
                                            "dog n 7 5 @ ~ #m #p %p 7 1 02084071 10114209\n"
                                            "einstein n 1 2 @i + 1 0 00004475\n"
                                            "ice_cream n 1 2 @ ~ 1 1 07614500\n";
        const std::vector<std::string> indexed{"dog", "ice cream"};
        QCOMPARE(readWordnet(file("index.noun", index), 10), indexed);
        REFUSES(Code::BadFormat, readWordnet(file("other.txt", "dog\ncat\n"), 10));
        REFUSES(Code::BadFormat, readWordnet(file("cut.noun", "00001740 03 n 02 entity 0"), 10));
        REFUSES(Code::BadFormat, readWordnet(file("licence.noun", licence), 10));
        REFUSES(Code::NotFound, readWordnet(m_folder.filePath(QStringLiteral("absent")).toStdString(), 10));
    }

    /// Real pictures and captions: clusters by the captions' topics get captions of their own members.
    void namesRealClusters()
    {
        NEEDS_SHARED("data/coco-clip/image.npy");
        const std::string at = sharedPath("data/coco-clip/");
        const Matrix images = toMatrix(readArray(at + "image.npy"), "image.npy");
        const Matrix texts = toMatrix(readArray(at + "text.npy"), "text.npy");
        JobContext job;
        const Clustering c = cluster(images, ClusterSpec{"spherical-kmeans", 12, 0, {}}, job);
        const ClusterNaming naming = nameClusters(images, c.assignment, 12, texts, job);
        std::set<std::int64_t> distinct(naming.name.begin(), naming.name.end());
        QCOMPARE(distinct.size(), std::size_t(12));
        int own = 0; // the caption that names a cluster belongs to a picture of that cluster
        for (std::size_t g = 0; g < 12; ++g) {
            own += c.assignment[static_cast<std::size_t>(naming.name[g])] == static_cast<std::int32_t>(g) ? 1 : 0;
        }
        QVERIFY2(own >= 11, qPrintable(QString::number(own)));
    }
};

QTEST_GUILESS_MAIN(TestClusterNames)
#include "TestClusterNames.moc"
