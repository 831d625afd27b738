#include "app/Session.h"

namespace semascope::app {

/// A copy of what views of the map read; ids and the selection, which are long, are not among it.
core::Document Session::passingDocument() const
{
    core::Document doc;
    doc.embedding = m_doc.embedding;
    doc.layout = m_doc.layout;
    doc.layoutSample = m_doc.layoutSample;
    doc.clustering = m_doc.clustering;
    doc.clusterSample = m_doc.clusterSample;
    doc.clusterNames = m_doc.clusterNames;
    return doc; // prompts, attributes and view follow in refreshColours()
}

void Session::showPassing(PassingView view)
{
    if (!m_passing) {
        m_cameraBefore = m_doc.view.camera;
        m_passing = passingDocument();
    }
    const auto before = m_passing->layout;
    if (view.clustering) {
        m_passing->clustering = std::move(view.clustering);
        m_passing->clusterSample = std::move(view.clusterSample);
        m_passing->clusterNames.clear(); // of other clusters
    }
    if (view.layout) {
        m_passing->layout = std::move(view.layout);
        m_passing->layoutSample = std::move(view.layoutSample);
        const bool animate = before && before->points.cols() == m_passing->layout->points.cols();
        Q_EMIT layoutChanged(animate);
        if (!animate || before->spec != m_passing->layout->spec) {
            m_doc.view.camera = {};
            m_doc.view.camera.flat = m_passing->layout->points.cols() < 3;
            Q_EMIT viewReset();
        }
    }
    refreshColours();
}

void Session::endPassing()
{
    if (!m_passing) {
        return;
    }
    const auto before = m_passing->layout;
    m_passing.reset();
    if (before != m_doc.layout) {
        const bool animate = before && m_doc.layout && before->points.cols() == m_doc.layout->points.cols();
        Q_EMIT layoutChanged(animate);
        m_doc.view.camera = m_cameraBefore;
        Q_EMIT viewReset();
    }
    refreshColours();
}

void Session::restoreLayout(PassingView map, const core::Camera& camera)
{
    const auto before = shown().layout;
    m_passing.reset();
    m_doc.layout = std::move(map.layout);
    m_doc.layoutSample = std::move(map.layoutSample);
    Q_EMIT layoutChanged(before && before->points.cols() == m_doc.layout->points.cols());
    m_doc.view.camera = camera;
    m_doc.view.camera.flat = camera.flat || m_doc.layout->points.cols() < 3;
    Q_EMIT viewReset();
    refreshColours();
}

core::Document Session::mapSnapshot() const
{
    core::Document doc = snapshot();
    if (m_passing) {
        doc.layout = m_passing->layout;
        doc.layoutSample = m_passing->layoutSample;
        doc.clustering = m_passing->clustering;
        doc.clusterSample = m_passing->clusterSample;
        doc.clusterNames = m_passing->clusterNames;
        doc.view.camera = m_doc.view.camera;
    }
    return doc;
}

} // namespace semascope::app
