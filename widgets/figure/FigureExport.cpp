#include "widgets/figure/FigureExport.h"

#include "core/data/Arrays.h"
#include "core/job/Error.h"
#include "widgets/figure/PdfPage_p.h"
#include "widgets/figure/Recipe.h"
#include "widgets/figure/SvgPage_p.h"

#include <QBuffer>
#include <QFile>
#include <QHashSeed>
#include <QImageWriter>
#include <QJsonDocument>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <QUuid>

#include <cmath>
#include <memory>

namespace semascope::ui {
namespace {

constexpr int kPointsPerInch = 72;

/// Qt writes a PDF's fonts in the order of a hash, which differs from run to run unless its seed is fixed.
class FixedHashSeed
{
public:
    FixedHashSeed() : m_random(QHashSeed::globalSeed() != 0) { QHashSeed::setDeterministicGlobalSeed(); }
    ~FixedHashSeed()
    {
        if (m_random) {
            QHashSeed::resetRandomGlobalSeed();
        }
    }
    Q_DISABLE_COPY_MOVE(FixedHashSeed)

private:
    bool m_random;
};

void paintOn(QPaintDevice& device, const Figure& figure, const QRectF& page, double scale)
{
    QPainter painter;
    if (!painter.begin(&device)) {
        throw core::Error(core::Code::Io, "The figure could not be drawn: Qt refused to start painting.");
    }
    painter.scale(scale, scale);
    painter.fillRect(page, Qt::white);
    figure.paint(painter, page);
    painter.end();
}

/// What programs show as the title of the file.
QString documentTitle(const Figure& figure, const QJsonObject& recipe)
{
    if (!figure.title.trimmed().isEmpty()) {
        return figure.title.simplified();
    }
    QStringList parts{recipe.value(QStringLiteral("view")).toString(),
                      recipe.value(QStringLiteral("data")).toObject().value(QStringLiteral("name")).toString()};
    parts.removeAll(QString());
    if (parts.isEmpty()) {
        return QStringLiteral("Semascope figure");
    }
    parts.first() = parts.first().left(1).toUpper() + parts.first().mid(1);
    return parts.join(QStringLiteral(" of "));
}

QJsonObject withDrawing(const Figure& figure, const FigureSize& size, FigureFormat format, QJsonObject recipe)
{
    if (figure.describe) {
        QJsonObject drawing = figure.describe(format);
        drawing.insert(QStringLiteral("widthMm"), size.widthMm);
        drawing.insert(QStringLiteral("heightMm"), size.heightMm);
        drawing.insert(QStringLiteral("dpi"), size.dpi);
        drawing.insert(QStringLiteral("title"), figure.title);
        recipe.insert(QStringLiteral("drawing"), drawing);
    }
    return recipe;
}

QByteArray encodePng(const Figure& figure, const FigureSize& size, const QByteArray& json)
{
    QImage image = renderFigure(figure, size);
    image.setText(QString::fromLatin1(kRecipeKey), QString::fromUtf8(json));
    image.setText(QStringLiteral("Title"), figure.title);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, "png");
    if (!writer.write(image)) {
        throw core::Error(core::Code::Io,
                          "The figure could not be encoded as PNG: " + writer.errorString().toStdString() + ".");
    }
    return buffer.data();
}

QByteArray encodeSvg(const Figure& figure, const FigureSize& size, const QByteArray& json)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(kPointsPerInch);
    generator.setSize(size.page().size().toSize());
    generator.setViewBox(size.page());
    generator.setTitle(figure.title.toHtmlEscaped());
    // The generator draws in whole-number page units, but its coordinates are real numbers of the view box.
    paintOn(generator, figure, size.page(), 1.0);
    return completedSvg(buffer.data(), size, json);
}

QByteArray xmpPacket(const QByteArray& json)
{
    return QByteArrayLiteral("<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                             "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                             "<rdf:Description rdf:about=\"\">\n") +
           recipeElement(json) +
           QByteArrayLiteral("\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>");
}

QByteArray encodePdf(const Figure& figure, const FigureSize& size, const QByteArray& json)
{
    const FixedHashSeed seed;
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kPointsPerInch);
        writer.setPageSize(QPageSize(size.page().size(), QPageSize::Point, QString(), QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF(0.0, 0.0, 0.0, 0.0));
        writer.setTitle(figure.title);
        writer.setCreator(QStringLiteral("semascope " SEMASCOPE_VERSION));
        writer.setDocumentXmpMetadata(xmpPacket(json));
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
        writer.setDocumentId(QUuid::createUuidV5(QUuid(), json)); // equal figures are equal files
#endif
        paintOn(writer, figure, size.page(), 1.0);
    }
    return settledPdf(buffer.data(), size);
}

} // namespace

Figure figureOf(MapFigure map, int dpi)
{
    map.rasterDpi = dpi;
    const auto held = std::make_shared<const MapFigure>(std::move(map));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintMap(painter, page, *held); },
            [held](FigureFormat format) { return mapRecipe(*held, format); }};
}

Figure figureOf(HeatmapFigure heatmap, int dpi)
{
    heatmap.rasterDpi = dpi;
    const auto held = std::make_shared<const HeatmapFigure>(std::move(heatmap));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintHeatmap(painter, page, *held); },
            [held](FigureFormat) { return heatmapRecipe(*held); }};
}

Figure figureOf(ConfusionFigure confusion)
{
    const auto held = std::make_shared<const ConfusionFigure>(std::move(confusion));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintConfusion(painter, page, *held); },
            [held](FigureFormat) { return confusionRecipe(*held); }};
}

Figure figureOf(TrainingFigure training)
{
    const auto held = std::make_shared<const TrainingFigure>(std::move(training));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintTraining(painter, page, *held); },
            [held](FigureFormat) { return trainingRecipe(*held); }};
}

QImage renderFigure(const Figure& figure, const FigureSize& size)
{
    size.check();
    QImage image(size.pixels(), QImage::Format_RGB32);
    if (image.isNull()) {
        throw core::Error(core::Code::OutOfMemory,
                          "There is not enough memory for a figure of this size: choose fewer dpi.");
    }
    image.fill(Qt::white);
    paintOn(image, figure, size.page(), static_cast<double>(size.dpi) / kPointsPerInch);
    const int dotsPerMetre = static_cast<int>(std::lround(size.dpi / 0.0254));
    image.setDotsPerMeterX(dotsPerMetre);
    image.setDotsPerMeterY(dotsPerMetre);
    return image;
}

QByteArray encodeFigure(const Figure& figure, const FigureSize& size, FigureFormat format, const QJsonObject& recipe)
{
    size.check();
    const Figure named{documentTitle(figure, recipe), figure.paint, {}};
    const QJsonObject whole = withDrawing(figure, size, format, recipe);
    const QByteArray json = QJsonDocument(whole).toJson(QJsonDocument::Compact);
    switch (format) {
    case FigureFormat::Svg:
        return encodeSvg(named, size, json);
    case FigureFormat::Pdf:
        return encodePdf(named, size, json);
    case FigureFormat::Png:
        break;
    }
    return encodePng(named, size, json);
}

void exportFigure(const Figure& figure, const FigureSize& size, FigureFormat format, const QString& path,
                  const QJsonObject& recipe)
{
    const QByteArray bytes = encodeFigure(figure, size, format, recipe);
    core::writeFileAtomic(QFile::encodeName(path).toStdString(), bytes.constData(),
                          static_cast<std::size_t>(bytes.size()));
}

} // namespace semascope::ui
