#include "Shared.h"

#include <QDirIterator>
#include <QRegularExpression>

namespace {

constexpr int kSourceLines = 600, kHeaderLines = 150;

QDir sourceTree()
{
    return QDir(QStringLiteral(SEMASCOPE_SOURCE_DIR));
}

/// What is built or kept beside the sources and is no part of them.
bool isLeftOver(const QString& name)
{
    static const QRegularExpression pattern(
        QStringLiteral("^(\\.git|\\.cache|build.*|semascope-demo|compile_commands\\.json|.*\\.user)$"));
    return pattern.match(name).hasMatch();
}

/// Files of the tree, relative to its top.
QStringList filesUnder(const QString& folder, const QStringList& patterns)
{
    const QDir top = sourceTree();
    QStringList files;
    QDirIterator walk(top.filePath(folder), patterns, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString file = top.relativeFilePath(walk.next());
        if (!isLeftOver(file.section(QLatin1Char('/'), 0, 0))) {
            files << file;
        }
    }
    files.sort();
    return files;
}

QStringList linesOf(const QString& file)
{
    QFile open(sourceTree().filePath(file));
    if (!open.open(QIODevice::ReadOnly)) {
        return {};
    }
    QStringList lines = QString::fromUtf8(open.readAll()).split(QLatin1Char('\n'));
    if (lines.last().isEmpty()) {
        lines.removeLast();
    }
    return lines;
}

/// "file:line: text" of every line that matches.
QStringList linesMatching(const QStringList& files, const QString& pattern)
{
    const QRegularExpression expression(pattern);
    QStringList found;
    for (const QString& file : files) {
        const QStringList lines = linesOf(file);
        for (int i = 0; i < lines.size(); ++i) {
            if (expression.match(lines[i]).hasMatch()) {
                found << QStringLiteral("%1:%2: %3").arg(file).arg(i + 1).arg(lines[i].trimmed());
            }
        }
    }
    return found;
}

QStringList code()
{
    return {QStringLiteral("*.h"), QStringLiteral("*.cpp")};
}

} // namespace

/// Rules that nobody needs to remember, because this test does.
class TestHouse : public QObject
{
    Q_OBJECT

    void requireNone(const QStringList& found, const char* rule)
    {
        QVERIFY2(found.isEmpty(),
                 qPrintable(QString::fromUtf8(rule) + QLatin1Char('\n') + found.join(QLatin1Char('\n'))));
    }

private Q_SLOTS:
    void coreKnowsNeitherQtNorVtk()
    {
        const QStringList files = filesUnder(QStringLiteral("core"), code());
        QVERIFY(files.size() > 20);
        requireNone(linesMatching(files, QStringLiteral("^\\s*#\\s*include\\s*[<\"](Q|qt|vtk)")),
                    "core includes Qt or VTK:");
        requireNone(linesMatching({QStringLiteral("core/CMakeLists.txt")}, QStringLiteral("\\b(Qt6|VTK)::")),
                    "core links Qt or VTK:");
    }

    void headersOfCoreAreLight()
    {
        QStringList files = filesUnder(QStringLiteral("core"), {QStringLiteral("*.h")});
        files.removeIf([](const QString& f) { return f.endsWith(QLatin1String("_p.h")); });
        requireNone(
            linesMatching(files, QStringLiteral("^\\s*#\\s*include\\s*[<\"](torch|ATen|c10|opencv2|Eigen|sqlite3)")),
            "only *_p.h may include these:");
    }

    void nothingPointsBack()
    {
        requireNone(linesMatching(filesUnder(QStringLiteral("core"), code()),
                                  QStringLiteral("^\\s*#\\s*include\\s*\"(widgets|app|tests)/")),
                    "core includes what stands above it:");
        requireNone(linesMatching(filesUnder(QStringLiteral("widgets"), code()),
                                  QStringLiteral("^\\s*#\\s*include\\s*\"(app|tests)/")),
                    "widgets include what stands above them:");
    }

    void filesAreShort()
    {
        QStringList found;
        for (const QString& file : filesUnder(QStringLiteral("."), code())) {
            const bool isTable = file.endsWith(QLatin1String("Table.cpp")) || file.endsWith(QLatin1String("Table_p.h"));
            const int limit = file.endsWith(QLatin1String(".h")) ? kHeaderLines : kSourceLines;
            const auto count = linesOf(file).size();
            if (count > limit && !isTable) {
                found << QStringLiteral("%1: %2 lines, at most %3").arg(file).arg(count).arg(limit);
            }
        }
        requireNone(found, "too long; split them:");
    }

    void headersAreGuarded()
    {
        QStringList found;
        for (const QString& file : filesUnder(QStringLiteral("."), {QStringLiteral("*.h")})) {
            if (!linesOf(file).contains(QStringLiteral("#pragma once"))) {
                found << file;
            }
        }
        requireNone(found, "no #pragma once:");
    }

    void nothingIsLeftForLater()
    {
        // Put together here, so that this file does not find itself.
        const QString later = QStringLiteral("\\b(TO") + QStringLiteral("DO|FIX") + QStringLiteral("ME)\\b");
        requireNone(linesMatching(filesUnder(QStringLiteral("."), code()), later), "write an issue instead:");
    }

    void noPathsOfOneMachine()
    {
        const QString paths =
            QStringLiteral("(^|[^A-Za-z0-9_.])/(wo") + QStringLiteral("rk|ho") + QStringLiteral("me/[a-z]+|root)/");
        QStringList files = filesUnder(QStringLiteral("."), {QStringLiteral("*")});
        files.removeIf([](const QString& f) { return f.startsWith(QLatin1String("tests/")); });
        files += filesUnder(QStringLiteral("tests"), {QStringLiteral("*.cmake"), QStringLiteral("CMakeLists.txt")});
        requireNone(linesMatching(files, paths), "paths that exist on one machine only:");
        const QString own = QStringLiteral("\"/wo") + QStringLiteral("rk/");
        requireNone(linesMatching(filesUnder(QStringLiteral("tests"), code()), own),
                    "tests find shared data by Shared.h:");
    }

    void topFolderHoldsWhatItShould()
    {
        QStringList names = sourceTree().entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        names.removeIf(isLeftOver);
        names.sort();
        QStringList expected;
        for (const char* name : {".ci", ".clang-format", ".clang-tidy", ".gitignore", "CHANGELOG.md", "CMakeLists.txt",
                                 "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md", "app", "core",
                                 "packaging", "resources", "shaders", "tests", "widgets"}) {
            expected << QString::fromLatin1(name);
        }
        expected.sort();
        QCOMPARE(names, expected);
    }

    void everySourceIsBuilt()
    {
        QStringList found;
        const QString shared = linesOf(QStringLiteral("core/CMakeLists.txt")).join(QLatin1Char('\n'));
        for (const QString& file : filesUnder(QStringLiteral("core"), {QStringLiteral("*.cpp")})) {
            const QString room = file.section(QLatin1Char('/'), 0, 1);
            const QString list = linesOf(room + QStringLiteral("/sources.cmake")).join(QLatin1Char('\n'));
            const QString name = file.section(QLatin1Char('/'), 1);
            if (!list.contains(name) && !shared.contains(name)) {
                found << file;
            }
        }
        requireNone(found, "not in the sources.cmake of its room:");
    }
};

QTEST_GUILESS_MAIN(TestHouse)
#include "TestHouse.moc"
