#include "widgets/figure/PublishedResults.h"

#include "core/job/Error.h"
#include "resources/Resources.h"

#include <QFile>
#include <QStringList>

namespace semascope::ui {
namespace {

enum Field { Method, Encoder, Acc, Nmi, Ari, Source, Note, Fields };

[[noreturn]] void damaged(int line, const QString& why)
{
    throw core::Error(core::Code::BadFormat,
                      QStringLiteral("Line %1 of the table of published figures %2.").arg(line).arg(why).toStdString());
}

std::optional<double> percent(const QString& text, int line)
{
    if (text.isEmpty()) {
        return std::nullopt;
    }
    bool ok = false;
    const double value = text.toDouble(&ok); // always with a point: no locale
    if (!ok || value < -100 || value > 100) {
        damaged(line, QStringLiteral("has “%1” where a percentage belongs").arg(text));
    }
    return value / 100;
}

PublishedResult resultOf(const QStringList& fields, int line)
{
    PublishedResult r;
    r.method = fields[Method];
    r.encoder = fields[Encoder];
    r.source = fields[Source];
    r.acc = percent(fields[Acc], line);
    r.nmi = percent(fields[Nmi], line);
    r.ari = percent(fields[Ari], line);
    r.quoted = !fields[Note].isEmpty();
    return r;
}

} // namespace

std::vector<PublishedResult> parsePublished(const QString& text)
{
    std::vector<PublishedResult> results;
    int number = 0;
    bool head = true;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        ++number;
        if (line.trimmed().isEmpty() || line.startsWith(QLatin1Char('#'))) {
            continue;
        }
        QStringList fields = line.split(QLatin1Char(',')); // no field holds a comma
        for (QString& field : fields) {
            field = field.trimmed();
        }
        if (fields.size() != Fields) {
            damaged(number, QStringLiteral("has %1 fields, not %2").arg(fields.size()).arg(int(Fields)));
        }
        if (!head) {
            results.push_back(resultOf(fields, number));
        }
        head = false;
    }
    return results;
}

const std::vector<PublishedResult>& publishedCifar10()
{
    static const std::vector<PublishedResult> results = [] {
        initResources();
        QFile file(QStringLiteral(":/published/cifar10-clustering.csv"));
        if (!file.open(QIODevice::ReadOnly)) {
            throw core::Error(core::Code::BadFormat, "The table of published figures is missing from the program.");
        }
        return parsePublished(QString::fromUtf8(file.readAll()));
    }();
    return results;
}

} // namespace semascope::ui
