#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/Recipe.h"

#include <QHashSeed>
#include <QJsonDocument>
#include <QLocale>
#include <QPainter>
#include <QTemporaryDir>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <random>
#include <sys/resource.h>

using namespace semascope;
using namespace semascope::ui;

namespace {

const QVector<FigureFormat> kFormats{FigureFormat::Png, FigureFormat::Svg, FigureFormat::Pdf};
const char* const kEndings[] = {"png", "svg", "pdf"};
const FigureSize kSize{85.0, 60.0, 150};

MapFigure sampleMap(int n)
{
    std::mt19937 random(11);
    std::vector<float> values;
    for (int i = 0; i < 2 * n; ++i) {
        values.push_back(static_cast<float>(random() % 1000) / 100.0F);
    }
    auto layout = std::make_shared<core::Layout>();
    layout->points = core::Matrix::from(values, static_cast<std::size_t>(n), 2);
    MapFigure figure;
    figure.layout = layout;
    figure.fit = true;
    figure.title = QStringLiteral("Map <of> \"things\" & others");
    figure.footer = describeLayout(*layout);
    figure.legend.continuous = true;
    figure.legend.title = QStringLiteral("score");
    figure.labels.append({QStringLiteral("middle"), std::nullopt, {5.0, 5.0, 0.0}});
    QImage picture(20, 20, QImage::Format_RGB32);
    picture.fill(Qt::red);
    figure.thumbnails.append({0, picture});
    return figure;
}

QJsonObject sampleRecipe()
{
    return makeRecipe({{QStringLiteral("data"), QStringLiteral("<b>&\"]]> \u00e4\u4e2d\U0001F600")},
                       {QStringLiteral("seed"), 7},
                       {QStringLiteral("threshold"), 0.25}});
}

QByteArray encoded(FigureFormat format)
{
    return encodeFigure(figureOf(sampleMap(50), kSize.dpi), kSize, format, sampleRecipe());
}

core::Code codeOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const core::Error& error) {
        return error.code();
    }
    return core::Code::Cancelled; // nothing here throws it
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestFigureExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { qunsetenv("SOURCE_DATE_EPOCH"); }
    void sizesAreRead();
    void formatsFollowTheName();
    void physicalSizeIsTrue();
    void recipesComeBack();
    void missingRecipesAreSaid();
    void equalFiguresAreEqualFiles();
    void localeMakesNoDifference();
    void datesComeFromTheEnvironment();
    void textStaysText();
    void manyPointsBecomeOnePicture();
    void failureLeavesTheOldFile();
    void filesHaveTitles();
};

void TestFigureExport::sizesAreRead()
{
    QCOMPARE(FigureSize::parse(QStringLiteral("180x120mm")), (FigureSize{180.0, 120.0, 300}));
    QCOMPARE(FigureSize::parse(QStringLiteral("180x120"), 150), (FigureSize{180.0, 120.0, 150}));
    QCOMPARE(FigureSize::parse(QStringLiteral(" 18 x 12.5 cm ")), (FigureSize{180.0, 125.0, 300}));
    QCOMPARE(FigureSize::parse(QStringLiteral("90mm")), (FigureSize{90.0, 60.0, 300}));
    QCOMPARE(FigureSize::parse(QStringLiteral("3in")).widthMm, 76.2);
    QCOMPARE(FigureSize::parse(QStringLiteral("60mm")).heightMm, 40.0);
    for (const char* wrong : {"", "x", "180x", "-5mm", "180,5x120", "1e9mm", "3mm", "50mm", "39x100mm", "100x39mm",
                              "180x120px", "99999x99999"}) {
        QCOMPARE(codeOf([&] { FigureSize::parse(QString::fromLatin1(wrong)); }), core::Code::Misuse);
    }
    QCOMPARE(codeOf([] { FigureSize::parse(QStringLiteral("180mm"), 0); }), core::Code::Misuse);
    QCOMPARE(codeOf([] { FigureSize::parse(QStringLiteral("2000x2000mm"), 2400); }), core::Code::Misuse);
}

void TestFigureExport::formatsFollowTheName()
{
    QCOMPARE(figureFormat(QStringLiteral("a.b/c.PNG")), FigureFormat::Png);
    QCOMPARE(figureFormat(QStringLiteral("c.tar.svg")), FigureFormat::Svg);
    QCOMPARE(figureFormat(QStringLiteral("/x/c.pdf")), FigureFormat::Pdf);
    for (const char* wrong : {"figure", "figure.jpg", "a.png/figure", ""}) {
        QCOMPARE(codeOf([&] { figureFormat(QString::fromLatin1(wrong)); }), core::Code::Misuse);
    }
}

void TestFigureExport::physicalSizeIsTrue()
{
    const QImage image = QImage::fromData(encoded(FigureFormat::Png), "PNG");
    QCOMPARE(image.size(), QSize(502, 354)); // 85 and 60 mm at 150 dpi
    QCOMPARE(image.dotsPerMeterX(), 5906);
    QCOMPARE(image.dotsPerMeterY(), 5906);
    QVERIFY(encoded(FigureFormat::Svg).contains("width=\"85mm\" height=\"60mm\""));

    static const QRegularExpression mediaBox(
        QStringLiteral("/MediaBox \\[\\s*([-0-9.]+) ([-0-9.]+) ([-0-9.]+) ([-0-9.]+)\\s*\\]"));
    const QRegularExpressionMatch match = mediaBox.match(QString::fromLatin1(encoded(FigureFormat::Pdf)));
    QVERIFY(match.hasMatch());
    const double width = match.captured(3).toDouble() - match.captured(1).toDouble();
    const double height = match.captured(4).toDouble() - match.captured(2).toDouble();
    QVERIFY(std::abs(width / 72 * 25.4 - 85.0) < 0.001);
    QVERIFY(std::abs(height / 72 * 25.4 - 60.0) < 0.001);
}

void TestFigureExport::recipesComeBack()
{
    QTemporaryDir folder;
    for (int k = 0; k < 3; ++k) {
        const QString path = folder.filePath(QStringLiteral("f\u00fc\u4e2d.") + QLatin1String(kEndings[k]));
        exportFigure(figureOf(sampleMap(50), 150), kSize, figureFormat(path), path, sampleRecipe());
        QJsonObject back = QJsonDocument::fromJson(readRecipe(path)).object();
        const QJsonObject drawing = back.take(QStringLiteral("drawing")).toObject();
        QCOMPARE(drawing.value(QStringLiteral("figure")).toString(), QStringLiteral("map"));
        QCOMPARE(drawing.value(QStringLiteral("widthMm")).toDouble(), kSize.widthMm);
        QCOMPARE(back, sampleRecipe());
        QCOMPARE(back.value(QStringLiteral("program")).toString(), QStringLiteral("semascope"));
        QVERIFY(!back.value(QStringLiteral("version")).toString().isEmpty());
        QVERIFY(!back.contains(QStringLiteral("created")));
    }
}

void TestFigureExport::missingRecipesAreSaid()
{
    QTemporaryDir folder;
    const QString png = folder.filePath(QStringLiteral("plain.png"));
    QImage(3, 3, QImage::Format_RGB32).save(png);
    QCOMPARE(codeOf([&] { readRecipe(png); }), core::Code::NotFound);
    QCOMPARE(codeOf([&] { readRecipe(folder.filePath(QStringLiteral("absent.svg"))); }), core::Code::NotFound);
    const QMap<QString, QByteArray> damaged{
        {QStringLiteral("text.svg"), "hello"},
        {QStringLiteral("empty.pdf"), ""},
        {QStringLiteral("cut.svg"), encoded(FigureFormat::Svg).replace("seed&quot;", "seed")}};
    for (auto it = damaged.begin(); it != damaged.end(); ++it) {
        QFile file(folder.filePath(it.key()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(it.value());
        file.close();
        QCOMPARE(codeOf([&] { readRecipe(file.fileName()); }), core::Code::BadFormat);
    }
}

void TestFigureExport::equalFiguresAreEqualFiles()
{
    for (const FigureFormat format : kFormats) {
        const QByteArray first = encoded(format);
        for (int round = 0; round < 4; ++round) {
            QHashSeed::resetRandomGlobalSeed();
            QTest::qSleep(round == 0 ? 1100 : 0); // another second for dates to show
            QVERIFY(encoded(format) == first);
        }
    }
    QVERIFY2(QHashSeed::globalSeed() != 0 || qEnvironmentVariableIsSet("QT_HASH_SEED"), "the seed is put back");
}

void TestFigureExport::localeMakesNoDifference()
{
    QVector<QByteArray> before;
    for (const FigureFormat format : kFormats) {
        before.append(encoded(format));
    }
    const QLocale old;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    const bool real = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
    for (int k = 0; k < 3; ++k) {
        QVERIFY(encoded(kFormats[k]) == before[k]);
    }
    std::setlocale(LC_ALL, "C.UTF-8");
    QLocale::setDefault(old);
    if (!real) {
        qWarning("de_DE.UTF-8 is not installed: only Qt's locale was changed");
    }
}

void TestFigureExport::datesComeFromTheEnvironment()
{
    QVERIFY(!encoded(FigureFormat::Pdf).contains("/CreationDate"));
    qputenv("SOURCE_DATE_EPOCH", "86400");
    QVERIFY(encoded(FigureFormat::Pdf).contains("/CreationDate (D:19700102000000Z"));
    QCOMPARE(sampleRecipe().value(QStringLiteral("created")).toString(), QStringLiteral("1970-01-02T00:00:00Z"));
    qunsetenv("SOURCE_DATE_EPOCH");
}

void TestFigureExport::textStaysText()
{
    const QByteArray svg = encoded(FigureFormat::Svg);
    QVERIFY(svg.contains("font-family=\"DejaVu Sans\""));
    QVERIFY(svg.contains(">dimension 1</text>"));
    QVERIFY(svg.contains(">middle</text>"));
    QXmlStreamReader reader(svg);
    while (!reader.atEnd()) {
        reader.readNext();
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));

    const QByteArray pdf = encoded(FigureFormat::Pdf);
    QVERIFY(pdf.contains("DejaVuSans"));
    QVERIFY(pdf.contains("/FontFile2"));
    QVERIFY(pdf.contains("/ToUnicode"));

    Figure control{QStringLiteral("t"), [](QPainter& painter, const QRectF&) {
                       drawText(painter, {10.0, 20.0}, QStringLiteral("a\u0001b\nc<d"), TextStyle{});
                   }};
    QVERIFY(encodeFigure(control, kSize, FigureFormat::Svg, {}).contains(">a b c&lt;d</text>"));
}

void TestFigureExport::manyPointsBecomeOnePicture()
{
    MapFigure map = sampleMap(50);
    map.thumbnails.clear();
    map.labels.clear();
    QByteArray svg = encodeFigure(figureOf(map, 150), kSize, FigureFormat::Svg, {});
    QCOMPARE(svg.count("<circle"), 50);
    QCOMPARE(svg.count("<image"), 0);
    QVERIFY(!mapRecipe(map, FigureFormat::Svg).value(QStringLiteral("pointsAsPicture")).toBool());
    map.vectorPoints = 49;
    svg = encodeFigure(figureOf(map, 150), kSize, FigureFormat::Svg, {});
    QCOMPARE(svg.count("<circle"), 0);
    QCOMPARE(svg.count("<image"), 1);
    QVERIFY(mapRecipe(map, FigureFormat::Pdf).value(QStringLiteral("pointsAsPicture")).toBool());
}

void TestFigureExport::failureLeavesTheOldFile()
{
    QTemporaryDir folder;
    const auto write = [&](const QString& path) {
        exportFigure(figureOf(sampleMap(50), 150), kSize, figureFormat(path), path, sampleRecipe());
    };
    QCOMPARE(codeOf([&] { write(folder.filePath(QStringLiteral("absent/f.svg"))); }), core::Code::Io);
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("folder.png")));
    QCOMPARE(codeOf([&] { write(folder.filePath(QStringLiteral("folder.png"))); }), core::Code::Io);

    // A full disk, as near as a process without rights can have one.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &old), 0);
    for (const char* ending : kEndings) {
        const QString path = folder.filePath(QStringLiteral("old.") + QLatin1String(ending));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("old");
        file.close();
        const rlimit tight{1000, old.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
        const core::Code code = codeOf([&] { write(path); });
        setrlimit(RLIMIT_FSIZE, &old);
        QCOMPARE(code, core::Code::Io);
        QCOMPARE(contents(path), QByteArray("old"));
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 4);
}

void TestFigureExport::filesHaveTitles()
{
    const auto titleOf = [](MapFigure map, const QJsonObject& recipe) {
        const QByteArray png = encodeFigure(figureOf(std::move(map), 72), kSize, FigureFormat::Png, recipe);
        return QImage::fromData(png, "PNG").text(QStringLiteral("Title"));
    };
    const QJsonObject recipe{{QStringLiteral("view"), QStringLiteral("map")},
                             {QStringLiteral("data"), QJsonObject{{QStringLiteral("name"), QStringLiteral("faces")}}}};
    MapFigure map = sampleMap(5);
    QCOMPARE(titleOf(map, recipe), map.title);
    map.title.clear();
    QCOMPARE(titleOf(map, recipe), QStringLiteral("Map of faces"));
    QVERIFY(!titleOf(map, {}).isEmpty());
    const QByteArray pdf = encodeFigure(figureOf(map, 72), kSize, FigureFormat::Pdf, recipe);
    QByteArray utf16;
    for (const char c : QByteArray("Map of faces")) {
        utf16 += QByteArray(1, '\0') + c;
    }
    QVERIFY(pdf.contains("Map of faces") || pdf.contains(utf16));
    QVERIFY(encodeFigure(figureOf(map, 72), kSize, FigureFormat::Svg, recipe).contains("<title>Map of faces</title>"));
}

QTEST_MAIN(TestFigureExport)
#include "TestFigureExport.moc"
