#pragma once
#include "widgets/panels/ClusterCard.h"

#include <QWidget>

#include <memory>
#include <set>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace semascope::core {
struct Dataset;
}

namespace semascope::ui {

class ClusterCardGrid;
class ElidedLabel;
class ThumbnailCache;

/// Where words to name clusters with can come from.
struct VocabularyItem
{
    QString key, title, tip;
    bool operator==(const VocabularyItem&) const = default;
};

/// What can be done with the clusters now, and why not where it cannot.
struct ClusterAbility
{
    QString nameProblem;   ///< empty: they can be named
    bool naming = false;   ///< a naming runs
    bool editable = false; ///< there are clusters, and the rows they are of
    bool selection = false;
    bool words = false; ///< there is a naming to take all names of
};

/// The clusters as cards, and above them what can be done with them. Emits intents; keeps no state of the session but
/// which cards are chosen.
class ClusterCardsView : public QWidget
{
    Q_OBJECT

public:
    explicit ClusterCardsView(QWidget* parent = nullptr);

    ClusterCardGrid* grid() const { return m_grid; }
    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// `summary`: what the clusters are of, such as "k-means · n 5,000 · seed 0".
    void setCards(std::vector<ClusterCard> cards, const QString& summary);
    void setAbility(const ClusterAbility& ability);
    void setVocabularies(std::vector<VocabularyItem> items, const QString& chosen);
    QString vocabulary() const;
    /// A sentence or two under the controls; empty: none. `warning`: something is the matter.
    void setNote(const QString& text, bool warning = false);
    /// In place of the cards while there are none.
    void setEmptyText(const QString& text);
    void setChosen(const std::set<int>& chosen);
    const std::set<int>& chosen() const { return m_chosen; }
    ClusterSort sort() const { return m_sort; }
    void setSort(ClusterSort sort);

Q_SIGNALS:
    void nameWanted(const QString& vocabulary);
    void stopWanted();
    void renameAllWanted();
    void vocabularyChosen(const QString& key);
    void wordsWanted(); ///< to see and edit the words
    void mergeWanted();
    void splitWanted();
    void pickWanted(); ///< the selection as a cluster of its own
    void exportWanted(bool rows);
    void clusterActivated(int cluster, Qt::KeyboardModifiers modifiers);
    void sortChanged(semascope::ui::ClusterSort sort);

private:
    void makeHead();
    void makeNaming();
    void connectButtons();
    void makeExport(QWidget* bar);
    void activate(int cluster, Qt::KeyboardModifiers modifiers);
    void order();
    void showAbility();

    std::set<int> m_chosen;
    ClusterSort m_sort = ClusterSort::Number;
    ClusterAbility m_ability;
    std::vector<VocabularyItem> m_items;
    QWidget* m_head = nullptr;
    ElidedLabel* m_summary = nullptr;
    QComboBox *m_sorts = nullptr, *m_vocabularies = nullptr;
    QPushButton *m_name = nullptr, *m_all = nullptr, *m_words = nullptr, *m_merge = nullptr, *m_split = nullptr,
                *m_pick = nullptr, *m_export = nullptr;
    QLabel *m_note = nullptr, *m_empty = nullptr;
    QStackedWidget* m_pages = nullptr;
    ClusterCardGrid* m_grid = nullptr;
};

/// Clusters in this order; equal ones by number.
std::vector<int> sortedClusters(const std::vector<ClusterCard>& cards, ClusterSort sort);
/// "number", "size", "name", "mean confidence".
QString sortTitle(ClusterSort sort);

} // namespace semascope::ui
