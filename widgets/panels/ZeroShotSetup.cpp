#include "widgets/panels/ZeroShotSetup.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/TemplateEditor.h"
#include "widgets/panels/ZeroShotText.h"

#include <QComboBox>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr qsizetype kMostClasses = 1000; ///< of a column that is offered without being asked

} // namespace

ZeroShotSetup::ZeroShotSetup(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("zeroShotSetup"));
    m_classes = new ClassNames(this);
    m_templates = new TemplateEditor(this);
    m_labels = new QComboBox(this);
    m_labels->setObjectName(QStringLiteral("zeroShotLabels"));
    m_labels->setAccessibleName(tr("Labels to compare with"));
    m_labels->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_labels->setMinimumContentsLength(10);
    m_labels->setToolTip(tipText(tr("The column that says what each sample is. Its values are matched with the class "
                                    "names without regard to case, blanks, '_' and '-'. It is only compared with: "
                                    "nothing is trained on it.")));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Tokens::kGrid);
    column->addWidget(m_classes, 3);
    column->addWidget(m_templates, 2);
    auto* labels = new QVBoxLayout;
    labels->setSpacing(4);
    labels->addWidget(makeSection(tr("COMPARE WITH LABELS"), this));
    labels->addWidget(m_labels);
    column->addLayout(labels);
    makeRun();
    connect(m_classes, &ClassNames::changed, this, [this] {
        m_typed = m_typed || !m_filling;
        refresh();
    });
    connect(m_classes, &ClassNames::taken, this, [this](const QString& attribute) {
        m_typed = false;
        setLabelAttribute(attribute);
    });
    connect(m_templates, &TemplateEditor::changed, this, &ZeroShotSetup::refresh);
    connect(m_labels, &QComboBox::activated, this, [this] { Q_EMIT labelAttributeChosen(labelAttribute()); });
    setSources({}, true);
}

void ZeroShotSetup::makeRun()
{
    m_run = makeButton({tr("Run"), QStringLiteral("zeroShotRun"), QString()}, ButtonRole::Primary, this);
    m_cancel = makeButton({tr("Cancel"), QStringLiteral("zeroShotCancel"), tr("Stop it")}, ButtonRole::Plain, this);
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("zeroShotProgress"));
    m_progress->setAccessibleName(tr("Progress of the zero-shot run"));
    m_progress->setTextVisible(false);
    m_cost = makeCaption(QString(), QStringLiteral("zeroShotCost"), this);
    auto* column = static_cast<QVBoxLayout*>(layout());
    for (QWidget* part : {static_cast<QWidget*>(m_cost), static_cast<QWidget*>(m_progress),
                          static_cast<QWidget*>(m_run), static_cast<QWidget*>(m_cancel)}) {
        column->addWidget(part);
    }
    connect(m_run, &QPushButton::clicked, this, &ZeroShotSetup::runWanted);
    connect(m_cancel, &QPushButton::clicked, this, &ZeroShotSetup::cancelWanted);
    m_cancel->hide();
    m_progress->hide();
}

void ZeroShotSetup::setSources(const std::vector<LabelSource>& sources, bool otherData)
{
    const QString before = labelAttribute();
    m_sources = sources;
    m_classes->setSources(sources);
    m_labels->clear();
    m_labels->addItem(tr("none: nothing to compare with"), QString());
    for (const LabelSource& source : sources) {
        m_labels->addItem(tr("%1 (%2 values)").arg(source.name).arg(source.labels.size()), source.name);
    }
    widenPopup(m_labels);
    setLabelAttribute(before);
    if (!otherData) {
        return;
    }
    const auto fits = [](const LabelSource& s) { return s.labels.size() > 1 && s.labels.size() <= kMostClasses; };
    const auto found = std::find_if(sources.begin(), sources.end(), fits);
    if (m_typed && !m_classes->names().isEmpty()) {
        return;
    }
    m_filling = true;
    m_typed = false;
    m_classes->setNames({});
    m_filling = false;
    if (found != sources.end()) {
        QStringList names;
        for (const QString& label : found->labels) {
            names << classNameOf(label);
        }
        m_filling = true;
        m_classes->setNames(names);
        m_filling = false;
        setLabelAttribute(found->name);
    }
}

void ZeroShotSetup::setLabelAttribute(const QString& name)
{
    m_labels->setCurrentIndex(std::max(0, m_labels->findData(name)));
}

core::ZeroShotSpec ZeroShotSetup::spec() const
{
    core::ZeroShotSpec spec;
    for (const QString& name : m_classes->names()) {
        spec.classes.push_back(name.toStdString());
    }
    spec.templates = m_templates->set();
    return spec;
}

QString ZeroShotSetup::labelAttribute() const
{
    return m_labels->currentData().toString();
}

void ZeroShotSetup::setReady(bool ready, const QString& reason)
{
    m_ready = ready;
    m_reason = reason;
    refresh();
}

void ZeroShotSetup::setRunning(bool running)
{
    if (running != m_running) {
        m_running = running;
        m_progress->setRange(0, 0);
        QPushButton* from = running ? m_run : m_cancel;
        QPushButton* to = running ? m_cancel : m_run;
        to->show();
        if (from->hasFocus()) { // or it would wander off when the button goes
            to->setFocus();
        }
        refresh();
    }
}

void ZeroShotSetup::setProgress(const QString& stage, std::size_t done, std::size_t total)
{
    constexpr int kSteps = 1000;
    if (!m_running) {
        return;
    }
    m_progress->setRange(0, total > 0 ? kSteps : 0);
    m_progress->setValue(total > 0 ? static_cast<int>(done * kSteps / total) : 0);
    m_cost->setText(total > 0 ? tr("%1: %2 of %3").arg(stage, countText(done), countText(total)) : stage);
}

/// What it costs, and whether it can be started.
void ZeroShotSetup::refresh()
{
    const auto k = static_cast<std::size_t>(m_classes->names().size()), m = m_templates->set().templates.size();
    m_run->setVisible(!m_running);
    m_cancel->setVisible(m_running);
    m_progress->setVisible(m_running);
    const QString problem = !m_ready ? m_reason
                            : k < 2
                                ? tr("At least two classes are needed: their probabilities are shares of one whole.")
                                : m_templates->problem();
    m_run->setEnabled(problem.isEmpty());
    m_run->setToolTip(
        tipText(problem.isEmpty() ? tr("Encode the texts and compare every sample with every class") : problem));
    if (m_running) {
        return;
    }
    const QString cost =
        (m == 1 ? tr("%1 classes × %2 template = %3 texts") : tr("%1 classes × %2 templates = %3 texts"))
            .arg(countText(k), countText(m), countText(k * m));
    m_cost->setText(k < 2 ? tr("At least two classes are needed.") : cost);
}

} // namespace semascope::ui
