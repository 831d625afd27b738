#include "widgets/panels/ZeroShotText.h"

#include "widgets/panels/Numbers.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ZeroShotText", text);
}

QString className(const core::ZeroShotResult& result, int index)
{
    return QString::fromStdString(result.spec.classes[static_cast<std::size_t>(index)]);
}

std::size_t count(const core::ZeroShotResult& result, std::size_t label, std::size_t prediction)
{
    return result.confusion[label * result.spec.classes.size() + prediction];
}

/// Wilson's interval of a share at 95 %.
std::pair<double, double> interval(double share, std::size_t n)
{
    constexpr double z = 1.959964;
    const double size = static_cast<double>(n);
    const double middle = share + z * z / (2 * size);
    const double half = z * std::sqrt(share * (1 - share) / size + z * z / (4 * size * size));
    const double whole = 1 + z * z / size;
    return {std::max(0.0, (middle - half) / whole), std::min(1.0, (middle + half) / whole)};
}

QString withInterval(const QString& sentence, double share, std::size_t n)
{
    const auto [lo, hi] = interval(share, n);
    return sentence + QLatin1Char(' ') +
           tr("Were other pictures of the same kind drawn, it would lie between %1 and %2 (95 % interval).")
               .arg(shareText(lo), shareText(hi));
}

QString chanceTip(const core::ZeroShotResult& result)
{
    const std::size_t k = result.spec.classes.size();
    QString tip = tr("Guessing evenly among %1 classes is right in %2 of the cases.")
                      .arg(k)
                      .arg(shareText(1.0 / static_cast<double>(k)));
    std::size_t most = 0, mostClass = 0;
    for (std::size_t label = 0; label < k; ++label) {
        std::size_t n = 0;
        for (std::size_t p = 0; p < k; ++p) {
            n += count(result, label, p);
        }
        if (n > most) {
            most = n;
            mostClass = label;
        }
    }
    if (most > 0) {
        tip += QLatin1Char(' ') + tr("Always saying the commonest label, “%1”, would be right in %2.")
                                      .arg(className(result, static_cast<int>(mostClass)),
                                           shareText(static_cast<double>(most) / static_cast<double>(result.labelled)));
    }
    return tip;
}

void countPredictions(const core::ZeroShotResult& result, std::vector<ClassReport>& reports)
{
    std::vector<double> sum(reports.size(), 0);
    for (std::size_t row = 0; row < result.sampleIndex.size(); ++row) {
        const std::int32_t c = result.best[row * result.top];
        if (c >= 0) {
            ++reports[static_cast<std::size_t>(c)].predicted;
            sum[static_cast<std::size_t>(c)] += static_cast<double>(result.probability[row * result.top]);
        }
    }
    for (std::size_t c = 0; c < reports.size(); ++c) {
        if (reports[c].predicted > 0) {
            reports[c].confidence = sum[c] / static_cast<double>(reports[c].predicted);
        }
    }
}

void judge(const core::ZeroShotResult& result, std::size_t c, ClassReport& report)
{
    std::size_t judged = 0;
    for (std::size_t other = 0; other < result.spec.classes.size(); ++other) {
        const std::size_t taken = count(result, c, other);
        report.labelled += taken;
        judged += count(result, other, c);
        if (other != c && taken > report.confused) {
            report.confused = taken;
            report.confusedWith = static_cast<int>(other);
        }
    }
    const auto right = static_cast<double>(count(result, c, c));
    report.recall = report.labelled > 0 ? right / static_cast<double>(report.labelled) : ClassReport::kUnknown;
    report.precision = judged > 0 ? right / static_cast<double>(judged) : ClassReport::kUnknown;
}

} // namespace

std::vector<ClassReport> classReports(const core::ZeroShotResult& result)
{
    std::vector<ClassReport> reports(result.spec.classes.size());
    countPredictions(result, reports);
    for (std::size_t c = 0; c < reports.size() && !result.confusion.empty(); ++c) {
        judge(result, c, reports[c]);
    }
    return reports;
}

std::vector<HeadlineFigure> headline(const core::ZeroShotResult& result)
{
    const auto k = static_cast<double>(result.spec.classes.size());
    std::vector<HeadlineFigure> figures;
    if (result.labelled > 0) {
        figures.push_back(
            {shareText(result.top1), tr("top-1"),
             withInterval(
                 tr("The most probable class is the label in %1 of the judged pictures.").arg(shareText(result.top1)),
                 result.top1, result.labelled)});
        if (result.spec.classes.size() > core::ZeroShotResult::kTop) {
            figures.push_back({shareText(result.top5), tr("top-5"),
                               withInterval(tr("The label is among the five most probable classes in %1; chance is %2.")
                                                .arg(shareText(result.top5), shareText(5 / k)),
                                            result.top5, result.labelled)});
        }
        figures.push_back({shareText(1 / k), tr("chance"), chanceTip(result)});
        return figures;
    }
    double sum = 0;
    std::size_t n = 0;
    for (std::size_t row = 0; row < result.sampleIndex.size(); ++row) {
        if (result.best[row * result.top] >= 0) {
            sum += static_cast<double>(result.probability[row * result.top]);
            ++n;
        }
    }
    figures.push_back({shareText(n > 0 ? sum / static_cast<double>(n) : ClassReport::kUnknown), tr("mean confidence"),
                       tr("How probable the model finds its own best class, on average. It is not a share of right "
                          "answers: for that, choose the labels.")});
    figures.push_back({shareText(1 / k), tr("if it knew nothing"),
                       tr("A model that cannot tell the classes apart gives each of them this probability.")});
    return figures;
}

QString provenance(const core::ZeroShotResult& result, const QString& unit)
{
    const std::size_t k = result.spec.classes.size(), m = result.spec.templates.templates.size();
    QStringList parts;
    parts << (result.confusion.empty() ? tr("of %1 %2").arg(countText(result.sampleIndex.size()), unit)
                                       : tr("of %1 labelled %2").arg(countText(result.labelled), unit));
    if (!result.confusion.empty() && result.unlabelled > 0) {
        parts << tr("%1 without a label among the classes are not judged").arg(countText(result.unlabelled));
    }
    parts
        << (m == 1 ? tr("%1 classes × %2 template") : tr("%1 classes × %2 templates")).arg(countText(k), countText(m));
    if (!result.modelName.empty()) {
        parts << QString::fromStdString(result.modelName);
    }
    parts << tr("zero-shot, nothing trained");
    return parts.join(QStringLiteral(" · "));
}

QString cellSentence(const core::ZeroShotResult& result, int label, int prediction)
{
    const std::size_t k = result.spec.classes.size();
    std::size_t row = 0, column = 0;
    for (std::size_t other = 0; other < k; ++other) {
        row += label < 0 ? 0 : count(result, static_cast<std::size_t>(label), other);
        column += prediction < 0 ? 0 : count(result, other, static_cast<std::size_t>(prediction));
    }
    if (label < 0) {
        const auto right = count(result, static_cast<std::size_t>(prediction), static_cast<std::size_t>(prediction));
        return tr("%1 are taken for “%2”; %3 of them are labelled so.")
            .arg(countText(column), className(result, prediction), countText(right));
    }
    if (prediction < 0) {
        const auto right = count(result, static_cast<std::size_t>(label), static_cast<std::size_t>(label));
        return tr("%1 are labelled “%2”; %3 of them are taken for it.")
            .arg(countText(row), className(result, label), countText(right));
    }
    const std::size_t n = count(result, static_cast<std::size_t>(label), static_cast<std::size_t>(prediction));
    const double share = row > 0 ? static_cast<double>(n) / static_cast<double>(row) : ClassReport::kUnknown;
    if (label == prediction) {
        return tr("Of %1 labelled “%2”, %3 (%4) are rightly taken for it.")
            .arg(countText(row), className(result, label), countText(n), shareText(share));
    }
    return tr("Of %1 labelled “%2”, %3 (%4) are taken for “%5”.")
        .arg(countText(row), className(result, label), countText(n), shareText(share), className(result, prediction));
}

QString shareText(double share)
{
    if (!std::isfinite(share)) {
        return QStringLiteral("–");
    }
    const QChar space(0x202f);
    if (share > 0 && share < 0.0005) {
        return QStringLiteral("< 0.1") + space + QLatin1Char('%');
    }
    const double percent = 100 * share;
    const bool whole = std::fabs(percent - std::round(percent)) < 1e-9;
    return QString::number(percent, 'f', whole && (percent < 0.5 || percent > 99.5) ? 0 : 1) + space + QLatin1Char('%');
}

QStringList classLines(const QString& text)
{
    QStringList lines;
    QSet<QString> seen;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        const QString name = line.simplified();
        QString key = name.toLower();
        key.remove(QLatin1Char(' ')).remove(QLatin1Char('_')).remove(QLatin1Char('-'));
        if (name.isEmpty() || seen.contains(key)) {
            continue;
        }
        seen.insert(key);
        lines << name;
    }
    return lines;
}

QString classNameOf(const QString& label)
{
    QString name = label;
    return name.replace(QLatin1Char('_'), QLatin1Char(' ')).simplified();
}

QString templateSetTitle(const core::TemplateSet& set)
{
    const std::pair<const char*, QString> titles[] = {{"plain", tr("Plain")},
                                                      {"imagenet-7", tr("ImageNet, the best 7")},
                                                      {"imagenet-80", tr("ImageNet, all 80")},
                                                      {"cifar-18", tr("CIFAR, 18")},
                                                      {"custom", tr("Your own")}};
    for (const auto& [name, title] : titles) {
        if (set.name == name) {
            return title;
        }
    }
    return QString::fromStdString(set.name);
}

} // namespace semascope::ui
