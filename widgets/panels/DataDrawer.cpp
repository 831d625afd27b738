#include "widgets/panels/DataDrawer.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/EmbedBlock.h"
#include "widgets/panels/MapControls.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/SkipModel.h"

#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QShortcut>
#include <QTreeView>
#include <QTreeWidget>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kRow = 26, kMostRows = 7;

QString kindText(core::DatasetKind kind)
{
    switch (kind) {
    case core::DatasetKind::Folder:
        return DataDrawer::tr("folder of pictures");
    case core::DatasetKind::FolderPerClass:
        return DataDrawer::tr("a folder for each class");
    case core::DatasetKind::Table:
        return DataDrawer::tr("table");
    case core::DatasetKind::CocoCaptions:
        return DataDrawer::tr("COCO captions");
    case core::DatasetKind::CelebA:
        return DataDrawer::tr("CelebA");
    case core::DatasetKind::Cifar10:
        return DataDrawer::tr("CIFAR-10");
    case core::DatasetKind::Idx:
        return DataDrawer::tr("IDX (MNIST)");
    case core::DatasetKind::Vectors:
        return DataDrawer::tr("vectors");
    case core::DatasetKind::PictureNpy:
        return DataDrawer::tr("array of pictures");
    case core::DatasetKind::Captions:
        return DataDrawer::tr("captions");
    }
    return {};
}

QString summary(const core::Attribute& attribute)
{
    if (!attribute.numeric()) {
        return attribute.labels.size() == 1 ? DataDrawer::tr("1 class")
                                            : DataDrawer::tr("%1 classes").arg(attribute.labels.size());
    }
    double lo = INFINITY, hi = -INFINITY;
    for (const double value : attribute.numbers) {
        if (std::isfinite(value)) {
            lo = std::min(lo, value);
            hi = std::max(hi, value);
        }
    }
    return lo <= hi ? DataDrawer::tr("%1 to %2").arg(numberText(lo), numberText(hi)) : DataDrawer::tr("empty");
}

QHBoxLayout* rowOf(std::initializer_list<QWidget*> widgets)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(Tokens::kGrid);
    for (QWidget* widget : widgets) {
        row->addWidget(widget);
    }
    row->addStretch(1);
    return row;
}

} // namespace

DataDrawer::DataDrawer(QWidget* parent) : Drawer(tr("Data"), QStringLiteral("dataDrawer"), parent)
{
    makeData();
    makeAttributes();
    makeModel();
    column()->addSpacing(Tokens::kGrid);
    column()->addWidget(makeSection(tr("MAP"), content()));
    m_map = new MapControls(content());
    column()->addWidget(m_map);
    column()->addStretch(1);
    setDataset(nullptr);
    setModelCard({});
    setEmbedReady(false, QString());
}

void DataDrawer::makeData()
{
    QPushButton* folder = makeButton({tr("Open folder…"), QStringLiteral("dataOpenFolder"),
                                      tr("A folder of pictures, or one with a folder for each class")},
                                     ButtonRole::Plain, content());
    QPushButton* file = makeButton({tr("Open file…"), QStringLiteral("dataOpenFile"),
                                    tr("A table (CSV, TSV), an array (NPY, NPZ), IDX, CIFAR-10 or COCO captions")},
                                   ButtonRole::Plain, content());
    m_name = new ElidedLabel(content());
    m_name->setObjectName(QStringLiteral("dataName"));
    m_name->setProperty("role", QStringLiteral("title"));
    m_counts = makeCaption(QString(), QStringLiteral("dataCounts"), content());
    m_skips = makeButton(
        {QString(), QStringLiteral("dataSkips"), tr("Everything that was found and not loaded, with the reason")},
        ButtonRole::Link, content());
    m_skips->setCheckable(true);
    m_export =
        makeButton({tr("Export list…"), QStringLiteral("dataExportSkips"), tr("Write paths and reasons to a CSV file")},
                   ButtonRole::Link, content());
    m_skipModel = new SkipModel(this);
    m_skipList = new QTreeView(content());
    m_skipList->setObjectName(QStringLiteral("dataSkipList"));
    m_skipList->setAccessibleName(tr("Skipped files and reasons"));
    m_skipList->setModel(m_skipModel);
    m_skipList->setRootIsDecorated(false);
    m_skipList->setUniformRowHeights(true);
    m_skipList->setFont(captionFont());
    m_skipList->header()->resizeSection(0, 120);
    m_notes = makeCaption(QString(), QStringLiteral("dataNotes"), content());
    column()->addWidget(m_name);
    column()->addWidget(m_counts);
    column()->addLayout(rowOf({m_skips, m_export}));
    column()->addWidget(m_skipList);
    column()->addWidget(m_notes);
    column()->addLayout(rowOf({folder, file}));
    connect(folder, &QPushButton::clicked, this, &DataDrawer::openFolder);
    connect(file, &QPushButton::clicked, this, &DataDrawer::openFile);
    connect(m_skips, &QPushButton::toggled, this, &DataDrawer::showSkips);
    connect(m_export, &QPushButton::clicked, this, &DataDrawer::exportSkips);
}

void DataDrawer::makeAttributes()
{
    m_attributeTitle = makeSection(tr("ATTRIBUTES"), content());
    m_attributeTitle->setToolTip(tipText(tr("Columns about the samples. Click one to colour the map by it.")));
    m_attributes = new QTreeWidget(content());
    m_attributes->setObjectName(QStringLiteral("dataAttributes"));
    m_attributes->setAccessibleName(tr("Attributes; Enter colours the map by one"));
    m_attributes->setColumnCount(2);
    m_attributes->setHeaderHidden(true);
    m_attributes->setRootIsDecorated(false);
    m_attributes->setUniformRowHeights(true);
    m_attributes->setCursor(Qt::PointingHandCursor);
    m_attributes->header()->setStretchLastSection(true);
    column()->addSpacing(Tokens::kGrid);
    column()->addWidget(m_attributeTitle);
    column()->addWidget(m_attributes);
    const auto choose = [this](const QTreeWidgetItem* item) {
        if (item) {
            const QString name = item->data(0, Qt::UserRole).toString();
            Q_EMIT colourByAttribute(name == m_colour ? QString() : name);
        }
    };
    connect(m_attributes, &QTreeWidget::itemClicked, this, choose);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter, Qt::Key_Space}) {
        auto* shortcut = new QShortcut(QKeySequence(key), m_attributes);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, choose] { choose(m_attributes->currentItem()); });
    }
}

void DataDrawer::makeModel()
{
    QPushButton* file =
        makeButton({tr("Open model file…"), QStringLiteral("dataOpenModelFile"), tr("An OpenAI checkpoint (.pt)")},
                   ButtonRole::Plain, content());
    QPushButton* folder = makeButton({tr("folder…"), QStringLiteral("dataOpenModelFolder"),
                                      tr("A Hugging Face or OpenCLIP folder with its weights")},
                                     ButtonRole::Plain, content());
    m_noModel = makeCaption(
        tr("No model is open. A CLIP checkpoint turns pictures and texts into comparable vectors (embeddings)."),
        QStringLiteral("dataNoModel"), content());
    auto* card = new QWidget(content());
    m_card = new QGridLayout(card);
    m_card->setContentsMargins(0, 0, 0, 0);
    m_card->setHorizontalSpacing(12);
    m_card->setVerticalSpacing(2);
    m_card->setColumnStretch(1, 1);
    m_embed = new EmbedBlock(content());
    column()->addSpacing(Tokens::kGrid);
    column()->addWidget(makeSection(tr("MODEL"), content()));
    column()->addWidget(m_noModel);
    column()->addWidget(card);
    m_wholeCard = makeButton({tr("Model card…"), QStringLiteral("dataModelCard"),
                              tr("All that is known of the model, and what was assumed")},
                             ButtonRole::Link, content());
    QPushButton* get = makeButton({tr("Get a CLIP…"), QStringLiteral("dataGetModel"),
                                   tr("Which files to get for a real CLIP, and where to put them")},
                                  ButtonRole::Link, content());
    m_remarks = makeCaption(QString(), QStringLiteral("dataModelRemarks"), content());
    m_remarks->setWordWrap(false);
    column()->addLayout(rowOf({m_wholeCard, get, m_remarks}));
    column()->addLayout(rowOf({file, folder}));
    column()->addWidget(m_embed);
    connect(file, &QPushButton::clicked, this, &DataDrawer::openModelFile);
    connect(m_wholeCard, &QPushButton::clicked, this, &DataDrawer::cardWanted);
    connect(get, &QPushButton::clicked, this, &DataDrawer::getModelWanted);
    connect(folder, &QPushButton::clicked, this, &DataDrawer::openModelFolder);
    connect(m_embed, &EmbedBlock::embedWanted, this, &DataDrawer::embedWanted);
}

void DataDrawer::setDataset(std::shared_ptr<const core::Dataset> dataset, const std::vector<core::Attribute>& own)
{
    m_attributes->clear();
    m_skips->setChecked(false);
    const std::size_t skipped = dataset ? dataset->skipped.size() : 0;
    m_skips->setVisible(skipped > 0);
    m_export->hide();
    m_skipList->hide();
    m_skipModel->setDataset(dataset);
    m_notes->setVisible(dataset && !dataset->notes.empty());
    if (!dataset) {
        m_name->setWhole(tr("No dataset is open"));
        m_counts->setText(tr("Open one, or drop a folder or file on the window."));
        m_attributeTitle->hide();
        m_attributes->hide();
        return;
    }
    m_name->setWhole(pathText(dataset->name));
    m_counts->setText(tr("%1\n%2 found = %3 loaded + %4 skipped")
                          .arg(kindText(dataset->kind), countText(dataset->found), countText(dataset->samples.size()),
                               countText(skipped)));
    m_skips->setText(tr("%1 skipped: why?").arg(countText(skipped)));
    m_skips->setAccessibleName(m_skips->text());
    QStringList notes;
    for (const std::string& note : dataset->notes) {
        notes << pathText(note);
    }
    m_notes->setText(notes.join(QLatin1Char('\n')));
    for (const core::Attribute& attribute : dataset->attributes) {
        addAttribute(attribute);
    }
    for (const core::Attribute& attribute : own) {
        addAttribute(attribute);
    }
    const int rows = m_attributes->topLevelItemCount();
    m_attributeTitle->setVisible(rows > 0);
    m_attributes->setVisible(rows > 0);
    m_attributes->setFixedHeight(std::min(rows, kMostRows) * kRow + 4);
    m_attributes->resizeColumnToContents(0);
    setColourAttribute(m_colour);
}

void DataDrawer::addAttribute(const core::Attribute& attribute)
{
    auto* item = new QTreeWidgetItem(m_attributes);
    const QString name = pathText(attribute.name);
    item->setText(0, name);
    item->setText(1, summary(attribute));
    item->setData(0, Qt::UserRole, name);
    QFont bold = m_attributes->font();
    bold.setBold(true);
    item->setSizeHint(0, {QFontMetrics(bold).horizontalAdvance(name) + 24, kRow});
    item->setToolTip(0, tipText(tr("Colour the map by %1").arg(name)));
}

void DataDrawer::setColourAttribute(const QString& name)
{
    m_colour = name;
    const Tokens t = tokens();
    for (int i = 0; i < m_attributes->topLevelItemCount(); ++i) {
        QTreeWidgetItem* item = m_attributes->topLevelItem(i);
        const bool active = !name.isEmpty() && item->data(0, Qt::UserRole).toString() == name;
        QFont font = m_attributes->font();
        font.setBold(active);
        item->setFont(0, font);
        item->setForeground(0, active ? t.accent : t.text);
        item->setForeground(1, t.muted);
    }
}

void DataDrawer::showSkips(bool shown)
{
    m_skipList->setVisible(shown);
    m_export->setVisible(shown);
    const int row = std::max(m_skipList->sizeHintForRow(0), 16);
    m_skipList->setFixedHeight(m_skipList->header()->sizeHint().height() +
                               std::min(m_skipModel->rowCount(), kMostRows) * row + 4);
}

void DataDrawer::setModelCard(const std::vector<std::pair<QString, QString>>& rows, const QString& remarks)
{
    for (QLabel* label : m_cardLabels) {
        delete label;
    }
    m_cardLabels.clear();
    for (const auto& [name, value] : rows) {
        QLabel* left = makeCaption(name, QStringLiteral("modelCardName"), m_card->parentWidget());
        left->setWordWrap(false);
        QLabel* right = makeCaption(value, QStringLiteral("modelCardValue"), m_card->parentWidget());
        right->setProperty("role", QStringLiteral("value"));
        const int row = int(m_cardLabels.size()) / 2;
        m_card->addWidget(left, row, 0, Qt::AlignTop);
        m_card->addWidget(right, row, 1);
        m_cardLabels.insert(m_cardLabels.end(), {left, right});
    }
    m_wholeCard->setVisible(!rows.empty());
    m_remarks->setText(remarks);
    m_remarks->setVisible(!remarks.isEmpty());
    m_noModel->setVisible(rows.empty());
    m_card->parentWidget()->setVisible(!rows.empty());
}

void DataDrawer::setEmbedReady(bool ready, const QString& state, bool done)
{
    m_embed->setReady(ready, state, done);
}

void DataDrawer::changeEvent(QEvent* event)
{
    Drawer::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_attributes) {
        setColourAttribute(m_colour);
    }
}

} // namespace semascope::ui
