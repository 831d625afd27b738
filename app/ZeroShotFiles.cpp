#include "app/ZeroShotFiles.h"

#include "core/data/Arrays.h"
#include "core/data/Csv.h"
#include "widgets/DocumentFigures.h"
#include "widgets/panels/ZeroShotText.h"

#include <QFile>
#include <QJsonArray>

namespace semascope::app {

namespace {

QStringList texts(const std::vector<std::string>& all)
{
    QStringList list;
    for (const std::string& text : all) {
        list << QString::fromStdString(text);
    }
    return list;
}

QJsonObject recipeOf(const ZeroShotFile& file)
{
    const core::ZeroShotResult& r = *file.result;
    const QJsonObject zeroShot{
        {QStringLiteral("classes"), QJsonArray::fromStringList(texts(r.spec.classes))},
        {QStringLiteral("template_set"), QString::fromStdString(r.spec.templates.name)},
        {QStringLiteral("templates"), QJsonArray::fromStringList(texts(r.spec.templates.templates))},
        {QStringLiteral("labels"), file.against},
        {QStringLiteral("labelled"), static_cast<qint64>(r.labelled)},
        {QStringLiteral("unlabelled"), static_cast<qint64>(r.unlabelled)},
        {QStringLiteral("top1"), r.top1},
        {QStringLiteral("top5"), r.top5},
        {QStringLiteral("logit_scale"), r.logitScale}};
    return {{QStringLiteral("zero_shot"), zeroShot}};
}

ui::ConfusionFigure figureOf(const ZeroShotFile& file, const QString& title, bool shares)
{
    const core::ZeroShotResult& r = *file.result;
    ui::ConfusionFigure figure;
    figure.classes = texts(r.spec.classes);
    figure.counts = r.confusion;
    figure.shares = shares;
    figure.title = title;
    QStringList parts{QObject::tr("top-1 %1").arg(ui::shareText(r.top1))};
    if (r.spec.classes.size() > core::ZeroShotResult::kTop) {
        parts << QObject::tr("top-5 %1").arg(ui::shareText(r.top5));
    }
    parts << QObject::tr("chance %1").arg(ui::shareText(1.0 / static_cast<double>(r.spec.classes.size())));
    figure.subtitle = parts.join(QStringLiteral(" · "));
    figure.footer = ui::provenance(r, QObject::tr("samples")) + QObject::tr(" · labels: %1").arg(file.against);
    return figure;
}

} // namespace

std::string predictionsCsv(const ZeroShotFile& file)
{
    const core::ZeroShotResult& r = *file.result;
    const bool judged = !r.confusion.empty();
    std::string text = judged ? "id,label,correct" : "id";
    for (std::size_t t = 1; t <= r.top; ++t) {
        const std::string rank = std::to_string(t);
        text += ",class_" + rank + ",probability_" + rank + ",cosine_" + rank;
    }
    text += '\n';
    const auto nameOf = [&r](std::int32_t c) {
        return c < 0 ? std::string() : core::csvField(r.spec.classes[static_cast<std::size_t>(c)]);
    };
    for (std::size_t row = 0; row < r.sampleIndex.size(); ++row) {
        const std::uint32_t sample = r.sampleIndex[row];
        const std::int32_t label = sample < file.labels.size() ? file.labels[sample] : -1;
        text += core::csvField(file.data->samples[sample].id);
        if (judged) {
            const std::int32_t best = r.best[row * r.top];
            text += "," + nameOf(label) + "," + (label < 0 || best < 0 ? "" : label == best ? "1" : "0");
        }
        for (std::size_t at = row * r.top; at < (row + 1) * r.top; ++at) {
            text += "," + nameOf(r.best[at]) + "," + core::csvNumber(static_cast<double>(r.probability[at])) + "," +
                    core::csvNumber(static_cast<double>(r.cosine[at]));
        }
        text += '\n';
    }
    return text;
}

std::string confusionCsv(const ZeroShotFile& file)
{
    const core::ZeroShotResult& r = *file.result;
    const std::size_t k = r.spec.classes.size();
    std::string text = "label \\ prediction";
    for (const std::string& name : r.spec.classes) {
        text += "," + core::csvField(name);
    }
    text += '\n';
    for (std::size_t label = 0; label < k && !r.confusion.empty(); ++label) {
        text += core::csvField(r.spec.classes[label]);
        for (std::size_t prediction = 0; prediction < k; ++prediction) {
            text += "," + std::to_string(r.confusion[label * k + prediction]);
        }
        text += '\n';
    }
    return text;
}

void writeZeroShotCsv(Session& session, const ZeroShotFile& file, bool confusion, const QString& path)
{
    session.jobs()->start(
        core::Lane::Query, QObject::tr("Writing %1").arg(path), &session,
        [file, confusion, path](core::JobContext&) {
            const std::string text = confusion ? confusionCsv(file) : predictionsCsv(file);
            core::writeFileAtomic(QFile::encodeName(path).toStdString(), text.data(), text.size());
        },
        [&session, path] { Q_EMIT session.remark(QObject::tr("Written to %1").arg(path)); });
}

void exportConfusion(Session& session, const ZeroShotFile& file, const ExportDialog::Choice& choice, bool shares)
{
    const auto doc = std::make_shared<const core::Document>(session.snapshot());
    session.jobs()->start(
        core::Lane::Query, QObject::tr("Exporting"), &session,
        [file, doc, choice, shares](core::JobContext&) {
            ui::exportFigure(ui::figureOf(figureOf(file, choice.title, shares)), choice.size,
                             ui::figureFormat(choice.path), choice.path,
                             ui::documentRecipe(*file.data, *doc, QStringLiteral("confusion"), recipeOf(file)));
        },
        [&session, choice] { Q_EMIT session.notice(QObject::tr("Figure written to %1").arg(choice.path), false); });
}

} // namespace semascope::app
