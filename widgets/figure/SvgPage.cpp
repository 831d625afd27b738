#include "widgets/figure/SvgPage_p.h"

#include "core/job/Error.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/Recipe.h"

#include <QRegularExpression>

namespace semascope::ui {
namespace {

QString millimetres(double mm)
{
    QString text = QString::number(mm, 'f', 4);
    while (text.endsWith(QLatin1Char('0'))) {
        text.chop(1);
    }
    if (text.endsWith(QLatin1Char('.'))) {
        text.chop(1);
    }
    return text + QLatin1String("mm");
}

/// Multiplies every number that `pattern` captures.
QString scaled(const QString& text, const QRegularExpression& pattern, double factor)
{
    QString out;
    qsizetype done = 0;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out += text.mid(done, match.capturedStart(1) - done);
        out += QString::number(match.captured(1).toDouble() * factor);
        done = match.capturedEnd(1);
    }
    return out + text.mid(done);
}

/// A group that holds text only, drawn kTextScale times too large and scaled down: the same with sizes as they appear.
QString unscaledGroup(QString group)
{
    static const QRegularExpression fontSize(QStringLiteral("font-size=\"([0-9.]+)\""));
    static const QRegularExpression place(QStringLiteral("\\s[xy]=\"([-0-9.e]+)\""));
    static const QRegularExpression matrix(
        QStringLiteral("matrix\\(([-0-9.e]+),([-0-9.e]+),([-0-9.e]+),([-0-9.e]+),([-0-9.e]+),([-0-9.e]+)\\)"));
    const QRegularExpressionMatch m = matrix.match(group);
    if (!m.hasMatch()) {
        return group;
    }
    QStringList numbers;
    for (int k = 1; k <= 6; ++k) {
        numbers << (k <= 4 ? QString::number(m.captured(k).toDouble() * kTextScale) : m.captured(k));
    }
    group.replace(m.capturedStart(), m.capturedLength(),
                  QStringLiteral("matrix(%1)").arg(numbers.join(QLatin1Char(','))));
    return scaled(scaled(group, fontSize, 1.0 / kTextScale), place, 1.0 / kTextScale);
}

QString withTrueTextSizes(const QString& svg)
{
    static const QRegularExpression textGroup(QStringLiteral("<g [^>]*>\\s*(?:<text [^>]*>[^<]*</text>\\s*)+</g>"));
    QString out;
    qsizetype done = 0;
    for (auto it = textGroup.globalMatch(svg); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        out += svg.mid(done, match.capturedStart() - done);
        out += unscaledGroup(match.captured());
        done = match.capturedEnd();
    }
    return out + svg.mid(done);
}

} // namespace

QByteArray completedSvg(const QByteArray& svg, const FigureSize& size, const QByteArray& json)
{
    static const QRegularExpression dimensions(QStringLiteral("<svg width=\"[^\"]*\" height=\"[^\"]*\""));
    static const QRegularExpression description(QStringLiteral("<desc>[^<]*</desc>"));
    QString text = withTrueTextSizes(QString::fromUtf8(svg));
    const QRegularExpressionMatch size0 = dimensions.match(text);
    if (size0.hasMatch()) {
        text.replace(size0.capturedStart(), size0.capturedLength(),
                     QStringLiteral("<svg text-rendering=\"geometricPrecision\" width=\"%1\" height=\"%2\"")
                         .arg(millimetres(size.widthMm), millimetres(size.heightMm)));
    }
    const QRegularExpressionMatch generated = description.match(text);
    const QString metadata = QStringLiteral("<metadata>%1</metadata>").arg(QString::fromUtf8(recipeElement(json)));
    if (!generated.hasMatch() || !size0.hasMatch()) {
        throw core::Error(core::Code::Io, "The figure could not be encoded as SVG: Qt wrote an unknown form of it.");
    }
    text.replace(generated.capturedStart(), generated.capturedLength(), metadata);
    return text.toUtf8();
}

} // namespace semascope::ui
