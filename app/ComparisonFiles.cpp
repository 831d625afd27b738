#include "app/Comparison.h"
#include "app/Settings.h"
#include "core/cluster/ComparisonText.h"
#include "core/data/Arrays.h"
#include "widgets/DocumentFigures.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonArray>

namespace semascope::app {

namespace {

using ui::ComparisonExport;

bool isFigure(ComparisonExport what)
{
    return what == ComparisonExport::Figure || what == ComparisonExport::Confusion ||
           what == ComparisonExport::Published;
}

QString viewWord(ComparisonExport what)
{
    return what == ComparisonExport::Figure      ? QStringLiteral("comparison")
           : what == ComparisonExport::Confusion ? QStringLiteral("cluster confusion")
                                                 : QStringLiteral("published NMI");
}

ExportDialog::Kind kindOf(ComparisonExport what)
{
    return what == ComparisonExport::Figure      ? ExportDialog::Comparison
           : what == ComparisonExport::Confusion ? ExportDialog::Confusion
                                                 : ExportDialog::Published;
}

struct Made
{
    ui::Figure figure;
    double heightMm = 0; ///< that it would like; 0: any
};

} // namespace

/// What was run, for the recipe of a figure.
QJsonObject Comparison::recipe() const
{
    QJsonArray methods, seeds;
    for (const core::ComparedMethod& m : m_result->methods) {
        QJsonObject options;
        for (const auto& [key, value] : m.spec.options) {
            options[QString::fromStdString(key)] = QString::fromStdString(value);
        }
        const auto run = ui::shownRun(m);
        methods.append(QJsonObject{{QStringLiteral("method"), QString::fromStdString(m.spec.method)},
                                   {QStringLiteral("k"), m.spec.k},
                                   {QStringLiteral("options"), options},
                                   {QStringLiteral("runs"), static_cast<qint64>(m.runs.size())},
                                   {QStringLiteral("shown_seed"), run ? static_cast<qint64>(run->spec.seed) : -1}});
    }
    for (const std::uint64_t seed : m_result->seeds) {
        seeds.append(static_cast<qint64>(seed));
    }
    return {{QStringLiteral("comparison"),
             QJsonObject{{QStringLiteral("methods"), methods},
                         {QStringLiteral("seeds"), seeds},
                         {QStringLiteral("n"), static_cast<qint64>(m_result->n)},
                         {QStringLiteral("labels"), QString::fromStdString(m_result->labelName)},
                         {QStringLiteral("labelled"), static_cast<qint64>(m_result->labelled)},
                         {QStringLiteral("silhouette_rows"), static_cast<qint64>(m_result->silhouetteRows)},
                         {QStringLiteral("cosine"), m_result->cosine}}}};
}

void Comparison::askExport(ComparisonExport what)
{
    if (!m_result) {
        return;
    }
    if (isFigure(what)) {
        ExportDialog dialog(kindOf(what), m_parts.settings->lastFolder(), m_window);
        if (dialog.exec() == QDialog::Accepted) {
            const ExportDialog::Choice choice = dialog.choice();
            m_parts.settings->setLastFolder(QFileInfo(choice.path).absolutePath());
            exportTo(what, choice);
        }
        return;
    }
    const bool latex = what == ComparisonExport::Latex;
    const QString path =
        QFileDialog::getSaveFileName(m_window, latex ? tr("Export the table as LaTeX") : tr("Export as CSV"),
                                     m_parts.settings->lastFolder(), latex ? tr("LaTeX (*.tex)") : tr("CSV (*.csv)"));
    if (!path.isEmpty()) {
        m_parts.settings->setLastFolder(QFileInfo(path).absolutePath());
        ExportDialog::Choice choice;
        choice.path = path;
        exportTo(what, choice);
    }
}

void Comparison::writeText(ComparisonExport what, const QString& path)
{
    const int method = m_view->method();
    m_parts.session->jobs()->start(
        core::Lane::Query, tr("Writing %1").arg(path), m_parts.session,
        [result = m_result, against = m_against, method, what, path](core::JobContext&) {
            const std::string text = what == ComparisonExport::Csv ? core::comparisonCsv(*result)
                                     : what == ComparisonExport::Latex
                                         ? core::comparisonLatex(*result)
                                         : ui::confusionCsv(ui::clusterConfusion(
                                               *result, static_cast<std::size_t>(std::max(0, method)), against));
            core::writeFileAtomic(QFile::encodeName(path).toStdString(), text.data(), text.size());
        },
        [session = m_parts.session, path] { Q_EMIT session->remark(tr("Written to %1").arg(path)); });
}

void Comparison::exportTo(ComparisonExport what, const ExportDialog::Choice& choice)
{
    if (!m_result) {
        return;
    }
    if (!isFigure(what)) {
        writeText(what, choice.path);
        return;
    }
    Session* session = m_parts.session;
    const auto doc = std::make_shared<const core::Document>(session->snapshot());
    const auto method = static_cast<std::size_t>(std::max(0, m_view->method()));
    const auto make = [what, choice, result = m_result, map = mapNow(), on = measuredOn(), against = m_against, method,
                       shares = m_view->shares()] {
        if (what == ComparisonExport::Figure) {
            ui::ComparisonFigure figure = ui::comparisonFigure(*result, map, choice.title);
            const double height = ui::comparisonHeightMm(figure, choice.size.widthMm);
            return Made{ui::figureOf(std::move(figure), choice.size.dpi), height};
        }
        if (what == ComparisonExport::Confusion) {
            ui::ConfusionFigure figure = ui::clusterConfusion(*result, method, against).figure;
            figure.title = choice.title;
            figure.shares = shares;
            return Made{ui::figureOf(std::move(figure)), 0};
        }
        ui::PublishedFigure figure = ui::publishedFigure(*result, on);
        figure.title = choice.title;
        const double height = ui::publishedHeightMm(figure);
        return Made{ui::figureOf(std::move(figure)), height};
    };
    session->jobs()->start(
        core::Lane::Query, tr("Exporting"), session,
        [make, choice, what, doc, data = m_data, extra = recipe()](core::JobContext& job) {
            job.progress("drawing", "", 0, 0);
            const Made made = make();
            ui::FigureSize size = choice.size;
            size.heightMm = choice.fitHeight && made.heightMm > 0 ? made.heightMm : size.heightMm;
            ui::exportFigure(made.figure, size, ui::figureFormat(choice.path), choice.path,
                             ui::documentRecipe(*data, *doc, viewWord(what), extra));
        },
        [session, path = choice.path] { Q_EMIT session->notice(tr("Figure written to %1").arg(path), false); });
}

} // namespace semascope::app
