#pragma once
#include <QAction>
#include <QObject>
#include <QVector>

namespace semascope::app {

/// What decides whether actions are enabled.
struct ActionState
{
    bool data = false, model = false, embedding = false, layout = false, selection = false, prompts = false,
         search = false;
};

/// Every action of the window: text, shortcut and tip in one place. Menus, panels and the palette borrow them.
class Actions : public QObject
{
    Q_OBJECT

public:
    explicit Actions(QObject* parent);
    /// Derives every enabled state.
    void updateEnabled(const ActionState& state);
    const QVector<QAction*>& all() const { return m_all; }

    QAction *openFolder, *openFile, *openModelFile, *openModelFolder, *openSession, *openSample, *pictureFolder, *save,
        *saveAs, *exportMap, *exportHeatmap, *exportSkips, *quit;
    QAction *selectAll, *selectNone, *invert, *newAttribute;
    QAction *searchPicture, *searchClipboard, *clearSearch, *jointMap, *captionVectors;
    QAction *embed, *mapAll, *mapSelection, *clusterAll, *clusterSelection, *zeroShot, *heatmap;
    QAction *training, *exportTraining, *colourConfidence, *saveNetwork, *assignRest, *assignWith;
    QAction *compareClusters, *chooseK;
    QAction *clusterCards, *nameClusters, *mergeClusters, *splitCluster, *pickCluster, *exportClusters, *exportCards;
    QAction *view2d, *view3d, *resetView, *thumbnails, *explore, *latents, *report, *themeSystem, *themeLight,
        *themeDark;
    QAction *modelCard, *getModel;
    QAction *palette, *focusPrompt, *fullScreen, *about;

private:
    void makeClusterActions();
    QAction* make(const QString& text, const QKeySequence& keys, const QString& tip);

    QVector<QAction*> m_all;
};

} // namespace semascope::app
