#pragma once
#include "app/Session.h"
#include "widgets/Theme.h"

#include <QMainWindow>

class QDockWidget;

namespace semascope::ui {
class DetailsPanel;
class GalleryView;
class MapView;
class ThumbnailCache;
} // namespace semascope::ui

namespace semascope::app {

class Actions;

/// The Explore workspace: the map, and beside it the current picture and the gallery of the selection, in docks that
/// can be moved or floated. Shows what the session says and passes on what the user does. GUI thread.
class ExplorePage : public QMainWindow
{
    Q_OBJECT

public:
    ExplorePage(Session* session, Actions* actions, ui::ThumbnailCache* thumbnails, QWidget* parent = nullptr);
    ui::MapView* map() const { return m_map; }
    void setTheme(const ui::Tokens& tokens);
    void resetMap();
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

private:
    void connectMap();
    void connectPanels();
    QDockWidget* addPanel(const QString& title, const QString& name, QWidget* widget);
    void showLayout(bool animate);
    void showColours();
    void showSelection();
    void showCurrent(qint64 sample);
    void showScores();
    void showHover(qint64 sample);
    void showThumbnails();
    std::vector<std::uint32_t> galleryOrder(std::vector<std::uint32_t> samples) const;

    Session* m_session;
    Actions* m_actions;
    ui::ThumbnailCache* m_thumbnails;
    ui::MapView* m_map;
    ui::DetailsPanel* m_details;
    ui::GalleryView* m_gallery;
    std::vector<std::uint32_t> m_spread; ///< samples whose thumbnails stand on the map
    int m_order = 0;                     ///< 0: dataset order, i: by similarity to prompt i − 1
    std::string m_ordered;               ///< the colouring that m_order follows
    QList<QDockWidget*> m_sideDocks;
    qint64 m_hovered = -1;
};

} // namespace semascope::app
