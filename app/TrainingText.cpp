#include "app/TrainingText.h"

#include "core/cluster/ClusterOptions.h"
#include "widgets/Colouring.h"
#include "widgets/panels/Numbers.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

using core::TrainingPoint;

QString percent(double share)
{
    const double p = 100 * share;
    return QString::number(p, 'f', p > 0 && p < 0.995 ? 2 : p < 9.95 ? 1 : 0);
}

int lastUpdate(const std::vector<TrainingPoint>& curve)
{
    int last = 0;
    for (const TrainingPoint& p : curve) {
        last = p.stage == TrainingPoint::Stage::Refining ? std::max(last, p.step) : last;
    }
    return last;
}

QString titleOf(const core::ClusterSpec& spec, std::size_t n, std::size_t samples)
{
    return QObject::tr("%1 · k = %2 · n %3 of %4 · seed %5")
        .arg(ui::methodName(spec.method))
        .arg(spec.k)
        .arg(ui::countText(n), ui::countText(samples))
        .arg(spec.seed);
}

/// Which restart was kept, and by what.
QStringList notesOf(const core::Clustering& c)
{
    QStringList notes;
    for (const std::string& note : c.notes) {
        notes << QString::fromStdString(note);
    }
    if (!c.criterion.empty()) {
        notes << QObject::tr("The restart kept has the best %1 (%2); no label is looked at.")
                     .arg(QString::fromStdString(c.criterion), QString::number(c.criterionValue, 'g', 4));
    }
    notes << QObject::tr("All figures are of the rows trained on; none is held out.");
    return notes;
}

} // namespace

QString momentText(const core::DeepFrame& frame, const std::vector<TrainingPoint>& whole)
{
    QString text = QString::fromStdString(frame.stage);
    const int last = lastUpdate(whole);
    if (frame.at.stage == TrainingPoint::Stage::Refining && last > 0 && !text.contains(QLatin1String(" of "))) {
        text += QObject::tr(" of %1").arg(last);
    }
    if (frame.at.changed == 0) {
        text += QObject::tr(" · none changed");
    } else if (std::isfinite(frame.at.changed)) {
        const auto rows = static_cast<double>(frame.assignment.size());
        text += QObject::tr(" · %1 changed (%2 %)")
                    .arg(ui::countText(static_cast<std::size_t>(std::lround(frame.at.changed * rows))),
                         percent(frame.at.changed));
    }
    return text;
}

double toleranceOf(const core::ClusterSpec& spec)
{
    if (!core::isDeepMethod(spec.method)) {
        return 0;
    }
    const auto given = spec.options.find("tol");
    if (given != spec.options.end()) {
        return QString::fromStdString(given->second).toDouble();
    }
    for (const core::ClusterOption& option : core::clusterOptions(spec.method)) {
        if (option.key == "tol") {
            return QString::fromStdString(option.fallback).toDouble();
        }
    }
    return 0;
}

ui::TrainingShown runningTraining(const core::DeepFrame& frame, const core::ClusterSpec& spec, std::size_t samples)
{
    ui::TrainingShown shown;
    shown.running = true;
    shown.figure.curve = frame.curve;
    shown.figure.tolerance = toleranceOf(spec);
    shown.figure.title = titleOf(spec, frame.points.rows(), samples);
    shown.figure.subtitle = momentText(frame, {});
    return shown;
}

ui::TrainingShown finishedTraining(const core::Clustering& c, std::size_t samples)
{
    ui::TrainingShown shown;
    if (c.curve.empty()) {
        return shown;
    }
    shown.figure.curve = c.curve;
    shown.figure.tolerance = toleranceOf(c.spec);
    shown.figure.title = titleOf(c.spec, c.assignment.size(), samples);
    shown.figure.subtitle =
        ui::trainingStep(c.curve.back()) + QObject::tr(" · %1 s").arg(QString::number(c.seconds, 'f', 1));
    for (const std::string& warning : c.warnings) {
        shown.warnings << QString::fromStdString(warning);
    }
    shown.notes = notesOf(c);
    return shown;
}

qsizetype curveIndexOf(const TrainingPoint& point, const std::vector<TrainingPoint>& curve)
{
    const auto found = std::find_if(curve.begin(), curve.end(), [&point](const TrainingPoint& p) {
        return p.stage == point.stage && p.step == point.step;
    });
    return found == curve.end() ? -1 : found - curve.begin();
}

QJsonObject trainingFacts(const core::Clustering& c)
{
    QJsonArray warnings;
    for (const std::string& warning : c.warnings) {
        warnings.push_back(QString::fromStdString(warning));
    }
    return {{QStringLiteral("rows"), static_cast<qint64>(c.assignment.size())},
            {QStringLiteral("criterion"), QString::fromStdString(c.criterion)},
            {QStringLiteral("criterion_value"), c.criterionValue},
            {QStringLiteral("warnings"), warnings}};
}

} // namespace semascope::app
