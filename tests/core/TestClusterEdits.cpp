#include "ReduceFixtures.h"
#include "core/cluster/ClusterEdits.h"

#include <numeric>

using namespace semascope::core;

namespace {

constexpr std::size_t kBlobs = 4, kRows = 80;

Matrix blobs()
{
    return Blobs{kRows, 6, kBlobs}.make();
}

std::vector<std::int64_t> blobNames()
{
    std::vector<std::int64_t> names;
    for (std::size_t i = 0; i < kRows; ++i) {
        names.push_back(static_cast<std::int64_t>(i % kBlobs));
    }
    return names;
}

/// Cluster g is blob g, with confidences and soft assignments as a soft method has them.
Clustering softClusters(const Matrix& x)
{
    Clustering c = clusteringFromLabels(x, blobNames(), false);
    std::vector<float> soft;
    for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t g = 0; g < kBlobs; ++g) {
            soft.push_back(g == r % kBlobs ? 0.7F : 0.1F);
        }
    }
    c.soft = Matrix::from(std::move(soft), kRows, kBlobs);
    c.confidence.assign(kRows, 0.7F);
    return c;
}

/// Everything that must hold of any clustering of x.
QString wrongAbout(const Clustering& c, const Matrix& x)
{
    const std::size_t k = c.sizes.size();
    if (c.spec.k != static_cast<int>(k) || c.centroids.rows() != k || c.assignment.size() != c.inputRow.size()) {
        return QStringLiteral("shapes");
    }
    std::vector<std::size_t> sizes(k, 0);
    std::vector<double> sums(k * x.cols(), 0.0);
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        const auto g = static_cast<std::size_t>(c.assignment[r]);
        ++sizes.at(g);
        for (std::size_t j = 0; j < x.cols(); ++j) {
            sums[g * x.cols() + j] += static_cast<double>(x.at(c.inputRow[r], j));
        }
    }
    if (sizes != c.sizes) {
        return QStringLiteral("sizes");
    }
    double inertia = 0;
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        const auto g = static_cast<std::size_t>(c.assignment[r]);
        for (std::size_t j = 0; j < x.cols(); ++j) {
            const double mean = sums[g * x.cols() + j] / static_cast<double>(sizes[g]);
            if (std::abs(mean - static_cast<double>(c.centroids.at(g, j))) > 1e-4) {
                return QStringLiteral("centroid %1").arg(g);
            }
            inertia += std::pow(static_cast<double>(x.at(c.inputRow[r], j)) - mean, 2);
        }
    }
    return std::abs(inertia - c.inertia) > 1e-3 * inertia ? QStringLiteral("inertia") : QString();
}

Code codeOf(const std::function<void()>& body)
{
    try {
        body();
    } catch (const Error& e) {
        const std::string sentence = e.what();
        return sentence.size() > 20 && sentence.back() == '.' ? e.code() : Code::Io;
    }
    return Code::Io;
}

} // namespace

class TestClusterEdits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromLabels()
    {
        const Matrix x = blobs();
        std::vector<std::int64_t> labels = blobNames();
        labels[5] = -1;
        const Clustering c = clusteringFromLabels(x, labels, false);
        QCOMPARE(wrongAbout(c, x), QString());
        QCOMPARE(c.excluded, std::size_t(1));
        QCOMPARE(c.sizes, (std::vector<std::size_t>{20, 19, 20, 20}));
        QCOMPARE(codeOf([&] { clusteringFromLabels(x, {0, 1}, false); }), Code::Mismatch);
        labels[5] = 1'000'000;
        QCOMPARE(codeOf([&] { clusteringFromLabels(x, labels, false); }), Code::Mismatch);
        QCOMPARE(codeOf([&] { clusteringFromLabels(x, std::vector<std::int64_t>(kRows, -1), false); }), Code::Mismatch);
        const Clustering turned = clusteringFromLabels(x, blobNames(), true);
        double length = 0;
        for (std::size_t j = 0; j < x.cols(); ++j) {
            length += std::pow(static_cast<double>(turned.centroids.at(2, j)), 2);
        }
        QVERIFY(std::abs(length - 1) < 1e-5);
    }

    void merges()
    {
        const Matrix x = blobs();
        const Clustering old = softClusters(x), c = mergeClusters(x, old, {3, 1});
        QCOMPARE(wrongAbout(c, x), QString());
        QCOMPARE(c.sizes, (std::vector<std::size_t>{20, 40, 20})); // 0, 1 with 3, 2
        for (std::size_t r = 0; r < kRows; ++r) {
            const std::size_t blob = r % kBlobs;
            QCOMPARE(c.assignment[r], blob == 3 ? 1 : static_cast<std::int32_t>(blob));
            QVERIFY(std::abs(c.soft.at(r, 1) - (blob % 2 == 1 ? 0.8F : 0.2F)) < 1e-6F);
            QCOMPARE(c.confidence[r], c.soft.at(r, static_cast<std::size_t>(c.assignment[r])));
        }
        QVERIFY(c.model == nullptr && c.notes.back().find("cluster 4") != std::string::npos);
        QCOMPARE(c.inputRow, old.inputRow);
        QCOMPARE(old.sizes.size(), kBlobs); // the old one is as it was
        QCOMPARE(mergeClusters(x, old, {0, 1, 2, 3}).sizes, std::vector<std::size_t>{kRows});
    }

    void refusesToMerge()
    {
        const Matrix x = blobs();
        const Clustering c = softClusters(x);
        for (const std::vector<int>& which : {std::vector<int>{}, {1}, {2, 2}, {0, 4}, {-1, 2}}) {
            QCOMPARE(codeOf([&] { mergeClusters(x, c, which); }), Code::Misuse);
        }
        QCOMPARE(codeOf([&] { mergeClusters(takeRows(x, {0, 1}), c, {0, 1}); }), Code::Mismatch);
    }

    /// A merged pair of blobs comes apart again.
    void splits()
    {
        const Matrix x = blobs();
        JobContext job;
        const Clustering merged = mergeClusters(x, softClusters(x), {0, 2});
        const Clustering c = splitCluster(x, merged, 0, 2, 5, job);
        QCOMPARE(wrongAbout(c, x), QString());
        QCOMPARE(c.sizes, (std::vector<std::size_t>{20, 20, 20, 20}));
        QVERIFY(c.soft.empty() && c.confidence.size() == kRows);
        for (std::size_t r = 0; r < kRows; ++r) {
            QCOMPARE(c.assignment[r], c.assignment[r % kBlobs]); // blobs are whole
            QVERIFY(c.confidence[r] > 0.5F && c.confidence[r] < 1.0F);
        }
        QVERIFY(c.assignment[0] + c.assignment[2] == 1 && c.assignment[1] == 2 && c.assignment[3] == 3);
        const Clustering again = splitCluster(x, merged, 0, 2, 5, job);
        QCOMPARE(again.assignment, c.assignment);
    }

    void splitsInTheCode()
    {
        Clustering c = clusteringFromLabels(blobs(), std::vector<std::int64_t>(kRows, 0), false);
        std::vector<float> code;
        for (std::size_t r = 0; r < kRows; ++r) {
            code.push_back(r < 30 ? 0.0F : 10.0F);
            code.push_back(static_cast<float>(r) * 1e-3F);
        }
        c.code = Matrix::from(std::move(code), kRows, 2);
        c.centroids = Matrix::from({6, 0}, 1, 2);
        JobContext job;
        const Clustering split = splitCluster(blobs(), c, 0, 2, 0, job);
        QCOMPARE(split.centroids.cols(), std::size_t(2));
        QCOMPARE(std::min(split.sizes[0], split.sizes[1]), std::size_t(30));
        QCOMPARE(split.code.rows(), kRows);
    }

    void refusesToSplit()
    {
        const Matrix x = blobs();
        const Clustering c = softClusters(x);
        JobContext job;
        QCOMPARE(codeOf([&] { splitCluster(x, c, 4, 2, 0, job); }), Code::Misuse);
        QCOMPARE(codeOf([&] { splitCluster(x, c, 0, 1, 0, job); }), Code::Misuse);
        QCOMPARE(codeOf([&] { splitCluster(x, c, 0, 21, 0, job); }), Code::Mismatch);
        const Matrix same = matrixOf(std::vector<float>(40, 1.0F), 4);
        const Clustering alike = clusteringFromLabels(same, std::vector<std::int64_t>(10, 0), false);
        QCOMPARE(codeOf([&] { splitCluster(same, alike, 0, 2, 0, job); }), Code::Mismatch);
    }

    void makesAClusterOfRows()
    {
        const Matrix x = blobs();
        const Clustering old = softClusters(x);
        std::vector<std::uint32_t> rows{1, 5, 9, 9, 2}; // three of blob 1, one of blob 2
        const Clustering c = clusterFromRows(x, old, rows);
        QCOMPARE(wrongAbout(c, x), QString());
        QCOMPARE(c.sizes, (std::vector<std::size_t>{20, 17, 19, 20, 4}));
        QCOMPARE(c.assignment[9], 4);
        QVERIFY(c.soft.empty());
        // two whole blobs: the clusters they were are gone
        rows.clear();
        for (std::uint32_t r = 0; r < kRows; ++r) {
            if (r % kBlobs == 0 || r % kBlobs == 2) {
                rows.push_back(r);
            }
        }
        const Clustering both = clusterFromRows(x, old, rows);
        QCOMPARE(wrongAbout(both, x), QString());
        QCOMPARE(both.sizes, (std::vector<std::size_t>{20, 20, 40}));
        QCOMPARE(both.assignment[1], 0);
        QCOMPARE(both.assignment[3], 1);
    }

    void refusesRows()
    {
        const Matrix x = blobs();
        std::vector<std::int64_t> labels = blobNames();
        labels[7] = -1;
        const Clustering c = clusteringFromLabels(x, labels, false);
        QCOMPARE(codeOf([&] { clusterFromRows(x, c, {}); }), Code::Misuse);
        QCOMPARE(codeOf([&] { clusterFromRows(x, c, {7}); }), Code::Misuse); // was not clustered
        QCOMPARE(codeOf([&] { clusterFromRows(x, c, {kRows}); }), Code::Misuse);
        std::vector<std::uint32_t> blob;
        for (std::uint32_t r = 0; r < kRows; r += kBlobs) {
            blob.push_back(r);
        }
        QCOMPARE(codeOf([&] { clusterFromRows(x, c, blob); }), Code::Misuse); // is a cluster already
        QCOMPARE(clusterFromRows(x, c, {6, 7}).sizes.back(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestClusterEdits)
#include "TestClusterEdits.moc"
