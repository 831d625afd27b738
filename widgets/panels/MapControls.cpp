#include "widgets/panels/MapControls.h"

#include "widgets/panels/Controls.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace semascope::ui {
namespace {

struct MethodWords
{
    const char* word;
    const char* text;
    const char* tip;
};

constexpr MethodWords kMethods[] = {
    {"mds", QT_TRANSLATE_NOOP("MapControls", "keeps distances (MDS, SMACOF)"),
     QT_TRANSLATE_NOOP(
         "MapControls",
         "Distances on the map are as near as can be to the distances between embeddings; stress says how "
         "near. Metric multidimensional scaling by majorisation (SMACOF). Best up to some thousand samples.")},
    {"classical", QT_TRANSLATE_NOOP("MapControls", "keeps distances, quick (classical MDS)"),
     QT_TRANSLATE_NOOP(
         "MapControls",
         "Torgerson's solution by eigenvectors: the same as straight axes for Euclidean distances, without "
         "iterations.")},
    {"pca", QT_TRANSLATE_NOOP("MapControls", "straight axes (PCA)"),
     QT_TRANSLATE_NOOP(
         "MapControls",
         "The directions in which the embeddings differ most. Quick, and new pictures can be placed exactly.")},
    {"svd", QT_TRANSLATE_NOOP("MapControls", "straight axes through zero (truncated SVD)"),
     QT_TRANSLATE_NOOP(
         "MapControls",
         "As PCA, but not centred: keeps cosines rather than differences. For pictures and texts together.")},
    {"pca-joint", QT_TRANSLATE_NOOP("MapControls", "straight axes, pictures and texts together (joint PCA)"),
     QT_TRANSLATE_NOOP("MapControls", "One PCA of pictures and captions in one cloud; shows the gap between the two.")},
    {"pca-modality", QT_TRANSLATE_NOOP("MapControls", "straight axes, each kind centred (PCA per modality)"),
     QT_TRANSLATE_NOOP("MapControls",
                       "Pictures and captions are centred apart before one PCA, which closes the gap between them.")},
};

const MethodWords* wordsOf(const std::string& method)
{
    const auto* it =
        std::find_if(std::begin(kMethods), std::end(kMethods), [&](const MethodWords& m) { return method == m.word; });
    return it == std::end(kMethods) ? nullptr : it;
}

} // namespace

QString MapControls::methodText(const std::string& method)
{
    const MethodWords* words = wordsOf(method);
    return words ? QCoreApplication::translate("MapControls", words->text) : pathText(method);
}

QString MapControls::methodTip(const std::string& method)
{
    const MethodWords* words = wordsOf(method);
    return words ? QCoreApplication::translate("MapControls", words->tip) : QString();
}

MapControls::MapControls(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("mapControls"));
    m_method = new QComboBox(this);
    m_method->setObjectName(QStringLiteral("mapMethod"));
    m_method->setAccessibleName(tr("Method of the map"));
    m_method->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_method->setMinimumContentsLength(12);
    m_dimension = new QComboBox(this);
    m_dimension->setObjectName(QStringLiteral("mapDimension"));
    m_dimension->setAccessibleName(tr("Dimensions of the map"));
    m_dimension->addItem(tr("flat (2D)"), 2);
    m_dimension->addItem(tr("with depth (3D)"), 3);
    m_seed = new QSpinBox(this);
    m_seed->setObjectName(QStringLiteral("mapSeed"));
    m_seed->setAccessibleName(tr("Seed of the map"));
    m_seed->setToolTip(tipText(tr("Where chance begins: the same seed makes the same map again")));
    m_seed->setRange(0, INT_MAX);
    m_map = makeButton({tr("Map"), QStringLiteral("mapButton"), tr("Make a new map of all samples")},
                       ButtonRole::Primary, this);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(m_method);
    form->addRow(tr("Dimensions"), m_dimension);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(QString(), m_map);
    connect(m_map, &QPushButton::clicked, this, [this] { Q_EMIT mapWanted(spec()); });
    connect(m_method, &QComboBox::currentIndexChanged, this,
            [this] { m_method->setToolTip(tipText(m_method->currentData(Qt::ToolTipRole).toString())); });
    setMethods({"mds", "classical", "pca", "svd"});
}

void MapControls::setMethods(const std::vector<std::string>& methods)
{
    const std::string before = spec().method;
    m_method->clear();
    for (const std::string& method : methods) {
        m_method->addItem(methodText(method), pathText(method));
        m_method->setItemData(m_method->count() - 1, tipText(methodTip(method)), Qt::ToolTipRole);
    }
    m_method->setCurrentIndex(std::max(0, m_method->findData(pathText(before))));
    widenPopup(m_method);
}

void MapControls::setSpec(const core::LayoutSpec& spec)
{
    const int method = m_method->findData(pathText(spec.method));
    if (method >= 0) {
        m_method->setCurrentIndex(method);
    }
    m_dimension->setCurrentIndex(spec.dim == 3 ? 1 : 0);
    m_seed->setValue(int(std::min<std::uint64_t>(spec.seed, INT_MAX)));
}

core::LayoutSpec MapControls::spec() const
{
    core::LayoutSpec spec;
    if (m_method->count() > 0) {
        spec.method = m_method->currentData().toString().toStdString();
    }
    spec.dim = m_dimension->currentData().toInt();
    spec.seed = std::uint64_t(m_seed->value());
    return spec;
}

void MapControls::setReady(bool ready, const QString& reason)
{
    m_map->setEnabled(ready);
    m_map->setToolTip(tipText(ready ? tr("Make a new map of all samples") : reason));
}

} // namespace semascope::ui
