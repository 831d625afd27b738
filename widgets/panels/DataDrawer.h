#pragma once
#include "core/data/Dataset.h"
#include "widgets/panels/Drawer.h"

#include <memory>

class QGridLayout;
class QLabel;
class QPushButton;
class QTreeView;
class QTreeWidget;

namespace semascope::ui {

class ElidedLabel;
class EmbedBlock;
class MapControls;
class SkipModel;

/// The dataset, the model and how to make a map of them.
class DataDrawer : public Drawer
{
    Q_OBJECT

public:
    explicit DataDrawer(QWidget* parent = nullptr);

    /// `own` are the attributes made in the program.
    void setDataset(std::shared_ptr<const core::Dataset> dataset, const std::vector<core::Attribute>& own = {});
    /// The attribute that colours the map; empty for none.
    void setColourAttribute(const QString& name);
    /// What to say of the model, row by row; none when no model is open.
    /// `remarks` is what the whole card has beside them ("2 assumptions").
    void setModelCard(const std::vector<std::pair<QString, QString>>& rows, const QString& remarks = {});
    /// Whether pictures can be embedded now, and what is known of it ("500 embedded", or what is missing). When all is
    /// `done`, embedding is no longer what the drawer proposes.
    void setEmbedReady(bool ready, const QString& state, bool done = false);
    MapControls* mapControls() const { return m_map; }
    EmbedBlock* embedBlock() const { return m_embed; }

Q_SIGNALS:
    void openFolder();
    void openFile();
    void openModelFile();
    void openModelFolder();
    void cardWanted();     ///< the whole model card
    void getModelWanted(); ///< which files to get for a CLIP
    void embedWanted();
    void exportSkips();
    void colourByAttribute(const QString& name); ///< empty: no longer

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeData();
    void makeAttributes();
    void makeModel();
    void showSkips(bool shown);
    void addAttribute(const core::Attribute& attribute);

    QGridLayout* m_card = nullptr;
    ElidedLabel* m_name = nullptr;
    QLabel *m_counts = nullptr, *m_notes = nullptr, *m_attributeTitle = nullptr, *m_noModel = nullptr,
           *m_remarks = nullptr;
    QPushButton *m_skips = nullptr, *m_export = nullptr, *m_wholeCard = nullptr;
    EmbedBlock* m_embed = nullptr;
    QTreeView* m_skipList = nullptr;
    QTreeWidget* m_attributes = nullptr;
    SkipModel* m_skipModel = nullptr;
    MapControls* m_map = nullptr;
    std::vector<QLabel*> m_cardLabels;
    QString m_colour;
};

} // namespace semascope::ui
