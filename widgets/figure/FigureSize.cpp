#include "widgets/figure/FigureSize.h"

#include "core/job/Error.h"

#include <QRegularExpression>

#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kPointsPerInch = 72.0;
constexpr double kLeastMm = 40.0; // below, a figure's text leaves no room for what it is about
constexpr double kMostMm = 2000.0;

[[noreturn]] void misuse(const QString& sentence)
{
    throw core::Error(core::Code::Misuse, sentence.toStdString());
}

double unitInMm(const QString& unit)
{
    if (unit == QLatin1String("cm")) {
        return 10.0;
    }
    return unit == QLatin1String("in") ? kMmPerInch : 1.0;
}

} // namespace

FigureFormat figureFormat(const QString& path)
{
    const QString extension =
        path.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 1).section(QLatin1Char('.'), -1).toLower();
    if (extension == QLatin1String("png")) {
        return FigureFormat::Png;
    }
    if (extension == QLatin1String("svg")) {
        return FigureFormat::Svg;
    }
    if (extension == QLatin1String("pdf")) {
        return FigureFormat::Pdf;
    }
    misuse(QStringLiteral("A figure cannot be written to \"%1\": give it a name that ends in .png, .svg or .pdf.")
               .arg(path));
}

FigureSize FigureSize::parse(const QString& text, int dpi)
{
    static const QRegularExpression pattern(
        QStringLiteral("^\\s*([0-9]+(?:\\.[0-9]+)?)\\s*(?:[xX\u00d7]\\s*([0-9]+(?:\\.[0-9]+)?))?\\s*(mm|cm|in)?\\s*$"));
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch()) {
        misuse(QStringLiteral("\"%1\" is not a figure size: write it as 180x120mm, or 85mm for the width alone.")
                   .arg(text));
    }
    const double unit = unitInMm(match.captured(3));
    FigureSize size;
    size.widthMm = match.captured(1).toDouble() * unit;
    size.heightMm = match.captured(2).isEmpty() ? size.widthMm / 1.5 : match.captured(2).toDouble() * unit;
    size.dpi = dpi;
    size.check();
    return size;
}

void FigureSize::check() const
{
    const auto sideFits = [](double mm) { return mm >= kLeastMm && mm <= kMostMm; };
    if (!sideFits(widthMm) || !sideFits(heightMm)) {
        misuse(QStringLiteral("A figure of %1 x %2 mm cannot be made: each side must be %3 to %4 mm.")
                   .arg(QString::number(widthMm, 'g', 4), QString::number(heightMm, 'g', 4), QString::number(kLeastMm),
                        QString::number(kMostMm)));
    }
    if (dpi < 36 || dpi > 2400) {
        misuse(QStringLiteral("A figure at %1 dpi cannot be made: choose 36 to 2400 dpi.").arg(QString::number(dpi)));
    }
    if (static_cast<double>(pixels().width()) * pixels().height() > 5e8) {
        misuse(QStringLiteral(
                   "A figure of %1 x %2 mm at %3 dpi has over 500 million pixels: choose a smaller size or dpi.")
                   .arg(QString::number(widthMm), QString::number(heightMm), QString::number(dpi)));
    }
}

QRectF FigureSize::page() const
{
    return {0.0, 0.0, widthMm / kMmPerInch * kPointsPerInch, heightMm / kMmPerInch * kPointsPerInch};
}

QSize FigureSize::pixels() const
{
    return {static_cast<int>(std::lround(widthMm / kMmPerInch * dpi)),
            static_cast<int>(std::lround(heightMm / kMmPerInch * dpi))};
}

} // namespace semascope::ui
