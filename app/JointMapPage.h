#pragma once
#include "app/Session.h"
#include "core/clip/JointMap.h"
#include "widgets/figure/MapFigure.h"
#include "widgets/vtk/MapTypes.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QPushButton;

namespace semascope::ui {
class ElidedLabel;
class MapView;
class ThumbnailCache;
struct Tokens;
} // namespace semascope::ui

namespace semascope::app {

class ExplorePage;
class Search;

/// Pictures, captions and prompts on one map, each modality's mean subtracted; lines lead from a picture to its
/// captions. A tab beside the map with the same selection; the document stays as it is. GUI thread.
class JointMapPage : public QWidget
{
    Q_OBJECT

public:
    /// What the page works with; all must outlive it.
    struct Parts
    {
        Session* session;
        Search* search;
        ExplorePage* explore;
        ui::ThumbnailCache* thumbnails;
    };

    explicit JointMapPage(const Parts& parts, QWidget* parent = nullptr);
    /// Shows the page and makes its map; embeds the captions first when they are not there yet.
    void open();
    void setTheme(const ui::Tokens& tokens);
    /// Everything that is shown, for paper.
    ui::MapFigure figure() const;
    bool hasMap() const { return m_map.layout != nullptr; }
    const core::JointMap& joint() const { return m_map.joint; }
    ui::MapView* view() const { return m_view; }

Q_SIGNALS:
    void exportWanted();

private:
    static constexpr std::size_t kKinds = 3;
    struct Made
    {
        core::JointMap joint;
        std::shared_ptr<const core::Layout> layout; ///< of all rows
        std::vector<std::uint32_t> sample;          ///< of every joint row; the number of the prompt for a prompt
        std::vector<QString> promptTexts;
        core::OwnNeighbour own;
    };

    QWidget* makeBar();
    void connectView();
    void make();
    void adopt(Made made);
    void forget();
    void showState(const QString& text);
    void showPoints();
    void showMarkers();
    void showLegend();
    void showLinks();
    void showHover(qint64 sample);
    void toggleKind(int legendEntry);
    std::vector<core::JointKind> kindsThere() const; ///< in the order of the legend
    ui::Legend legend() const;
    QString caption() const;
    QString ownText() const;
    bool shows(core::JointKind kind) const { return m_shown[static_cast<std::size_t>(kind)]; }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairsOf(const std::vector<std::uint8_t>& wanted) const;

    Parts m_parts;
    ui::MapView* m_view;
    ui::ElidedLabel* m_state;
    QCheckBox* m_all;
    QPushButton *m_again, *m_export;
    Made m_map;
    std::vector<std::int64_t> m_pointOf; ///< of each joint row: its place among the points shown, or −1
    std::array<bool, kKinds> m_shown{true, true, true};
    bool m_waiting = false; ///< for the captions
    int m_dim = 2;
    quint64 m_job = 0;
};

} // namespace semascope::app
