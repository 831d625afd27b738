#include "app/Undo.h"

#include "app/Session.h"
#include "core/cluster/DeepCluster.h"

#include <QAction>

#include <algorithm>
#include <utility>

namespace semascope::app {

namespace {

constexpr int kSelectionId = 1;
constexpr qint64 kOneGestureMs = 700; ///< changes of the selection that follow so soon are one

std::vector<std::uint8_t> bitsOf(const std::vector<std::uint8_t>& bytes)
{
    std::vector<std::uint8_t> bits((bytes.size() + 7) / 8, 0);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | ((bytes[i] != 0 ? 1U : 0U) << i % 8));
    }
    return bits;
}

std::vector<std::uint8_t> bytesOf(const std::vector<std::uint8_t>& bits, std::size_t count)
{
    std::vector<std::uint8_t> bytes(count, 0);
    for (std::size_t i = 0; i < std::min(count, bits.size() * 8); ++i) {
        bytes[i] = static_cast<std::uint8_t>(bits[i / 8] >> i % 8 & 1U);
    }
    return bytes;
}

bool sameTexts(const std::vector<core::Prompt>& a, const std::vector<core::Prompt>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const core::Prompt& x, const core::Prompt& y) {
        return x.text == y.text && x.opposite == y.opposite && x.neutral == y.neutral;
    });
}

/// A step between two states. The session is in the second one when the step is recorded.
template<class State> class Step : public QUndoCommand
{
public:
    Step(Undo* owner, const QString& text, State before, State after)
        : QUndoCommand(text), m_owner(owner), m_before(std::move(before)), m_after(std::move(after))
    {}
    void undo() override { m_owner->restore(m_before); }
    void redo() override
    {
        if (std::exchange(m_done, false)) {
            return; // it is how it was recorded
        }
        m_owner->restore(m_after);
    }

protected:
    Undo* m_owner;
    State m_before, m_after;
    bool m_done = true;
};

/// A selection is a bit a sample. What follows within one gesture joins it.
class SelectionStep : public Step<std::vector<std::uint8_t>>
{
public:
    SelectionStep(Undo* owner, std::vector<std::uint8_t> before, std::vector<std::uint8_t> after, bool joins)
        : Step(owner, Undo::tr("selecting"), std::move(before), std::move(after)), m_joins(joins)
    {}
    int id() const override { return kSelectionId; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* next = static_cast<const SelectionStep*>(other);
        if (!next->m_joins) {
            return false;
        }
        m_after = next->m_after;
        return true;
    }

private:
    bool m_joins;
};

/// Clusters bring the map back that belonged to them.
class ClusterStep : public Step<ClusterState>
{
public:
    using Step::Step;
    void undo() override
    {
        Step::undo();
        m_owner->restoreMap(m_after.map, m_before.map);
    }
    void redo() override
    {
        const bool first = m_done;
        Step::redo();
        if (!first) {
            m_owner->restoreMap(m_before.map, m_after.map);
        }
    }
};

bool sameMap(const std::shared_ptr<const core::Layout>& a, const std::shared_ptr<const core::Layout>& b)
{
    return a == b || (a && b && a->points.data() == b->points.data());
}

/// Whether the map is the code in which the clusters were found.
bool isCodeOf(const std::shared_ptr<const core::Layout>& map, const std::shared_ptr<const core::Clustering>& clusters)
{
    return map && clusters && !clusters->frames.empty() && clusters->frames.back()->points.data() == map->points.data();
}

QString promptStepText(const std::vector<core::Prompt>& before, const std::vector<core::Prompt>& after)
{
    return after.size() > before.size()   ? Undo::tr("adding a prompt")
           : after.size() < before.size() ? Undo::tr("removing a prompt")
                                          : Undo::tr("editing a prompt");
}

} // namespace

Undo::Undo(Session* session, QObject* parent)
    : QObject(parent),
      m_session(session),
      m_undo(m_stack.createUndoAction(this, tr("Undo"))),
      m_redo(m_stack.createRedoAction(this, tr("Redo")))
{
    m_stack.setUndoLimit(kMost);
    m_undo->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Z));
    m_undo->setStatusTip(tr("Take back the last change of clusters, selection or prompts"));
    m_redo->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z));
    m_redo->setStatusTip(tr("Do again what was taken back"));
    connect(session, &Session::dataChanged, this, &Undo::watchData);
    connect(session, &Session::clusteringChanged, this, &Undo::watchClusters);
    connect(session, &Session::layoutChanged, this, &Undo::watchLayout);
    connect(session, &Session::promptsChanged, this, &Undo::watchPrompts);
    connect(session->selection(), &ui::SelectionModel::selectionChanged, this, &Undo::watchSelection);
    m_sinceSelection.start();
    watchData();
}

ClusterState Undo::clusters() const
{
    const core::Document& doc = m_session->document();
    ClusterState state{doc.clustering, m_clusters.sample, doc.clusterNames, m_session->prototypes(), m_map};
    state.map.camera = doc.view.camera;
    if (!state.sample || *state.sample != doc.clusterSample) {
        state.sample = std::make_shared<const std::vector<std::uint32_t>>(doc.clusterSample);
    }
    return state;
}

PromptState Undo::prompts() const
{
    return {m_session->document().prompts, m_session->document().view.colourBy};
}

/// A session just opened brings its own; that is no step. Another column of the same data changes nothing.
void Undo::watchData()
{
    if (m_data && m_data == m_session->data()) {
        return;
    }
    m_stack.clear();
    m_next.clear();
    m_data = m_session->data();
    m_mapBefore = {};
    m_map = {};
    m_passing = false;
    watchLayout();
    m_clusters = clusters();
    m_selection = bitsOf(m_session->selection()->selectedBytes());
    m_prompts = prompts();
}

void Undo::watchClusters()
{
    const QString text = std::exchange(m_next, {});
    if (m_data != m_session->data()) {
        return;
    }
    const core::Document& doc = m_session->document();
    const bool other = doc.clustering != m_clusters.clustering;
    if (!other && doc.clusterNames == m_clusters.names) {
        m_clusters.prototypes = m_session->prototypes();
        return;
    }
    ClusterState before = std::exchange(m_clusters, clusters());
    if (m_restoring) {
        return;
    }
    const bool brought = isCodeOf(doc.layout, doc.clustering) && !isCodeOf(doc.layout, before.clustering);
    before.map = brought ? m_mapBefore : m_clusters.map;
    const QString usual = !other           ? tr("renaming a cluster")
                          : doc.clustering ? tr("clustering with %1").arg(ui::methodName(doc.clustering->spec.method))
                                           : tr("removing the clusters");
    m_stack.push(new ClusterStep(this, text.isEmpty() ? usual : text, std::move(before), m_clusters));
}

/// The camera is still that of the map before when a map is new.
void Undo::watchLayout()
{
    const core::Document& doc = m_session->document();
    if (m_session->passing()) {
        if (!std::exchange(m_passing, true)) {
            m_map.camera = doc.view.camera;
        }
        return;
    }
    const bool passed = std::exchange(m_passing, false);
    if (doc.layout == m_map.layout) {
        return;
    }
    m_mapBefore =
        std::exchange(m_map, {doc.layout, std::make_shared<const std::vector<std::uint32_t>>(doc.layoutSample), {}});
    if (!passed) {
        m_mapBefore.camera = doc.view.camera;
    }
}

void Undo::watchSelection()
{
    if (m_data != m_session->data()) {
        return;
    }
    std::vector<std::uint8_t> before = std::exchange(m_selection, bitsOf(m_session->selection()->selectedBytes()));
    if (m_restoring || before == m_selection) {
        return;
    }
    const bool joins = m_sinceSelection.restart() < kOneGestureMs;
    m_stack.push(new SelectionStep(this, std::move(before), m_selection, joins));
}

void Undo::watchPrompts()
{
    if (m_data != m_session->data()) {
        return;
    }
    const bool same = sameTexts(m_session->document().prompts, m_prompts.prompts);
    PromptState before = std::exchange(m_prompts, prompts());
    if (!same && !m_restoring) {
        m_stack.push(new Step<PromptState>(this, promptStepText(before.prompts, m_prompts.prompts), before, m_prompts));
    }
}

void Undo::restore(const ClusterState& state)
{
    m_restoring = true;
    m_session->adoptClustering(state.clustering, state.sample ? *state.sample : std::vector<std::uint32_t>{},
                               state.names, state.prototypes);
    const std::string& by = m_session->document().view.colourBy;
    if (!state.clustering && (by == "cluster" || by == "confidence")) {
        m_session->colourBy({});
    }
    m_restoring = false;
}

void Undo::restoreMap(const ShownMap& left, const ShownMap& wanted)
{
    const core::Document& doc = m_session->document();
    if (!wanted.layout || sameMap(doc.layout, wanted.layout)) {
        return;
    }
    const bool strange = doc.layout && doc.layout->spec.method == ui::kCodeMap && !isCodeOf(doc.layout, doc.clustering);
    const bool kept = sameMap(doc.layout, left.layout) && !sameMap(left.layout, wanted.layout);
    if (strange || kept) {
        m_session->restoreLayout({wanted.layout, *wanted.sample, {}, {}}, wanted.camera);
    }
}

void Undo::restore(const std::vector<std::uint8_t>& selection)
{
    m_restoring = true;
    m_session->selection()->setSelectedBytes(bytesOf(selection, m_session->selection()->size()));
    m_restoring = false;
}

void Undo::restore(const PromptState& state)
{
    m_restoring = true;
    m_session->setPrompts(state.prompts, state.colourBy);
    m_restoring = false;
}

} // namespace semascope::app
