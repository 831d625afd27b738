#pragma once
#include "widgets/ComparisonFigures.h"
#include "widgets/panels/ComparisonSetup.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace semascope::ui {

class ComparisonMaps;
class ComparisonTable;
class ElidedLabel;
class FigurePane;

/// What a comparison can be written as.
enum class ComparisonExport { Figure, Confusion, Published, Csv, Latex, ConfusionCsv };

/// Clusterings side by side: set-up, table of scores, and below it maps, confusion with labels, or published figures.
class ComparisonView : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonView(QWidget* parent = nullptr);

    ComparisonSetup* setup() const { return m_setup; }
    ComparisonTable* table() const { return m_table; }
    ComparisonMaps* maps() const { return m_maps; }
    /// Null clears it; `message` then stands in its place.
    void setComparison(std::shared_ptr<const core::ClusterComparison> comparison, const QString& message = {});
    void setMap(ComparedMap map);
    void setMeasuredOn(const MeasuredOn& on);
    /// Attributes to set clusters against.
    void setAttributes(const QStringList& names, const QString& chosen);
    void setAgainst(RowLabels labels);
    /// −1: none.
    int method() const;
    bool shares() const;
    const ClusterConfusion& confusion() const { return m_confusion; }
    void showPage(int page); ///< 0 maps, 1 confusion, 2 published

Q_SIGNALS:
    void againstChosen(const QString& attribute);
    void useWanted(int method);
    void exportWanted(semascope::ui::ComparisonExport what);
    /// Samples with this label in this cluster of the method; −1: all.
    void cellChosen(int method, int label, int cluster, Qt::KeyboardModifiers modifiers);
    /// It came into sight.
    void shown();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeResult();
    QWidget* makeBar();
    QWidget* makeConfusion();
    void connectConfusion();
    QWidget* makePublished();
    void makeExportMenu();
    void showMaps();
    void showConfusion();
    void showPublished();
    void refreshPage();
    void choose(int method);
    std::pair<qsizetype, qsizetype> cellAt(const QPointF& at) const;

    ComparisonSetup* m_setup = nullptr;
    QStackedWidget *m_pages = nullptr, *m_views = nullptr;
    QLabel *m_message = nullptr, *m_words = nullptr;
    ComparisonTable* m_table = nullptr;
    ComparisonMaps* m_maps = nullptr;
    FigurePane *m_confusionPane = nullptr, *m_publishedPane = nullptr;
    ElidedLabel* m_sentence = nullptr;
    QComboBox *m_against = nullptr, *m_norm = nullptr;
    std::vector<QPushButton*> m_tabs;
    QPushButton *m_use = nullptr, *m_export = nullptr;
    QMenu* m_exportMenu = nullptr;
    QWidget* m_confusionControls = nullptr;
    std::shared_ptr<const core::ClusterComparison> m_comparison;
    ComparedMap m_map;
    MeasuredOn m_on;
    RowLabels m_labels;
    ClusterConfusion m_confusion;
};

} // namespace semascope::ui
