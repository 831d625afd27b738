#include "widgets/panels/Numbers.h"

#include <QCoreApplication>

#include <cmath>

namespace semascope::ui {
namespace {

constexpr QChar kMinus(0x2212);
constexpr QChar kDash(0x2013);
constexpr QChar kThinSpace(0x202f);

QString tr(const char* text)
{
    return QCoreApplication::translate("Numbers", text);
}

QString magnitude(double value)
{
    const QString text = QString::number(std::fabs(value), 'f', 3);
    if (text.startsWith(QLatin1String("0."))) {
        return text.mid(1);
    }
    return QString::number(std::fabs(value), 'f', 2);
}

bool roundsToZero(double value)
{
    return std::fabs(value) < 0.0005;
}

} // namespace

QString cosineText(double value)
{
    if (!std::isfinite(value)) {
        return kDash;
    }
    return value < 0 && !roundsToZero(value) ? kMinus + magnitude(value) : magnitude(value);
}

QString contrastText(double value)
{
    if (!std::isfinite(value) || value < 0 || roundsToZero(value)) {
        return cosineText(value);
    }
    return QLatin1Char('+') + magnitude(value);
}

QString percentileText(double percentile)
{
    return std::isfinite(percentile) ? QLatin1Char('p') + QString::number(int(std::lround(percentile))) : QString();
}

QString probabilityText(double probability)
{
    if (!std::isfinite(probability)) {
        return kDash;
    }
    const double percent = 100 * probability;
    const QString number = percent > 0 && percent < 1        ? QStringLiteral("<1")
                           : percent > 99 && percent < 99.95 ? QStringLiteral(">99")
                                                             : QString::number(std::lround(percent));
    return number + kThinSpace + QLatin1Char('%');
}

QString rateText(double perSecond, const QString& unit)
{
    if (!std::isfinite(perSecond) || perSecond <= 0) {
        return {};
    }
    const QString number = perSecond >= 9.95 ? countText(std::size_t(std::llround(perSecond)))
                                             : QString::number(perSecond, 'f', perSecond >= 0.095 ? 1 : 2);
    return unit.isEmpty() ? tr("%1/s").arg(number) : tr("%1 %2/s").arg(number, unit);
}

QString timeLeftText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) {
        return {};
    }
    const long long whole = std::llround(std::ceil(seconds));
    if (whole < 60) {
        return tr("%1 s left").arg(whole);
    }
    const long long minutes = (whole + 30) / 60;
    if (minutes < 60) {
        return tr("%1 min left").arg(minutes);
    }
    return minutes % 60 == 0 ? tr("%1 h left").arg(minutes / 60)
                             : tr("%1 h %2 min left").arg(minutes / 60).arg(minutes % 60);
}

QString countText(std::size_t count)
{
    QString digits = QString::number(count);
    for (qsizetype at = digits.size() - 3; at > 0 && digits.size() > 4; at -= 3) {
        digits.insert(at, kThinSpace);
    }
    return digits;
}

QString numberText(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 4) : QString(kDash);
}

} // namespace semascope::ui
