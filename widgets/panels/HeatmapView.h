#pragma once
#include "widgets/HeatmapTable.h"
#include "widgets/panels/HeatmapControls.h"

#include <QTimer>

class QLabel;
class QStackedWidget;

namespace semascope::ui {

class ElidedLabel;
class HeatmapCard;
class HeatmapGrid;
class HeatmapLegend;
class ThumbnailCache;

/// The heatmap of texts and pictures: controls, cells, what the colours mean, and a card about the cell looked at.
class HeatmapView : public QWidget
{
    Q_OBJECT

public:
    explicit HeatmapView(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    void setOffer(const HeatmapOffer& offer) { m_controls->setOffer(offer); }
    void setSpec(const HeatmapSpec& spec) { m_controls->setSpec(spec); }
    const HeatmapSpec& spec() const { return m_controls->spec(); }
    /// `scores` are those that `table` was made from; the card reads them.
    void setTable(HeatmapTable table, std::shared_ptr<const HeatmapScores> scores);
    /// In place of the heatmap: what is missing, or what is being done.
    void setMessage(const QString& message);
    void setCurrent(qint64 sample);
    void setHovered(qint64 sample);
    HeatmapGrid* grid() { return m_grid; }
    HeatmapCard* card() { return m_card; }

Q_SIGNALS:
    void specChanged(const semascope::ui::HeatmapSpec& spec);
    void hovered(qint64 sample); ///< −1: none
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void exportWanted();
    /// It came into sight: what it shows may be of old.
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void orderBy(int text);
    void look(int text, int picture);
    void showCard();
    void fillCard();

    HeatmapControls* m_controls;
    QStackedWidget* m_pages;
    HeatmapGrid* m_grid;
    QLabel* m_message;
    HeatmapLegend* m_legend;
    ElidedLabel *m_said, *m_notes;
    HeatmapCard* m_card;
    QTimer m_pause; ///< before the card comes up
    int m_text = -1, m_picture = -1;
    HeatmapTable m_table;
    std::shared_ptr<const HeatmapScores> m_scores;
    std::shared_ptr<const core::Dataset> m_dataset;
    ThumbnailCache* m_thumbnails = nullptr;
    QMetaObject::Connection m_ready;
};

} // namespace semascope::ui
