#include "ReduceFixtures.h"
#include "core/reduce/Layout.h"

#include <limits>
#include <numeric>

using namespace semascope::core;

namespace {

struct Hits
{
    double forth = 0, back = 0;
};

/// Share of rows whose partner has fewer than k candidates strictly above it, in both directions.
Hits hits(const std::vector<double>& cosines, std::size_t n, int k)
{
    Hits right;
    for (std::size_t i = 0; i < n; ++i) {
        int above = 0, aboveBack = 0;
        for (std::size_t j = 0; j < n; ++j) {
            above += cosines[i * n + j] > cosines[i * n + i] ? 1 : 0;
            aboveBack += cosines[j * n + i] > cosines[i * n + i] ? 1 : 0;
        }
        right.forth += above < k ? 1.0 / static_cast<double>(n) : 0;
        right.back += aboveBack < k ? 1.0 / static_cast<double>(n) : 0;
    }
    return right;
}

PairedLayout run(const Matrix& image, const Matrix& text, const std::string& method, int dim)
{
    JobContext job;
    LayoutSpec spec;
    spec.method = method;
    spec.dim = dim;
    return reducePaired(image, text, spec, job);
}

/// The study's protocol: unit rows, reduce, unit rows again, cosine.
std::vector<double> study(const Matrix& image, const Matrix& text, const std::string& method, int dim)
{
    const PairedLayout pair = run(normaliseRows(image), normaliseRows(text), method, dim);
    const Matrix a = normaliseRows(pair.image.points), b = normaliseRows(pair.text.points);
    std::vector<double> cosines;
    for (std::size_t i = 0; i < a.rows(); ++i) {
        for (std::size_t j = 0; j < b.rows(); ++j) {
            cosines.push_back(std::inner_product(a.row(i), a.row(i) + a.cols(), b.row(j), 0.0, std::plus<>(),
                                                 [](double u, double v) { return u * v; }));
        }
    }
    return cosines;
}

/// Rows "| d | svd | joint | modality | …" of the handbook's table, "i2t/t2i" each.
QList<QStringList> handbookRows()
{
    QFile file(QString::fromStdString(sharedPath("reference/algorithms.md")));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QList<QStringList> rows;
    bool inside = false;
    while (!file.atEnd()) {
        const QString line = QString::fromUtf8(file.readLine()).remove(QStringLiteral("**")).trimmed();
        inside = inside ? line.startsWith(QLatin1Char('|')) : line.startsWith(QStringLiteral("| d | TSVD | PCA joint"));
        QStringList cells = line.split(QLatin1Char('|'), Qt::SkipEmptyParts);
        bool number = false;
        if (inside && cells.size() >= 4 && cells[0].toInt(&number) > 0 && number) {
            rows << cells;
        }
    }
    return rows;
}

} // namespace

class TestReducePaired : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldenStudy()
    {
        NEEDS_GOLDENS;
        const auto expected = goldenJson("retrieval/expected.json");
        const Matrix image = goldenMatrix("retrieval/image.npy"), text = goldenMatrix("retrieval/text.npy");
        const double oneQuery = 1.01 / static_cast<double>(image.rows());
        int compared = 0;
        for (const auto& row : expected["study"]["rows"]) {
            const std::string method = row["method"];
            if (method == "random") {
                continue;
            }
            const std::vector<double> cosines = study(image, text, method, row["dim"]);
            for (const int k : {1, 5, 10}) {
                const Hits found = hits(cosines, image.rows(), k);
                const std::string top = "top" + std::to_string(k);
                QVERIFY(std::abs(found.forth - row[top + "_i2t"].get<double>()) <= oneQuery);
                QVERIFY(std::abs(found.back - row[top + "_t2i"].get<double>()) <= oneQuery);
                ++compared;
            }
        }
        QVERIFY(compared >= 9);
    }

    void oneDimensionIsAtChance()
    {
        NEEDS_GOLDENS;
        const Matrix image = goldenMatrix("retrieval/image.npy"), text = goldenMatrix("retrieval/text.npy");
        for (const char* method : {"svd", "pca-joint", "pca-modality"}) {
            const PairedLayout pair = run(normaliseRows(image), normaliseRows(text), method, 1);
            QCOMPARE(pair.image.points.cols(), std::size_t{1});
            QVERIFY(allFinite(pair.image.points) && allFinite(pair.text.points));
        }
    }

    void handbookTable()
    {
        NEEDS_SHARED("data/coco-clip/image.npy");
        NEEDS_SHARED("reference/algorithms.md");
        const Matrix image = toMatrix(readArray(sharedPath("data/coco-clip/image.npy")), "image");
        const Matrix text = toMatrix(readArray(sharedPath("data/coco-clip/text.npy")), "text");
        const QList<QStringList> rows = handbookRows();
        QVERIFY(rows.size() >= 5);
        const std::vector<std::string> methods{"svd", "pca-joint", "pca-modality"};
        for (const QStringList& row : rows) {
            for (int m = 0; m < 3; ++m) {
                const QStringList cell = row[m + 1].trimmed().split(QLatin1Char('/'));
                if (cell.size() != 2) {
                    continue; // a dash
                }
                const std::vector<double> cosines =
                    study(image, text, methods[static_cast<std::size_t>(m)], row[0].toInt());
                const Hits found = hits(cosines, image.rows(), 1);
                const QString what = QStringLiteral("%1 %2: %3/%4, expected %5")
                                         .arg(QString::fromStdString(methods[static_cast<std::size_t>(m)]), row[0])
                                         .arg(found.forth)
                                         .arg(found.back)
                                         .arg(row[m + 1]);
                QVERIFY2(std::abs(found.forth - cell[0].toDouble()) <= 0.0021, qPrintable(what));
                QVERIFY2(std::abs(found.back - cell[1].toDouble()) <= 0.0021, qPrintable(what));
            }
        }
    }

    void methodsDifferInTheirOrigin()
    {
        // Two clouds that differ by a shift only: without their own means the shift is the first axis.
        const Matrix image = Blobs{60, 5, 6, 0.2F, 7}.make();
        std::vector<float> moved = numbersOf(image);
        for (std::size_t i = 0; i < moved.size(); i += 5) {
            moved[i] += 100;
        }
        const Matrix text = matrixOf(moved, 5);
        const PairedLayout own = run(image, text, "pca-modality", 3), joint = run(image, text, "pca-joint", 3);
        for (std::size_t i = 0; i < 60; ++i) {
            for (std::size_t c = 0; c < 3; ++c) {
                QVERIFY(std::abs(own.image.points.at(i, c) - own.text.points.at(i, c)) < 1e-3);
            }
            QVERIFY(std::abs(std::abs(joint.image.points.at(i, 0) - joint.text.points.at(i, 0)) - 100) < 1);
        }
        QVERIFY(joint.image.explained[0] > 0.9F);
        QVERIFY(run(image, text, "svd", 3).image.explained.empty());
    }

    void projectorsKnowTheirSide()
    {
        const Matrix image = Blobs{40, 6, 4, 0.3F, 8}.make(), text = Blobs{40, 6, 4, 0.3F, 9}.make();
        for (const char* method : {"svd", "pca-joint", "pca-modality"}) {
            const PairedLayout pair = run(image, text, method, 4);
            QCOMPARE(numbersOf(pair.image.projector->place(image)), numbersOf(pair.image.points));
            QCOMPARE(numbersOf(pair.text.projector->place(text)), numbersOf(pair.text.points));
        }
    }

    void aBrokenRowTakesItsPartnerWithIt()
    {
        std::vector<float> values = numbersOf(Blobs{10, 4, 2}.make());
        const Matrix image = matrixOf(values, 4);
        values[4 * 3] = std::numeric_limits<float>::quiet_NaN();
        const PairedLayout pair = run(image, matrixOf(values, 4), "pca-modality", 2);
        QCOMPARE(pair.image.points.rows(), std::size_t{9});
        QCOMPARE(pair.text.points.rows(), std::size_t{9});
        QCOMPARE(pair.image.inputRow, pair.text.inputRow);
        QCOMPARE(pair.image.excluded, std::size_t{1});
    }

    void refusals()
    {
        const Matrix x = Blobs{10, 4, 2}.make(), shorter = Blobs{9, 4, 2}.make(), narrower = Blobs{10, 3, 2}.make();
        QVERIFY(errorOf([&] { run(x, shorter, "svd", 2); }).code() == Code::Mismatch);
        QVERIFY(errorOf([&] { run(x, narrower, "svd", 2); }).code() == Code::Mismatch);
        const Error error = errorOf([&] { run(x, x, "pca", 2); });
        QVERIFY(error.code() == Code::Misuse);
        QVERIFY(QByteArray(error.what()).contains("svd, pca-joint or pca-modality"));
    }
};

QTEST_GUILESS_MAIN(TestReducePaired)
#include "TestReducePaired.moc"
