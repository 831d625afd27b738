#include "widgets/figure/PdfPage_p.h"

#include <QDateTime>

namespace semascope::ui {
namespace {

/// Replaces what stands between the end of `before` and `after`, padded with blanks, where it fits.
void replaceBetween(QByteArray& pdf, const QByteArray& before, const QByteArray& after, const QByteArray& text)
{
    const qsizetype found = pdf.indexOf(before);
    const qsizetype from = found + before.size();
    const qsizetype to = found < 0 ? -1 : pdf.indexOf(after, from);
    if (to >= from + text.size()) {
        pdf.replace(from, to - from, text.leftJustified(to - from, ' '));
    }
}

void settleDate(QByteArray& pdf, const QByteArray& key)
{
    bool given = false;
    const qint64 epoch = qEnvironmentVariable("SOURCE_DATE_EPOCH").toLongLong(&given);
    if (given) {
        const QDateTime time = QDateTime::fromSecsSinceEpoch(epoch).toUTC();
        replaceBetween(pdf, key, QByteArrayLiteral(")"),
                       QByteArrayLiteral("D:") + time.toString(QStringLiteral("yyyyMMddHHmmss")).toLatin1() + 'Z');
        return;
    }
    const qsizetype from = pdf.indexOf(key);
    const qsizetype to = from < 0 ? -1 : pdf.indexOf(')', from);
    if (to > from) {
        pdf.replace(from, to + 1 - from, QByteArray(to + 1 - from, ' '));
    }
}

QByteArray number(double value)
{
    return QByteArray::number(value, 'f', 3);
}

} // namespace

QByteArray settledPdf(QByteArray pdf, const FigureSize& size)
{
    settleDate(pdf, QByteArrayLiteral("/CreationDate ("));
    settleDate(pdf, QByteArrayLiteral("/ModDate (")); // from Qt 6.8 on
    // Qt's page hangs from its top edge, which lies at a whole number of points.
    const double top = size.page().size().toSize().height();
    replaceBetween(pdf, QByteArrayLiteral("/MediaBox ["), QByteArrayLiteral("]"),
                   "0 " + number(top - size.page().height()) + ' ' + number(size.page().width()) + ' ' + number(top));
    return pdf;
}

} // namespace semascope::ui
