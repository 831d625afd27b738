#pragma once
#include "app/Session.h"
#include "widgets/Theme.h"

#include <QMainWindow>

class QDockWidget;
class QTabWidget;

namespace semascope::ui {
class DetailsPanel;
class GalleryView;
class MapView;
class ThumbnailCache;
} // namespace semascope::ui

namespace semascope::app {

class Actions;
class Search;

/// The Explore workspace: the map, and beside it the current picture and the gallery of the selection, in docks that
/// can be moved or floated. Shows what session and search say and passes on what the user does. GUI thread.
class ExplorePage : public QMainWindow
{
    Q_OBJECT

public:
    /// What the page shows and passes on to; all must outlive it.
    struct Parts
    {
        Session* session;
        Search* search;
        Actions* actions;
        ui::ThumbnailCache* thumbnails;
    };

    explicit ExplorePage(const Parts& parts, QWidget* parent = nullptr);
    ui::MapView* map() const { return m_map; }
    void setTheme(const ui::Tokens& tokens);
    void resetMap();
    /// A tab beside the map (heatmap, zero-shot, …): added and shown, or only shown when it is there already.
    void showView(QWidget* view, const QString& title);
    /// Takes a bar that stands under the map.
    void setMapBar(QWidget* bar);
    /// Show or hide a panel.
    QList<QAction*> panelActions() const;
    /// The docks' sizes of a first start.
    void arrangePanels();

Q_SIGNALS:
    void newAttributeWanted();
    void mapSelectionWanted();
    void clusterSelectionWanted();
    /// The map's 2D or 3D button.
    void dimensionWanted(int dim);
    /// To say what a prompt is contrasted with.
    void contrastWanted(int prompt);

private:
    // ExplorePage.cpp
    void connectMap();
    void connectThumbnails();
    void connectPanels();
    QDockWidget* addPanel(const QString& title, const QString& name, QWidget* widget);
    void showLayout(bool animate);
    void showColours();
    void showThumbnails();
    void showPlace();
    int detailsHeight() const;
    void makeRoom();
    // ExploreFacts.cpp: the current and the hovered sample
    void connectDetails();
    void showCurrent(qint64 sample);
    void showScores();
    void showHover(qint64 sample);
    void showNeighbours(qint64 sample, const std::vector<core::Neighbour>& neighbours);
    void showCaptionOffer();
    // ExploreGallery.cpp: the gallery, its order and what is searched for
    void connectGallery();
    void showSelection();
    void showSearch();
    void showQuery(std::size_t shown);
    void showMenu(qint64 sample, const QPoint& globalPos);
    int orderedPrompt() const; ///< −1: not by a prompt
    bool orderedBySearch() const;
    const std::vector<float>* orderValues() const;
    std::vector<std::uint32_t> galleryOrder(std::vector<std::uint32_t> samples) const;
    std::function<QString(std::uint32_t)> galleryLabels() const;

    Session* m_session;
    Search* m_search;
    Actions* m_actions;
    ui::ThumbnailCache* m_thumbnails;
    QTabWidget* m_views; ///< the map, then what was opened beside it
    QWidget* m_mapTab;
    ui::MapView* m_map;
    ui::DetailsPanel* m_details;
    ui::GalleryView* m_gallery;
    std::vector<std::uint32_t> m_spread; ///< samples whose thumbnails stand on the map
    static constexpr int kBySearch = -1;
    int m_order = 0;          ///< 0: of the dataset, i: by prompt i − 1, kBySearch
    bool m_searchAll = false; ///< a search is over all samples until something is selected anew
    std::string m_ordered;    ///< the colouring that m_order follows
    QList<QDockWidget*> m_sideDocks;
    qint64 m_hovered = -1;
    bool m_anyPrompts = false;
};

} // namespace semascope::app
