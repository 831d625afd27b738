#include "CheckpointModels.h"
#include "Shared.h"

#include "core/checkpoint/Detect.h"
#include "core/data/Arrays.h"

#include <QElapsedTimer>
#include <malloc.h>
#include <set>

using namespace semascope::core;
using namespace fixture;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasured = false; // sanitizers have a memory and a clock of their own
#else
constexpr bool kMeasured = true;
#endif
constexpr qint64 kExtraBytes = qint64(64) << 20;
constexpr int kSmallMs = 100, kLargeMs = 1000; ///< generous: the machine may be busy
constexpr qsizetype kSmall = 1 << 20;

/// A line of /proc/self/status in bytes.
qint64 statusBytes(const char* key)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith(key)) {
            return line.mid(line.indexOf(':') + 1).trimmed().split(' ').first().toLongLong() * 1024;
        }
    }
    return 0;
}

/// How far the resident memory rose above where it stood while `action` ran; 0 where that cannot be told.
template<class F> qint64 peakGrowth(F action)
{
    ::malloc_trim(0); // memory that is kept for later would hide what is taken
    QFile reset(QStringLiteral("/proc/self/clear_refs"));
    const bool able = reset.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && reset.write("5") == 1;
    const qint64 before = statusBytes("VmRSS");
    action();
    return able ? std::max<qint64>(0, statusBytes("VmHWM") - before) : 0;
}

QByteArray tensorEntry(const QByteArray& name, const char* dtype, const QByteArray& shape, const QByteArray& offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets +
           "]}";
}

QByteArray npy(const QByteArray& shape, const char* type, qsizetype bytes)
{
    QByteArray header = QByteArray("{'descr': '") + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header += QByteArray(63 - (10 + header.size()) % 64, ' ') + "\n";
    return QByteArray("\x93NUMPY\x01\x00", 8) + little(static_cast<quint16>(header.size())) + header +
           QByteArray(bytes, '\0');
}

/// `count` entries of nothing, which share no byte but cost a record each.
QByteArray crowdedZip(int count)
{
    std::vector<ZipEntry> entries{{"a/data.pkl", Pickle().op("}").done()}};
    for (int i = 0; i < count; ++i) {
        entries.push_back({"a/data/" + QByteArray::number(i), ""});
    }
    return zip(entries);
}

} // namespace

/// Files that lie, each refused with its own sentence, soon, and in little memory (reliability.md T17, T19–T24).
class TestHostile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void refused_data();
    void refused();
    void ownSentences();
    void acceptedOnes();
    void flippedSafetensors();
    void flippedTorchFile();

private:
    void check(const QString& name, const QByteArray& bytes, const QString& word);
    template<class F> void flipAll(const std::string& path, qsizetype from, qsizetype to, F read);
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestHostile::refused_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("word");
    const auto row = [](const char* name, const char* file, const QByteArray& bytes, const char* word) {
        QTest::newRow(name) << QString::fromLatin1(file) << bytes << QString::fromLatin1(word);
    };
    const QByteArray one = tensorEntry("a", "F32", "1", "0,4");
    const auto tensors = [&row](const char* name, const QByteArray& header, const char* word,
                                const QByteArray& data = {}) {
        row(name, "m.safetensors", safetensors(header, data), word);
    };
    const auto torch = [&row](const char* name, const Pickle& pickle, const char* word) {
        row(name, "m.pt", torchZip(pickle.done(), {floats({1, 2, 3, 4, 5, 6})}), word);
    };
    row("T17 huge shape", "m.npy", npy("(65536, 65536)", "<f8", 16), "m.npy");
    row("T17 overflowing shape", "m.npy", npy("(4294967296, 4294967296, 8)", "<f8", 16), "m.npy");
    row("T17 negative size", "m.npy", npy("(-1, 4)", "<f8", 16), "m.npy");
    row("T17 size of 400 digits", "m.npy", npy("(1" + QByteArray(400, '0') + ",)", "<f8", 16), "m.npy");
    row("T17 brackets", "m.npy", npy(QByteArray(60000, '('), "<f8", 16), "m.npy");
    row("T18 objects", "m.npy", npy("(4,)", "|O", 32), "m.npy");
    torch("T20 call on nothing", Pickle().op(QByteArray(242, 'R')), "REDUCE");
    torch("T20 nested tuples", Pickle().op(")" + QByteArray(400000, '\x85')), "TUPLE1");
    torch("T20 text of 2^31 bytes", Pickle().op(QByteArray("X\x00\x00\x00\x80", 5)), "BINUNICODE");
    torch("T20 four million dicts", Pickle().op("(" + QByteArray(4000000, '}') + "t"), "memory");
    torch("T20 four million texts", Pickle().op("(" + QByteArray("U\x01x").repeated(4000000) + "t"), "memory");
    row("T20 cut directory", "m.pt", torchZip(Pickle().op("}").done()).chopped(30), "incomplete download");
    row("T20 crowded directory", "m.pt", crowdedZip(60000), "m.pt");
    torch("T21 posix.system", Pickle().global("posix", "system").op("(").text("touch evil").op("tR"), "posix.system");
    torch("T21 builtins.eval", Pickle().global("builtins", "eval").op("(").text("1").op("tR"), "builtins.eval");
    torch("T21 unknown class", Pickle().global("my.models", "Net").op(")\x81}b"), "my.models.Net");
    const auto weight = [](const Pickle& tensor) { return Pickle().op("}").text("w").op(tensor.bytes.mid(2)).op("s"); };
    torch("T22 storage too small", weight(Pickle().tensor("0", 7, {7}, {1})), "\"w\"");
    torch("T22 offset beyond", weight(Pickle().tensor("0", 6, {6}, {1}, 1)), "\"w\"");
    torch("T22 stride beyond", weight(Pickle().tensor("0", 6, {2}, {6})), "\"w\"");
    torch("T22 2^40 elements", weight(Pickle().tensor("0", 6, {1048576, 1048576}, {0, 0})), "\"w\"");
    torch("T22 sparse", weight(Pickle().global("torch._utils", "_rebuild_sparse_csr_tensor").op(")R")),
          "_rebuild_sparse_csr_tensor");
    QByteArray overlaps = "{";
    for (int i = 0; i < 100000; ++i) {
        overlaps += tensorEntry(QByteArray::number(i), "U8", "1", "0,1") + ",";
    }
    overlaps.back() = '}';
    tensors("T24 100,000 overlaps", overlaps, "InvalidOffset", "x");
    QByteArray many = "{";
    for (int i = 0; i < 300000; ++i) {
        many += tensorEntry(QByteArray::number(i), "U8", "0", "0,0") + ",";
    }
    many.back() = '}';
    tensors("T24 300,000 tensors", many, "memory");
    tensors("T24 endless metadata", "{\"__metadata__\":{\"a\":\"" + QByteArray(20 << 20, 'x') + "\"}}", "without end");
    tensors("T24 endless number", "{\"a\":" + QByteArray(20 << 20, '1') + "}", "without end");
    QByteArray entries = "{\"__metadata__\":{";
    for (int i = 0; i < 400000; ++i) {
        entries += "\"" + QByteArray::number(i) + "\":\"\",";
    }
    entries.back() = '}';
    tensors("T24 400,000 remarks", entries + "," + one + "}", "memory", QByteArray(4, '\0'));
    tensors("T24 shape of 2 million ones",
            "{" + tensorEntry("a", "U8", QByteArray("1,").repeated(2000000) + "1", "0,1") + "}", "memory", "x");
}

void TestHostile::check(const QString& name, const QByteArray& bytes, const QString& word)
{
    const std::string path = save(*m_folder, name, bytes);
    QString message;
    qint64 growth = 0, elapsed = 0;
    for (int attempt = 0; attempt < 3; ++attempt) { // another program may take the processor for a while
        QElapsedTimer timer;
        timer.start();
        growth = peakGrowth([&] {
            message = errorOf([&] {
                name.endsWith(QStringLiteral(".npy")) ? static_cast<void>(readNpy(path))
                                                      : static_cast<void>(openCheckpoint(path));
            });
        });
        elapsed = timer.elapsed();
        if (elapsed < kSmallMs) {
            break;
        }
    }
    QVERIFY2(message.contains(word), qPrintable(QStringLiteral("\"%1\"").arg(message)));
    QVERIFY2(!kMeasured || elapsed < (bytes.size() < kSmall ? kSmallMs : kLargeMs),
             qPrintable(QStringLiteral("%1 ms").arg(elapsed)));
    QVERIFY2(!kMeasured || growth <= bytes.size() + kExtraBytes,
             qPrintable(QStringLiteral("%1 MB for a file of %2 MB").arg(growth >> 20).arg(bytes.size() >> 20)));
}

void TestHostile::refused()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, word);
    check(file, bytes, word);
}

/// What is wrong is said, not only that something is.
void TestHostile::ownSentences()
{
    const QByteArray four(4, '\0'), one = tensorEntry("a", "F32", "1", "0,4");
    const QByteArray files[] = {
        {},
        QByteArray(8, '\0'),
        little<quint64>(quint64(1) << 63),
        safetensors("{" + one + "}", "abc"),
        safetensors("{" + one + "}", four + "x"),
        safetensors("{\"a\xc3\x28\":1}"),
        safetensors("{what}"),
        safetensors("{" + one + "," + tensorEntry("b", "U8", "1", "0,1") + "}", four),
        safetensors("{" + one + "," + tensorEntry("b", "U8", "1", "5,6") + "}", four + "xx"),
        safetensors("{" + one + "," + tensorEntry("b", "U8", "1", "-1,6") + "}", four),
        safetensors("{" + one + "," + tensorEntry("b", "U8", "1", "4,3") + "}", four),
        safetensors("{" + tensorEntry("a", "F32", "2", "0,4") + "}", four),
        safetensors("{" + tensorEntry("a", "U8", "2,18446744073709551614", "0,4") + "}", four),
        safetensors("{" + tensorEntry("a", "F33", "1", "0,4") + "}", four),
        safetensors("{" + one + "," + one + "}", four),
        safetensors("{\"__metadata__\":{\"a\":1}," + one + "}", four),
    };
    std::set<QString> sentences;
    for (const QByteArray& bytes : files) {
        const std::string path = save(*m_folder, QStringLiteral("m.safetensors"), bytes);
        const QString message = errorOf([&] { openCheckpoint(path); });
        QVERIFY(!message.isEmpty());
        QVERIFY2(sentences.insert(message).second, qPrintable(message));
    }
}

void TestHostile::acceptedOnes()
{
    for (const char* shape : {"", "2,0"}) {
        const QByteArray offsets = *shape == '\0' ? "0,4" : "0,0";
        const QByteArray data(*shape == '\0' ? 4 : 0, '\0');
        const std::string path = save(*m_folder, QStringLiteral("m.safetensors"),
                                      safetensors(" {" + tensorEntry("a", "F32", shape, offsets) + "} \n", data));
        QCOMPARE(errorOf([&] { readStateDict(path); }), QString());
    }
}

/// Changes each byte of [from, to) in place, twice: nothing but an Error may come of it, and what is accepted can be
/// read to its last element.
template<class F> void TestHostile::flipAll(const std::string& path, qsizetype from, qsizetype to, F read)
{
    const QByteArray good = load(path);
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
    const auto put = [&file](qsizetype at, char value) { return file.seek(at) && file.write(&value, 1) == 1; };
    int refused = 0;
    for (qsizetype at = from; at < to; ++at) {
        for (const int change : {1, 128}) {
            QVERIFY(put(at, static_cast<char>(good[at] ^ change)));
            refused += errorOf([&] { read(path); }).isEmpty() ? 0 : 1;
        }
        QVERIFY(put(at, good[at]));
    }
    QVERIFY(refused > 0);
    QCOMPARE(errorOf([&] { read(path); }), QString());
}

void TestHostile::flippedSafetensors()
{
    const std::string path = saveModel(m_folder->filePath(QStringLiteral("m.safetensors")).toStdString(), openAi());
    const auto read = [](const std::string& file) { (void)openCheckpoint(file, Activation::QuickGelu); };
    const auto header = static_cast<qsizetype>(qFromLittleEndian<quint64>(load(path).constData()));
    flipAll(path, 0, 8 + header, read);
    flipAll(path, 8 + header - 1, 8 + header + 200, [](const std::string& file) {
        for (const auto& [name, view] : readStateDict(file).tensors) {
            (void)toFloats(view);
        }
        if (load(file)[8] != '{') {
            throw Error(Code::BadFormat, "another header");
        }
    });
}

void TestHostile::flippedTorchFile()
{
    Pickle pickle;
    pickle.global("collections", "OrderedDict").op(")R(");
    qint32 largest = 0;
    for (const auto& [key, shape] : openAi()) {
        qint32 count = 1;
        std::vector<qint32> sizes, strides(shape.size(), 1);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            strides[axis] = count;
            count *= static_cast<qint32>(shape[axis]);
        }
        sizes.assign(shape.begin(), shape.end());
        largest = std::max(largest, count);
        pickle.text(QByteArray::fromStdString(key)).tensor(QByteArray::fromStdString(key), count, sizes, strides);
    }
    pickle.op("u");
    std::vector<ZipEntry> entries{{"m/data.pkl", pickle.done()}};
    for (const auto& [key, shape] : openAi()) {
        qsizetype count = 4;
        for (const std::int64_t size : shape) {
            count *= static_cast<qsizetype>(size);
        }
        entries.push_back({"m/data/" + QByteArray::fromStdString(key), QByteArray(count, '\0')});
    }
    const QByteArray bytes = zip(entries);
    const std::string path = save(*m_folder, QStringLiteral("m.pt"), bytes);
    const auto read = [](const std::string& file) { (void)openCheckpoint(file, Activation::QuickGelu); };
    const qsizetype data = bytes.indexOf("PK\x03\x04", 4), directory = bytes.indexOf("PK\x01\x02");
    flipAll(path, 0, data, read);                 // the pickle and its header
    flipAll(path, directory, bytes.size(), read); // the directory and the end record
    flipAll(path, data, data + 80, read);         // one record's header
}

QTEST_GUILESS_MAIN(TestHostile)
#include "checkpoint_hostile.moc"
