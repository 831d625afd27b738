#pragma once
#include "app/ClusterCards.h"
#include "app/ClusterEditor.h"

namespace semascope::ui {
class ClusterCardsView;
class ClustersDrawer;
class ThumbnailCache;
} // namespace semascope::ui

namespace semascope::app {

class Actions;
class ExplorePage;
class Search;

/// The tab of cluster cards and the drawer's list: connects both, and the actions about clusters, with what works the
/// clusters out, names and edits them.
class ClusterCardsPage : public QObject
{
    Q_OBJECT

public:
    /// All must outlive it.
    struct Parts
    {
        Session* session;
        Settings* settings;
        Actions* actions;
        ExplorePage* explore;
        Search* search;
        ui::ThumbnailCache* thumbnails;
        Undo* undo;
    };
    ClusterCardsPage(const Parts& parts, QWidget* window);

    const ClusterCards& facts() const { return m_cards; }
    ClusterEditor* editor() { return &m_editor; }
    ClusterNamer* namer() { return &m_namer; }
    ui::ClusterCardsView* view() const { return m_view; }
    /// The list that goes with the cards.
    void setDrawer(ui::ClustersDrawer* drawer);
    void open();
    /// What the list is to show of a cluster beside its name and colour.
    void describe(std::size_t cluster, std::vector<std::uint32_t>& prototypes, double& share, double& confidence) const;

    // intents
    void activate(int cluster, Qt::KeyboardModifiers modifiers);
    void name(const QString& vocabulary, bool all);
    void merge();
    void askSplit();
    void askWords();
    void askExport(bool rows);

Q_SIGNALS:
    void changed();

private:
    void connectView();
    void connectActions();
    void refresh();
    void showAbility();
    void showNote();
    void showSelected();
    void chooseVocabulary(const QString& key);
    void takeWords();
    void choose(const std::set<int>& chosen);
    void showMenu(int cluster, const QPoint& globalPos);
    QString key() const;

    Parts m_parts;
    QWidget* m_window;
    ClusterCards m_cards;
    ClusterNamer m_namer;
    ClusterEditor m_editor;
    ui::ClusterCardsView* m_view;
    ui::ClustersDrawer* m_drawer = nullptr;
    std::shared_ptr<const core::Dataset> m_data;
    std::shared_ptr<const core::Clustering> m_chosenOf; ///< the clusters that cards are chosen of
    bool m_all = false;                                 ///< the naming under way takes every name
    int m_kept = 0;                                     ///< names that a person gave and that the last naming left
};

} // namespace semascope::app
