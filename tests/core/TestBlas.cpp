#include "Shared.h"
#include "core/job/Compute.h"
#include "core/job/Error.h"
#include "core/job/Parallel.h"

#include <cblas.h>

using namespace semascope::core;

/// What this process has really loaded: libtorch and this program must share one OpenBLAS, its OpenMP build.
class TestBlas : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyTheOpenMpBuildIsLoaded()
    {
        const BlasReport report = blasReport();
        QString listed;
        for (const std::string& path : report.libraries) {
            listed += QString::fromStdString(path) + QLatin1Char('\n');
        }
        QVERIFY2(!report.libraries.empty(), "no BLAS in the memory map");
        QVERIFY2(report.consistent, qPrintable(QString::fromStdString(report.problem) + QLatin1Char('\n') + listed));
        QVERIFY(report.problem.empty());
    }

    void threadsFollowTheSetting()
    {
        for (const int n : {1, 2}) {
            setThreadCount(n);
            applyThreads();
            const BlasReport report = blasReport();
            QCOMPARE(report.threads, n);
            QCOMPARE(report.torchThreads, n);
        }
        setThreadCount(0);
        applyThreads();
        QCOMPARE(blasReport().threads, threadCount());
    }

    void multiplies()
    {
        const float a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8};
        float c[4] = {};
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 2, 2, 2, 1, a, 2, b, 2, 0, c, 2);
        QCOMPARE(c[0], 19.0F);
        QCOMPARE(c[3], 50.0F);
    }

    void deviceWords()
    {
        QCOMPARE(chooseDevice("cpu").name(), std::string("cpu"));
        for (const char* word : {"gpu", "cuda:", "cuda:x", "cuda:99999", "CPU", ""}) {
            try {
                (void)chooseDevice(word);
                QVERIFY2(QByteArray(word) == "cuda:", word);
            } catch (const Error& e) {
                QVERIFY2(e.code() == Code::Misuse || e.code() == Code::NotFound, word);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestBlas)
#include "TestBlas.moc"
