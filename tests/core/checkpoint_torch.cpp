#include "CheckpointFixtures.h"
#include "Shared.h"

#include <QElapsedTimer>
#include <zlib.h>

using namespace semascope::core;
using namespace fixture;

class TestTorchFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsZip();
    void readsLegacy();
    void readsZip64AndUntyped();
    void peelsWrappers();
    void readsTorchScript();
    void hostilePickles_data();
    void hostilePickles();
    void hostileTensors_data();
    void hostileTensors();
    void hostileZips();
    void deflatedEntries();
    void sharedDictsDoNotExplode();
    void namesWhatItDoesNotLoad();
    void surviveChangedBytes();

private:
    std::string write(const QByteArray& bytes) { return save(*m_folder, QStringLiteral("m.pt"), bytes); }
    QString readError(const QByteArray& bytes)
    {
        const std::string path = write(bytes);
        return errorOf([&] { readTorchFile(path); });
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const std::vector<float> kSix{1, 2, 3, 4, 5, 6};

QByteArray twoViews()
{
    return Pickle()
        .global("collections", "OrderedDict")
        .op(")R(")
        .text("plain")
        .tensor("0", 6, {2, 3}, {3, 1})
        .text("turned")
        .tensor("0", 6, {3, 2}, {1, 3})
        .text("part")
        .tensor("0", 6, {2, 2}, {3, 1}, 1)
        .text("step")
        .number(7)
        .op("u}")
        .text("_metadata")
        .op("}sb")
        .done();
}

void checkTwoViews(const StateDict& state)
{
    QCOMPARE(state.tensors.size(), std::size_t(3));
    QCOMPARE(state.tensors[0].first, std::string("plain"));
    QCOMPARE(toFloats(*state.find("plain")), kSix);
    QCOMPARE(toFloats(*state.find("turned")), (std::vector<float>{1, 4, 2, 5, 3, 6}));
    QCOMPARE(toFloats(*state.find("part")), (std::vector<float>{2, 3, 5, 6}));
    QCOMPARE(state.integers.at("step"), std::int64_t(7));
}

} // namespace

void TestTorchFile::readsZip()
{
    const StateDict state = readTorchFile(write(torchZip(twoViews(), {floats(kSix)})));
    checkTwoViews(state);
    QCOMPARE(state.container, std::string("torch zip"));
    QVERIFY(state.ignored.empty());
}

void TestTorchFile::readsLegacy()
{
    const StateDict state = readTorchFile(write(torchLegacy(twoViews(), {floats(kSix)})));
    checkTwoViews(state);
    QCOMPARE(state.container, std::string("torch legacy"));
    QVERIFY(readError(torchLegacy(twoViews(), {floats(kSix)}, false)).contains(QStringLiteral("big-endian")));
    QVERIFY(readError(torchLegacy(twoViews(), {floats({1, 2})})).contains(QStringLiteral("m.pt")));
    QVERIFY(readError(QByteArray("\x80\x02}.", 4)).contains(QStringLiteral("none that torch.save wrote")));
}

void TestTorchFile::readsZip64AndUntyped()
{
    // What torch writes for types that have no storage class: bytes, and the type in the tensor.
    const QByteArray pickle = Pickle()
                                  .op("}")
                                  .text("w")
                                  .global("torch._utils", "_rebuild_tensor_v3")
                                  .op("((")
                                  .text("storage")
                                  .global("torch.storage", "UntypedStorage")
                                  .text("0")
                                  .text("cuda:0")
                                  .number(6)
                                  .op("tQ")
                                  .number(1)
                                  .numbers({2})
                                  .numbers({1})
                                  .op("\x89}")
                                  .global("torch", "uint16")
                                  .op("tRs")
                                  .done();
    const QByteArray data = little<quint16>(1) + little<quint16>(40000) + little<quint16>(3);
    const std::string path =
        write(zip({{"r/data.pkl", pickle}, {"r/byteorder", "little"}, {"r/data/0", data, 0, true}}));
    const StateDict state = readTorchFile(path);
    QCOMPARE(state.find("w")->type, TensorType::U16);
    QCOMPARE(toFloats(*state.find("w")), (std::vector<float>{40000, 3}));
    QVERIFY(readError(zip({{"r/data.pkl", pickle}, {"r/byteorder", "big"}, {"r/data/0", data}}))
                .contains(QStringLiteral("big-endian")));
}

void TestTorchFile::peelsWrappers()
{
    Pickle pickle;
    pickle.op("}(")
        .text("epoch")
        .number(3)
        .text("optimizer")
        .op("}")
        .text("note")
        .text("x")
        .text("state_dict")
        .op("}(");
    pickle.text("module._orig_mod.a").tensor("0", 6, {6}, {1}).text("module._orig_mod.b.c").tensor("0", 6, {}, {}, 5);
    const StateDict state = readTorchFile(write(torchZip(pickle.op("uu").done(), {floats(kSix)})));
    QCOMPARE(toFloats(*state.find("a")), kSix);
    QCOMPARE(toFloats(*state.find("b.c")), std::vector<float>{6});
    QCOMPARE(state.integers.at("epoch"), std::int64_t(3));
    QCOMPARE(state.ignored, (std::vector<std::string>{"optimizer", "note"}));

    const QByteArray bare = Pickle().tensor("0", 6, {6}, {1}).done();
    QCOMPARE(toFloats(*readTorchFile(write(torchZip(bare, {floats(kSix)}))).find("tensor")), kSix);
}

void TestTorchFile::readsTorchScript()
{
    Pickle pickle;
    pickle.global("__torch__", "Net").op(")\x81}(").text("training").op("\x89").text("inner");
    pickle.global("__torch__.sub", "Part").op(")\x81}(").text("w").tensor("0", 6, {6}, {1}).op("ub").op("ub");
    const QByteArray file = zip({{"n/data/0", floats(kSix)}, {"n/data.pkl", pickle.done()}, {"n/constants.pkl", "x"}});
    const StateDict state = readTorchFile(write(file));
    QCOMPARE(toFloats(*state.find("inner.w")), kSix);
    QCOMPARE(state.container, std::string("TorchScript archive"));
    QVERIFY(state.ignored.empty());
}

void TestTorchFile::hostilePickles_data()
{
    QTest::addColumn<QByteArray>("pickle");
    QTest::addColumn<QString>("word");
    const auto row = [](const char* name, const Pickle& pickle, const char* word) {
        QTest::newRow(name) << pickle.done() << QString::fromLatin1(word);
    };
    row("call on an empty stack", Pickle().op("R"), "REDUCE");
    row("242 calls on an empty stack", Pickle().op(QByteArray(242, 'R')), "REDUCE");
    row("nested tuples", Pickle().op(")" + QByteArray(400000, '\x85')), "TUPLE1");
    row("nested lists", Pickle().op(QByteArray(200000, ']') + QByteArray(199999, 'a')), "APPEND");
    row("nested marks", Pickle().op(QByteArray(400000, '(')), "STOP");
    row("text of 2^31 bytes", Pickle().op(QByteArray("X\x00\x00\x00\x80", 5)), "BINUNICODE");
    row("text of 2^63 bytes", Pickle().op(QByteArray("\x8d\x00\x00\x00\x00\x00\x00\x00\x80", 9)), "BINUNICODE8");
    row("far memo", Pickle().op("}r\xff\xff\xff\xff"), "LONG_BINPUT");
    row("missing memo", Pickle().op("h\x09"), "BINGET");
    row("items of None", Pickle().op("NNNs"), "SETITEM");
    row("items of a tuple", Pickle().op(")(NNu"), "SETITEMS");
    row("key without value", Pickle().op("}(Nu"), "SETITEMS");
    row("append to a dict", Pickle().op("}Na"), "APPEND");
    row("mark below everything", Pickle().op("(NNu"), "SETITEMS");
    row("no mark", Pickle().op("t"), "TUPLE");
    row("call of a text", Pickle().text("os.system").op(")R"), "REDUCE");
    row("arguments of no tuple", Pickle().global("a", "b").op("NR"), "REDUCE");
    row("global of numbers", Pickle().op("NN\x93"), "STACK_GLOBAL");
    row("two values", Pickle().op("NN"), "STOP");
    row("protocol 6", Pickle().op("\x80\x06"), "PROTO");
    row("old instance", Pickle().op("(ios\nsystem\n"), "INST");
    row("extension", Pickle().op("\x82\x01"), "EXT1");
    row("no opcode", Pickle().op("\xfe"), "0xfe");
    row("values beyond all measure", Pickle().op("(" + QByteArray(4000000, '}') + "t"), "memory");
    row("only a call", Pickle().global("posix", "system").op("(").text("touch x").op("tR"), "posix.system");
    row("only an object", Pickle().global("builtins", "eval").op(")\x81}b"), "builtins.eval");
    row("nothing", Pickle().op("}"), "no tensors");
}

void TestTorchFile::hostilePickles()
{
    QFETCH(QByteArray, pickle);
    QFETCH(QString, word);
    for (const QByteArray& file : {torchZip(pickle), torchLegacy(pickle, {})}) {
        const QString message = readError(file);
        QVERIFY2(message.contains(word), qPrintable(message));
    }
}

void TestTorchFile::hostileTensors_data()
{
    QTest::addColumn<QByteArray>("pickle");
    const auto row = [](const char* name, const Pickle& tensor) {
        QTest::newRow(name) << Pickle().op("}").text("w").op(tensor.bytes.mid(2)).op("s").done();
    };
    row("one element too many", Pickle().tensor("0", 6, {7}, {1}));
    row("offset beyond", Pickle().tensor("0", 6, {6}, {1}, 1));
    row("negative offset", Pickle().tensor("0", 6, {6}, {1}, -1));
    row("negative size", Pickle().tensor("0", 6, {-6}, {1}));
    row("negative stride", Pickle().tensor("0", 6, {6}, {-1}));
    row("stride beyond", Pickle().tensor("0", 6, {2}, {6}));
    row("overflowing size", Pickle().tensor("0", 6, {2147483647, 2147483647, 2147483647}, {0, 0, 0}));
    row("expanded without measure", Pickle().tensor("0", 6, {2147483647}, {0}));
    row("ranks differ", Pickle().tensor("0", 6, {6}, {1, 1}));
    row("storage larger than its record", Pickle().tensor("0", 1 << 30, {6}, {1}));
    row("storage smaller than its record", Pickle().tensor("0", 5, {5}, {1}));
    row("negative storage", Pickle().tensor("0", -6, {6}, {1}));
    row("wider type", Pickle().tensor("0", 6, {6}, {1}, 0, "DoubleStorage"));
    row("no such record", Pickle().tensor("1", 6, {6}, {1}));
    row("strange type", Pickle().tensor("0", 6, {6}, {1}, 0, "QInt8Storage"));
    row("no arguments", Pickle().global("torch._utils", "_rebuild_tensor_v2").op(")R"));
    row("storage of None", Pickle().global("torch._utils", "_rebuild_tensor_v2").op("(NK\x00))tR"));
    row("parameter of nothing", Pickle().global("torch._utils", "_rebuild_parameter").op(")R"));
}

void TestTorchFile::hostileTensors()
{
    QFETCH(QByteArray, pickle);
    QVERIFY(!readError(torchZip(pickle, {floats(kSix)})).isEmpty());
    QVERIFY(!readError(torchLegacy(pickle, {floats(kSix)})).isEmpty());
}

void TestTorchFile::hostileZips()
{
    const QByteArray pickle = twoViews(), data = floats(kSix);
    const std::vector<ZipEntry> good{{"a/data.pkl", pickle}, {"a/data/0", data}};
    QVERIFY(readError(zip(good)).isEmpty());
    QVERIFY(readError(zip({good[0], good[1], good[1]})).contains(QStringLiteral("twice")));
    QVERIFY(readError(zip({good[0], good[1], {"b/data.pkl", pickle}})).contains(QStringLiteral("two checkpoints")));
    QVERIFY(readError(zip({good[0], {"a/data/0", data, 1}})).contains(QStringLiteral("encrypted")));
    QVERIFY(readError(zip({{"x.npy", data}})).contains(QStringLiteral("data.pkl")));
    QByteArray overlapping = zip(good);
    const qsizetype second = overlapping.lastIndexOf("PK\x01\x02");
    overlapping.replace(second + 42, 4, little<quint32>(0)); // the second entry starts where the first does
    QVERIFY(!readError(overlapping).isEmpty());
    const QByteArray whole = zip(good);
    for (qsizetype size = 0; size < whole.size(); size += 3) {
        QVERIFY(!readError(whole.left(size)).isEmpty());
    }
}

void TestTorchFile::deflatedEntries()
{
    const auto deflated = [](const QByteArray& pickle, const QByteArray& data, quint32 claimed) {
        QByteArray packed(static_cast<qsizetype>(compressBound(static_cast<uLong>(data.size()))), '\0');
        z_stream z = {};
        deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
        QByteArray in = data;
        z.next_in = reinterpret_cast<Bytef*>(in.data());
        z.avail_in = static_cast<uInt>(in.size());
        z.next_out = reinterpret_cast<Bytef*>(packed.data());
        z.avail_out = static_cast<uInt>(packed.size());
        deflate(&z, Z_FINISH);
        packed.truncate(static_cast<qsizetype>(z.total_out));
        deflateEnd(&z);
        const auto crc = static_cast<quint32>(
            crc32_z(0, reinterpret_cast<const Bytef*>(data.constData()), static_cast<z_size_t>(data.size())));
        QByteArray result = zip({{"a/data.pkl", pickle}, {"a/data/0", packed}});
        const qsizetype local = result.lastIndexOf("PK\x03\x04"), central = result.lastIndexOf("PK\x01\x02");
        result.replace(local + 8, 2, little<quint16>(8));
        result.replace(central + 10, 2, little<quint16>(8));
        result.replace(central + 16, 4, little(crc));
        result.replace(central + 24, 4, little(claimed));
        return result;
    };
    checkTwoViews(readTorchFile(write(deflated(twoViews(), floats(kSix), 24))));
    QVERIFY(readError(deflated(twoViews(), floats(kSix), 20)).contains(QStringLiteral("damaged")));
    QVERIFY(
        readError(deflated(twoViews(), floats(kSix), 0x7fffffff)).contains(QStringLiteral("more than deflate can")));
    const qint32 many = 40 << 20;
    const QByteArray zeros(qsizetype(many) * 4, '\0');
    const QByteArray bomb = Pickle().op("}").text("w").tensor("0", many, {many}, {1}).op("s").done();
    QVERIFY(readError(deflated(bomb, zeros, static_cast<quint32>(zeros.size()))).contains(QStringLiteral("memory")));
}

void TestTorchFile::sharedDictsDoNotExplode()
{
    Pickle pickle;
    pickle.op("}").text("w").tensor("0", 6, {6}, {1}).op("sq\x01");
    for (int i = 0; i < 50; ++i) { // each dict holds the one before twice
        pickle.op("0}(").text("a").op("h\x01").text("b").op("h\x01").op("uq\x01");
    }
    QElapsedTimer timer;
    timer.start();
    const QString message = readError(torchZip(pickle.done(), {floats(kSix)}));
    QVERIFY2(message.contains(QStringLiteral("over and over")), qPrintable(message));
    QVERIFY(timer.elapsed() < 5000);
}

void TestTorchFile::namesWhatItDoesNotLoad()
{
    Pickle pickle;
    pickle.op("}(").text("w").tensor("0", 6, {6}, {1}).text("x").global("posix", "system").op("(");
    pickle.text("touch evil").op("tR").text("y").global("torch._utils", "_rebuild_sparse_tensor").op(")Ru");
    const StateDict state = readTorchFile(write(torchZip(pickle.done(), {floats(kSix)})));
    QCOMPARE(toFloats(*state.find("w")), kSix);
    QCOMPARE(state.tensors.size(), std::size_t(1));
    QCOMPARE(state.ignored, (std::vector<std::string>{"posix.system", "torch._utils._rebuild_sparse_tensor"}));
}

void TestTorchFile::surviveChangedBytes()
{
    const QByteArray pickle =
        Pickle().op("}(").text("a").tensor("0", 6, {2, 3}, {3, 1}).text("b").tensor("0", 6, {3}, {2}).op("u").done();
    for (const QByteArray& good : {torchZip(pickle, {floats(kSix)}), torchLegacy(pickle, {floats(kSix)})}) {
        const int accepted = flipBytes(*m_folder, QStringLiteral("f.pt"), good, [](const std::string& path) {
            for (const auto& [name, view] : readTorchFile(path).tensors) {
                if (view.type != TensorType::C64) {
                    toFloats(view);
                }
            }
        });
        QVERIFY(accepted > 0);
        for (qsizetype size = 0; size < good.size(); size += 2) {
            QVERIFY(!readError(good.left(size)).isEmpty());
        }
    }
}

QTEST_GUILESS_MAIN(TestTorchFile)
#include "checkpoint_torch.moc"
