#include "DataFixtures.h"

using namespace semascope::core;
using namespace fixtures;

class TestDataTable : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    std::string root() const { return m_dir.path().toStdString(); }
    Dataset table(const std::string& text, const char* name = "t.csv")
    {
        writeFile(root() + "/" + name, text);
        return openPath(root() + "/" + name);
    }
    std::string refusal(const std::string& text)
    {
        return messageOf([&] { table(text); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char* name : {"a.jpg", "b.jpg", "c d.jpg", "-x,\"y\".jpg"}) {
            writeFile(root() + "/" + name, jpeg(8, 8));
        }
    }

    /// QTemporaryDir cannot name files that are not UTF-8.
    void cleanupTestCase() { ::unlink((root() + "/caf\xe9.jpg").c_str()); }

    void quotesMarksAndLineEnds()
    {
        const Dataset data = table("\xef\xbb\xbf"
                                   "File,Caption,score\r\na.jpg,\"two\nlines, and \"\"quotes\"\"\",1.5\n"
                                   "b.jpg,plain,\rc d.jpg,last,2");
        QCOMPARE(data.kind, DatasetKind::Table);
        QCOMPARE(data.samples.size(), std::size_t(3));
        QCOMPARE(data.samples[0].id, std::string("a.jpg"));
        QCOMPARE(data.samples[0].captions, (std::vector<std::string>{"two\nlines, and \"quotes\""}));
        QCOMPARE(data.samples[2].path, root() + "/c d.jpg");
        const Attribute* score = attributeNamed(data, "score");
        QVERIFY(score != nullptr && score->numeric());
        QCOMPARE(score->numbers[0], 1.5);
        QVERIFY(std::isnan(score->numbers[1]));
    }

    void severalRowsOfOnePicture()
    {
        const Dataset data =
            table("path,caption,caption_2,group\na.jpg,one,uno,x\n./a.jpg,two,,y\nb.jpg,three,tres,\n");
        QCOMPARE(data.samples.size(), std::size_t(2));
        QCOMPARE(data.samples[0].captions, (std::vector<std::string>{"one", "uno", "two"}));
        const Attribute* group = attributeNamed(data, "group");
        QCOMPARE(group->categories, (std::vector<std::int32_t>{0, -1}));
        QCOMPARE(group->labels, (std::vector<std::string>{"x"}));
        QVERIFY(anyContains(data.notes, "differs between rows"));
    }

    void raggedRowsAreNumbered()
    {
        const Dataset data = table("file,label\na.jpg,1\nb.jpg\n\"c d.jpg\",2,3\n\nb.jpg,4\n");
        QCOMPARE(data.samples.size(), std::size_t(2));
        SAYS(reasonOf(data, "t.csv:3"), "line 3 has 1 cell");
        SAYS(reasonOf(data, "t.csv:4"), "line 4 has 3 cells");
    }

    void numbersAndCategories()
    {
        const Dataset data = table("file;huge;comma;n;id\na.jpg;1e999;1,5;-1e3;7\nb.jpg;2;2;+4;8\n");
        QVERIFY(!attributeNamed(data, "huge")->numeric());
        QVERIFY(!attributeNamed(data, "comma")->numeric());
        QCOMPARE(attributeNamed(data, "n")->numbers, (std::vector<double>{-1000, 4}));
        QVERIFY(attributeNamed(data, "id")->numeric());
    }

    void manyValuesAreNoAttribute()
    {
        std::string text = "id,caption,note\n";
        for (int i = 0; i < 2500; ++i) {
            text += "k" + std::to_string(i) + ",words,n" + std::to_string(i) + "\n";
        }
        const Dataset data = table(text);
        QCOMPARE(data.kind, DatasetKind::Captions);
        QCOMPARE(data.samples[2499].id, std::string("k2499"));
        QVERIFY(attributeNamed(data, "note") == nullptr);
        QVERIFY(attributeNamed(data, "id") != nullptr);
        QVERIFY(anyContains(data.notes, "“note” is no attribute"));
    }

    void namesThatCannotBeLoaded()
    {
        QCOMPARE(::mkfifo((root() + "/pipe.jpg").c_str(), 0600), 0);
        QCOMPARE(::symlink("/dev/zero", (root() + "/zero.jpg").c_str()), 0);
        const Dataset data =
            table("file\na.jpg\nhttp://example.org/x.jpg\nHTTPS://example.org/y.jpg\nabsent.jpg\n"
                  "pipe.jpg\nzero.jpg\nt.csv\nfile://" +
                  root() + "/c%20d.jpg\n../" + m_dir.path().section(QLatin1Char('/'), -1).toStdString() + "/b.jpg\n");
        QCOMPARE(data.samples.size(), std::size_t(3));
        SAYS(reasonOf(data, "org/x.jpg"), "remote");
        SAYS(reasonOf(data, "org/y.jpg"), "remote");
        SAYS(reasonOf(data, "absent.jpg"), "does not exist");
        SAYS(reasonOf(data, "pipe.jpg"), "FIFO");
        SAYS(reasonOf(data, "zero.jpg"), "device");
        SAYS(reasonOf(data, "t.csv"), "CSV table");
    }

    void oddNamesAndExplicitColumn()
    {
        writeFile(root() + "/caf\xe9.jpg", jpeg(8, 8));
        writeFile(root() + "/t.csv", "what,where\nx,caf\xe9.jpg\ny,\"-x,\"\"y\"\".jpg\"\n");
        OpenSpec spec;
        spec.path = root() + "/t.csv";
        spec.pathColumn = "where";
        const Dataset data = open(spec);
        QCOMPARE(data.samples.size(), std::size_t(2));
        QCOMPARE(data.samples[0].id, std::string("caf\xe9.jpg"));
        spec.pathColumn = "nowhere";
        SAYS(messageOf([&] { open(spec); }), "no column “nowhere”");
    }

    void captionsThatAreNotUtf8()
    {
        const Dataset data = table("caption\ncaf\xe9\n");
        QCOMPARE(data.samples[0].captions[0], std::string("caf\xc3\xa9"));
        QVERIFY(anyContains(data.notes, "Latin-1"));
    }

    void captionsWithSharedIds()
    {
        const Dataset data = table("id,text\n1,one\n2,two\n1,again\n3,\n", "c.tsv.csv");
        QCOMPARE(data.samples.size(), std::size_t(2));
        QCOMPARE(data.samples[0].captions.size(), std::size_t(2));
        QVERIFY(anyContains(data.notes, "1 row shares an id"));
    }

    void tabs()
    {
        const Dataset data = table("file\tcaption\na.jpg\tone, two; three\n", "t.tsv");
        QCOMPARE(data.samples[0].captions[0], std::string("one, two; three"));
    }

    void hopelessTables()
    {
        SAYS(refusal(std::string("\xff\xfe"
                                 "f\0i\0",
                                 6)),
             "UTF-16");
        SAYS(refusal(std::string("file\na.jpg\0\n", 12)), "NUL");
        SAYS(refusal("file\n" + std::string(2'000'000, 'x')), "more than 1 MB at line 2");
        SAYS(refusal("file\n\"" + std::string(100, 'x')), "never closed");
        SAYS(refusal("a,b\n1,2\n"), "neither picture names nor captions");
        SAYS(refusal(""), "empty");
        SAYS(refusal("file" + std::string(100'000, ',') + "\n"), "more than 4096 columns");
    }

    void namesOnly()
    {
        writeFile(root() + "/t.csv", "file\na.jpg\nnowhere.jpg\nx.txt\n");
        OpenSpec spec;
        spec.path = root() + "/t.csv";
        spec.checkPictures = false;
        const Dataset data = open(spec);
        QCOMPARE(data.samples.size(), std::size_t(2));
        SAYS(reasonOf(data, "x.txt"), "by its name");
    }

    void cancelling()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        OpenSpec spec;
        writeFile(root() + "/t.csv", "file\na.jpg\n");
        spec.path = root() + "/t.csv";
        QCOMPARE(codeOf([&] { openDataset(spec, job); }), std::optional(Code::Cancelled));
    }
};

QTEST_GUILESS_MAIN(TestDataTable)
#include "TestDataTable.moc"
