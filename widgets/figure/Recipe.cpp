#include "widgets/figure/Recipe.h"

#include "core/data/Picture.h"
#include "core/job/Error.h"

#include <QBuffer>
#include <QDateTime>
#include <QFile>
#include <QImageReader>
#include <QJsonDocument>
#include <QXmlStreamReader>

#include <optional>

namespace semascope::ui {
namespace {

constexpr char kNamespace[] = "urn:semascope:recipe";
constexpr char kOpenTag[] = "<semascope:recipe ";
constexpr char kCloseTag[] = "</semascope:recipe>";
constexpr std::uint64_t kLargestFigure = 1ULL << 30;

[[noreturn]] void fail(core::Code code, const QString& path, const char* rest)
{
    throw core::Error(code, path.toStdString() + rest);
}

std::optional<QByteArray> recipeOfPng(QByteArray bytes)
{
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, "png");
    const QString text = reader.text(QString::fromLatin1(kRecipeKey));
    return text.isEmpty() ? std::nullopt : std::optional(text.toUtf8());
}

/// The recipe element is written in one form only, so that it is found in an XML file and in the middle of a PDF alike.
std::optional<QByteArray> recipeElementIn(const QByteArray& bytes)
{
    const qsizetype from = bytes.indexOf(kOpenTag);
    const qsizetype to = from < 0 ? -1 : bytes.indexOf(kCloseTag, from);
    if (to < 0) {
        return std::nullopt;
    }
    QXmlStreamReader reader(bytes.mid(from, to - from + static_cast<qsizetype>(sizeof kCloseTag) - 1));
    if (!reader.readNextStartElement() || reader.namespaceUri() != QLatin1String(kNamespace)) {
        return std::nullopt;
    }
    const QString text = reader.readElementText();
    return reader.hasError() ? std::nullopt : std::optional(text.toUtf8());
}

} // namespace

QJsonObject makeRecipe(const QJsonObject& fields)
{
    QJsonObject recipe = fields;
    recipe.insert(QStringLiteral("program"), QStringLiteral("semascope"));
    recipe.insert(QStringLiteral("version"), QStringLiteral(SEMASCOPE_VERSION));
    QJsonObject libraries = fields.value(QStringLiteral("libraries")).toObject();
    libraries.insert(QStringLiteral("qt"), QString::fromLatin1(qVersion()));
    recipe.insert(QStringLiteral("libraries"), libraries);
    bool given = false;
    const qint64 epoch = qEnvironmentVariable("SOURCE_DATE_EPOCH").toLongLong(&given);
    if (given) {
        recipe.insert(QStringLiteral("created"), QDateTime::fromSecsSinceEpoch(epoch).toUTC().toString(Qt::ISODate));
    }
    return recipe;
}

QByteArray readRecipe(const QString& path)
{
    const std::vector<std::uint8_t> file = core::readRegularFile(QFile::encodeName(path).toStdString(), kLargestFigure);
    const QByteArray bytes =
        QByteArray::fromRawData(reinterpret_cast<const char*>(file.data()), static_cast<qsizetype>(file.size()));
    std::optional<QByteArray> json;
    if (bytes.startsWith("\x89PNG")) {
        json = recipeOfPng(bytes);
    } else if (bytes.startsWith("%PDF-") || bytes.left(4096).contains("<svg")) {
        json = recipeElementIn(bytes);
    } else {
        fail(core::Code::BadFormat, path, " is not a PNG, SVG or PDF figure.");
    }
    if (!json) {
        fail(core::Code::NotFound, path,
             " has no recipe: it was not exported by Semascope, or another program has saved it since.");
    }
    if (!QJsonDocument::fromJson(*json).isObject()) {
        fail(core::Code::BadFormat, path, " has a recipe that is damaged: export the figure again.");
    }
    return *json;
}

QByteArray recipeElement(const QByteArray& json)
{
    return kOpenTag + QByteArray("xmlns:semascope=\"") + kNamespace + "\">" +
           QString::fromUtf8(json).toHtmlEscaped().toUtf8() + kCloseTag;
}

} // namespace semascope::ui
