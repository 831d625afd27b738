#include "Shared.h"
#include "core/clip/WordVectors.h"
#include "core/clip/ZeroShot.h"
#include "core/session/Sample.h"

#include <cmath>

using namespace semascope::core;

/// Words as the built-in sample's model sees them.
class TestWordVectors : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::shared_ptr<ClipModel> m_model;
    const std::vector<std::string> m_words{"circle", "square", "red star", "circle on paper"};

    static Code codeOf(const std::function<void()>& body)
    {
        try {
            body();
        } catch (const Error& e) {
            return e.code();
        }
        return Code::Io;
    }

private Q_SLOTS:
    void initTestCase()
    {
        JobContext job;
        ModelSpec spec;
        spec.path = builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job).model;
        spec.device = "cpu";
        m_model = ClipModel::open(spec, job);
    }

    /// The definition is that of the zero-shot classifier.
    void areTheClassifier()
    {
        JobContext job;
        const TemplateSet set{"two", {"a photo of a {}", "the {}, a {}"}};
        const Matrix words = wordVectors(*m_model, m_words, set.templates, job);
        const Matrix classes = zeroShotClassifier(*m_model, {m_words, set}, job);
        QCOMPARE(words.rows(), m_words.size());
        for (std::size_t i = 0; i < words.rows(); ++i) {
            double square = 0;
            for (std::size_t j = 0; j < words.cols(); ++j) {
                QVERIFY(std::abs(words.at(i, j) - classes.at(i, j)) < 1e-5F);
                square += static_cast<double>(words.at(i, j)) * static_cast<double>(words.at(i, j));
            }
            QVERIFY(std::abs(square - 1) < 1e-5);
        }
    }

    void comeInPiecesAndFromTheStore()
    {
        WordSpec spec;
        for (int i = 0; i < 1500; ++i) { // more prompts than are encoded at once
            spec.words.push_back("thing " + std::to_string(i));
        }
        spec.templates = nameTemplates();
        spec.store = StoreSpec();
        spec.store->folder = m_folder.filePath(QStringLiteral("store")).toStdString();
        JobContext job;
        std::size_t last = 0, total = 0;
        job.onProgress = [&](const Progress& p) {
            if (p.stage == "encoding words") {
                QVERIFY(p.done >= last && p.done <= p.total);
                last = p.done;
                total = p.total;
            }
        };
        const Matrix first = wordVectors(*m_model, spec, job);
        QCOMPARE(total, std::size_t(4500));
        last = 0;
        const Matrix again = wordVectors(*m_model, spec, job);
        QVERIFY(std::equal(first.data(), first.data() + first.rows() * first.cols(), again.data()));
        JobContext plain;
        const std::vector<std::string> few{spec.words[1499], spec.words[3]};
        const Matrix alone = wordVectors(*m_model, few, nameTemplates(), plain);
        for (std::size_t j = 0; j < alone.cols(); ++j) {
            QVERIFY(std::abs(alone.at(0, j) - first.at(1499, j)) < 1e-5F);
            QVERIFY(std::abs(alone.at(1, j) - first.at(3, j)) < 1e-5F);
        }
    }

    void refusals()
    {
        JobContext job;
        QCOMPARE(codeOf([&] { wordVectors(*m_model, std::vector<std::string>{}, nameTemplates(), job); }),
                 Code::Misuse);
        QCOMPARE(codeOf([&] { wordVectors(*m_model, m_words, {}, job); }), Code::Misuse);
        QCOMPARE(codeOf([&] { wordVectors(*m_model, m_words, {"a photo"}, job); }), Code::Misuse);
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(codeOf([&] { wordVectors(*m_model, m_words, nameTemplates(), stopped); }), Code::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestWordVectors)
#include "TestWordVectors.moc"
