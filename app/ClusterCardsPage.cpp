#include "app/ClusterCardsPage.h"

#include "app/Actions.h"
#include "app/ClusterFiles.h"
#include "app/ClusterLabels.h"
#include "app/ExplorePage.h"
#include "app/RowPictures.h"
#include "app/Search.h"
#include "app/SelectMode.h"
#include "app/Settings.h"
#include "app/Undo.h"
#include "core/session/Sample.h"
#include "widgets/panels/ClusterCardGrid.h"
#include "widgets/panels/ClusterCardsView.h"
#include "widgets/panels/ClusterWords.h"
#include "widgets/panels/ClustersDrawer.h"
#include "widgets/panels/Numbers.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>

#include <algorithm>

namespace semascope::app {

ClusterCardsPage::ClusterCardsPage(const Parts& parts, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_window(window),
      m_cards(parts.session, nullptr),
      m_namer(parts.session, parts.settings, parts.search->captions(), nullptr),
      m_editor(parts.session, parts.undo, nullptr),
      m_view(new ui::ClusterCardsView(window))
{
    m_view->hide(); // until its tab is opened
    connectView();
    connectActions();
    connect(&m_cards, &ClusterCards::changed, this, &ClusterCardsPage::refresh);
    connect(&m_cards, &ClusterCards::selectedChanged, this, &ClusterCardsPage::showSelected);
    connect(&m_namer, &ClusterNamer::changed, this, &ClusterCardsPage::showAbility);
    connect(&m_namer, &ClusterNamer::named, this, &ClusterCardsPage::takeWords);
    refresh();
}

void ClusterCardsPage::connectView()
{
    using View = ui::ClusterCardsView;
    connect(m_view, &View::clusterActivated, this, &ClusterCardsPage::activate);
    connect(m_view, &View::nameWanted, this, [this](const QString& vocabulary) { name(vocabulary, false); });
    connect(m_view, &View::renameAllWanted, this, [this] { name(key(), true); });
    connect(m_view, &View::stopWanted, &m_namer, &ClusterNamer::cancel);
    connect(m_view, &View::vocabularyChosen, this, &ClusterCardsPage::chooseVocabulary);
    connect(m_view, &View::wordsWanted, this, &ClusterCardsPage::askWords);
    connect(m_view, &View::mergeWanted, this, &ClusterCardsPage::merge);
    connect(m_view, &View::splitWanted, this, &ClusterCardsPage::askSplit);
    connect(m_view, &View::pickWanted, &m_editor, &ClusterEditor::pick);
    connect(m_view, &View::exportWanted, this, &ClusterCardsPage::askExport);
    connect(m_view, &View::sortChanged, this, [this](ui::ClusterSort sort) {
        if (m_drawer) {
            m_drawer->setSort(sort);
        }
    });
    ui::ClusterCardGrid* grid = m_view->grid();
    connect(grid, &ui::ClusterCardGrid::sampleClicked, this,
            [this](std::uint32_t sample) { m_parts.session->showSample(sample); });
    connect(grid, &ui::ClusterCardGrid::sampleHovered, m_parts.session->selection(), &ui::SelectionModel::hover);
    connect(grid, &ui::ClusterCardGrid::renamed, &m_editor, &ClusterEditor::rename);
    connect(grid, &ui::ClusterCardGrid::menuWanted, this, &ClusterCardsPage::showMenu);
    connect(grid, &ui::ClusterCardGrid::wordClicked, this, [this, grid](int cluster, int word) {
        const auto& card = grid->cards()[static_cast<std::size_t>(cluster)];
        m_editor.rename(cluster, card.words[static_cast<std::size_t>(word)].word);
    });
}

void ClusterCardsPage::connectActions()
{
    const Actions& a = *m_parts.actions;
    connect(a.clusterCards, &QAction::triggered, this, &ClusterCardsPage::open);
    connect(a.nameClusters, &QAction::triggered, this, [this] {
        open();
        name(key(), false);
    });
    connect(a.mergeClusters, &QAction::triggered, this, &ClusterCardsPage::merge);
    connect(a.splitCluster, &QAction::triggered, this, &ClusterCardsPage::askSplit);
    connect(a.pickCluster, &QAction::triggered, &m_editor, &ClusterEditor::pick);
    connect(a.exportClusters, &QAction::triggered, this, [this] { askExport(true); });
    connect(a.exportCards, &QAction::triggered, this, [this] { askExport(false); });
}

void ClusterCardsPage::setDrawer(ui::ClustersDrawer* drawer)
{
    m_drawer = drawer;
    connect(drawer, &ui::ClustersDrawer::clusterActivated, this, &ClusterCardsPage::activate);
    connect(drawer, &ui::ClustersDrawer::renamed, &m_editor, &ClusterEditor::rename);
    connect(drawer, &ui::ClustersDrawer::cardsWanted, m_parts.actions->clusterCards, &QAction::trigger);
    connect(drawer, &ui::ClustersDrawer::menuWanted, this, &ClusterCardsPage::showMenu);
    connect(drawer, &ui::ClustersDrawer::chosenChanged, this, &ClusterCardsPage::choose);
    connect(drawer, &ui::ClustersDrawer::sortChanged, m_view, &ui::ClusterCardsView::setSort);
}

void ClusterCardsPage::open()
{
    m_parts.explore->showView(m_view, tr("Clusters"));
    m_view->setFocus();
}

QString ClusterCardsPage::key() const
{
    return m_view->vocabulary();
}

void ClusterCardsPage::describe(std::size_t cluster, std::vector<std::uint32_t>& prototypes, double& share,
                                double& confidence) const
{
    constexpr std::size_t inList = 5;
    const auto& c = m_parts.session->document().clustering;
    prototypes = m_cards.prototypes(cluster, inList);
    confidence = m_cards.confidence(cluster);
    share = c && !c->assignment.empty()
                ? static_cast<double>(c->sizes[cluster]) / static_cast<double>(c->assignment.size())
                : 0;
}

void ClusterCardsPage::refresh()
{
    const core::Document& doc = m_parts.session->document();
    if (m_data != m_parts.session->data()) {
        m_data = m_parts.session->data();
        m_view->setSource(m_data, m_parts.thumbnails);
        const auto rows = rowPictures(m_data);
        m_view->grid()->setRows(rows);
        if (m_drawer) {
            m_drawer->setRows(rows);
        }
    }
    const bool others = doc.clustering != m_chosenOf;
    m_chosenOf = doc.clustering;
    m_view->setCards(m_cards.cards(m_namer.found().get()), m_cards.summary());
    Q_EMIT changed();
    if (others) {
        m_kept = 0;
        choose({});
    }
    m_view->setEmptyText(doc.embedding ? tr("No clusters yet. Find some with “Find clusters” in the Clusters drawer.")
                                       : tr("Open vectors, or pictures and a model; then their clusters are shown here "
                                            "as cards."));
    showSelected();
    showAbility();
}

void ClusterCardsPage::showSelected()
{
    m_view->grid()->setSelected(m_cards.selected());
    if (m_drawer) {
        m_drawer->setSelected(m_cards.selected());
    }
    showAbility();
}

void ClusterCardsPage::showAbility()
{
    const core::Document& doc = m_parts.session->document();
    m_view->setVocabularies(m_namer.vocabularies(), m_parts.settings->clusterVocabulary());
    ui::ClusterAbility able;
    able.nameProblem = m_namer.problem(key());
    able.naming = m_namer.running();
    able.editable = doc.clustering && doc.embedding;
    const auto& selected = m_cards.selected();
    able.selection = std::any_of(selected.begin(), selected.end(), [](std::size_t n) { return n > 0; });
    able.words = m_namer.found() != nullptr;
    m_view->setAbility(able);
    const Actions& a = *m_parts.actions;
    a.nameClusters->setEnabled(able.nameProblem.isEmpty() && !able.naming);
    a.mergeClusters->setEnabled(able.editable && m_view->chosen().size() > 1);
    a.splitCluster->setEnabled(able.editable && m_view->chosen().size() == 1);
    a.pickCluster->setEnabled(able.editable && able.selection);
    a.exportClusters->setEnabled(doc.clustering != nullptr);
    a.exportCards->setEnabled(doc.clustering != nullptr);
    showNote();
}

/// What to know of the names, or why there are none.
void ClusterCardsPage::showNote()
{
    const core::Document& doc = m_parts.session->document();
    QStringList sentences;
    const QString lacking = doc.clustering ? m_namer.problem(key()) : QString();
    if (!lacking.isEmpty()) {
        sentences << lacking;
    }
    const auto facts = m_cards.facts();
    if (facts && !facts->problem.isEmpty()) {
        sentences << facts->problem;
    }
    const bool warning = facts && !facts->problem.isEmpty();
    if (const auto found = m_namer.found()) {
        sentences << tr("Words: %1 (%2), by %3, for %4 rows.")
                         .arg(found->vocabulary, ui::countText(found->words->size()), found->model,
                              ui::countText(found->rows));
        if (core::isBuiltInSample(doc.modelPath)) {
            sentences << tr("The weights of this model are random: these names mean nothing.");
        }
        for (const std::string& note : found->naming.notes) {
            sentences << QString::fromStdString(note);
        }
        if (m_kept > 0) {
            sentences << (m_kept == 1
                              ? tr("1 name given by hand was kept; “rename all” replaces it, too.")
                              : tr("%1 names given by hand were kept; “rename all” replaces them, too.").arg(m_kept));
        }
    }
    if (lacking.isEmpty() && m_namer.outdated() && doc.clustering && changedByHand(*doc.clustering)) {
        sentences << tr("Changed by hand, so the words are gone; names: run “Name clusters” again.");
    }
    m_view->setNote(sentences.join(QLatin1Char(' ')), warning);
}

void ClusterCardsPage::activate(int cluster, Qt::KeyboardModifiers modifiers)
{
    m_parts.session->selectCluster(cluster, combineOf(modifiers));
    choose(sender() == m_drawer && m_drawer ? m_drawer->chosen() : m_view->chosen());
}

void ClusterCardsPage::choose(const std::set<int>& chosen)
{
    m_view->setChosen(chosen);
    if (m_drawer) {
        m_drawer->setChosen(chosen);
    }
    showAbility();
}

void ClusterCardsPage::chooseVocabulary(const QString& vocabulary)
{
    m_parts.settings->setClusterVocabulary(vocabulary);
    showAbility();
}

void ClusterCardsPage::name(const QString& vocabulary, bool all)
{
    m_all = all;
    m_namer.run(vocabulary);
}

void ClusterCardsPage::takeWords()
{
    const auto found = m_namer.found();
    const int kept = found ? m_editor.takeWords(*found, m_all) : 0;
    m_kept = kept;
    m_all = false;
    refresh();
}

void ClusterCardsPage::merge()
{
    m_editor.merge(m_view->chosen());
}

void ClusterCardsPage::askSplit()
{
    const std::set<int> chosen = m_view->chosen();
    const core::Document& doc = m_parts.session->document();
    if (chosen.size() != 1 || !doc.clustering) {
        return;
    }
    const auto at = static_cast<std::size_t>(*chosen.begin());
    constexpr int most = 50;
    const int room = static_cast<int>(std::min<std::size_t>(most, doc.clustering->sizes[at]));
    if (room < 2) {
        Q_EMIT m_parts.session->notice(tr("A cluster of one sample cannot be split."), false);
        return;
    }
    bool ok = false;
    const int parts = QInputDialog::getInt(
        m_window, tr("Split a cluster"),
        tr("Parts that “%1” (%2 samples) is split into, by k-means within it")
            .arg(QString::fromStdString(doc.clusterNames[at]), ui::countText(doc.clustering->sizes[at])),
        2, 2, room, 1, &ok);
    if (ok) {
        m_editor.split(*chosen.begin(), parts);
    }
}

void ClusterCardsPage::askWords()
{
    std::vector<std::string> words;
    try {
        words = m_namer.words(key());
    } catch (const core::Error& e) {
        Q_EMIT m_parts.session->notice(QString::fromUtf8(e.what()), true);
        return;
    }
    QStringList shown;
    for (const std::string& word : words) {
        shown << QString::fromStdString(word);
    }
    const auto& clustering = m_parts.session->document().clustering;
    ui::ClusterWords dialog(m_namer.vocabularyTitle(key()), shown,
                            clustering ? static_cast<int>(clustering->sizes.size()) : 2, m_window);
    connect(&dialog, &ui::ClusterWords::fileWanted, this, [this, &dialog] {
        const QString path = QFileDialog::getOpenFileName(m_window, tr("Words"), m_parts.settings->lastFolder(),
                                                          tr("Text, one word a line (*.txt *.csv);;All files (*)"));
        if (!path.isEmpty()) {
            m_parts.settings->setLastFolder(QFileInfo(path).absolutePath());
            chooseVocabulary(QStringLiteral("file:") + path);
            dialog.reject();
        }
    });
    if (dialog.exec() == QDialog::Accepted && dialog.edited()) {
        m_parts.settings->setClusterWords(dialog.words());
        chooseVocabulary(QStringLiteral("own"));
    }
}

void ClusterCardsPage::askExport(bool rows)
{
    const core::Document& doc = m_parts.session->document();
    if (!doc.clustering || !m_data) {
        return;
    }
    const QString path = QFileDialog::getSaveFileName(
        m_window, rows ? tr("Export the clusters of all samples") : tr("Export the table of clusters"),
        m_parts.settings->lastFolder() +
            (rows ? QStringLiteral("/clusters.csv") : QStringLiteral("/cluster-table.csv")),
        tr("CSV (*.csv)"));
    if (!path.isEmpty()) {
        m_parts.settings->setLastFolder(QFileInfo(path).absolutePath());
        writeClusterCsv(*m_parts.session,
                        {m_data, doc.clustering, doc.clusterSample, doc.clusterNames, m_cards.facts(), m_namer.found()},
                        rows, path);
    }
}

/// Of the cards that are chosen, when the one under the pointer is among them.
void ClusterCardsPage::showMenu(int cluster, const QPoint& globalPos)
{
    if (!m_view->chosen().contains(cluster)) {
        choose({cluster});
    }
    const Actions& a = *m_parts.actions;
    QMenu menu(m_window);
    menu.addAction(tr("Select on the map"), this,
                   [this, cluster] { m_parts.session->selectCluster(cluster, core::Combine::Replace); });
    menu.addAction(tr("Rename…"), this, [this, cluster] {
        if (m_view->isVisible()) {
            m_view->grid()->rename(cluster);
        } else if (m_drawer) {
            m_drawer->rename(cluster);
        }
    });
    menu.addSeparator();
    menu.addActions({a.mergeClusters, a.splitCluster, a.pickCluster});
    menu.addSeparator();
    menu.addActions({a.nameClusters, a.clusterCards});
    menu.exec(globalPos);
}

} // namespace semascope::app
