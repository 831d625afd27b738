#include "app/ClusterEditor.h"

#include "app/ClusterLabels.h"
#include "app/Undo.h"
#include "core/cluster/ClusterEdits.h"

#include <algorithm>

namespace semascope::app {

struct ClusterEditor::Changed
{
    std::shared_ptr<const core::Clustering> before, based, after;
    std::vector<std::uint32_t> sample;
};

ClusterEditor::ClusterEditor(Session* session, Undo* undo, QObject* parent)
    : QObject(parent), m_session(session), m_undo(undo)
{
    connect(session, &Session::dataChanged, this, [this] {
        if (!m_session->document().clustering) {
            m_own.clear();
        }
    });
}

bool ClusterEditor::named(int cluster) const
{
    const auto& names = m_session->document().clusterNames;
    const auto at = static_cast<std::size_t>(cluster);
    return cluster >= 0 && at < names.size() && !isPlainName(names[at]) && !m_own.contains(names[at]);
}

core::Document ClusterEditor::clustersOnly() const
{
    core::Document doc;
    doc.clustering = m_session->document().clustering;
    doc.clusterSample = m_session->document().clusterSample;
    doc.embedding = m_session->document().embedding;
    return doc;
}

void ClusterEditor::start(const Step& step, Change change)
{
    m_session->jobs()->cancel(m_job);
    m_job = m_session->jobs()->start(
        core::Lane::Query, step.title, this,
        [doc = clustersOnly(), change = std::move(change)](core::JobContext& job) {
            QString problem;
            const auto input = clusteredRows(doc, problem);
            if (!input) {
                throw core::Error(core::Code::Mismatch, problem.toStdString());
            }
            Changed changed{input->of, input->based, std::make_shared<const core::Clustering>(change(*input, job)), {}};
            for (const std::uint32_t row : changed.after->inputRow) {
                changed.sample.push_back(input->embedding->sampleIndex[row]);
            }
            return changed;
        },
        [this, step](const Changed& changed) { accept(step, changed); });
}

void ClusterEditor::accept(const Step& step, const Changed& changed)
{
    m_job = 0;
    const core::Document& doc = m_session->document();
    if (doc.clustering != changed.before) {
        Q_EMIT m_session->remark(tr("The clusters have changed since, so %1 was left.").arg(step.text));
        return;
    }
    const ClusterEdit edit{*changed.based, doc.clusterNames, *changed.after};
    int picked = -1;
    for (std::size_t r = 0; !step.picked.empty() && picked < 0 && r < changed.sample.size(); ++r) {
        picked = step.picked[changed.sample[r]] != 0 ? changed.after->assignment[r] : -1;
    }
    std::vector<std::string> names = picked >= 0 ? namesAfterPick(edit, picked) : namesAfter(edit);
    const auto from = clusterSources(edit);
    for (std::size_t g = 0; g < names.size(); ++g) {
        const bool given = std::any_of(from[g].begin(), from[g].end(), [this](int old) { return named(old); });
        if (!given) { // made of names that nobody gave
            m_own.insert(names[g]);
        }
    }
    m_undo->nameNext(step.text);
    m_session->adoptClustering(changed.after, changed.sample, std::move(names));
}

void ClusterEditor::merge(const std::set<int>& which)
{
    if (which.size() < 2 || !m_session->document().clustering) {
        return;
    }
    const QString spoken = spokenNames(m_session->document().clusterNames, which);
    start({tr("Merging %1").arg(spoken), tr("merging %1").arg(spoken), {}},
          [which](const ClusteredRows& input, core::JobContext&) {
              return core::mergeClusters(input.x(), *input.based, {which.begin(), which.end()});
          });
}

void ClusterEditor::split(int cluster, int parts)
{
    if (!m_session->document().clustering) {
        return;
    }
    const QString spoken = spokenNames(m_session->document().clusterNames, {cluster});
    start({tr("Splitting %1").arg(spoken), tr("splitting %1").arg(spoken), {}},
          [cluster, parts, seed = m_session->document().clustering->spec.seed](const ClusteredRows& input,
                                                                               core::JobContext& job) {
              return core::splitCluster(input.x(), *input.based, cluster, parts, seed, job);
          });
}

void ClusterEditor::pick()
{
    const auto selected = m_session->selection()->selectedBytes();
    if (!m_session->document().clustering) {
        return;
    }
    start({tr("Making a cluster of the selection"), tr("making a cluster of the selection"), selected},
          [selected](const ClusteredRows& input, core::JobContext&) {
              std::vector<std::uint32_t> rows;
              for (const std::uint32_t row : input.based->inputRow) {
                  if (selected[input.embedding->sampleIndex[row]] != 0) {
                      rows.push_back(row);
                  }
              }
              return core::clusterFromRows(input.x(), *input.based, rows);
          });
}

void ClusterEditor::setNames(std::vector<std::string> names, const QString& step)
{
    const core::Document& doc = m_session->document();
    if (names == doc.clusterNames) {
        return;
    }
    m_undo->nameNext(step);
    const auto sample = doc.clusterSample; // copies: what is adopted is what is replaced
    const auto prototypes = m_session->prototypes();
    m_session->adoptClustering(doc.clustering, sample, std::move(names), prototypes);
}

void ClusterEditor::rename(int cluster, const QString& name)
{
    std::vector<std::string> names = m_session->document().clusterNames;
    const std::string wanted = name.simplified().toStdString();
    if (cluster < 0 || static_cast<std::size_t>(cluster) >= names.size() || wanted.empty()) {
        return;
    }
    const auto at = static_cast<std::size_t>(cluster);
    const QString step = tr("renaming %1").arg(QString::fromStdString(names[at]));
    names[at] = uniqueName(names, cluster, wanted);
    if (names[at] != wanted) {
        Q_EMIT m_session->notice(tr("Another cluster is called “%1” already, so this one is “%2”.")
                                     .arg(QString::fromStdString(wanted), QString::fromStdString(names[at])),
                                 false);
    }
    m_own.erase(names[at]);
    setNames(std::move(names), step);
}

int ClusterEditor::takeWords(const ClusterWordsFound& found, bool all)
{
    std::vector<std::string> names = m_session->document().clusterNames;
    if (found.of != m_session->document().clustering || found.naming.name.size() != names.size()) {
        return 0;
    }
    std::vector<char> stays(names.size(), 0);
    int kept = 0;
    for (std::size_t g = 0; g < names.size(); ++g) {
        const bool none = found.naming.name[g] < 0, given = !all && named(static_cast<int>(g));
        stays[g] = none || given ? 1 : 0;
        kept += given ? 1 : 0;
        if (stays[g] == 0) {
            names[g].clear();
        }
    }
    for (std::size_t g = 0; g < names.size(); ++g) {
        if (stays[g] == 0) {
            const std::string& word = (*found.words)[static_cast<std::size_t>(found.naming.name[g])];
            names[g] = uniqueName(names, static_cast<int>(g), word);
            m_own.insert(names[g]);
        }
    }
    setNames(std::move(names), tr("naming the clusters"));
    return kept;
}

} // namespace semascope::app
