#include "DataFixtures.h"
#include "core/data/Arrays.h"

#include <zlib.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

std::string gzipped(const Bytes& bytes)
{
    z_stream z = {};
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string out(bytes.size() + 1000, '\0');
    Bytes in = bytes;
    z.next_in = in.data();
    z.avail_in = static_cast<uInt>(in.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

Bytes cifarRecord(int label, int red)
{
    Bytes record(3073, 0);
    record[0] = static_cast<std::uint8_t>(label);
    std::fill(record.begin() + 1, record.begin() + 1025, static_cast<std::uint8_t>(red));
    record[1 + 2048] = 9; // blue of the first pixel
    return record;
}

/// n pictures of 3 wide and 2 high, the first pixel of each its number.
Bytes idxImages(std::uint32_t n)
{
    Bytes bytes = bigEndian({0x803, n, 2, 3});
    for (std::uint32_t i = 0; i < n; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i));
        bytes.insert(bytes.end(), 5, 100);
    }
    return bytes;
}
Bytes idxLabels(std::uint32_t n)
{
    Bytes bytes = bigEndian({0x801, n});
    for (std::uint32_t i = 0; i < n; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i % 3));
    }
    return bytes;
}

} // namespace

class TestDataFormats : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_root;

    void makeFolder(const char* name) { ::mkdir((m_root + name).c_str(), 0700); }

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_root = m_dir->path().toStdString() + "/";
    }

    void cocoCaptions()
    {
        makeFolder("annotations");
        makeFolder("val2017");
        writeFile(m_root + "val2017/one.jpg", jpeg(8, 8));
        writeFile(m_root + "annotations/captions.json",
                  R"({"info":{"x":[1,{"id":7}]},"annotations":[{"image_id":7,"id":1,"caption":" A \u00e9 cat. "},
                  {"image_id":7,"id":2,"caption":"Again"},{"image_id":99,"id":3,"caption":"lost"}],
                  "images":[{"id":7,"file_name":"one.jpg","license":3},{"id":8,"file_name":"two.jpg"},
                  {"id":9,"file_name":"http:\/\/x\/y.jpg"}]})");
        const std::string path = m_root + "annotations/captions.json";
        QCOMPARE(detectDataset(path), std::optional(DatasetKind::CocoCaptions));
        const Dataset data = openPath(path);
        QCOMPARE(data.samples.size(), std::size_t(1));
        QCOMPARE(data.samples[0].captions, (std::vector<std::string>{"A \xc3\xa9 cat.", "Again"}));
        QCOMPARE(pictureForModel(data, 0).width, 8);
        QCOMPARE(data.found, std::size_t(4));
        SAYS(reasonOf(data, "two.jpg"), "does not exist");
        SAYS(reasonOf(data, "captions.json"), "unknown image 99");
        SAYS(reasonOf(data, "y.jpg"), "remote");
    }

    void damagedCoco()
    {
        const auto refusal = [&](const std::string& text) {
            writeFile(m_root + "c.json", text);
            return messageOf([&] { openPath(m_root + "c.json"); });
        };
        SAYS(refusal(R"({"images":[{"id":1,)"), "damaged JSON");
        SAYS(refusal(R"({"images":[]})"), "lists no images");
        SAYS(refusal(R"({"images":)" + std::string(10000, '[')), "nested too deeply");
        SAYS(refusal(R"({"images":[{"id":1,"file_name":"a"}],"annotations":[{"image_id":1,"bbox":[1]}]})"),
             "without captions");
    }

    void celebA()
    {
        makeFolder("img_align_celeba");
        writeFile(m_root + "img_align_celeba/000001.jpg", jpeg(8, 8));
        writeFile(m_root + "list_attr_celeba.txt",
                  "4\nEyeglasses Smiling\n000001.jpg -1  1\n000002.jpg  1  1\n000003.jpg 1\n");
        for (const char* name : {"", "list_attr_celeba.txt"}) {
            QCOMPARE(detectDataset(m_root + name), std::optional(DatasetKind::CelebA));
            const Dataset data = openPath(m_root + name);
            QCOMPARE(data.samples.size(), std::size_t(1));
            QCOMPARE(attributeNamed(data, "Eyeglasses")->categories[0], 0);
            QCOMPARE(attributeNamed(data, "Smiling")->labels[1], std::string("yes"));
            SAYS(reasonOf(data, "000002.jpg"), "does not exist");
            SAYS(reasonOf(data, "celeba.txt:5"), "line 5 has 1 value");
            QVERIFY(anyContains(data.notes, "announces 4 pictures and names 3"));
        }
    }

    void cifar()
    {
        Bytes batch = cifarRecord(3, 200);
        const Bytes second = cifarRecord(1, 50);
        batch.insert(batch.end(), second.begin(), second.end());
        writeFile(m_root + "data_batch_1.bin", batch);
        Bytes test = cifarRecord(9, 7);
        writeFile(m_root + "test_batch.bin", test);
        writeFile(m_root + "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        const Dataset data = openPath(m_root.substr(0, m_root.size() - 1));
        QCOMPARE(data.kind, DatasetKind::Cifar10);
        QCOMPARE(data.pictures.count, std::size_t(3));
        QCOMPARE(attributeNamed(data, "class")->categories, (std::vector<std::int32_t>{3, 1, 9}));
        QCOMPARE(attributeNamed(data, "class")->labels[3], std::string("d"));
        const Picture first = pictureForModel(data, 0);
        QCOMPARE(first.width, 32);
        QCOMPARE(int(first.pixels[0]), 200);
        QCOMPARE(int(first.pixels[2]), 9);
        QCOMPARE(pictureForEye(data, 1, 16).width, 16);
        const Dataset one = openPath(m_root + "test_batch.bin");
        QCOMPARE(one.samples[0].id, std::string("test_batch.bin:0"));
        const Dataset part = takeSamples(data, {2, 0}, "part");
        QCOMPARE(int(pictureForModel(part, 0).pixels[0]), 7);
        QCOMPARE(attributeNamed(part, "class")->categories, (std::vector<std::int32_t>{9, 3}));
    }

    void cutCifarIsNamed()
    {
        Bytes batch = cifarRecord(3, 200);
        const Bytes second = cifarRecord(1, 50);
        batch.insert(batch.end(), second.begin(), second.end() - 7);
        writeFile(m_root + "data_batch_1.bin", batch);
        writeFile(m_root + "data_batch_2.bin", cifarRecord(77, 1));
        writeFile(m_root + "data_batch_3.bin", "");
        writeFile(m_root + "test_batch.bin", cifarRecord(9, 7));
        const Dataset data = openPath(m_root); // which checks found = loaded + skipped
        QCOMPARE(data.kind, DatasetKind::Cifar10);
        QCOMPARE(data.samples.size(), std::size_t(2));
        QCOMPARE(data.found, std::size_t(5));
        QCOMPARE(reasonOf(data, "data_batch_1.bin"),
                 std::string("truncated: the file ends inside picture 1, after 1 whole one"));
        SAYS(reasonOf(data, "data_batch_2.bin"), "not CIFAR-10");
        SAYS(reasonOf(data, "data_batch_3.bin"), "empty");
        QCOMPARE(openPath(m_root + "data_batch_1.bin").skipped.size(), std::size_t(1));
    }

    void idx_data()
    {
        QTest::addColumn<bool>("packed");
        QTest::newRow("plain") << false;
        QTest::newRow("gzip") << true;
    }
    void idx()
    {
        QFETCH(bool, packed);
        const std::string images = m_root + (packed ? "train-images-idx3-ubyte.gz" : "train-images-idx3-ubyte");
        const std::string labels = m_root + (packed ? "train-labels-idx1-ubyte.gz" : "train-labels-idx1-ubyte");
        const auto save = [&](const std::string& path, const Bytes& bytes) {
            packed ? writeFile(path, gzipped(bytes)) : writeFile(path, bytes);
        };
        save(images, idxImages(5));
        save(labels, idxLabels(5));
        for (const std::string& path : {images, m_root}) {
            QCOMPARE(detectDataset(path), std::optional(DatasetKind::Idx));
            const Dataset data = openPath(path);
            QCOMPARE(data.pictures.width, 3);
            QCOMPARE(pictureForModel(data, 4).pixels[2], std::uint8_t(4));
            QCOMPARE(attributeNamed(data, "label")->categories, (std::vector<std::int32_t>{0, 1, 2, 0, 1}));
        }
        QVERIFY(!detectDataset(labels));
        save(labels, idxLabels(4)); // other length: never aligned by position
        const Dataset unlabelled = openPath(images);
        QVERIFY(unlabelled.attributes.empty());
        QVERIFY(anyContains(unlabelled.notes, "has 4 labels for 5 pictures"));
        Bytes cut = idxImages(5);
        cut.resize(cut.size() - 1);
        save(images, cut);
        SAYS(messageOf([&] { openPath(images); }), "shorter than it says");
        save(images, bigEndian({0x803, 0xffffffff, 0xffffffff, 0xffffffff}));
        SAYS(messageOf([&] { openPath(images); }), "shorter than it says");
    }

    void vectorsAlone()
    {
        writeNpy(m_root + "v.npy", Matrix::from({1, 2, 3, 4, 5, 6}, 3, 2));
        const Dataset data = openPath(m_root + "v.npy");
        QCOMPARE(data.kind, DatasetKind::Vectors);
        QCOMPARE(data.samples[2].id, std::string("2"));
        QCOMPARE(data.vectorSample, (std::vector<std::uint32_t>{0, 1, 2}));
        QCOMPARE(codeOf([&] { pictureForModel(data, 0); }), std::optional(Code::NotFound));
        QCOMPARE(messageOf([&] { pictureForModel(data, 0); }), std::string("has no picture"));
    }

    void vectorsAreJoinedById()
    {
        writeNpy(m_root + "v.npy", Matrix::from({0, 0, 1, 1, 2, 2}, 3, 2));
        writeFile(m_root + "about.csv", "id,caption,score\n2,two,20\n0,zero,0\n1,one,10\n");
        writeFile(m_root + "same_length.csv", "x\n7\n8\n9\n"); // ids beat the number of rows
        const Dataset data = openPath(m_root + "v.npy");
        QVERIFY(anyContains(data.notes, "Joined by id: column “id” of about.csv knows 3 of 3 samples"));
        QCOMPARE(attributeNamed(data, "score")->numbers, (std::vector<double>{0, 10, 20}));
        QCOMPARE(data.samples[2].captions, (std::vector<std::string>{"two"}));
        QCOMPARE(data.vectorSample, (std::vector<std::uint32_t>{0, 1, 2}));
        writeFile(m_root + "about.csv", "id,caption\n2,c\n0,a\n1,b\n0,again\n"); // more captions than vectors
        OpenSpec spec;
        spec.path = m_root + "v.npy";
        spec.metadata = m_root + "about.csv";
        QCOMPARE(open(spec).samples[0].captions, (std::vector<std::string>{"a", "again"}));
        writeFile(m_root + "about.csv", "id,caption\n2,c\n3,a\n1,b\n"); // no permutation: numbers of something else
        QVERIFY(anyContains(open(spec).notes, "Joined by row order"));
    }

    void idsBesideTheVectors()
    {
        writeNpy(m_root + "v.npy", Matrix::from({0, 0, 1, 1, 2, 2}, 3, 2));
        writeFile(m_root + "v.json", R"({"rows": 3, "ids": ["p/b.jpg", "a.jpg", "c.jpg"]})");
        const Dataset alone = openPath(m_root + "v.npy");
        QCOMPARE(alone.samples[0].id, std::string("p/b.jpg"));
        QVERIFY(anyContains(alone.notes, "ids of its rows are from v.json"));
        writeFile(m_root + "m.csv", "file,caption,kind\na.jpg,A,x\nz.jpg,Z,z\n./p/b.jpg,B,y\na.jpg,AA,x\n");
        makeFolder("p");
        writeFile(m_root + "p/b.jpg", jpeg(8, 8));
        for (const char* named : {"", "m.csv"}) {
            OpenSpec spec;
            spec.path = m_root + "v.npy";
            spec.metadata = *named != '\0' ? m_root + named : std::string();
            const Dataset data = open(spec);
            QCOMPARE(data.samples.size(), std::size_t(3));
            QVERIFY(anyContains(data.notes, "column “file” of m.csv knows 2 of 3 samples"));
            QVERIFY(anyContains(data.notes, "1 row of m.csv is about other samples"));
            QCOMPARE(data.samples[1].captions, (std::vector<std::string>{"A", "AA"}));
            QVERIFY(data.samples[2].captions.empty());
            const Attribute* kind = attributeNamed(data, "kind");
            QCOMPARE(kind->categories, (std::vector<std::int32_t>{1, 0, -1})); // z is nobody's
            QCOMPARE(pictureForModel(data, 0).width, 8);
        }
    }

    /// Embeddings of captions: several rows about one sample.
    void idsOfCaptionRows()
    {
        writeNpy(m_root + "t.npy", Matrix::from({0, 1, 2, 3}, 4, 1));
        writeFile(m_root + "t.json", R"({"ids": ["k2", "k1", "k2", "k1"]})");
        writeFile(m_root + "captions.csv", "id,caption\nk1,a\nk1,b\nk2,c\nk2,d\n"); // as many rows, other order
        const Dataset data = openPath(m_root + "t.npy");
        QCOMPARE(data.vectorSample, (std::vector<std::uint32_t>{0, 1, 0, 1}));
        QCOMPARE(data.samples[0].captions, (std::vector<std::string>{"c", "d"}));
        QVERIFY(anyContains(data.notes, "4 rows are about 2 different samples"));
    }

    void idsThatDoNotFit()
    {
        writeNpy(m_root + "v.npy", Matrix::from({1, 2, 3, 4}, 2, 2));
        for (const char* list : {R"({"ids": ["a"]})", R"({"ids": ["a", "b", "c"]})", R"({"ids": ["a", {}]})", "{"}) {
            writeFile(m_root + "v.json", list);
            const Dataset data = openPath(m_root + "v.npy");
            QCOMPARE(data.samples[1].id, std::string("1"));
            QVERIFY(anyContains(data.notes, "is not used"));
        }
        writeFile(m_root + "v.json", R"({"ids": []})");
        QVERIFY(openPath(m_root + "v.npy").notes.empty());
        writeFile(m_root + "v.json", R"({"ids": ["a", "b"]})");
        writeFile(m_root + "three.csv", "id,x\n1,1\n2,2\n3,3\n");
        OpenSpec spec;
        spec.path = m_root + "v.npy";
        spec.metadata = m_root + "three.csv";
        SAYS(messageOf([&] { open(spec); }), "None of the ids");
        writeFile(m_root + "three.csv", "id,x\n1,1\n2,2\n");
        const Dataset data = open(spec);
        QVERIFY(anyContains(data.notes, "none of its ids is known"));
        QCOMPARE(data.samples[0].id, std::string("a"));
        QCOMPARE(attributeNamed(data, "x")->numbers, (std::vector<double>{1, 2}));
    }

    void vectorsWithATable()
    {
        makeFolder("pictures");
        writeFile(m_root + "pictures/b.jpg", jpeg(8, 8));
        writeNpy(m_root + "v.npy", Matrix::from({1, 2, 3, 4, 5, std::numeric_limits<float>::quiet_NaN()}, 3, 2));
        writeFile(m_root + "captions.csv", "id,file,caption,kind\n1,a.jpg,one,x\n2,b.jpg,two,y\n3,a.jpg,three,x\n");
        writeFile(m_root + "other.csv", "id\n1\n");
        OpenSpec spec;
        spec.path = m_root + "v.npy";
        spec.pictureFolder = m_root + "pictures";
        const Dataset data = open(spec);
        QVERIFY(anyContains(data.notes, "Joined by row order: captions.csv has 3 rows"));
        QVERIFY(anyContains(data.notes, "1 row holds NaN"));
        QCOMPARE(data.samples.size(), std::size_t(2)); // two rows are about a.jpg
        QCOMPARE(data.vectorSample, (std::vector<std::uint32_t>{0, 1, 0}));
        QCOMPARE(data.samples[0].captions, (std::vector<std::string>{"one", "three"}));
        QVERIFY(!data.hasPicture(0));
        QCOMPARE(pictureForModel(data, 1).width, 8);
        QCOMPARE(attributeNamed(data, "kind")->categories, (std::vector<std::int32_t>{0, 1}));
        const Dataset part = takeSamples(data, {1, 0}, "part");
        QCOMPARE(part.vectors->at(0, 0), 3.0f);
        QCOMPARE(part.vectorSample, (std::vector<std::uint32_t>{0, 1, 1}));
    }

    void otherLengthsAreNeverAligned()
    {
        writeNpy(m_root + "v.npy", Matrix::from({1, 2, 3, 4, 5, 6}, 3, 2));
        writeFile(m_root + "two.csv", "id\n1\n2\n");
        QVERIFY(openPath(m_root + "v.npy").attributes.empty());
        OpenSpec spec;
        spec.path = m_root + "v.npy";
        spec.metadata = m_root + "two.csv";
        QCOMPARE(codeOf([&] { open(spec); }), std::optional(Code::Mismatch));
        SAYS(messageOf([&] { open(spec); }), "has 2 rows");
        writeFile(m_root + "two.csv", "id,x\n1,1\n2,2\n3,3\n4\n");
        SAYS(messageOf([&] { open(spec); }), "line 5 has 1 cell"); // the ragged row would shift nothing, but might
        writeFile(m_root + "two.csv", "id\n1\n2\n3\n");
        writeFile(m_root + "three.csv", "id\n1\n2\n3\n");
        spec.metadata.clear();
        const Dataset data = open(spec);
        QVERIFY(data.attributes.empty());
        QVERIFY(anyContains(data.notes, "Several tables"));
    }

    void pictureArrays()
    {
        const auto save = [&](const std::string& shape, std::size_t bytes) {
            std::string text = "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }\n";
            std::string file = std::string("\x93NUMPY\1\0", 8) + static_cast<char>(text.size()) + '\0' + text;
            for (std::size_t i = 0; i < bytes; ++i) {
                file += static_cast<char>(i);
            }
            writeFile(m_root + "p.npy", file);
            return openPath(m_root + "p.npy");
        };
        const Dataset colour = save("(2, 2, 4, 3)", 48);
        QCOMPARE(colour.kind, DatasetKind::PictureNpy);
        QCOMPARE(colour.pictures.width, 4);
        QCOMPARE(int(pictureForModel(colour, 1).pixels[1]), 25);
        const Dataset grey = save("(2, 2, 4)", 16);
        QCOMPARE(pictureForModel(grey, 1).pixels[2], std::uint8_t(8));
        const Dataset planar = save("(2, 3, 2, 4)", 48);
        QCOMPARE(pictureForModel(planar, 0).pixels[1], std::uint8_t(8));
        QVERIFY(anyContains(planar.notes, "channels first"));
        QCOMPARE(codeOf([&] { save("(1, 2, 2, 2)", 8); }), std::optional(Code::Unsupported));
    }
};

QTEST_GUILESS_MAIN(TestDataFormats)
#include "TestDataFormats.moc"
