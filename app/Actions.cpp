#include "app/Actions.h"

#include <QActionGroup>
#include <QKeySequence>

namespace semascope::app {

QAction* Actions::make(const QString& text, const QKeySequence& keys, const QString& tip)
{
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setToolTip(keys.isEmpty() ? tip
                                      : tip + QStringLiteral(" (%1)").arg(keys.toString(QKeySequence::NativeText)));
    action->setStatusTip(tip);
    m_all.push_back(action);
    return action;
}

Actions::Actions(QObject* parent) : QObject(parent)
{
    openFolder = make(tr("Open folder of pictures…"), QKeySequence(Qt::CTRL | Qt::Key_O),
                      tr("Pictures, also one folder a class"));
    openFile = make(tr("Open table, array or captions…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O),
                    tr("CSV, TSV, COCO captions, CelebA attributes, CIFAR-10, IDX, NPY or NPZ"));
    openModelFile = make(tr("Open CLIP file…"), QKeySequence(Qt::CTRL | Qt::Key_M),
                         tr("A .safetensors, .pt or .bin checkpoint; nothing in it is ever run"));
    openModelFolder = make(tr("Open CLIP folder…"), {}, tr("A Hugging Face or OpenCLIP folder"));
    modelCard = make(tr("Model card…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M),
                     tr("Sizes, activation, preparation of pictures, and what was assumed of the open model"));
    getModel = make(tr("Get a CLIP…"), {}, tr("Which files to get for a real CLIP, and where to put them"));
    openSession = make(tr("Open session…"), {}, tr("Continue where a saved session left off"));
    openSample =
        make(tr("Open the built-in sample"), {}, tr("Drawn shapes and a CLIP with random weights, to try the program"));
    pictureFolder =
        make(tr("Look for the pictures in…"), {},
             tr("Where the pictures of this table, these captions or vectors are, when they are not beside it"));
    save = make(tr("Save session"), QKeySequence::Save, tr("Everything you see, in one file"));
    saveAs = make(tr("Save session as…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), tr("Under another name"));
    exportMap =
        make(tr("Export the map…"), QKeySequence(Qt::CTRL | Qt::Key_E), tr("PNG, SVG or PDF at a size in millimetres"));
    exportHeatmap = make(tr("Export text × picture heatmap…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
                         tr("The heatmap as its view shows it: PNG, SVG or PDF"));
    exportSkips =
        make(tr("Export the list of skipped files…"), {}, tr("What was found and not loaded, with reasons, as CSV"));
    quit = make(tr("Quit"), QKeySequence::Quit, tr("Close the window; running jobs are stopped"));

    selectAll = make(tr("Select all"), QKeySequence::SelectAll, tr("All samples that are shown"));
    selectNone = make(tr("Select nothing"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), tr("Clear the selection"));
    invert = make(tr("Invert selection"), QKeySequence(Qt::CTRL | Qt::Key_I), tr("Select what is not selected"));
    newAttribute = make(tr("New attribute from the selection…"), QKeySequence(Qt::CTRL | Qt::Key_T),
                        tr("Name the selected samples, to colour by it"));

    embed = make(tr("Embed the pictures"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B),
                 tr("Compute the CLIP embedding of every picture"));
    mapAll = make(tr("Map everything"), QKeySequence(Qt::CTRL | Qt::Key_R), tr("Reduce all embedded samples to a map"));
    mapSelection = make(tr("Map the selection"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R),
                        tr("A map of the selected samples only"));
    clusterAll = make(tr("Cluster everything"), QKeySequence(Qt::CTRL | Qt::Key_K), tr("Group all embedded samples"));
    clusterSelection = make(tr("Cluster the selection"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K),
                            tr("Group the selected samples only"));
    training = make(tr("Training of the clusters"), QKeySequence(Qt::CTRL | Qt::Key_L),
                    tr("Loss and changed assignments of the network that learned the groups"));
    exportTraining = make(tr("Export the training curves…"), {}, tr("The curves as PNG, SVG or PDF"));
    colourConfidence =
        make(tr("Colour by confidence"), {}, tr("How sure the method is of each sample's cluster, from 0 to 1"));
    saveNetwork = make(tr("Save the network…"), {},
                       tr("The trained network and its centroids, as a folder that can assign other samples"));
    assignRest = make(tr("Assign the other samples"), {},
                      tr("Put the samples that are in no cluster yet where the trained network puts them"));
    assignWith = make(tr("Assign with a saved network…"), {},
                      tr("Put every sample into the clusters of a network that was saved"));
    compareClusters = make(tr("Compare clusterings…"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_K),
                           tr("k-means, autoencoder, DEC and IDEC side by side: scores, maps, confusion"));
    chooseK = make(tr("Choose k…"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_K),
                   tr("How many clusters the data speak for: silhouette, coding length and stability"));
    heatmap = make(tr("Heatmap of texts and pictures"), QKeySequence(Qt::CTRL | Qt::Key_H),
                   tr("A row a text, a column a picture, beside the map"));
    zeroShot = make(tr("Zero-shot classes"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
                    tr("Say which of your classes every picture shows, and compare that with labels"));

    searchPicture = make(tr("Search with a picture…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
                         tr("Order the dataset by likeness to a picture from outside"));
    searchClipboard = make(tr("Search with the copied picture"), QKeySequence::Paste,
                           tr("Order the dataset by likeness to the picture in the clipboard"));
    clearSearch = make(tr("Clear the search"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X),
                       tr("Back to the order of the dataset"));
    jointMap = make(tr("Map pictures, captions and prompts together"), QKeySequence(Qt::CTRL | Qt::Key_J),
                    tr("One map of what is seen and what is said, the gap between them subtracted"));
    captionVectors = make(tr("Open caption vectors…"), {},
                          tr("An array with a vector for each caption, made by the model of the picture vectors"));

    makeClusterActions();

    view2d = make(tr("2D map"), QKeySequence(Qt::ALT | Qt::Key_2), tr("Two dimensions"));
    view3d = make(tr("3D map"), QKeySequence(Qt::ALT | Qt::Key_3),
                  tr("Three dimensions; the map is computed again when it has only two"));
    resetView = make(tr("Show the whole map"), QKeySequence(Qt::CTRL | Qt::Key_0), tr("Reset pan, zoom and rotation"));
    thumbnails = make(tr("Pictures at points"), QKeySequence(Qt::CTRL | Qt::Key_P), tr("Show thumbnails on the map"));
    thumbnails->setCheckable(true);
    explore = make(tr("Explore"), QKeySequence(Qt::CTRL | Qt::Key_1), tr("Workspace: map, pictures, prompts"));
    latents = make(tr("Latents"), QKeySequence(Qt::CTRL | Qt::Key_2), tr("Workspace: sliders of a generative model"));
    report = make(tr("Report"), QKeySequence(Qt::CTRL | Qt::Key_3), tr("Workspace: figures for a report"));
    themeSystem = make(tr("Theme of the system"), {}, tr("Light or dark as the desktop is"));
    themeLight = make(tr("Light theme"), {}, tr("Light"));
    themeDark = make(tr("Dark theme"), {}, tr("Dark"));
    auto* themes = new QActionGroup(this);
    for (QAction* a : {themeSystem, themeLight, themeDark}) {
        a->setCheckable(true);
        themes->addAction(a);
    }
    palette =
        make(tr("Command palette…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), tr("Find any command by typing"));
    focusPrompt = make(tr("Add a prompt"), QKeySequence(Qt::CTRL | Qt::Key_F),
                       tr("Type a text; every picture is scored against it"));
    fullScreen = make(tr("Full screen"), QKeySequence(Qt::Key_F11), tr("Fill the screen"));
    fullScreen->setCheckable(true);
    about = make(tr("About Semascope"), {}, tr("Versions and libraries"));
}

void Actions::makeClusterActions()
{
    clusterCards = make(tr("Cluster cards"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G),
                        tr("Typical samples, outliers, words and attributes of every cluster, beside the map"));
    nameClusters = make(tr("Name clusters"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N),
                        tr("Find a word for every cluster with the CLIP in use"));
    mergeClusters = make(tr("Merge clusters"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_M),
                         tr("Make one cluster of those chosen in the list or among the cards"));
    splitCluster = make(tr("Split the cluster…"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_S),
                        tr("Divide the chosen cluster by k-means within it"));
    pickCluster = make(tr("Cluster from the selection"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_C),
                       tr("Make the selected samples a cluster of their own"));
    exportClusters =
        make(tr("Export clusters of the samples…"), {}, tr("Cluster, name and confidence of every sample, as CSV"));
    exportCards = make(tr("Export table of clusters…"), {}, tr("Size, samples, words and attributes, as CSV"));
}

void Actions::updateEnabled(const ActionState& s)
{
    for (QAction* a : {save, saveAs, selectAll, selectNone, invert}) {
        a->setEnabled(s.data);
    }
    exportSkips->setEnabled(s.data);
    searchPicture->setEnabled(s.embedding && s.model);
    searchClipboard->setEnabled(s.embedding && s.model);
    clearSearch->setEnabled(s.search);
    jointMap->setEnabled(s.embedding);
    captionVectors->setEnabled(s.data);
    pictureFolder->setEnabled(s.data);
    exportMap->setEnabled(s.layout);
    exportHeatmap->setEnabled(s.embedding);
    heatmap->setEnabled(s.data);
    compareClusters->setEnabled(s.data);
    chooseK->setEnabled(s.data);
    newAttribute->setEnabled(s.selection);
    embed->setEnabled(s.data && s.model);
    modelCard->setEnabled(s.model);
    for (QAction* a : {mapAll, clusterAll}) {
        a->setEnabled(s.embedding);
    }
    for (QAction* a : {mapSelection, clusterSelection}) {
        a->setEnabled(s.embedding && s.selection);
    }
    for (QAction* a : {view2d, view3d, resetView, thumbnails}) {
        a->setEnabled(s.layout);
    }
}

} // namespace semascope::app
