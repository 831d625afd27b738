#include "CheckpointFixtures.h"
#include "Shared.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <bit>
#include <cmath>

using namespace semascope::core;
using namespace fixture;

class TestSafetensors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesWhatItReads();
    void replacesTheFileItMaps();
    void refusesBadNames();
    void strictRules_data();
    void strictRules();
    void manyOverlaps();
    void sentencesForForeignFiles();
    void surviveChangedBytes();
    void halvesAreExact();
    void brainFloatsAreExact();
    void shards();
    void goldens();
};

namespace {

QByteArray entry(const char* name, const char* dtype, const char* shape, quint64 begin, quint64 end)
{
    return QByteArray("\"") + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" +
           QByteArray::number(begin) + "," + QByteArray::number(end) + "]}";
}

TensorView viewOf(TensorType type, const void* data, std::int64_t count)
{
    TensorView view;
    view.type = type;
    view.shape = {count};
    view.stride = {1};
    view.data = static_cast<const std::uint8_t*>(data);
    return view;
}

} // namespace

void TestSafetensors::writesWhatItReads()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.safetensors")).toStdString();
    const std::vector<float> a{1, 2, 3, 4, 5, 6}, b{-0.5f};
    writeSafetensors(path, {{"weight", {2, 3}, a.data()}, {"bias", {}, b.data()}, {"none", {0, 4}, nullptr}},
                     {{"who", "\"me\" é"}});
    const QByteArray bytes = load(path);
    QCOMPARE(qFromLittleEndian<quint64>(bytes.constData()) % 8, quint64(0));
    const StateDict state = readSafetensors(path);
    QCOMPARE(state.tensors.size(), std::size_t(3));
    QVERIFY(state.find("weight") && state.find("bias") && state.find("none") && !state.find("nothing"));
    QCOMPARE(toFloats(*state.find("weight")), a);
    QCOMPARE(toFloats(*state.find("bias")), b);
    QCOMPARE(state.find("none")->count(), std::int64_t(0));
    QVERIFY(toFloats(*state.find("none")).empty());
    QCOMPARE(state.metadata.at("who"), std::string("\"me\" é"));
    QCOMPARE(state.container, std::string("safetensors"));
}

void TestSafetensors::replacesTheFileItMaps()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("a.safetensors")).toStdString();
    const std::vector<float> a(5000, 3.0f);
    writeSafetensors(path, {{"module.w", {5000}, a.data()}}, {});
    const StateDict state = readStateDict(path);
    const auto* mapped = reinterpret_cast<const float*>(state.find("w")->data);
    writeSafetensors(path, {{"first", {5000}, mapped}, {"second", {5000}, mapped}}, {});
    QCOMPARE(toFloats(*readStateDict(path).find("second")), a);
    QCOMPARE(toFloats(*state.find("w")), a);
    QVERIFY(!errorOf([&] { writeSafetensors("/nowhere/at/all.safetensors", {}, {}); }).isEmpty());
}

void TestSafetensors::refusesBadNames()
{
    const float x = 0;
    QVERIFY(errorOf([&] {
                writeSafetensors("/nowhere", {{"a", {1}, &x}, {"a", {1}, &x}}, {});
            }).contains(QStringLiteral("Two tensors")));
}

void TestSafetensors::strictRules_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("start"); // of the message; empty: accepted
    const QByteArray four(4, '\0'), eight(8, '\0');
    const QByteArray one = entry("a", "F32", "[1]", 0, 4);
    const auto row = [](const char* name, const QByteArray& file, const char* start) {
        QTest::newRow(name) << file << QString::fromLatin1(start);
    };
    row("good", safetensors("{" + one + "}", four), "");
    row("blanks", safetensors(" \n{" + one + "} \t ", four), "");
    row("scalar", safetensors("{" + entry("a", "F32", "[]", 0, 4) + "}", four), "");
    row("no elements", safetensors("{" + entry("a", "F32", "[2,0]", 0, 0) + "}"), "");
    row("null metadata", safetensors("{\"__metadata__\":null," + one + "}", four), "");
    row("8-byte types", safetensors("{" + entry("a", "F8_E4M3", "[4]", 0, 4) + "}", four), "");
    row("unknown field",
        safetensors("{\"a\":{\"x\":[{\"y\":[1,-2.5,null]}],\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                    four),
        "");
    row("empty file", {}, "HeaderTooSmall");
    row("eight bytes", QByteArray(8, '\0'), "InvalidHeaderDeserialization");
    row("length 2^63", little<quint64>(quint64(1) << 63), "HeaderTooLarge");
    row("length beyond the file", little<quint64>(50) + "{}", "InvalidHeaderLength");
    row("bad UTF-8", safetensors("{\"a\xc3\x28\":1}"), "InvalidHeader:");
    row("overlong UTF-8", safetensors("{\"\xc0\xaf\":1}"), "InvalidHeader:");
    row("not JSON", safetensors("{what}"), "InvalidHeaderDeserialization");
    row("garbage", safetensors("{}x"), "InvalidHeaderDeserialization");
    row("NUL at the end", safetensors(QByteArray("{}\0\0", 4)), "InvalidHeaderDeserialization");
    row("byte order mark", safetensors("\xef\xbb\xbf{}"), "InvalidHeaderDeserialization");
    row("list", safetensors("[]"), "InvalidHeaderDeserialization");
    row("tensor is a number", safetensors("{\"a\":1}"), "InvalidHeaderDeserialization");
    row("deep", safetensors("{\"a\":{\"x\":" + QByteArray(200000, '[') + "}}"), "InvalidHeaderDeserialization");
    row("metadata not text", safetensors("{\"__metadata__\":{\"a\":1}}"), "InvalidHeaderDeserialization");
    row("unknown type", safetensors("{" + entry("a", "F33", "[1]", 0, 4) + "}", four), "InvalidHeaderDeserialization");
    row("negative shape", safetensors("{" + entry("a", "F32", "[-1]", 0, 4) + "}", four),
        "InvalidHeaderDeserialization");
    row("minus zero", safetensors("{" + entry("a", "F32", "[-0]", 0, 0) + "}"), "InvalidHeaderDeserialization");
    row("shape as float", safetensors("{" + entry("a", "F32", "[1.0]", 0, 4) + "}", four),
        "InvalidHeaderDeserialization");
    row("beyond 64 bits", safetensors("{" + entry("a", "F32", "[18446744073709551616]", 0, 4) + "}", four),
        "InvalidHeaderDeserialization");
    row("one offset", safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", four),
        "InvalidHeaderDeserialization");
    row("same name twice", safetensors("{" + one + "," + entry("a", "F32", "[1]", 4, 8) + "}", eight), "DuplicateKey");
    row("same field twice",
        safetensors("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", four),
        "DuplicateKey");
    row("hole", safetensors("{" + one + "," + entry("b", "U8", "[1]", 5, 6) + "}", QByteArray(6, '\0')),
        "InvalidOffset");
    row("end before begin", safetensors("{" + one + "," + entry("b", "U8", "[1]", 4, 3) + "}", four), "InvalidOffset");
    row("overflow", safetensors("{" + entry("a", "U8", "[2,18446744073709551614]", 0, 4) + "}", four),
        "ValidationOverflow");
    row("overflow of bits", safetensors("{" + entry("a", "F32", "[2,9223372036854775807]", 0, 4) + "}", four),
        "ValidationOverflow");
    row("half a byte", safetensors("{" + entry("a", "F4", "[1]", 0, 1) + "}", "x"), "MisalignedSlice");
    row("too small", safetensors("{" + entry("a", "F32", "[2]", 0, 4) + "}", four), "TensorInvalidInfo");
    row("cut", safetensors("{" + one + "}", "abc"), "MetadataIncompleteBuffer");
    row("a byte too many", safetensors("{" + one + "}", four + "x"), "MetadataIncompleteBuffer");
}

void TestSafetensors::strictRules()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, start);
    const QTemporaryDir folder;
    const std::string path = save(folder, QStringLiteral("x.safetensors"), file);
    const QString message = errorOf([&] { readSafetensors(path); });
    QVERIFY2(start.isEmpty() ? message.isEmpty() : message.startsWith(start), qPrintable(message));
    QCOMPARE(errorOf([&] { readStateDict(path); }).isEmpty(), start.isEmpty());
}

void TestSafetensors::manyOverlaps()
{
    QByteArray header = "{";
    for (int i = 0; i < 100000; ++i) {
        header += entry(QByteArray("t" + QByteArray::number(i)).constData(), "U8", "[1]", 0, 1) + ",";
    }
    header.back() = '}';
    const QTemporaryDir folder;
    const std::string path = save(folder, QStringLiteral("x.safetensors"), safetensors(header, "x"));
    QVERIFY(errorOf([&] { readSafetensors(path); }).startsWith(QStringLiteral("InvalidOffset")));
}

void TestSafetensors::sentencesForForeignFiles()
{
    const QTemporaryDir folder;
    const QByteArray pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    for (const char* name : {"m.safetensors", "m.pt", "m.bin"}) {
        const std::string path = save(folder, QString::fromLatin1(name), pointer);
        QVERIFY(errorOf([&] { readStateDict(path); }).contains(QStringLiteral("Git LFS")));
    }
    const std::string page = save(folder, QStringLiteral("p.safetensors"), "\n<!DOCTYPE html><html>no</html>");
    QVERIFY(errorOf([&] { readStateDict(page); }).contains(QStringLiteral("web page")));
    const std::string cut = save(folder, QStringLiteral("c.safetensors"),
                                 safetensors("{" + entry("a", "F32", "[4]", 0, 16) + "}", QByteArray(4, '\0')));
    QVERIFY(errorOf([&] { readStateDict(cut); }).contains(QStringLiteral("12 bytes shorter")));
    QVERIFY(errorOf([&] { readStateDict("/no/such/file.pt"); }).contains(QStringLiteral("no file")));
    QVERIFY(!errorOf([&] { readStateDict(folder.path().toStdString()); }).isEmpty());
}

void TestSafetensors::surviveChangedBytes()
{
    const QTemporaryDir folder;
    const QByteArray good = safetensors("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F16", "[2,2]", 0, 8) + "," +
                                            entry("b", "U8", "[3]", 8, 11) + "}",
                                        QByteArray(11, '\x3c'));
    const int accepted = flipBytes(folder, QStringLiteral("f.safetensors"), good, [](const std::string& path) {
        for (const auto& [name, view] : readSafetensors(path).tensors) {
            toFloats(view);
        }
    });
    QVERIFY(accepted > 0);
    for (qsizetype size = 0; size < good.size(); ++size) {
        const std::string path = save(folder, QStringLiteral("f.safetensors"), good.left(size));
        QVERIFY(!errorOf([&] { readSafetensors(path); }).isEmpty());
    }
}

void TestSafetensors::halvesAreExact()
{
    std::vector<std::uint16_t> bits(65536);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        bits[i] = static_cast<std::uint16_t>(i);
    }
    const std::vector<float> values = toFloats(viewOf(TensorType::F16, bits.data(), 65536));
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const int exponent = static_cast<int>(i >> 10 & 31), fraction = static_cast<int>(i & 1023);
        const double sign = i & 0x8000 ? -1 : 1;
        if (exponent == 31 && fraction != 0) {
            QVERIFY(std::isnan(values[i]));
            continue;
        }
        const double expected = exponent == 31  ? sign * HUGE_VAL
                                : exponent == 0 ? sign * std::ldexp(fraction, -24)
                                                : sign * std::ldexp(1024 + fraction, exponent - 25);
        QVERIFY(static_cast<double>(values[i]) == expected && std::signbit(values[i]) == (sign < 0));
    }
}

void TestSafetensors::brainFloatsAreExact()
{
    const std::vector<float> wanted{1.0f, -2.5f, 0.0f, -0.0f, HUGE_VALF, 0x1p-130f, 3.0e38f};
    std::vector<std::uint16_t> bits;
    std::vector<float> expected;
    for (const float value : wanted) {
        bits.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16));
        expected.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits.back()) << 16));
    }
    const auto got = toFloats(viewOf(TensorType::BF16, bits.data(), static_cast<std::int64_t>(bits.size())));
    QCOMPARE(got, expected);
    const std::vector<std::int64_t> whole{-1, 0, 1LL << 40};
    QCOMPARE(toFloats(viewOf(TensorType::I64, whole.data(), 3)), (std::vector<float>{-1, 0, 0x1p40f}));
    QVERIFY(errorOf([&] { toFloats(viewOf(TensorType::C64, whole.data(), 3)); }).contains(QStringLiteral("C64")));
}

void TestSafetensors::shards()
{
    const QTemporaryDir folder;
    const std::vector<float> a{1, 2}, b{3};
    writeSafetensors(folder.filePath(QStringLiteral("one.safetensors")).toStdString(), {{"a", {2}, a.data()}}, {});
    save(folder, QStringLiteral("two.bin"),
         torchZip(Pickle().op("}(").text("b").tensor("0", 1, {1}, {1}).op("u").done(), {floats(b)}));
    const auto index = [&folder](const QByteArray& map) {
        return save(folder, QStringLiteral("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
    };
    const StateDict state = readStateDict(index("\"a\":\"one.safetensors\",\"b\":\"two.bin\""));
    QCOMPARE(toFloats(*state.find("a")), a);
    QCOMPARE(toFloats(*state.find("b")), b);
    for (const char* name : {"../one.safetensors", "/etc/passwd", "x/y", "", "..", "x\\\\y"}) {
        const std::string path = index(QByteArray("\"a\":\"") + name + "\"");
        QVERIFY(errorOf([&] { readStateDict(path); }).contains(QStringLiteral("no file beside it")));
    }
    const std::string missing = index("\"c\":\"one.safetensors\"");
    QVERIFY(errorOf([&] { readStateDict(missing); }).contains(QStringLiteral("lacks the tensor \"c\"")));
    const std::string absent = index("\"a\":\"three.safetensors\"");
    QVERIFY(errorOf([&] { readStateDict(absent); }).contains(QStringLiteral("three.safetensors")));
}

void TestSafetensors::goldens()
{
    NEEDS_SHARED("goldens/clip/safetensors_cases.json");
    const auto cases = QJsonDocument::fromJson(load(sharedPath("goldens/clip/safetensors_cases.json"))).object();
    const auto accept = cases[QLatin1String("accept")].toObject(), reject = cases[QLatin1String("reject")].toObject();
    QVERIFY(!accept.isEmpty() && !reject.isEmpty());
    const std::string root = sharedPath("goldens/clip/safetensors_");
    for (const QString& name : accept.keys()) {
        const QString message = errorOf([&] { readSafetensors(root + "ok/" + name.toStdString() + ".safetensors"); });
        QVERIFY2(message.isEmpty(), qPrintable(message));
    }
    for (const QString& name : reject.keys()) {
        const QString word = reject[name].toString().section(QLatin1Char(' '), 0, 0);
        const QString message = errorOf([&] { readSafetensors(root + "bad/" + name.toStdString() + ".safetensors"); });
        QVERIFY2(message.startsWith(word + QLatin1Char(':')), qPrintable(name + QStringLiteral(": ") + message));
    }
}

QTEST_GUILESS_MAIN(TestSafetensors)
#include "checkpoint_safetensors.moc"
