#include "widgets/panels/ClusterSetup.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/OptionForm.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace semascope::ui {
namespace {

constexpr int kMostClusters = 1000, kUsualClusters = 10;

struct MethodWords
{
    const char* word;
    const char* text;
    const char* tip;
};

constexpr MethodWords kMethods[] = {
    {"kmeans", QT_TRANSLATE_NOOP("ClusterSetup", "round groups (k-means)"),
     QT_TRANSLATE_NOOP("ClusterSetup",
                       "Each sample goes to the nearest of k centres; the centres are the means of their samples.")},
    {"spherical-kmeans", QT_TRANSLATE_NOOP("ClusterSetup", "groups by direction (spherical k-means)"),
     QT_TRANSLATE_NOOP("ClusterSetup", "As k-means, but by cosine: only the direction of an embedding counts, as it "
                                       "does for CLIP.")},
    {"ae-kmeans", QT_TRANSLATE_NOOP("ClusterSetup", "learned groups (autoencoder + k-means)"),
     QT_TRANSLATE_NOOP("ClusterSetup", "A network learns to squeeze every embedding into a few numbers (its code) and "
                                       "back; k-means then groups the codes. Nothing is known of labels.")},
    {"dec", QT_TRANSLATE_NOOP("ClusterSetup", "learned groups, sharpened (DEC)"),
     QT_TRANSLATE_NOOP("ClusterSetup",
                       "Deep embedded clustering (Xie, Girshick & Farhadi 2016): after the autoencoder, "
                       "the network and the centres are trained together to make the groups clearer. "
                       "Only as good as the groups it starts from.")},
    {"idec", QT_TRANSLATE_NOOP("ClusterSetup", "learned groups, kept readable (IDEC)"),
     QT_TRANSLATE_NOOP("ClusterSetup", "Improved DEC (Guo et al. 2017): sharpens the groups while the code still has "
                                       "to give back every embedding, so that it cannot collapse as easily.")},
};

const MethodWords* wordsOf(const std::string& method)
{
    const auto* it =
        std::find_if(std::begin(kMethods), std::end(kMethods), [&](const MethodWords& m) { return method == m.word; });
    return it == std::end(kMethods) ? nullptr : it;
}

/// What is asked for at once; the rest is folded away.
bool isFirst(const std::string& key)
{
    return key == "recipe" || key == "restarts" || key == "n_init";
}

QSpinBox* makeSpin(const QString& name, const QString& accessible, QWidget* parent)
{
    auto* spin = new QSpinBox(parent);
    spin->setObjectName(name);
    spin->setAccessibleName(accessible);
    spin->setMinimumWidth(72); // the room for its largest number is more than a drawer has
    return spin;
}

QComboBox* makeCombo(const QString& name, const QString& accessible, QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    return box;
}

} // namespace

QString ClusterSetup::methodText(const std::string& method)
{
    const MethodWords* words = wordsOf(method);
    return words ? QCoreApplication::translate("ClusterSetup", words->text) : pathText(method);
}

QString ClusterSetup::methodTip(const std::string& method)
{
    const MethodWords* words = wordsOf(method);
    return words ? QCoreApplication::translate("ClusterSetup", words->tip) : QString();
}

ClusterSetup::ClusterSetup(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("clusterSetup"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft);
    form->setVerticalSpacing(4);
    makeChoices(form);
    column->addLayout(form);
    m_common = new OptionForm(QStringLiteral("clusterOption"), this);
    m_rest = new OptionForm(QStringLiteral("clusterOption"), this);
    m_more = makeButton({tr("more ▸"), QStringLiteral("clusterMore"), tr("Every option of this method")},
                        ButtonRole::Link, this);
    m_more->setCheckable(true);
    m_live = new QCheckBox(tr("Show the training on the map"), this);
    m_live->setObjectName(QStringLiteral("clusterLive"));
    m_live->setAccessibleName(m_live->text());
    m_live->setToolTip(tipText(tr("The map shows the code that the network learns, seen by PCA, while it learns it. "
                                  "Without it the map stays and only its colours follow.")));
    m_live->setChecked(true);
    for (QWidget* part : {static_cast<QWidget*>(m_common), static_cast<QWidget*>(m_live), static_cast<QWidget*>(m_more),
                          static_cast<QWidget*>(m_rest)}) {
        column->addWidget(part);
    }
    makeRun();
    connect(m_method, &QComboBox::currentIndexChanged, this, &ClusterSetup::adoptMethod);
    connect(m_more, &QPushButton::toggled, this, &ClusterSetup::refresh);
    connect(m_live, &QCheckBox::toggled, this, &ClusterSetup::showsTrainingChanged);
    adoptMethod();
    setSelected(0);
}

void ClusterSetup::makeChoices(QFormLayout* form)
{
    m_method = makeCombo(QStringLiteral("clusterMethod"), tr("Method of clustering"), this);
    for (const std::string& method : core::clusterMethods()) {
        m_method->addItem(methodText(method), pathText(method));
        m_method->setItemData(m_method->count() - 1, tipText(methodTip(method)), Qt::ToolTipRole);
    }
    widenPopup(m_method);
    m_count = makeSpin(QStringLiteral("clusterCount"), tr("Number of clusters"), this);
    m_count->setToolTip(tr("How many groups to find (k)"));
    m_count->setRange(2, kMostClusters);
    m_count->setValue(kUsualClusters);
    m_seed = makeSpin(QStringLiteral("clusterSeed"), tr("Seed of the clustering"), this);
    m_seed->setToolTip(tipText(tr("Where chance begins: the same seed finds the same groups again")));
    m_seed->setRange(0, INT_MAX);
    auto* numbers = new QHBoxLayout;
    numbers->setSpacing(Tokens::kGrid);
    numbers->addWidget(m_count, 1);
    auto* seed = new QLabel(tr("Seed"), this);
    seed->setBuddy(m_seed);
    numbers->addWidget(seed);
    numbers->addWidget(m_seed, 1);
    m_samples = makeCombo(QStringLiteral("clusterSamples"), tr("Samples to cluster"), this);
    m_samples->addItem(tr("all"), false);
    m_samples->addItem(QString(), true);
    auto* groups = new QLabel(tr("Groups"), this);
    groups->setBuddy(m_count);
    groups->setMinimumWidth(OptionForm::kLabelWidth);
    form->addRow(m_method);
    form->addRow(groups, numbers);
    form->addRow(tr("Samples"), m_samples);
    connect(m_samples, &QComboBox::currentIndexChanged, this, &ClusterSetup::refresh);
}

void ClusterSetup::makeRun()
{
    m_run = makeButton({tr("Find clusters"), QStringLiteral("clusterRun"), QString()}, ButtonRole::Primary, this);
    m_stage = makeCaption(QString(), QStringLiteral("clusterStage"), this);
    m_stage->hide();
    m_warnings = makeCaption(QString(), QStringLiteral("clusterWarnings"), this);
    m_warnings->setProperty("role", QLatin1String("warning"));
    m_warnings->hide();
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addSpacing(2);
    column->addWidget(m_run);
    column->addWidget(m_stage);
    column->addWidget(m_warnings);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (m_running) {
            Q_EMIT stopWanted();
        } else {
            Q_EMIT clusterWanted(spec());
        }
    });
}

/// What was chosen for options that both methods have is kept.
void ClusterSetup::adoptMethod()
{
    std::map<std::string, std::string> values = m_common->values();
    values.merge(m_rest->values());
    const std::string method = m_method->currentData().toString().toStdString();
    std::vector<core::ClusterOption> common, rest;
    for (const core::ClusterOption& option : core::clusterOptions(method)) {
        (option.common && isFirst(option.key) ? common : rest).push_back(option);
    }
    std::stable_partition(rest.begin(), rest.end(), [](const core::ClusterOption& option) { return option.common; });
    m_common->setOptions(std::move(common));
    m_rest->setOptions(std::move(rest));
    m_common->setValues(values);
    m_rest->setValues(values);
    m_method->setToolTip(m_method->currentData(Qt::ToolTipRole).toString());
    m_live->setVisible(core::isDeepMethod(method));
    refresh();
}

void ClusterSetup::refresh()
{
    m_more->setVisible(!m_rest->options().empty());
    m_more->setText(m_more->isChecked() ? tr("less ▾") : tr("more ▸"));
    m_more->setAccessibleName(m_more->isChecked() ? tr("fewer options") : tr("more options"));
    m_rest->setVisible(m_more->isChecked() && !m_rest->options().empty());
    const bool none = selectionOnly() && m_selected == 0;
    m_run->setText(m_running ? tr("Stop") : tr("Find clusters"));
    m_run->setAccessibleName(m_run->text());
    setRole(m_run, m_running ? ButtonRole::Plain : ButtonRole::Primary);
    m_run->setEnabled(m_running || (m_ready && !none));
    m_run->setToolTip(tipText(m_running         ? tr("Stop it: map and clusters stay as they were before")
                              : !m_ready        ? m_reason
                              : none            ? tr("Select some samples first, or choose all.")
                              : selectionOnly() ? tr("Find groups among the selected samples")
                                                : tr("Find groups among all samples")));
}

void ClusterSetup::setSpec(const core::ClusterSpec& spec)
{
    m_method->setCurrentIndex(std::max(0, m_method->findData(pathText(spec.method))));
    m_count->setValue(spec.k);
    m_seed->setValue(int(std::min<std::uint64_t>(spec.seed, INT_MAX)));
    m_common->setValues(spec.options);
    m_rest->setValues(spec.options);
}

core::ClusterSpec ClusterSetup::spec() const
{
    core::ClusterSpec spec;
    spec.method = m_method->currentData().toString().toStdString();
    spec.k = m_count->value();
    spec.seed = std::uint64_t(m_seed->value());
    spec.options = m_common->values();
    spec.options.merge(m_rest->values());
    return spec;
}

void ClusterSetup::setReady(bool ready, const QString& reason)
{
    m_ready = ready;
    m_reason = reason;
    refresh();
}

void ClusterSetup::setRunning(bool running, const QString& stage)
{
    if (running != m_running) {
        m_running = running;
        refresh();
    }
    m_stage->setText(stage);
    m_stage->setVisible(running && !stage.isEmpty());
    m_warnings->setVisible(!running && !m_warnings->text().isEmpty());
}

void ClusterSetup::setWarnings(const QStringList& warnings)
{
    QStringList lines;
    for (const QString& warning : warnings) {
        const qsizetype end = warning.indexOf(QLatin1String(". "));
        lines << QStringLiteral("⚠ ") + (end < 0 ? warning : warning.left(end + 1));
    }
    m_warnings->setText(lines.join(QLatin1Char('\n')));
    m_warnings->setToolTip(tipText(warnings.join(QStringLiteral("\n\n"))));
    m_warnings->setVisible(!m_running && !lines.isEmpty());
}

void ClusterSetup::setSelected(std::size_t count)
{
    m_selected = count;
    m_samples->setItemText(1, tr("selection (%1)").arg(countText(count)));
    refresh();
}

bool ClusterSetup::selectionOnly() const
{
    return m_samples->currentData().toBool();
}

bool ClusterSetup::showsTraining() const
{
    return m_live->isChecked();
}

void ClusterSetup::setShowsTraining(bool on)
{
    m_live->setChecked(on);
}

} // namespace semascope::ui
