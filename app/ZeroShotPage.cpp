#include "app/ZeroShotPage.h"

#include "app/Actions.h"
#include "app/ExplorePage.h"
#include "app/SelectMode.h"
#include "app/Settings.h"
#include "app/ZeroShotFiles.h"
#include "core/session/Sample.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/TemplateEditor.h"
#include "widgets/panels/ZeroShotSetup.h"
#include "widgets/panels/ZeroShotText.h"
#include "widgets/vtk/MapView.h"

#include <QEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

namespace semascope::app {

ZeroShotPage::ZeroShotPage(const Parts& parts, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_window(window),
      m_controller(parts.session),
      m_view(new ui::ZeroShotView(window))
{
    m_view->hide(); // until its tab is opened
    connectSetup();
    connectResult();
    m_view->installEventFilter(this);
    connect(&m_controller, &ZeroShot::changed, this, &ZeroShotPage::refresh);
    connect(parts.session, &Session::dataChanged, this, [this] {
        m_sourcesOld = true;
        refreshSources();
    });
    refresh();
}

/// The columns of the data are looked through only when somebody sees it.
bool ZeroShotPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::Show) {
        refreshSources();
    }
    return QObject::eventFilter(watched, event);
}

void ZeroShotPage::connectSetup()
{
    ui::ZeroShotSetup* setup = m_view->setup();
    setup->templates()->setOwn(m_parts.settings->ownTemplates());
    setup->templates()->setChosen(m_parts.settings->templateSet().toStdString());
    connect(setup->templates(), &ui::TemplateEditor::ownEdited, m_parts.settings, &Settings::setOwnTemplates);
    connect(setup->templates(), &ui::TemplateEditor::changed, this, [this, setup] {
        m_parts.settings->setTemplateSet(QString::fromStdString(setup->templates()->set().name));
        refresh();
    });
    connect(setup->classNames(), &ui::ClassNames::changed, this, &ZeroShotPage::refresh);
    connect(setup->classNames(), &ui::ClassNames::fileWanted, this, &ZeroShotPage::readClasses);
    connect(setup, &ui::ZeroShotSetup::runWanted, this,
            [this, setup] { m_controller.run(setup->spec(), setup->labelAttribute()); });
    connect(setup, &ui::ZeroShotSetup::cancelWanted, &m_controller, &ZeroShot::cancel);
    connect(setup, &ui::ZeroShotSetup::labelAttributeChosen, &m_controller, &ZeroShot::compareWith);
    connect(m_parts.session->jobs(), &ui::JobRunner::jobChanged, this, [this, setup](const ui::JobReport& report) {
        if (m_controller.running() && report.id == m_controller.job()) {
            const QString stage = report.state == ui::JobReport::Waiting
                                      ? tr("waiting for the job before it")
                                      : QString::fromStdString(report.progress.stage);
            setup->setProgress(stage, report.progress.done, report.progress.total);
        }
    });
}

void ZeroShotPage::connectResult()
{
    connect(m_view, &ui::ZeroShotView::hintTaken, this, &ZeroShotPage::takeHint);
    connect(m_view, &ui::ZeroShotView::selectWrong, this,
            [this](Qt::KeyboardModifiers modifiers) { m_controller.selectWrong(combineOf(modifiers)); });
    connect(m_view, &ui::ZeroShotView::selectCell, this,
            [this](int label, int prediction, Qt::KeyboardModifiers modifiers) {
                m_controller.selectCell(label, prediction, combineOf(modifiers));
            });
    connect(m_view, &ui::ZeroShotView::colourWanted, this, [this](ui::ZeroShotColour what) {
        m_controller.colourBy(what == ui::ZeroShotColour::Predicted ? ZeroShot::Column::Predicted
                              : what == ui::ZeroShotColour::Correct ? ZeroShot::Column::Correct
                                                                    : ZeroShot::Column::Confidence);
        m_parts.explore->showView(m_parts.explore->map(), {}); // where the colours are
    });
    connect(m_view, &ui::ZeroShotView::exportWanted, this, &ZeroShotPage::exportAs);
    connect(m_parts.session->selection(), &ui::SelectionModel::currentChanged, this, &ZeroShotPage::showCurrent);
}

void ZeroShotPage::open()
{
    m_parts.explore->showView(m_view, tr("Zero-shot"));
}

QString ZeroShotPage::unit() const
{
    const auto& data = m_parts.session->data();
    const auto& embedding = m_parts.session->document().embedding;
    return data && data->vectors                                           ? tr("vectors")
           : embedding && embedding->spec.modality == core::Modality::Text ? tr("captions")
                                                                           : tr("pictures");
}

QString ZeroShotPage::warning() const
{
    QStringList sentences;
    if (core::isBuiltInSample(m_parts.session->document().modelPath)) {
        sentences << tr("The weights of this model are random: it has learned nothing, so expect chance.");
    }
    if (m_controller.stale()) {
        sentences << tr("More has been embedded since: run it again to judge all of it.");
    }
    return sentences.join(QLatin1Char(' '));
}

ui::ZeroShotHint ZeroShotPage::embeddingHint() const
{
    if (m_parts.session->embedding()) {
        return {tr("The pictures are being embedded"),
                tr("As soon as that is done the classes can be compared with them. Meanwhile, name the classes at the "
                   "left."),
                {}};
    }
    return {tr("The pictures are not embedded yet"), tr("The model has to see every picture once."),
            tr("Embed the pictures")};
}

/// What is missing, and what to do about it.
ui::ZeroShotHint ZeroShotPage::missingHint() const
{
    const QString openModel = tr("Open CLIP folder…");
    switch (m_controller.missing()) {
    case ZeroShot::Missing::Data:
        return {
            tr("No pictures yet"),
            tr("Open a folder of pictures, a table or CIFAR-10: then every picture can be compared with the names of "
               "classes."),
            tr("Open folder of pictures…")};
    case ZeroShot::Missing::Model:
        return {tr("No model yet"),
                tr("Open a CLIP model together with its vocabulary: it compares pictures with texts."), openModel};
    case ZeroShot::Missing::Vocabulary:
        return {tr("The model has no vocabulary"), QString::fromStdString(core::vocabularyHelp()), openModel};
    case ZeroShot::Missing::Embedding:
        return embeddingHint();
    case ZeroShot::Missing::OtherModel:
        return {tr("The embeddings are another model's"),
                tr("Pictures and texts can be compared only when one model has read both. Embed the pictures with the "
                   "model that is open now."),
                tr("Embed the pictures")};
    case ZeroShot::Missing::OtherSize:
        return {tr("The vectors are another model's"),
                tr("They have %1 dimensions, this model gives %2. Open the model that made them.")
                    .arg(m_parts.session->document().embedding->rows.cols())
                    .arg(m_parts.session->model()->info().clip.embedDim),
                openModel};
    case ZeroShot::Missing::Nothing:
        break;
    }
    return {};
}

ui::ZeroShotHint ZeroShotPage::hint() const
{
    if (m_controller.missing() != ZeroShot::Missing::Nothing) {
        return missingHint();
    }
    if (m_controller.running()) {
        return {tr("Working"), tr("The texts are being encoded; what comes out will stand here."), {}};
    }
    if (m_view->setup()->classNames()->names().size() < 2) {
        return {tr("Name the classes"),
                tr("Write what the pictures may show at the left, one a line, or take the names from the labels of the "
                   "data. The model then says which fits best."),
                {}};
    }
    return {tr("Ready"),
            tr("Run puts every class name into every template, encodes the texts and finds the class nearest to each "
               "picture. Nothing is trained."),
            {}};
}

void ZeroShotPage::takeHint()
{
    const Actions& a = *m_parts.actions;
    switch (m_controller.missing()) {
    case ZeroShot::Missing::Data:
        a.openFolder->trigger();
        break;
    case ZeroShot::Missing::Embedding:
    case ZeroShot::Missing::OtherModel:
        m_parts.session->embedPictures();
        break;
    default:
        a.openModelFolder->trigger();
    }
}

void ZeroShotPage::refreshSources()
{
    if (!m_sourcesOld || !m_view->isVisible()) {
        return;
    }
    m_sourcesOld = false;
    std::vector<ui::LabelSource> sources;
    for (const core::Attribute* attribute : m_controller.labelAttributes()) {
        try {
            ui::LabelSource source{QString::fromStdString(attribute->name), {}};
            for (const std::string& label : core::classesOf(*attribute)) {
                source.labels << QString::fromStdString(label);
            }
            sources.push_back(std::move(source));
        } catch (const core::Error&) {
            continue; // no classes: too many different values
        }
    }
    const bool other = m_data != m_parts.session->data();
    m_data = m_parts.session->data();
    m_view->setup()->setSources(sources, other);
}

void ZeroShotPage::refresh()
{
    const bool ready = m_controller.missing() == ZeroShot::Missing::Nothing;
    m_view->setup()->setReady(ready, ready ? QString() : hint().text);
    m_view->setup()->setRunning(m_controller.running());
    if (m_controller.result()) {
        showResult();
    } else {
        m_shownResult.reset();
        m_view->showHint(hint());
    }
}

void ZeroShotPage::showResult()
{
    ui::ZeroShotShown shown{m_controller.result(), unit(), m_controller.labelAttribute(), warning(), 0};
    const QString as = QStringList{shown.unit, shown.against, shown.warning}.join(QLatin1Char('\n'));
    if (shown.result == m_shownResult && as == m_shownAs) {
        return;
    }
    m_shownResult = shown.result;
    m_shownAs = as;
    shown.wrong = m_controller.wrongSamples().size();
    m_view->showResult(shown);
    showCurrent();
}

void ZeroShotPage::showCurrent()
{
    const auto result = m_controller.result();
    const qint64 sample = m_parts.session->selection()->current();
    if (!result || sample < 0) {
        m_view->setCurrent({}, {}, tr("Click a picture of the gallery or a point of the map."));
        return;
    }
    const QString name = ui::sampleName(*m_parts.session->data(), static_cast<std::size_t>(sample));
    const std::int64_t row = m_controller.rowOf(sample);
    const std::int32_t label = m_controller.labelOf(sample);
    std::vector<ui::Guess> guesses;
    bool among = false;
    for (std::size_t t = 0; row >= 0 && t < result->top; ++t) {
        const std::size_t at = static_cast<std::size_t>(row) * result->top + t;
        if (result->best[at] >= 0) {
            among = among || result->best[at] == label;
            guesses.push_back({QString::fromStdString(result->spec.classes[static_cast<std::size_t>(result->best[at])]),
                               static_cast<double>(result->probability[at]), static_cast<double>(result->cosine[at]),
                               result->best[at] == label});
        }
    }
    const QString note = guesses.empty() ? tr("This one has no embedding, so nothing can be said of it.")
                         : label >= 0 && !among
                             ? tr("Its label, “%1”, is not among them.")
                                   .arg(QString::fromStdString(result->spec.classes[static_cast<std::size_t>(label)]))
                             : QString();
    m_view->setCurrent(name, std::move(guesses), note);
}

void ZeroShotPage::readClasses()
{
    constexpr qint64 kMost = 4 << 20;
    const QString path = QFileDialog::getOpenFileName(m_window, tr("Class names"), m_parts.settings->lastFolder(),
                                                      tr("Text, one name a line (*.txt *.csv);;All files (*)"));
    if (path.isEmpty()) {
        return;
    }
    m_parts.settings->setLastFolder(QFileInfo(path).absolutePath());
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly)) {
        Q_EMIT m_parts.session->notice(tr("%1 could not be read: %2.").arg(path, file.errorString()), true);
        return;
    }
    QStringList names;
    for (const std::string& name : core::classesFromText(file.read(kMost).toStdString())) {
        names << QString::fromUtf8(name.c_str());
    }
    m_view->setup()->classNames()->setNames(names);
}

void ZeroShotPage::exportAs(ui::ZeroShotExport what)
{
    ZeroShotFile file{m_parts.session->data(), m_controller.result(), {}, m_controller.labelAttribute()};
    if (!file.result) {
        return;
    }
    for (std::size_t s = 0; s < file.data->samples.size(); ++s) {
        file.labels.push_back(m_controller.labelOf(static_cast<std::int64_t>(s)));
    }
    if (what == ui::ZeroShotExport::Figure) {
        ExportDialog dialog(ExportDialog::Confusion, m_parts.settings->lastFolder(), m_window);
        if (dialog.exec() == QDialog::Accepted) {
            m_parts.settings->setLastFolder(QFileInfo(dialog.choice().path).absolutePath());
            exportConfusion(*m_parts.session, file, dialog.choice(), m_view->shares());
        }
        return;
    }
    const bool confusion = what == ui::ZeroShotExport::Confusion;
    const QString path = QFileDialog::getSaveFileName(
        m_window, confusion ? tr("Export the confusion table") : tr("Export the predictions"),
        m_parts.settings->lastFolder() +
            (confusion ? QStringLiteral("/confusion.csv") : QStringLiteral("/predictions.csv")),
        tr("CSV (*.csv)"));
    if (!path.isEmpty()) {
        m_parts.settings->setLastFolder(QFileInfo(path).absolutePath());
        writeZeroShotCsv(*m_parts.session, file, confusion, path);
    }
}

} // namespace semascope::app
