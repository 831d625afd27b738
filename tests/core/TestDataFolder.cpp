#include "DataFixtures.h"

#include <filesystem>

using namespace semascope::core;
using namespace fixtures;
namespace fs = std::filesystem;

class TestDataFolder : public QObject
{
    Q_OBJECT
    std::string m_root;
    std::unique_ptr<QTemporaryDir> m_dir;

    void put(const std::string& name, const Bytes& bytes = jpeg(8, 6))
    {
        fs::create_directories(fs::path(m_root + "/" + name).parent_path());
        writeFile(m_root + "/" + name, bytes);
    }
    static std::vector<std::string> ids(const Dataset& data)
    {
        std::vector<std::string> all;
        for (const Sample& sample : data.samples) {
            all.push_back(sample.id);
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_root = m_dir->path().toStdString();
    }
    /// QTemporaryDir cannot remove names that are not UTF-8.
    void cleanup() { fs::remove_all(m_root); }

    void everythingFoundIsLoadedOrNamed()
    {
        put("b.jpg");
        put("a.PNG", encoded(gradient(5, 5), ".png"));
        put("sub/c.webp", encoded(gradient(5, 5), ".webp"));
        put("wrong.png"); // a JPEG by its bytes
        put("noextension");
        const Bytes whole = jpeg(200, 100);
        put("cut.jpg", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)));
        put("padded.jpg", [] {
            Bytes b = jpeg(8, 8);
            b.resize(b.size() + 500);
            return b;
        }());
        const Bytes png = encoded(gradient(50, 50), ".png");
        put("cut.png", Bytes(png.begin(), png.end() - 20));
        for (const char* name : {"captions.csv", "notes.txt", "text.jpg", "empty.jpg", ".hidden.jpg", "Thumbs.db"}) {
            writeFile(m_root + "/" + name, name == std::string("empty.jpg") ? "" : "file,caption\n");
        }
        fs::create_directories(m_root + "/folder.png");
        put("folder.png/inside.jpg");
        ::mkfifo((m_root + "/pipe.png").c_str(), 0600);
        fs::create_symlink("nowhere", m_root + "/dangling.jpg");
        fs::create_symlink("/dev/zero", m_root + "/zero.jpg");
        const Dataset data = openPath(m_root);
        QCOMPARE(ids(data), (std::vector<std::string>{"a.PNG", "b.jpg", "folder.png/inside.jpg", "noextension",
                                                      "padded.jpg", "sub/c.webp", "wrong.png"}));
        QCOMPARE(data.kind, DatasetKind::Folder);
        QCOMPARE(data.found, std::size_t(19));
        SAYS(reasonOf(data, "cut.jpg"), "truncated (no end marker)");
        SAYS(reasonOf(data, "cut.png"), "truncated (no end marker)");
        SAYS(reasonOf(data, "captions.csv"), "not a picture (CSV table)");
        SAYS(reasonOf(data, "notes.txt"), "not a picture (text)");
        SAYS(reasonOf(data, "text.jpg"), "text file");
        SAYS(reasonOf(data, "empty.jpg"), "empty");
        SAYS(reasonOf(data, ".hidden.jpg"), "hidden");
        SAYS(reasonOf(data, "folder.png"), "folder");
        SAYS(reasonOf(data, "pipe.png"), "FIFO");
        SAYS(reasonOf(data, "dangling.jpg"), "does not exist");
        SAYS(reasonOf(data, "zero.jpg"), "device");
        QCOMPARE(pictureForModel(data, 1).width, 8);
        QCOMPARE(data.contentHash.size(), std::size_t(32));
        QCOMPARE(openPath(m_root).contentHash, data.contentHash);
        put("b.jpg", jpeg(9, 9));
        QVERIFY(openPath(m_root).contentHash != data.contentHash);
    }

    void aPictureWithSomethingAppendedIsWhole()
    {
        Bytes bytes = jpeg(64, 64);
        bytes.resize(bytes.size() + 100'000, 0x55); // as phones append a video
        put("motion.jpg", bytes);
        QCOMPARE(openPath(m_root).samples.size(), std::size_t(1));
    }

    void classes()
    {
        put("dog/1.jpg");
        put("dog/2.jpg");
        put("cat/1.jpg");
        writeFile(m_root + "/labels.csv", "file,label\n");
        QCOMPARE(detectDataset(m_root), std::optional(DatasetKind::FolderPerClass));
        const Dataset data = openPath(m_root);
        QCOMPARE(data.kind, DatasetKind::FolderPerClass);
        const Attribute* classes = attributeNamed(data, "class");
        QCOMPARE(classes->labels, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(classes->categories, (std::vector<std::int32_t>{0, 1, 1}));
        put("loose.jpg");
        QVERIFY(openPath(m_root).attributes.empty());
    }

    void splitsAreNoClasses()
    {
        for (const char* name : {"train/dog/1.jpg", "train/cat/1.jpg", "test/dog/2.jpg"}) {
            put(name);
        }
        const Dataset data = openPath(m_root);
        QCOMPARE(attributeNamed(data, "split")->labels, (std::vector<std::string>{"test", "train"}));
        QCOMPARE(attributeNamed(data, "class")->labels, (std::vector<std::string>{"cat", "dog"}));
    }

    void linksAndDoubles()
    {
        put("real/a.jpg");
        put("real/b.jpg");
        fs::create_symlink("..", m_root + "/real/up");
        fs::create_symlink("real", m_root + "/also");
        fs::create_symlink("real/a.jpg", m_root + "/0-link.jpg");
        fs::create_hard_link(m_root + "/real/b.jpg", m_root + "/real/c.jpg");
        QTemporaryDir outside;
        writeFile(outside.path().toStdString() + "/o.jpg", jpeg(7, 7));
        fs::create_symlink(outside.path().toStdString(), m_root + "/zoutside");
        const Dataset data = openPath(m_root);
        QCOMPARE(ids(data), (std::vector<std::string>{"real/a.jpg", "real/b.jpg", "zoutside/o.jpg"}));
        SAYS(reasonOf(data, "0-link.jpg"), "the same file as “real/a.jpg”");
        SAYS(reasonOf(data, "c.jpg"), "the same file as “real/b.jpg”");
        SAYS(reasonOf(data, "also"), "the same folder as “real”");
        SAYS(reasonOf(data, "up"), "the same folder as “.”");
    }

    void veryDeepFolders()
    {
        // 1,000 folders with names of 9 letters: far beyond PATH_MAX.
        int at = ::open(m_root.c_str(), O_RDONLY | O_DIRECTORY);
        for (int depth = 0; depth < 1000; ++depth) {
            QCOMPARE(::mkdirat(at, "deepdeepd", 0700), 0);
            const int next = ::openat(at, "deepdeepd", O_RDONLY | O_DIRECTORY);
            ::close(at);
            at = next;
        }
        const Bytes picture = jpeg(9, 4);
        const int file = ::openat(at, "x.jpg", O_WRONLY | O_CREAT, 0600);
        QCOMPARE(::write(file, picture.data(), picture.size()), static_cast<ssize_t>(picture.size()));
        ::close(file);
        ::close(at);
        put("top.jpg");
        const Dataset data = openPath(m_root);
        QCOMPARE(data.samples.size(), std::size_t(2));
        QVERIFY(data.samples[0].path.size() > 10'000);
        QCOMPARE(pictureForModel(data, 0).width, 9);
    }

    void strangeNames()
    {
        const std::vector<std::string> names = {"caf\xe9.jpg",
                                                "caf\xc3\xa9.jpg",
                                                "cafe\xcc\x81.jpg",
                                                "new\nline.jpg",
                                                "comma,\"quote\".jpg",
                                                "=1+1.jpg",
                                                "-rf.jpg",
                                                "\xf0\x9f\x98\x80.jpg",
                                                "\xd7\xa9\xd7\x9c.jpg",
                                                std::string(251, 'x') + ".jpg"};
        for (const std::string& name : names) {
            put(name);
        }
        const Dataset data = openPath(m_root);
        QCOMPARE(data.samples.size(), names.size());
        for (const std::string& name : names) {
            const auto all = ids(data);
            QVERIFY(std::find(all.begin(), all.end(), name) != all.end());
        }
        for (std::size_t i = 0; i < names.size(); ++i) {
            QCOMPARE(pictureForEye(data, i, 4).width, 4);
        }
        put("caf\xe9.jpg", {1, 2, 3});
        const Dataset changed = openPath(m_root);
        QCOMPARE(changed.skipped.size(), std::size_t(1));
    }

    void subsetsAreRepeatable()
    {
        for (int i = 0; i < 40; ++i) {
            put((i % 2 == 0 ? "even/" : "odd/") + std::to_string(i) + ".jpg");
        }
        OpenSpec spec;
        spec.path = m_root;
        spec.subset = 10;
        spec.seed = 5;
        const Dataset a = open(spec);
        const Dataset b = open(spec);
        QCOMPARE(a.samples.size(), std::size_t(10));
        QCOMPARE(ids(a), ids(b));
        QVERIFY(std::is_sorted(a.samples.begin(), a.samples.end(),
                               [](const Sample& x, const Sample& y) { return x.id < y.id; }));
        for (std::size_t i = 0; i < 10; ++i) {
            const std::int32_t c = attributeNamed(a, "class")->categories[i];
            QCOMPARE(attributeNamed(a, "class")->labels[static_cast<std::size_t>(c)] + "/",
                     a.samples[i].id.substr(0, a.samples[i].id.find('/') + 1));
        }
        spec.seed = 6;
        QVERIFY(ids(open(spec)) != ids(a));
        QVERIFY(open(spec).contentHash != a.contentHash);
        QCOMPARE(codeOf([&] { takeSamples(a, {10}, "x"); }), std::optional(Code::Misuse));
    }

    void transparencyIsMarked()
    {
        const cv::Mat clear(4, 4, CV_8UC4, cv::Scalar(1, 2, 3, 0));
        put("a.png", encoded(clear, ".png"));
        put("b.webp", encoded(clear, ".webp"));
        put("d.png", encoded(gradient(4, 4), ".png"));
        put("e.jpg");
        const auto marks = [](const Dataset& data) {
            std::string text;
            for (const Sample& sample : data.samples) {
                text += sample.transparent ? 't' : '.';
            }
            return text;
        };
        const Dataset folder = openPath(m_root);
        QCOMPARE(marks(folder), std::string("tt.."));
        QCOMPARE(marks(takeSamples(folder, {3, 1, 2, 0}, "part")), std::string(".t.t"));
        writeFile(m_root + "/t.csv", "file\nd.png\na.png\n");
        QCOMPARE(marks(openPath(m_root + "/t.csv")), std::string(".t"));
    }

    void filesThatVanishAreNamed()
    {
        put("a.jpg");
        const Dataset data = openPath(m_root);
        fs::remove(m_root + "/a.jpg");
        QCOMPARE(codeOf([&] { pictureForModel(data, 0); }), std::optional(Code::NotFound));
        QCOMPARE(messageOf([&] { pictureForModel(data, 0); }), std::string("does not exist"));
        put("a.jpg", {0xff, 0xd8, 0xff, 0xe0});
        for (const std::string& reason :
             {messageOf([&] { pictureForModel(data, 0); }), messageOf([&] { pictureForEye(data, 0, 8); })}) {
            QCOMPARE(reason, std::string("truncated (ends inside its header)")); // reads on from "a.jpg: "
        }
        QCOMPARE(codeOf([&] { pictureForModel(data, 1); }), std::optional(Code::Misuse));
    }

    void whatIsNoDataset()
    {
        QVERIFY(!detectDataset(m_root));
        SAYS(messageOf([&] { openPath(m_root); }), "holds no pictures");
        SAYS(messageOf([&] { openPath(m_root + "/absent"); }), "does not exist");
        put("a.jpg");
        QCOMPARE(openPath(m_root + "/a.jpg").samples.size(), std::size_t(1)); // one picture is a dataset of one
        writeFile(m_root + "/x.json", "{}");
        QVERIFY(!detectDataset(m_root + "/x.json"));
        SAYS(messageOf([&] { openPath(m_root + "/x.json"); }), "no dataset");
    }

    void aTableAboutAFolder()
    {
        put("pictures/a.jpg");
        put("pictures/b.jpg");
        writeFile(m_root + "/about.csv", "file,mood\nb.jpg,glad\n");
        OpenSpec spec;
        spec.path = m_root + "/pictures";
        spec.metadata = m_root + "/about.csv";
        const Dataset data = open(spec);
        QCOMPARE(ids(data), (std::vector<std::string>{"b.jpg"}));
        QVERIFY(attributeNamed(data, "mood") != nullptr);
    }
};

QTEST_GUILESS_MAIN(TestDataFolder)
#include "TestDataFolder.moc"
