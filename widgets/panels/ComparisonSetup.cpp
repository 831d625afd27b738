#include "widgets/panels/ComparisonSetup.h"

#include "core/cluster/ClusterOptions.h"
#include "core/cluster/ComparisonText.h"
#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FlowLayout.h"
#include "widgets/panels/Numbers.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kMostClusters = 1000, kMostSeeds = 50;

QHBoxLayout* rowOf(QWidget* group)
{
    auto* row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Tokens::kGrid);
    return row;
}

QComboBox* makeBox(const ControlText& what, int characters, QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(what.name);
    box->setAccessibleName(what.text);
    box->setToolTip(tipText(what.tip));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(characters);
    return box;
}

QSpinBox* makeSpin(const ControlText& what, int least, int most, QWidget* parent)
{
    auto* spin = new QSpinBox(parent);
    spin->setObjectName(what.name);
    spin->setAccessibleName(what.text);
    spin->setToolTip(tipText(what.tip));
    spin->setRange(least, most);
    spin->setFixedWidth(60);
    return spin;
}

QString methodTip(const std::string& method)
{
    const bool deep = core::isDeepMethod(method);
    const QString text = deep ? ComparisonSetup::tr("Trains a network: minutes where k-means takes seconds. Its "
                                                    "settings are the usual ones of the method.")
                              : ComparisonSetup::tr("Quick: no training.");
    return tipText(text);
}

} // namespace

ComparisonSetup::ComparisonSetup(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("comparisonSetup"));
    setAccessibleName(tr("What to compare"));
    auto* flow = new FlowLayout(this, Tokens::kGrid);
    flow->setContentsMargins(0, 0, 0, 0);
    QWidget* const groups[] = {makeMethods(), makeNumbers(), makeChoices()};
    for (QWidget* group : groups) { // of one height, so that they line up
        group->setFixedHeight(groups[2]->sizeHint().height());
        flow->addWidget(group);
    }
    refresh();
}

QWidget* ComparisonSetup::makeMethods()
{
    auto* group = new QWidget(this);
    QHBoxLayout* row = rowOf(group);
    row->setSpacing(Tokens::kGrid + 4);
    for (const std::string& method : core::clusterMethods()) {
        auto* box = new QCheckBox(QString::fromStdString(core::clusterMethodTitle(method)), group);
        box->setObjectName(QStringLiteral("compare-") + QString::fromStdString(method));
        box->setAccessibleName(tr("Compare %1").arg(box->text()));
        box->setToolTip(methodTip(method));
        box->setProperty("method", QString::fromStdString(method));
        box->setChecked(true);
        row->addWidget(box);
        m_methods.push_back(box);
        connect(box, &QCheckBox::toggled, this, &ComparisonSetup::refresh);
    }
    row->addSpacing(Tokens::kGrid);
    return group;
}

QWidget* ComparisonSetup::makeNumbers()
{
    auto* group = new QWidget(this);
    QHBoxLayout* row = rowOf(group);
    m_k =
        makeSpin({tr("Number of clusters"), QStringLiteral("compareK"), tr("How many clusters each method finds (k)")},
                 2, kMostClusters, group);
    m_k->setValue(10);
    m_seeds = makeSpin({tr("Runs of each method"), QStringLiteral("compareSeeds"),
                        tr("Runs with other seeds: means and deviations are over them, and stability is how far they "
                           "agree")},
                       1, kMostSeeds, group);
    m_seeds->setValue(3);
    row->addWidget(new QLabel(tr("k"), group));
    row->addWidget(m_k);
    row->addWidget(new QLabel(tr("runs"), group));
    row->addWidget(m_seeds);
    row->addSpacing(Tokens::kGrid);
    return group;
}

QWidget* ComparisonSetup::makeChoices()
{
    auto* group = new QWidget(this);
    QHBoxLayout* row = rowOf(group);
    m_labels = makeBox({tr("Judged by"), QStringLiteral("compareLabels"),
                        tr("Labels only judge: no method sees them, and no run is chosen by them")},
                       9, group);
    m_labels->addItem(tr("no labels"), QString());
    m_rows =
        makeBox({tr("Which samples"), QStringLiteral("compareRows"), tr("The samples that are clustered")}, 7, group);
    m_rows->addItem(tr("all samples"), false);
    m_rows->addItem(tr("selection"), true);
    m_measure = makeBox({tr("Distance of the silhouette"), QStringLiteral("compareMeasure"),
                         tr("How the silhouette measures distance: cosine suits CLIP vectors, Euclidean suits pixels "
                            "and tables")},
                        6, group);
    m_measure->addItem(tr("cosine"), true);
    m_measure->addItem(tr("Euclidean"), false);
    m_run = makeButton({tr("Run"), QStringLiteral("compareRun"), {}}, ButtonRole::Primary, group);
    row->addWidget(new QLabel(tr("judged by"), group));
    row->addWidget(m_labels);
    row->addWidget(m_rows);
    auto* silhouette = new QLabel(tr("silhouette"), group);
    silhouette->setToolTip(m_measure->toolTip());
    row->addWidget(silhouette);
    row->addWidget(m_measure);
    row->addWidget(m_run);
    connect(m_rows, &QComboBox::currentIndexChanged, this, &ComparisonSetup::refresh);
    connect(m_labels, &QComboBox::activated, this,
            [this](int index) { Q_EMIT labelsChosen(m_labels->itemData(index).toString()); });
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (m_running) {
            Q_EMIT stopWanted();
        } else {
            Q_EMIT runWanted(choice());
        }
    });
    return group;
}

ComparisonChoice ComparisonSetup::choice() const
{
    ComparisonChoice c;
    for (const QCheckBox* box : m_methods) {
        if (box->isChecked()) {
            c.methods.push_back(box->property("method").toString().toStdString());
        }
    }
    c.k = m_k->value();
    c.seeds = m_seeds->value();
    c.labels = m_labels->currentData().toString();
    c.selectionOnly = m_rows->currentData().toBool();
    c.cosine = m_measure->currentData().toBool();
    return c;
}

void ComparisonSetup::setChoice(const ComparisonChoice& choice)
{
    for (QCheckBox* box : m_methods) {
        const std::string method = box->property("method").toString().toStdString();
        box->setChecked(std::find(choice.methods.begin(), choice.methods.end(), method) != choice.methods.end());
    }
    m_k->setValue(choice.k);
    m_seeds->setValue(choice.seeds);
    m_labels->setCurrentIndex(std::max(0, m_labels->findData(choice.labels)));
    m_rows->setCurrentIndex(choice.selectionOnly ? 1 : 0);
    m_measure->setCurrentIndex(choice.cosine ? 0 : 1);
}

void ComparisonSetup::setAttributes(const QStringList& names, bool prefer)
{
    const QString before = m_labels->currentData().toString();
    m_labels->clear();
    m_labels->addItem(tr("no labels"), QString());
    for (const QString& name : names) {
        m_labels->addItem(name, name);
    }
    const int kept = before.isEmpty() ? -1 : m_labels->findData(before);
    m_labels->setCurrentIndex(kept > 0 ? kept : prefer && !names.isEmpty() ? 1 : 0);
    widenPopup(m_labels);
}

void ComparisonSetup::setSelected(std::size_t count)
{
    m_rows->setItemText(1, count > 0 ? tr("selection (%1)").arg(countText(count)) : tr("selection"));
    m_rows->setItemData(1, count > 0 ? QVariant() : QVariant(0), Qt::UserRole - 1); // greyed while there is none
    if (count == 0) {
        m_rows->setCurrentIndex(0);
    }
}

void ComparisonSetup::setCosine(bool cosine)
{
    m_measure->setCurrentIndex(cosine ? 0 : 1);
}

void ComparisonSetup::setReady(bool ready, const QString& reason)
{
    m_ready = ready;
    m_reason = reason;
    refresh();
}

void ComparisonSetup::setRunning(bool running)
{
    m_running = running;
    refresh();
}

void ComparisonSetup::refresh()
{
    if (!m_run) {
        return;
    }
    const bool any = std::any_of(m_methods.begin(), m_methods.end(), [](const QCheckBox* b) { return b->isChecked(); });
    m_run->setText(m_running ? tr("Stop") : tr("Run"));
    m_run->setAccessibleName(m_running ? tr("Stop the comparison") : tr("Run the comparison"));
    setRole(m_run, m_running ? ButtonRole::Plain : ButtonRole::Primary);
    m_run->setEnabled(m_running || (m_ready && any));
    m_run->setToolTip(m_running  ? tr("What is done so far stays")
                      : !m_ready ? tipText(m_reason)
                      : any      ? tr("Cluster the same rows with every method")
                                 : tr("Choose a method"));
    for (QWidget* control :
         {static_cast<QWidget*>(m_k), static_cast<QWidget*>(m_seeds), static_cast<QWidget*>(m_labels),
          static_cast<QWidget*>(m_rows), static_cast<QWidget*>(m_measure)}) {
        control->setEnabled(!m_running);
    }
    for (QCheckBox* box : m_methods) {
        box->setEnabled(!m_running);
    }
}

} // namespace semascope::ui
