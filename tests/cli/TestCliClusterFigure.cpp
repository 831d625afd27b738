#include "../widgets/ComparisonFixture.h"
#include "Shared.h"
#include "cli/Program.h"
#include "core/data/Arrays.h"
#include "widgets/figure/Recipe.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace semascope;

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())

/// The figures of `semascope cluster`, with the real executable.
class TestCliClusterFigure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const test::ComparisonWorld world(240, 4, {});
        core::writeNpy(path("x.npy").toStdString(), world.rows);
        core::writeNpy(path("y.npy").toStdString(),
                       std::vector<std::int32_t>(world.groups.begin(), world.groups.end()));
    }

    void comparison()
    {
        const ProgramRun run =
            runJson({QStringLiteral("cluster"), QStringLiteral("--compare"), QStringLiteral("kmeans,spherical-kmeans"),
                     QStringLiteral("--k"), QStringLiteral("4"), QStringLiteral("--in"), path("x.npy"),
                     QStringLiteral("--labels"), path("y.npy"), QStringLiteral("--map"), path("x.npy"),
                     QStringLiteral("--size"), QStringLiteral("85mm"), QStringLiteral("--figure"), path("f.pdf")});
        REQUIRE_EXIT(run, 0);
        const QJsonObject drawing = drawingOf("f.pdf");
        QCOMPARE(drawing[QStringLiteral("panels")].toArray().size(), 3); // and the labels
        QCOMPARE(drawing[QStringLiteral("rows")].toArray().size(), 2);
        QVERIFY(drawing[QStringLiteral("columns")].toArray().contains(QStringLiteral("AMI")));
    }

    void sweep()
    {
        const ProgramRun run =
            runJson({QStringLiteral("cluster"), QStringLiteral("--sweep"), QStringLiteral("2-6"),
                     QStringLiteral("--method"), QStringLiteral("kmeans"), QStringLiteral("--in"), path("x.npy"),
                     QStringLiteral("--figure"), path("k.png"), QStringLiteral("--dpi"), QStringLiteral("100")});
        REQUIRE_EXIT(run, 0);
        QCOMPARE(drawingOf("k.png")[QStringLiteral("k")].toArray().size(), 5);
        QCOMPARE(run.json[QStringLiteral("k_by_silhouette")].toInt(), 4);
    }

    void mistakesAreSaidBeforeTheWork()
    {
        const QStringList start{QStringLiteral("cluster"),
                                QStringLiteral("--compare"),
                                QStringLiteral("kmeans"),
                                QStringLiteral("--in"),
                                path("x.npy"),
                                QStringLiteral("--figure")};
        REQUIRE_EXIT(runJson(start + QStringList{path("f.txt")}), 2);
        REQUIRE_EXIT(runJson(start + QStringList{path("f.pdf"), QStringLiteral("--size"), QStringLiteral("9mm")}), 2);
        const ProgramRun other = runJson(start + QStringList{path("g.pdf"), QStringLiteral("--map"), path("y.npy")});
        QVERIFY2(other.exitCode != 0 && !QFile::exists(path("g.pdf")), other.report().constData());
    }

private:
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    QJsonObject drawingOf(const char* name) const
    {
        return QJsonDocument::fromJson(ui::readRecipe(path(name))).object()[QStringLiteral("drawing")].toObject();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliClusterFigure)
#include "TestCliClusterFigure.moc"
