#include "ReduceFixtures.h"
#include "core/reduce/Layout.h"

#include <limits>

using namespace semascope::core;

namespace {

Layout run(const Matrix& x, const std::string& method, int dim)
{
    JobContext job;
    LayoutSpec spec;
    spec.method = method;
    spec.dim = dim;
    return reduce(x, spec, job);
}

Matrix transposed(const Matrix& x)
{
    std::vector<float> values(x.rows() * x.cols());
    for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < x.cols(); ++j) {
            values[j * x.rows() + i] = x.at(i, j);
        }
    }
    return Matrix::from(std::move(values), x.cols(), x.rows());
}

} // namespace

class TestReduceLinear : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goldens_data()
    {
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("method");
        for (const char* set : {"tall", "wide", "double"}) {
            for (const char* method : {"pca", "svd"}) {
                QTest::addRow("%s %s", set, method) << QString::fromLatin1(set) << QString::fromLatin1(method);
            }
        }
    }
    void goldens()
    {
        NEEDS_GOLDENS;
        QFETCH(QString, set);
        QFETCH(QString, method);
        const std::string name = set.toStdString(), word = method.toStdString();
        const auto expected = goldenJson("linear/expected.json")["sets"][name];
        const Matrix x = goldenMatrix("linear/" + name + ".npy");
        const Matrix scores = goldenMatrix("linear/" + name + "_" + word + "_scores.npy");
        const int dim = expected["k"];
        const Layout layout = run(x, word, dim);
        QVERIFY(worstColumn(layout.points, scores, static_cast<std::size_t>(dim)) < 1e-4);
        if (word == "pca") {
            for (std::size_t c = 0; c < layout.explained.size(); ++c) {
                const double share = expected["explained_variance_ratio"][c];
                QVERIFY(std::abs(layout.explained[c] - share) < 1e-4 * share);
            }
        }
        QCOMPARE(numbersOf(layout.projector->place(x)), numbersOf(layout.points));
        QVERIFY(layout.projector->exact());
    }

    void allAxesKeepEveryDistance_data()
    {
        QTest::addColumn<bool>("wide");
        QTest::newRow("more rows than columns") << false;
        QTest::newRow("more columns than rows") << true;
    }
    void allAxesKeepEveryDistance()
    {
        QFETCH(bool, wide);
        const Matrix tall = Blobs{40, 7, 3, 0.5F, 2}.make();
        const Matrix x = wide ? transposed(tall) : tall;
        for (const char* method : {"pca", "svd"}) {
            const Layout layout = run(x, method, 7);
            for (std::size_t i = 1; i < x.rows(); ++i) {
                QVERIFY(std::abs(distance(layout.points, 0, i) - distance(x, 0, i)) < 1e-4);
            }
        }
    }

    void pcaIsCentredAndUncorrelated()
    {
        const Layout layout = run(Blobs{300, 9, 5, 0.7F, 3}.make(), "pca", 9);
        const Matrix& y = layout.points;
        float sum = 0;
        for (std::size_t a = 0; a < 9; ++a) {
            double mean = 0;
            for (std::size_t i = 0; i < y.rows(); ++i) {
                mean += y.at(i, a) / 300.0;
            }
            QVERIFY(std::abs(mean) < 1e-5);
            for (std::size_t b = 0; b < a; ++b) {
                double product = 0;
                for (std::size_t i = 0; i < y.rows(); ++i) {
                    product += static_cast<double>(y.at(i, a)) * y.at(i, b) / 300.0;
                }
                QVERIFY(std::abs(product) < 1e-3);
            }
            sum += layout.explained[a];
            QVERIFY(a == 0 || layout.explained[a] <= layout.explained[a - 1]);
        }
        QVERIFY(std::abs(sum - 1) < 1e-5);
    }

    void sameAgain()
    {
        const Matrix x = Blobs().make();
        QCOMPARE(numbersOf(run(x, "pca", 3).points), numbersOf(run(x, "pca", 3).points));
    }

    void largestLoadingIsPositive()
    {
        std::vector<float> values;
        for (int i = 0; i < 10; ++i) {
            values.insert(values.end(), {static_cast<float>(i), static_cast<float>(-3 * i)});
        }
        const Layout layout = run(matrixOf(values, 2), "pca", 1);
        QVERIFY(layout.points.at(0, 0) > layout.points.at(9, 0)); // the second column rules, and it falls
    }

    void rowsThatAreNotFiniteAreLeftOut()
    {
        std::vector<float> values = numbersOf(Blobs{20, 3, 2}.make());
        values[3 * 4] = std::numeric_limits<float>::quiet_NaN();
        values[3 * 9 + 2] = -std::numeric_limits<float>::infinity();
        const Layout layout = run(matrixOf(values, 3), "pca", 2);
        QCOMPARE(layout.excluded, std::size_t{2});
        QCOMPARE(layout.points.rows(), std::size_t{18});
        QCOMPARE(layout.inputRow[4], 5U);
        QCOMPARE(layout.inputRow[17], 19U);
        QVERIFY(!layout.notes.empty());
        QVERIFY(allFinite(layout.points));
    }

    /// Their squares leave the range of float, so that nothing could be said of the distances.
    void hugeRowsAreLeftOutAndCounted()
    {
        std::vector<float> values = numbersOf(Blobs{20, 3, 2}.make());
        const std::vector<float> before =
            numbersOf(run(matrixOf({values.begin() + 3, values.end()}, 3), "mds", 2).points);
        values[0] = 1e30F;
        for (const char* method : {"pca", "svd", "classical", "mds"}) {
            const Layout layout = run(matrixOf(values, 3), method, 2);
            QCOMPARE(layout.excluded, std::size_t{1});
            QCOMPARE(layout.inputRow[0], 1U);
            QCOMPARE(layout.notes[0], std::string("1 of 20 rows is left out because it cannot be measured."));
        }
        QCOMPARE(numbersOf(run(matrixOf(values, 3), "mds", 2).points), before); // the others are not disturbed
    }

    void extremeNumbers_data()
    {
        QTest::addColumn<double>("size");
        QTest::newRow("1e16") << 1e16;
        QTest::newRow("denormal") << 1e-41;
        QTest::newRow("zero") << 0.0;
    }
    void extremeNumbers()
    {
        QFETCH(double, size);
        std::vector<float> values = numbersOf(Blobs{12, 4, 3}.make());
        std::transform(values.begin(), values.end(), values.begin(),
                       [&](float v) { return static_cast<float>(v * size); });
        for (const char* method : {"pca", "svd", "classical", "mds"}) {
            const Layout layout = run(matrixOf(values, 4), method, 2);
            QVERIFY(allFinite(layout.points));
            QVERIFY(std::isfinite(layout.stress1));
            QVERIFY(size == 0 || layout.points.at(0, 0) != layout.points.at(1, 0));
        }
    }

    void equalRowsMeetInOnePoint()
    {
        const Layout layout = run(matrixOf(std::vector<float>(30, 2.5F), 3), "pca", 2);
        QVERIFY(allFinite(layout.points));
        QCOMPARE(distance(layout.points, 0, 9), 0.0);
        QCOMPARE(layout.explained, (std::vector<float>{0, 0}));
    }

    void fewRows()
    {
        QCOMPARE(run(matrixOf({1, 2, 3}, 3), "pca", 1).points.at(0, 0), 0.0F);
        const Layout two = run(matrixOf({0, 0, 3, 4}, 2), "pca", 2);
        QVERIFY(std::abs(distance(two.points, 0, 1) - 5) < 1e-6);
        QVERIFY(allFinite(run(matrixOf({1, 5, 9}, 1), "svd", 1).points));
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("dim");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("says");
        const auto add = [](const char* name, const char* method, int dim, int rows, const char* says) {
            QTest::newRow(name) << QString::fromLatin1(method) << dim << rows << QString::fromLatin1(says);
        };
        add("method", "nothing", 2, 4, "pca, svd, classical or mds");
        add("pairs", "pca-joint", 2, 4, "needs pairs");
        add("too many axes", "pca", 4, 4, "at most 3");
        add("no axis", "pca", 0, 4, "at least 1");
        add("no rows", "svd", 1, 0, "nothing to reduce");
        add("one row", "pca", 2, 1, "1 row of 3 numbers has at most 1 axis");
    }
    void refusals()
    {
        QFETCH(QString, method);
        QFETCH(int, dim);
        QFETCH(int, rows);
        QFETCH(QString, says);
        const Matrix x = matrixOf(std::vector<float>(static_cast<std::size_t>(rows) * 3, 1.0F), 3);
        const Error error = errorOf([&] { run(x, method.toStdString(), dim); });
        // What the numbers do not allow is no misuse of words.
        const bool ofData = says.contains(QStringLiteral("at most")) || says.startsWith(QStringLiteral("nothing"));
        QVERIFY(error.code() == (ofData ? Code::Mismatch : Code::Misuse));
        QVERIFY2(QString::fromUtf8(error.what()).contains(says), error.what());
    }

    void optionsAreChecked()
    {
        JobContext job;
        LayoutSpec spec;
        spec.method = "pca";
        spec.options["eps"] = "1";
        const Error error = errorOf([&] { reduce(Blobs().make(), spec, job); });
        QVERIFY(error.code() == Code::Misuse);
        QVERIFY(QByteArray(error.what()).contains("eps"));
    }

    void projectorWantsRowsOfTheSameSize()
    {
        const Layout layout = run(Blobs().make(), "pca", 2);
        const Error error = errorOf([&] { layout.projector->place(matrixOf({1, 2}, 2)); });
        QVERIFY(error.code() == Code::Mismatch);
    }

    void cancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        LayoutSpec spec;
        spec.method = "pca";
        QVERIFY(errorOf([&] { reduce(Blobs().make(), spec, job); }).code() == Code::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestReduceLinear)
#include "TestReduceLinear.moc"
