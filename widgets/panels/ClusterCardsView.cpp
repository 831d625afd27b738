#include "widgets/panels/ClusterCardsView.h"

#include "widgets/Theme.h"
#include "widgets/panels/ClusterCardGrid.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/FlowLayout.h"
#include "widgets/panels/Numbers.h"

#include <QComboBox>
#include <QMenu>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::ui {
namespace {

constexpr ClusterSort kSorts[] = {ClusterSort::Number, ClusterSort::Size, ClusterSort::Name, ClusterSort::Confidence};
constexpr int kMargin = 12;

QComboBox* makeChoice(const QString& name, const QString& spoken, QWidget* parent)
{
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(spoken);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(17);
    return box;
}

} // namespace

QString sortTitle(ClusterSort sort)
{
    switch (sort) {
    case ClusterSort::Size:
        return ClusterCardsView::tr("by size");
    case ClusterSort::Name:
        return ClusterCardsView::tr("by name");
    case ClusterSort::Confidence:
        return ClusterCardsView::tr("by mean confidence");
    case ClusterSort::Number:
        break;
    }
    return ClusterCardsView::tr("by number");
}

std::vector<int> sortedClusters(const std::vector<ClusterCard>& cards, ClusterSort sort)
{
    std::vector<int> order(cards.size());
    std::iota(order.begin(), order.end(), 0);
    const auto before = [&cards, sort](int a, int b) {
        const ClusterCard &x = cards[static_cast<std::size_t>(a)], &y = cards[static_cast<std::size_t>(b)];
        if (sort == ClusterSort::Size) {
            return x.size > y.size;
        }
        if (sort == ClusterSort::Name) {
            return QString::localeAwareCompare(x.name, y.name) < 0;
        }
        const auto known = [](double v) { return std::isfinite(v) ? v : -1.0; };
        return sort == ClusterSort::Confidence && known(x.confidence) > known(y.confidence);
    };
    std::stable_sort(order.begin(), order.end(), before);
    return order;
}

ClusterCardsView::ClusterCardsView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("clusterCards"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_head = new QWidget(this);
    m_head->setObjectName(QStringLiteral("clusterCardsHead"));
    auto* head = new QVBoxLayout(m_head);
    head->setContentsMargins(kMargin, kMargin, kMargin, kMargin - 2);
    head->setSpacing(Tokens::kGrid);
    makeHead();
    makeNaming();
    m_note = makeCaption(QString(), QStringLiteral("clusterCardsNote"), m_head);
    head->addWidget(m_note);
    column->addWidget(m_head);
    m_pages = new QStackedWidget(this);
    m_empty = new QLabel(m_pages);
    m_empty->setObjectName(QStringLiteral("clusterCardsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setMargin(4 * Tokens::kGrid);
    m_grid = new ClusterCardGrid(m_pages);
    setFocusProxy(m_grid);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_grid);
    column->addWidget(m_pages, 1);
    connect(m_grid, &ClusterCardGrid::headClicked, this, &ClusterCardsView::activate);
    setNote({});
    setCards({}, {});
    setAbility({});
}

void ClusterCardsView::makeHead()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(Tokens::kGrid);
    m_summary = new ElidedLabel(m_head);
    m_summary->setObjectName(QStringLiteral("clusterCardsSummary"));
    m_sorts = makeChoice(QStringLiteral("clusterCardsSort"), tr("Order of the cards"), m_head);
    m_sorts->setMinimumContentsLength(11);
    m_sorts->setProperty("role", QStringLiteral("quiet"));
    for (const ClusterSort sort : kSorts) {
        m_sorts->addItem(sortTitle(sort), static_cast<int>(sort));
    }
    row->addWidget(m_summary, 1);
    row->addWidget(m_sorts);
    static_cast<QVBoxLayout*>(m_head->layout())->addLayout(row);
    connect(m_sorts, &QComboBox::activated, this, [this] {
        setSort(static_cast<ClusterSort>(m_sorts->currentData().toInt()));
        Q_EMIT sortChanged(m_sort);
    });
}

void ClusterCardsView::makeNaming()
{
    auto* bar = new QWidget(m_head); // its two groups stand side by side where there is room
    auto* flow = new FlowLayout(bar, Tokens::kGrid);
    flow->setContentsMargins(0, 0, 0, 0);
    m_name =
        makeButton({tr("Name clusters"), QStringLiteral("clusterCardsName"), QString()}, ButtonRole::Primary, m_head);
    m_vocabularies = makeChoice(QStringLiteral("clusterVocabularies"), tr("Words to name clusters with"), m_head);
    m_words = makeButton({tr("words…"), QStringLiteral("clusterWords"), tr("See and edit the words")}, ButtonRole::Link,
                         m_head);
    m_all = makeButton({tr("rename all"), QStringLiteral("clusterRenameAll"),
                        tipText(tr("Takes the best word for every cluster, also where a name was chosen by hand"))},
                       ButtonRole::Link, m_head);
    m_merge = makeButton({tr("Merge"), QStringLiteral("clusterMerge"), QString()}, ButtonRole::Plain, m_head);
    m_split = makeButton({tr("Split…"), QStringLiteral("clusterSplit"), QString()}, ButtonRole::Plain, m_head);
    m_pick = makeButton({tr("From selection"), QStringLiteral("clusterPick"), QString()}, ButtonRole::Plain, m_head);
    makeExport(m_head);
    const std::vector<QWidget*> groups[] = {{m_name, m_vocabularies, m_words, m_all},
                                            {m_merge, m_split, m_pick, m_export}};
    for (const auto& group : groups) {
        auto* box = new QWidget(bar);
        auto* row = new QHBoxLayout(box);
        row->setContentsMargins(0, 0, Tokens::kGrid, 0);
        row->setSpacing(Tokens::kGrid);
        for (QWidget* w : group) {
            row->addWidget(w);
        }
        flow->insertWidget(flow->count(), box);
    }
    m_head->layout()->addWidget(bar);
    connectButtons();
}

void ClusterCardsView::connectButtons()
{
    connect(m_name, &QPushButton::clicked, this, [this] {
        if (m_ability.naming) {
            Q_EMIT stopWanted();
        } else {
            Q_EMIT nameWanted(vocabulary());
        }
    });
    connect(m_vocabularies, &QComboBox::activated, this, [this] { Q_EMIT vocabularyChosen(vocabulary()); });
    connect(m_words, &QPushButton::clicked, this, &ClusterCardsView::wordsWanted);
    connect(m_all, &QPushButton::clicked, this, &ClusterCardsView::renameAllWanted);
    connect(m_merge, &QPushButton::clicked, this, &ClusterCardsView::mergeWanted);
    connect(m_split, &QPushButton::clicked, this, &ClusterCardsView::splitWanted);
    connect(m_pick, &QPushButton::clicked, this, &ClusterCardsView::pickWanted);
}

void ClusterCardsView::makeExport(QWidget* bar)
{
    m_export = makeButton({tr("Export ▾"), QStringLiteral("clusterExport"), tr("As CSV")}, ButtonRole::Plain, bar);
    auto* menu = new QMenu(m_export);
    menu->addAction(tr("A row a sample: cluster, name, confidence…"), this, [this] { Q_EMIT exportWanted(true); });
    menu->addAction(tr("A row a cluster: the cards as a table…"), this, [this] { Q_EMIT exportWanted(false); });
    m_export->setMenu(menu);
}

void ClusterCardsView::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    m_grid->setSource(std::move(dataset), thumbnails);
    setCards({}, {});
}

void ClusterCardsView::setCards(std::vector<ClusterCard> cards, const QString& summary)
{
    m_summary->setWhole(summary);
    const bool any = !cards.empty();
    if (cards.size() != m_grid->cards().size()) {
        m_chosen.clear();
    }
    m_grid->setCards(std::move(cards));
    m_grid->setChosen(m_chosen);
    order();
    m_pages->setCurrentIndex(any ? 1 : 0);
    m_sorts->setVisible(any);
    showAbility();
}

void ClusterCardsView::setAbility(const ClusterAbility& ability)
{
    m_ability = ability;
    showAbility();
}

void ClusterCardsView::showAbility()
{
    const ClusterAbility& a = m_ability;
    const QString lacking = tr("There are no clusters yet.");
    m_name->setText(a.naming ? tr("Stop naming") : tr("Name clusters"));
    setRole(m_name, a.naming ? ButtonRole::Plain : ButtonRole::Primary);
    m_name->setEnabled(a.naming || a.nameProblem.isEmpty());
    m_name->setToolTip(tipText(a.nameProblem.isEmpty()
                                   ? tr("Finds the word that is nearest to what sets each cluster apart from the "
                                        "others, and no word twice (contrastive centroids, Hungarian method)")
                                   : a.nameProblem));
    m_all->setVisible(a.words);
    m_merge->setEnabled(a.editable && m_chosen.size() > 1);
    m_merge->setToolTip(tipText(tr("Makes one cluster of those chosen: click a card's head, Shift adds more")));
    m_split->setEnabled(a.editable && m_chosen.size() == 1);
    m_split->setToolTip(tipText(tr("Divides the chosen cluster by k-means within it")));
    m_pick->setEnabled(a.editable && a.selection);
    m_pick->setToolTip(
        tipText(a.editable ? tr("Makes the samples selected on the map a cluster of their own") : lacking));
    m_export->setEnabled(!m_grid->cards().empty());
}

void ClusterCardsView::setVocabularies(std::vector<VocabularyItem> items, const QString& chosen)
{
    const QSignalBlocker quiet(m_vocabularies);
    if (items != m_items) {
        m_items = std::move(items);
        m_vocabularies->clear();
        for (const VocabularyItem& item : m_items) {
            m_vocabularies->addItem(item.title, item.key);
            m_vocabularies->setItemData(m_vocabularies->count() - 1, tipText(item.tip), Qt::ToolTipRole);
        }
        widenPopup(m_vocabularies);
    }
    m_vocabularies->setCurrentIndex(std::max(0, m_vocabularies->findData(chosen)));
    m_vocabularies->setToolTip(m_vocabularies->currentData(Qt::ToolTipRole).toString());
}

QString ClusterCardsView::vocabulary() const
{
    return m_vocabularies->currentData().toString();
}

void ClusterCardsView::setNote(const QString& text, bool warning)
{
    m_note->setText(text);
    m_note->setProperty("role", warning ? QStringLiteral("error") : QStringLiteral("caption"));
    m_note->style()->unpolish(m_note);
    m_note->style()->polish(m_note);
    m_note->setVisible(!text.isEmpty());
}

void ClusterCardsView::setEmptyText(const QString& text)
{
    m_empty->setText(text);
}

void ClusterCardsView::setChosen(const std::set<int>& chosen)
{
    m_chosen = chosen;
    m_grid->setChosen(m_chosen);
    showAbility();
}

void ClusterCardsView::activate(int cluster, Qt::KeyboardModifiers modifiers)
{
    std::set<int> chosen = m_chosen;
    if (modifiers.testFlag(Qt::ControlModifier)) {
        chosen.erase(cluster);
    } else {
        if (!modifiers.testFlag(Qt::ShiftModifier)) {
            chosen.clear();
        }
        chosen.insert(cluster);
    }
    setChosen(chosen);
    Q_EMIT clusterActivated(cluster, modifiers);
}

void ClusterCardsView::setSort(ClusterSort sort)
{
    m_sort = sort;
    m_sorts->setCurrentIndex(m_sorts->findData(static_cast<int>(sort)));
    order();
}

void ClusterCardsView::order()
{
    m_grid->setOrder(sortedClusters(m_grid->cards(), m_sort));
}

} // namespace semascope::ui
