#include "Shared.h"
#include "cli/Program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <cmath>

using semascope::core::Matrix;

namespace {

QJsonDocument readJson(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()) : QJsonDocument();
}

QString shared(const char* relative)
{
    return QString::fromStdString(sharedPath(relative));
}

/// max |a − b| / max |b|; with signs of columns free when asked.
double difference(const Matrix& a, const Matrix& b, std::size_t columns, bool signsFree)
{
    double most = 0, scale = 0;
    for (std::size_t j = 0; j < columns; ++j) {
        double same = 0, flipped = 0;
        for (std::size_t i = 0; i < b.rows(); ++i) {
            const double x = a.at(i, j), y = b.at(i, j);
            same = std::max(same, std::abs(x - y));
            flipped = std::max(flipped, std::abs(x + y));
            scale = std::max(scale, std::abs(y));
        }
        most = std::max(most, signsFree ? std::min(same, flipped) : same);
    }
    return scale > 0 ? most / scale : most;
}

double distance(const Matrix& x, std::size_t i, std::size_t j)
{
    double sum = 0;
    for (std::size_t c = 0; c < x.cols(); ++c) {
        const double d = static_cast<double>(x.at(i, c)) - static_cast<double>(x.at(j, c));
        sum += d * d;
    }
    return std::sqrt(sum);
}

/// What rotations and reflections leave alone: the largest difference of two distances, relative to the largest
/// distance.
double distanceDifference(const Matrix& a, const Matrix& b)
{
    double most = 0, scale = 0;
    for (std::size_t i = 0; i < b.rows(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            most = std::max(most, std::abs(distance(a, i, j) - distance(b, i, j)));
            scale = std::max(scale, distance(b, i, j));
        }
    }
    return scale > 0 ? most / scale : most;
}

double rawStress(const Matrix& x, const Matrix& y)
{
    double sum = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const double d = distance(x, i, j) - distance(y, i, j);
            sum += d * d;
        }
    }
    return sum;
}

QString optionOf(const QStringList& arguments, const char* name)
{
    const auto at = arguments.indexOf(QString::fromLatin1(name));
    return at >= 0 && at + 1 < arguments.size() ? arguments[at + 1] : QString();
}

} // namespace

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())

/// The real executable against results of the reference implementations.
class TestCliGoldens : public QObject
{
    Q_OBJECT
    QTemporaryDir m_scratch;
    int m_notImplemented = 0;

    QString resolved(const QString& word, const char* base) const
    {
        if (word.startsWith(QLatin1Char('@'))) {
            return m_scratch.filePath(word.mid(1));
        }
        const QString inside = shared(base) + QLatin1Char('/') + word;
        return word.contains(QLatin1Char('.')) && QFileInfo::exists(inside) ? inside : word;
    }

    static bool implemented(const QStringList& arguments)
    {
        static const QSet<QString> methods{QStringLiteral("pca"),       QStringLiteral("svd"),
                                           QStringLiteral("pca-joint"), QStringLiteral("pca-modality"),
                                           QStringLiteral("classical"), QStringLiteral("mds"),
                                           QStringLiteral("kmeans"),    QStringLiteral("spherical-kmeans")};
        static const QByteArray overview = runProgram({QStringLiteral("--help")}).out;
        if (!overview.contains("\n  " + arguments.first().toUtf8() + " ")) {
            return false;
        }
        const QString method = optionOf(arguments, "--method");
        return method.isEmpty() || methods.contains(method);
    }

    void compareArrays(const QJsonObject& compare)
    {
        for (auto it = compare.begin(); it != compare.end(); ++it) {
            if (!it.key().startsWith(QLatin1Char('@'))) {
                continue;
            }
            const Matrix found = readMatrix(resolved(it.key(), ""));
            const Matrix expected = readMatrix(resolved(it.value().toString(), "goldens/algorithms"));
            QVERIFY(!expected.empty());
            QCOMPARE(found.rows(), expected.rows());
            const auto columns =
                static_cast<std::size_t>(compare[QLatin1String("columns")].toInt(static_cast<int>(expected.cols())));
            QVERIFY(found.cols() >= columns && expected.cols() >= columns);
            const bool turned = compare[QLatin1String("up_to")].toString().contains(QLatin1String("rotation"));
            const double off =
                turned ? distanceDifference(found, expected) : difference(found, expected, columns, true);
            QVERIFY2(off <= compare[QLatin1String("rel")].toDouble(), qPrintable(QString::number(off)));
        }
    }

    /// The two rules in words that hold for implemented methods.
    void recompute(const QString& rule, const QStringList& arguments, const QJsonObject& json)
    {
        if (rule.startsWith(QLatin1String("raw_stress from"))) {
            const double again =
                rawStress(readMatrix(optionOf(arguments, "--in")), readMatrix(optionOf(arguments, "--out")));
            const double told = json[QLatin1String("raw_stress")].toDouble();
            QVERIFY2(std::abs(again - told) <= 1e-3 * again, qPrintable(QString::number(again)));
        } else if (rule.startsWith(QLatin1String("ami ari fmi nmi acc of"))) {
            const ProgramRun again =
                runJson({QStringLiteral("metrics"), QStringLiteral("--labels"), optionOf(arguments, "--labels"),
                         QStringLiteral("--clusters"), optionOf(arguments, "--out")});
            REQUIRE_EXIT(again, 0);
            for (const char* key : {"ami", "ari", "fmi", "nmi", "acc"}) {
                const double off = again.json[QLatin1String(key)].toDouble() - json[QLatin1String(key)].toDouble();
                QVERIFY2(std::abs(off) <= 1e-6, key);
            }
        } else {
            QVERIFY2(false, qPrintable(QStringLiteral("no rule for: ") + rule));
        }
    }

private Q_SLOTS:
    void algorithms_data()
    {
        NEEDS_SHARED("goldens/algorithms/checks.json");
        QTest::addColumn<QJsonObject>("check");
        const QJsonArray checks =
            readJson(shared("goldens/algorithms/checks.json")).object()[QLatin1String("checks")].toArray();
        QVERIFY(!checks.isEmpty());
        for (int i = 0; i < checks.size(); ++i) {
            const QJsonObject check = checks[i].toObject();
            QStringList arguments;
            for (const QJsonValue& word : check[QLatin1String("run")].toArray()) {
                arguments << word.toVariant().toString();
            }
            if (implemented(arguments)) {
                QTest::addRow("%02d %s", i, qPrintable(arguments.mid(0, 5).join(QLatin1Char(' ')))) << check;
            } else {
                ++m_notImplemented;
            }
        }
        qInfo("%d checks are of methods that do not exist yet", m_notImplemented);
    }
    void algorithms()
    {
        NEEDS_SHARED("goldens/algorithms/checks.json");
        QFETCH(QJsonObject, check);
        QStringList arguments;
        for (const QJsonValue& word : check[QLatin1String("run")].toArray()) {
            arguments << resolved(word.toVariant().toString(), "goldens/algorithms");
        }
        const ProgramRun run = runJson(arguments);
        REQUIRE_EXIT(run, 0);
        const QJsonObject expected = check[QLatin1String("expect")].toObject();
        for (auto it = expected.begin(); it != expected.end(); ++it) {
            const QJsonValue value = run.json[it.key()];
            QVERIFY2(value.isDouble(), qPrintable(it.key() + QLatin1String(" is no number")));
            const double wanted = it.value().toDouble();
            const double allowed =
                check[QLatin1String("abs")].toDouble(0) + check[QLatin1String("rel")].toDouble(0) * std::abs(wanted);
            QVERIFY2(std::abs(value.toDouble() - wanted) <= allowed,
                     qPrintable(QStringLiteral("%1 is %2").arg(it.key()).arg(value.toDouble(), 0, 'g', 15)));
        }
        const QJsonObject bounds = check[QLatin1String("at_most")].toObject();
        for (auto it = bounds.begin(); it != bounds.end(); ++it) {
            const QJsonValue value = run.json[it.key()];
            QVERIFY2(value.isDouble() && value.toDouble() <= it.value().toDouble(),
                     qPrintable(QStringLiteral("%1 is %2").arg(it.key()).arg(value.toDouble(), 0, 'g', 15)));
        }
        if (check.contains(QLatin1String("compare"))) {
            compareArrays(check[QLatin1String("compare")].toObject());
        }
        if (check.contains(QLatin1String("recompute"))) {
            recompute(check[QLatin1String("recompute")].toString(), arguments, run.json);
        }
    }

    void features_data()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("suffix");
        const auto add = [](const char* model, const QStringList& options, const char* suffix) {
            QTest::addRow("%s%s", model, suffix)
                << QString::fromLatin1(model) << options << QString::fromLatin1(suffix);
        };
        const QString activation = QStringLiteral("--activation");
        add("openai_fp32.safetensors", {}, "");
        add("openai_fp32.safetensors", {activation, QStringLiteral("gelu")}, "_gelu");
        add("openai_fp32.safetensors", {activation, QStringLiteral("gelu_tanh")}, "_gelu_tanh");
        add("openai_bf16.safetensors", {}, "_from_bf16");
        add("sd_fp16_zip.pt", {}, "_from_fp16");
        add("hf", {}, "_from_fp16");
        add("openclip", {}, "_from_fp16");
        add("own_torchscript_fp16.pt", {}, "_from_fp16");
    }
    void features()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny");
        QFETCH(QString, model);
        QFETCH(QStringList, options);
        QFETCH(QString, suffix);
        const QString folder = shared("goldens/clip/vit_tiny/");
        const QStringList common = QStringList{QStringLiteral("embed"),       QStringLiteral("--raw"),
                                               QStringLiteral("--precision"), QStringLiteral("fp32"),
                                               QStringLiteral("--device"),    QStringLiteral("cpu"),
                                               QStringLiteral("--model"),     folder + model} +
                                   options;
        for (const char* what : {"image", "text"}) {
            const bool pictures = QByteArray(what) == "image";
            const QString out = m_scratch.filePath(QStringLiteral("features.npy"));
            const ProgramRun run = runJson(
                common + QStringList{QStringLiteral("--what"), QString::fromLatin1(what),
                                     pictures ? QStringLiteral("--tensors") : QStringLiteral("--tokens"),
                                     folder + (pictures ? QLatin1String("image.npy") : QLatin1String("tokens.npy")),
                                     QStringLiteral("--out"), out});
            REQUIRE_EXIT(run, 0);
            const Matrix found = readMatrix(out);
            const Matrix expected = readMatrix(folder + QString::fromLatin1(what) + QLatin1String("_features") +
                                               suffix + QLatin1String(".npy"));
            QVERIFY(!expected.empty());
            QCOMPARE(found.rows(), expected.rows());
            QCOMPARE(found.cols(), expected.cols());
            const double off = difference(found, expected, expected.cols(), false);
            QVERIFY2(off <= 1e-4, qPrintable(QStringLiteral("%1: %2").arg(QString::fromLatin1(what)).arg(off)));
        }
    }

    void featuresFromPictureFiles()
    {
        NEEDS_SHARED("goldens/clip/image/golden.json");
        const QJsonArray cases =
            readJson(shared("goldens/clip/image/golden.json")).object()[QLatin1String("cases")].toArray();
        QFile table(m_scratch.filePath(QStringLiteral("pictures.csv")));
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("file\n");
        for (const QJsonValue& one : cases) {
            const QString name = one.toObject()[QLatin1String("name")].toString();
            table.write((shared("goldens/clip/image/") + name + QLatin1String(".png\n")).toUtf8());
        }
        table.close();
        const QString out = m_scratch.filePath(QStringLiteral("png.npy"));
        const ProgramRun run = runJson({QStringLiteral("embed"), QStringLiteral("--raw"), QStringLiteral("--precision"),
                                        QStringLiteral("fp32"), QStringLiteral("--model"),
                                        shared("goldens/clip/vit_tiny/openai_fp32.safetensors"),
                                        QStringLiteral("--data"), table.fileName(), QStringLiteral("--out"), out});
        REQUIRE_EXIT(run, 0);
        const Matrix found = readMatrix(out), expected = readMatrix(shared("goldens/clip/vit_tiny/png_features.npy"));
        QCOMPARE(found.rows(), expected.rows());
        const double off = difference(found, expected, expected.cols(), false);
        QVERIFY2(off <= 1e-4, qPrintable(QString::number(off)));
    }

    void preprocessedPictures()
    {
        NEEDS_SHARED("goldens/clip/image");
        const QDir folder(shared("goldens/clip/image"));
        const QStringList expected = folder.entryList({QStringLiteral("*_norm64.npy")});
        QVERIFY(!expected.isEmpty());
        for (const QString& file : expected) {
            const QString out = m_scratch.filePath(QStringLiteral("pixels.npy"));
            const QString picture = folder.filePath(file.chopped(11) + QLatin1String(".png"));
            const ProgramRun run = runJson({QStringLiteral("preprocess"), QStringLiteral("--model"),
                                            shared("goldens/clip/vit_tiny/openai_fp32.safetensors"), picture,
                                            QStringLiteral("--out"), out});
            REQUIRE_EXIT(run, 0);
            const auto bytes = [](const QString& path) {
                QFile open(path);
                return open.open(QIODevice::ReadOnly) ? open.readAll() : QByteArray();
            };
            const QByteArray a = bytes(out), b = bytes(folder.filePath(file));
            constexpr qsizetype size = 3 * 64 * 64 * sizeof(float);
            QVERIFY(a.size() > size && b.size() > size);
            std::vector<float> found(3 * 64 * 64), wanted(3 * 64 * 64);
            std::memcpy(found.data(), a.constData() + a.size() - size, size);
            std::memcpy(wanted.data(), b.constData() + b.size() - size, size);
            for (std::size_t i = 0; i < found.size(); ++i) {
                QVERIFY2(std::abs(found[i] - wanted[i]) <= 1e-6F, qPrintable(file));
            }
        }
    }

    void tokens()
    {
        NEEDS_SHARED("goldens/clip/tokenizer/golden.json");
        const QJsonObject golden = readJson(shared("goldens/clip/tokenizer/golden.json")).object();
        const QJsonArray cases = golden[QLatin1String("cases")].toArray();
        QJsonArray texts;
        for (const QJsonValue& one : cases) {
            texts.append(one.toObject()[QLatin1String("text")]);
        }
        QFile file(m_scratch.filePath(QStringLiteral("texts.json")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(texts).toJson()) > 0);
        file.close();
        const ProgramRun run =
            runJson({QStringLiteral("tokenize"), QStringLiteral("--model"), shared("goldens/clip/tokenizer/hf"),
                     QStringLiteral("--file"), file.fileName()});
        REQUIRE_EXIT(run, 0);
        const QJsonArray all = run.json[QLatin1String("ids")].toArray();
        QCOMPARE(all.size(), cases.size());
        // repair of genuine mojibake ("cafÃ©") is the one step of the reference's cleaning that is left out
        for (int i = 0; i < cases.size(); ++i) {
            QJsonArray expected = cases[i].toObject()[QLatin1String("ids_ftfy_without_mojibake_repair")].toArray();
            expected.prepend(golden[QLatin1String("sot")]);
            expected.append(golden[QLatin1String("eot")]);
            QVERIFY2(all[i].toArray() == expected,
                     qPrintable(QStringLiteral("case %1: %2").arg(i).arg(texts[i].toString().left(80))));
        }
    }

    void textsOfACompleteModel()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/hf_texts.json");
        const QJsonObject golden = readJson(shared("goldens/clip/vit_tiny/hf_texts.json")).object();
        const QJsonArray cases = golden[QLatin1String("texts")].toArray();
        QVERIFY(!cases.isEmpty());
        QStringList arguments{QStringLiteral("tokenize"), QStringLiteral("--model"),
                              shared("goldens/clip/vit_tiny/hf")};
        for (const QJsonValue& one : cases) {
            arguments << one.toObject()[QLatin1String("text")].toString();
        }
        const ProgramRun run = runJson(arguments);
        REQUIRE_EXIT(run, 0);
        const QJsonArray all = run.json[QLatin1String("ids")].toArray();
        QCOMPARE(all.size(), cases.size());
        for (int i = 0; i < all.size(); ++i) {
            QJsonArray ids = all[i].toArray();
            QVERIFY(ids.size() >= 2);
            ids.removeFirst();
            ids.removeLast();
            QVERIFY2(ids == cases[i].toObject()[QLatin1String("ids")].toArray(),
                     qPrintable(cases[i].toObject()[QLatin1String("text")].toString()));
        }
    }
};

QTEST_GUILESS_MAIN(TestCliGoldens)
#include "TestCliGoldens.moc"
