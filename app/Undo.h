#pragma once
#include "core/session/Document.h"

#include <QElapsedTimer>
#include <QObject>
#include <QUndoStack>

class QAction;

namespace semascope::app {

class Session;

/// A map as undo keeps it: shared and never changed.
struct ShownMap
{
    std::shared_ptr<const core::Layout> layout; ///< null: none
    std::shared_ptr<const std::vector<std::uint32_t>> sample;
    core::Camera camera;
};

/// Clusters as undo keeps them: shared and never changed.
struct ClusterState
{
    std::shared_ptr<const core::Clustering> clustering;
    std::shared_ptr<const std::vector<std::uint32_t>> sample;
    std::vector<std::string> names;
    std::vector<std::vector<std::uint32_t>> prototypes;
    ShownMap map; ///< that was shown with them
};

/// Prompts as undo keeps them, with what the map is coloured by.
struct PromptState
{
    std::vector<core::Prompt> prompts;
    std::string colourBy;
};

/// Remembers what the person did to clusters, selection and prompts, by watching the session, and takes it back. Other
/// data forget it. GUI thread.
class Undo : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMost = 60; ///< steps back

    explicit Undo(Session* session, QObject* parent = nullptr);

    /// Their texts name the step: "Undo merging cat and dog".
    QAction* undoAction() const { return m_undo; }
    QAction* redoAction() const { return m_redo; }
    QList<QAction*> actions() const { return {m_undo, m_redo}; }
    QUndoStack* stack() { return &m_stack; }
    /// What the next change of the clusters is to be called, such as "merging cat and dog".
    void nameNext(const QString& text) { m_next = text; }

    // for its commands
    void restore(const ClusterState& state);
    void restore(const std::vector<std::uint8_t>& selection);
    void restore(const PromptState& state);
    /// From the map of the clusters that were left to that of those now: the code of a network goes with its
    /// clusters, and a map that was chosen since stays.
    void restoreMap(const ShownMap& left, const ShownMap& wanted);

private:
    void watchData();
    void watchClusters();
    void watchLayout();
    void watchSelection();
    void watchPrompts();
    ClusterState clusters() const;
    PromptState prompts() const;

    Session* m_session;
    QUndoStack m_stack;
    QAction *m_undo, *m_redo;
    QString m_next;
    std::shared_ptr<const core::Dataset> m_data;
    ClusterState m_clusters;
    ShownMap m_map, m_mapBefore;           ///< of the document, and the one there was before it
    bool m_passing = false;                ///< another map is shown in passing
    std::vector<std::uint8_t> m_selection; ///< a bit a sample
    PromptState m_prompts;
    QElapsedTimer m_sinceSelection;
    bool m_restoring = false;
};

} // namespace semascope::app
