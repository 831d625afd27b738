#include "DataFixtures.h"
#include "core/data/Arrays.h"

#include <cmath>
#include <limits>
#include <sys/sysmacros.h>
#include <zlib.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

std::string npy(const std::string& dict, const std::string& data, int version = 1)
{
    std::string text = dict;
    text += '\n';
    std::string bytes = std::string("\x93NUMPY") + static_cast<char>(version) + '\0';
    bytes += static_cast<char>(text.size() & 255);
    bytes += static_cast<char>((text.size() >> 8) & 255);
    if (version > 1) {
        bytes += std::string(2, '\0');
    }
    return bytes + text + data;
}
std::string npyOf(const std::string& type, const std::string& shape, const std::string& data, bool fortran = false)
{
    return npy("{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape +
                   ", }",
               data);
}
template<class T> std::string raw(std::initializer_list<T> values)
{
    std::string bytes(values.size() * sizeof(T), '\0');
    std::memcpy(bytes.data(), values.begin(), bytes.size());
    return bytes;
}

/// What goes into a ZIP made by hand, lies included.
struct Part
{
    std::string name, data;
    bool deflate = false;
    int flags = 0;
    std::int64_t claim = -1; ///< uncompressed size to claim
};

std::string little(std::uint64_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        text += static_cast<char>(value >> (8 * i));
    }
    return text;
}

std::string deflated(const std::string& data)
{
    z_stream z = {};
    deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    std::string out(data.size() + 1000, '\0');
    std::string in = data;
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

std::string zip(const std::vector<Part>& parts, bool overlap = false)
{
    std::string file, directory;
    for (const Part& part : parts) {
        const std::string packed = part.deflate ? deflated(part.data) : part.data;
        const std::uint64_t size = part.claim >= 0 ? static_cast<std::uint64_t>(part.claim) : part.data.size();
        const auto crc =
            crc32(0, reinterpret_cast<const Bytef*>(part.data.data()), static_cast<uInt>(part.data.size()));
        const std::string common = little(static_cast<std::uint64_t>(part.flags), 2) + little(part.deflate ? 8 : 0, 2) +
                                   little(0, 4) + little(crc, 4) + little(packed.size(), 4) + little(size, 4) +
                                   little(part.name.size(), 2) + little(0, 2);
        const std::size_t offset = overlap ? 0 : file.size();
        file += "PK\3\4" + little(20, 2) + common + part.name + packed;
        directory += "PK\1\2" + little(20, 2) + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) +
                     little(0, 4) + little(offset, 4) + part.name;
    }
    const std::string end = "PK\5\6" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) +
                            little(directory.size(), 4) + little(file.size(), 4) + little(0, 2);
    return file + directory + end;
}

} // namespace

class TestDataArrays : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::string file(const std::string& bytes, const char* name = "x.npy")
    {
        const std::string path = m_dir.path().toStdString() + "/" + name;
        writeFile(path, bytes);
        return path;
    }
    std::vector<float> values(const std::string& bytes)
    {
        const Matrix m = toMatrix(readArray(file(bytes)), "x", true);
        return std::vector<float>(m.data(), m.data() + m.rows() * m.cols());
    }

private Q_SLOTS:
    void everyTypeIsConverted()
    {
        using V = std::vector<float>;
        QCOMPARE(values(npyOf("<f4", "(1, 2)", raw<float>({1.5f, -2}))), (V{1.5f, -2}));
        QCOMPARE(values(npyOf("<f8", "(2,)", raw<double>({1.5, -2}))), (V{1.5f, -2}));
        QCOMPARE(values(npyOf("<f2", "(5,)", raw<std::uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000}))),
                 (V{1, -2, 5.9604645e-8f, 65504, -0.0f}));
        QCOMPARE(values(npyOf(">f4", "(1,)", std::string("\x3f\x80\0\0", 4))), (V{1}));
        QCOMPARE(values(npyOf(">i2", "(2,)", std::string("\0\1\xff\xff", 4))), (V{1, -1}));
        QCOMPARE(values(npyOf("<i8", "(2,)", raw<std::int64_t>({7, -9}))), (V{7, -9}));
        QCOMPARE(values(npyOf("|b1", "(2,)", std::string("\0\1", 2))), (V{0, 1}));
        QCOMPARE(values(npyOf("|u1", "(2,)", std::string("\0\xff", 2))), (V{0, 255}));
        QCOMPARE(values(npyOf("<f4", "(2, 3)", raw<float>({1, 4, 2, 5, 3, 6}), true)), (V{1, 2, 3, 4, 5, 6}));
        QVERIFY(std::isinf(values(npyOf("<f2", "(1,)", raw<std::uint16_t>({0x7c00})))[0]));
        QCOMPARE(values(npy("{\"shape\":(1,),'descr':'<f4','fortran_order':False}", raw<float>({3}), 2)), (V{3}));
    }

    void oddShapes()
    {
        QCOMPARE(readNpy(file(npyOf("<f4", "()", raw<float>({1})))).count(), std::size_t(1));
        QCOMPARE(toMatrix(readNpy(file(npyOf("<f4", "(0, 512)", ""))), "x").rows(), std::size_t(0));
        QCOMPARE(codeOf([&] { toMatrix(readNpy(file(npyOf("<f4", "(1, 1, 1)", raw<float>({1})))), "x"); }),
                 std::optional(Code::Mismatch));
        QCOMPARE(codeOf([&] { toMatrix(readNpy(file(npyOf("<f4", "(9000000000000, 0)", ""))), "x"); }),
                 std::optional(Code::Mismatch));
        const Array deep = readNpy(file(npyOf("|u1", "(2, 2, 2)", std::string("\0\1\2\3\4\5\6\7", 8), true)));
        QCOMPARE(int(static_cast<const std::uint8_t*>(deep.data)[1]), 4);
    }

    void liesAreRefusedQuickly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, const std::string& bytes, const char* words) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(words);
        };
        row("32 GiB", npyOf("<f8", "(65536, 65536)", ""), "shorter than it says");
        row("overflow", npyOf("<f8", "(4294967296, 4294967296, 8)", ""), "shorter than it says");
        row("10^400", npyOf("<f8", "(1" + std::string(400, '0') + ",)", ""), "shorter than it says");
        row("header length", std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12) + std::string(100, ' '),
            "shorter than it says");
        row("parentheses", npy(std::string(60000, '('), ""), "unreadable");
        row("negative", npyOf("<f4", "(-1, 2)", ""), "unreadable");
        row("float size", npyOf("<f4", "(1.0,)", ""), "unreadable");
        row("objects", npyOf("|O", "(1,)", "12345678"), "Python objects");
        row("structured", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "1234"),
            "structured");
        row("strings", npyOf("<U4", "(1,)", std::string(16, 'a')), "type");
        row("complex", npyOf("<c8", "(1,)", "12345678"), "type");
        row("call", npy("{'descr': '<f4', 'fortran_order': exit(), 'shape': (1,)}", "1234"), "unreadable");
        row("doubled key", npy("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "1234"),
            "unreadable");
        row("version", npy("{}", "", 9), "version");
        row("not numpy", "hello world, hello world", "not a NumPy");
        row("empty", "", "not a NumPy");
        row("cut", npyOf("<f4", "(3,)", raw<float>({1, 2})), "shorter than it says");
    }
    void liesAreRefusedQuickly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, words);
        const std::string path = file(bytes.toStdString());
        QElapsedTimer timer;
        timer.start();
        SAYS(messageOf([&] { readArray(path); }), words.toStdString());
        QVERIFY(timer.elapsed() < 50);
        SAYS(messageOf([&] { readArray(path); }), "x.npy");
    }

    void labels()
    {
        const auto read = [&](const std::string& bytes) { return toLabels(readNpy(file(bytes)), "labels"); };
        QCOMPARE(read(npyOf("<f4", "(2, 1)", raw<float>({3, -1}))), (std::vector<std::int64_t>{3, -1}));
        QCOMPARE(read(npyOf("<u8", "(1,)", raw<std::uint64_t>({9}))), (std::vector<std::int64_t>{9}));
        for (const float bad : {1.5f, std::numeric_limits<float>::quiet_NaN(), 1e30f}) {
            QCOMPARE(codeOf([&] { read(npyOf("<f4", "(1,)", raw<float>({bad}))); }), std::optional(Code::BadFormat));
        }
        QCOMPARE(codeOf([&] { read(npyOf("<u8", "(1,)", raw<std::uint64_t>({~0ull}))); }),
                 std::optional(Code::BadFormat));
        QCOMPARE(codeOf([&] {
                     read(npyOf("<i4", "(1, 2)", raw<std::int32_t>({1, 2})));
                 }),
                 std::optional(Code::Mismatch));
    }

    void archives()
    {
        const std::string one = npyOf("<f4", "(1, 2)", raw<float>({1, 2}));
        const std::string two = npyOf("<f4", "(1, 1)", raw<float>({9}));
        const std::string path = file(zip({{"a.npy", one, true}, {"b.npy", two}}), "x.npz");
        QCOMPARE(toMatrix(readNpz(path, "a"), "a").at(0, 1), 2.0f);
        QCOMPARE(toMatrix(readArray(path, "b.npy"), "b").at(0, 0), 9.0f);
        SAYS(messageOf([&] { readNpz(path); }), "several arrays (a, b)");
        QCOMPARE(codeOf([&] { readNpz(path, "c"); }), std::optional(Code::NotFound));
        QCOMPARE(toMatrix(readNpz(file(zip({{"a.npy", one}}), "y.npz")), "a").at(0, 0), 1.0f);
    }

    void hostileArchives()
    {
        const std::string one = npyOf("<f4", "(1, 2)", raw<float>({1, 2}));
        const auto refusal = [&](const std::string& bytes) {
            return messageOf([&] { readNpz(file(bytes, "x.npz"), "a"); });
        };
        SAYS(refusal(zip({{"a.npy", one}, {"b.npy", one}}, true)), "overlap");
        SAYS(refusal(zip({{"a.npy", one}, {"a.npy", one}})), "two entries");
        SAYS(refusal(zip({{"a.npy", one, false, 1}})), "encrypted");
        SAYS(refusal(zip({{"../../a.npy", one}})), "leads out");
        SAYS(refusal(zip({{"/a.npy", one}})), "leads out");
        SAYS(refusal(zip({{"a.npy", one, true, 0, 4'000'000'000}})), "refused");
        SAYS(refusal(zip({{"a.npy", one, true, 0, 4000}})), "shorter than it says");
        SAYS(refusal(zip({{"a.npy", one, false, 0, 4000}})), "two sizes");
        std::string damaged = zip({{"a.npy", one}});
        SAYS(refusal(damaged.substr(0, damaged.size() - 30)), "directory is missing");
        std::string flipped = zip({{"a.npy", npyOf("<f4", "(1, 2)", raw<float>({1, 2})), true}});
        flipped[60] = static_cast<char>(flipped[60] ^ 0x55);
        QVERIFY(!refusal(flipped).empty());
    }

    void everyByteFlippedNeverCrashes()
    {
        const std::string one = npyOf("<f4", "(1, 2)", raw<float>({1, 2}));
        for (const std::string& whole : {one, zip({{"a.npy", one, true}, {"b.npy", one}})}) {
            for (std::size_t i = 0; i < whole.size(); ++i) {
                std::string bytes = whole;
                bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
                const std::string path = file(bytes, "f");
                codeOf([&] { toMatrix(readArray(path, "a"), "x"); });
            }
        }
    }

    void writtenAndReadAgain()
    {
        const std::string path = m_dir.path().toStdString() + "/out.npy";
        std::vector<float> numbers(3 * 5 * 2);
        std::iota(numbers.begin(), numbers.end(), 0.5f);
        writeNpy(path, numbers.data(), {3, 5, 2});
        const Array back = readNpy(path);
        QCOMPARE(back.shape, (std::vector<std::size_t>{3, 5, 2}));
        QVERIFY(std::equal(numbers.begin(), numbers.end(), static_cast<const float*>(back.data)));
        writeNpy(path, Matrix::from(numbers, 6, 5));
        QCOMPARE(toMatrix(readNpy(path), "x").at(5, 4), numbers.back());
        writeNpy(path, std::vector<std::int32_t>{4, -5});
        QCOMPARE(toLabels(readNpy(path), "x"), (std::vector<std::int64_t>{4, -5}));
    }

    void largeArraysAreMapped()
    {
        const std::string path = m_dir.path().toStdString() + "/large.npy";
        std::vector<float> numbers(5'000'000, 2.0f);
        numbers.back() = 7;
        writeNpy(path, numbers.data(), {5000, 1000});
        const Matrix m = toMatrix(readNpy(path), "x");
        ::unlink(path.c_str()); // the mapping outlives the name
        QCOMPARE(m.at(4999, 999), 7.0f);
    }

    void savingIsAtomic()
    {
        QTemporaryDir dir;
        const std::string root = dir.path().toStdString();
        writeFileAtomic(root + "/a.txt", "old", 3);
        ::chmod((root + "/a.txt").c_str(), 0640);
        writeFileAtomic(root + "/a.txt", "new!", 4);
        QCOMPARE(readRegularFile(root + "/a.txt"), (Bytes{'n', 'e', 'w', '!'}));
        struct stat s = {};
        ::stat((root + "/a.txt").c_str(), &s);
        QCOMPARE(int(s.st_mode & 0777), 0640);
        QCOMPARE(::symlink("a.txt", (root + "/link").c_str()), 0);
        writeFileAtomic(root + "/link", "via", 3);
        QCOMPARE(readRegularFile(root + "/a.txt").size(), std::size_t(3));
        SAYS(messageOf([&] { writeFileAtomic(root + "/no/such/file", "x", 1); }), "No such file");
        ::mkdir((root + "/folder").c_str(), 0700);
        writeFile(root + "/folder/full", "x");
        SAYS(messageOf([&] { writeFileAtomic(root + "/folder", "x", 1); }), "cannot be written");
        const QStringList left = QDir(dir.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        QCOMPARE(left.size(), 3); // a.txt, link, folder: nothing temporary stays
    }

    void devicesAndPipesAreNeverReplaced()
    {
        QTemporaryDir dir;
        const std::string root = dir.path().toStdString() + "/";
        QCOMPARE(::mkfifo((root + "pipe.npy").c_str(), 0600), 0);
        QCOMPARE(::symlink("pipe.npy", (root + "link.npy").c_str()), 0);
        std::vector<std::string> names = {"pipe.npy", "link.npy"};
        if (::mknod((root + "device.npy").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0) { // only root may
            names.push_back("device.npy");
        }
        for (const std::string& name : names) {
            const auto refused = [&](auto write) {
                SAYS(messageOf(write), "is not a regular file");
                QCOMPARE(codeOf(write), std::optional(Code::Io));
            };
            refused([&] { writeFileAtomic(root + name, "x", 1); });
            refused([&] { writeNpy(root + name, std::vector<std::int32_t>{1}); });
            refused([&] { checkReplaceable(root + name); });
            struct stat s = {};
            QCOMPARE(::stat((root + name).c_str(), &s), 0);
            QVERIFY(!S_ISREG(s.st_mode));
        }
        checkReplaceable(root + "absent.npy");
        const auto all = QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot;
        QCOMPARE(std::size_t(QDir(dir.path()).entryList(all).size()), names.size()); // nothing temporary stays
    }

    void rows()
    {
        const float inf = std::numeric_limits<float>::infinity();
        const Matrix m = Matrix::from({3, 4, 0, 0, 1e30f, 0, inf, 1}, 4, 2);
        QCOMPARE(finiteRows(m), (std::vector<std::size_t>{0, 1}));
        const Matrix large = Matrix::from({1e18f, -1e18f, 1.1e18f, 0, -1e19f, 0, 0, std::nanf("")}, 4, 2);
        QCOMPARE(finiteRows(large), (std::vector<std::size_t>{0})); // the largest number that may be squared
        QVERIFY(finiteRows(Matrix::from(std::vector<float>(512, 9e17f), 1, 512)).empty()); // each may, the sum not
        const Matrix unit = normaliseRows(takeRows(m, {2, 0, 1}));
        QCOMPARE(unit.at(0, 0), 1.0f);
        QCOMPARE(unit.at(1, 1), 0.8f);
        QCOMPARE(unit.at(2, 0), 0.0f);
    }
};

QTEST_GUILESS_MAIN(TestDataArrays)
#include "TestDataArrays.moc"
