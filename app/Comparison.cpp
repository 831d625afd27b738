#include "app/Comparison.h"

#include "app/ClusterMoments.h"
#include "app/ExplorePage.h"
#include "app/SelectMode.h"
#include "app/Settings.h"
#include "core/cluster/ClusterOptions.h"
#include "widgets/panels/ComparisonSetup.h"
#include "widgets/vtk/MapView.h"

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

/// CLIP vectors point both ways; pixels and counts do not.
bool suitsCosine(const core::Document& doc)
{
    if (!doc.embedding || doc.embedding->rows.empty() || !doc.modelHash.empty()) {
        return true;
    }
    const core::Matrix& x = doc.embedding->rows;
    const std::size_t looked = std::min<std::size_t>(x.rows(), 50) * x.cols();
    return std::any_of(x.data(), x.data() + looked, [](float v) { return v < 0; });
}

core::ComparisonSpec specOf(const ui::ComparisonChoice& choice, const ui::RowLabels& labels)
{
    core::ComparisonSpec spec;
    for (const std::string& method : choice.methods) {
        core::ClusterSpec one;
        one.method = method;
        one.k = choice.k;
        spec.methods.push_back(one);
    }
    spec.seeds.clear();
    for (int seed = 0; seed < choice.seeds; ++seed) {
        spec.seeds.push_back(static_cast<std::uint64_t>(seed));
    }
    spec.labelName = labels.name.toStdString();
    spec.labelNames = labels.names;
    spec.cosine = choice.cosine;
    return spec;
}

} // namespace

Comparison::Comparison(const Parts& parts, QWidget* window)
    : QObject(window), m_parts(parts), m_window(window), m_view(new ui::ComparisonView(window))
{
    m_view->hide(); // until its tab is opened
    connect(m_view->setup(), &ui::ComparisonSetup::runWanted, this, &Comparison::run);
    connect(m_view->setup(), &ui::ComparisonSetup::stopWanted, this, &Comparison::stop);
    connect(m_view->setup(), &ui::ComparisonSetup::labelsChosen, this, &Comparison::judgeBy);
    connect(m_view, &ui::ComparisonView::useWanted, this, &Comparison::use);
    connect(m_view, &ui::ComparisonView::exportWanted, this, &Comparison::askExport);
    connect(m_view, &ui::ComparisonView::againstChosen, this, &Comparison::setAgainst);
    connect(m_view, &ui::ComparisonView::cellChosen, this, &Comparison::selectCell);
    connect(m_view, &ui::ComparisonView::shown, this, [this] {
        showReady();
        if (m_mapOld) {
            showMap();
        }
    });
    connectSession();
    adoptData();
}

void Comparison::connectSession()
{
    Session* session = m_parts.session;
    connect(session, &Session::dataChanged, this, &Comparison::adoptData);
    connect(session, &Session::dataLeaving, this, &Comparison::stop);
    connect(session, &Session::embeddingChanged, this, &Comparison::showReady);
    connect(session, &Session::embeddingStarted, this, [this] {
        m_ordinary = {}; // of the vectors before
        showReady();
    });
    connect(session, &Session::layoutChanged, this, [this] {
        m_mapOld = true;
        keepMap();
        if (m_view->isVisible()) {
            showMap();
        }
    });
    connect(session->selection(), &ui::SelectionModel::selectionChanged, this,
            [this] { m_view->setup()->setSelected(m_parts.session->selection()->selectedCount()); });
    connect(session->jobs(), &ui::JobRunner::jobChanged, this, [this](const ui::JobReport& report) {
        const bool over = report.state != ui::JobReport::Waiting && report.state != ui::JobReport::Running;
        if (over && report.id == m_job) {
            m_job = 0;
            showReady();
        }
    });
}

void Comparison::open()
{
    m_parts.explore->showView(m_view, tr("Comparison"));
}

void Comparison::adoptData()
{
    const bool other = m_data != m_parts.session->data(); // else only an attribute is new
    const QStringList attributes = labelAttributes(*m_parts.session);
    if (other) {
        stop();
        m_data = m_parts.session->data();
        m_result.reset();
        m_embedding.reset();
        m_rows = {};
        m_rowSample.clear();
        m_against = {};
        m_view->setAgainst({});
        m_ordinary = {};
        keepMap();
    }
    m_view->setup()->setAttributes(attributes, other);
    m_cosineOld = m_cosineOld || other;
    m_view->setAttributes(attributes, m_against.name);
    m_view->setup()->setSelected(m_parts.session->selection()->selectedCount());
    showReady();
}

QString Comparison::missing() const
{
    if (!m_parts.session->data()) {
        return tr("Open vectors, or pictures and a model: then methods of clustering can be compared on them.");
    }
    if (!m_parts.session->document().embedding) {
        return tr("Embed the pictures first: the clusters are found among their vectors.");
    }
    return {};
}

void Comparison::showReady()
{
    const QString problem = missing();
    m_view->setup()->setReady(problem.isEmpty(), problem);
    m_view->setup()->setRunning(running());
    if (m_cosineOld && problem.isEmpty()) {
        m_cosineOld = false;
        m_view->setup()->setCosine(suitsCosine(m_parts.session->document()));
    }
    if (!m_result) {
        m_view->setComparison(
            nullptr, !problem.isEmpty() ? problem
                     : running()
                         ? tr("The first run is on its way. What is done so far stands here after every run.")
                         : tr("Run clusters the same rows with each method and several seeds, and shows scores, maps "
                              "and confusion side by side. Labels only judge: no method sees them."));
    }
    m_view->setMeasuredOn(measuredOn());
}

void Comparison::run(const ui::ComparisonChoice& choice)
{
    Session* session = m_parts.session;
    if (!missing().isEmpty() || choice.methods.empty()) {
        return;
    }
    stop();
    session->jobs()->cancel(m_judgeJob);
    m_embedding = session->document().embedding;
    std::tie(m_rows, m_rowSample) = session->rowsOf(session->selectedOrAll(choice.selectionOnly));
    if (m_rows.rows() == 0) {
        Q_EMIT session->notice(tr("The selection has no embedded samples to cluster."), true);
        return;
    }
    const ui::RowLabels labels = rowLabels(*session, choice.labels, m_rowSample);
    m_result.reset();
    if (!labels.name.isEmpty() || m_against.labels.size() != m_rowSample.size()) {
        m_against = labels.name.isEmpty() ? rowLabels(*session, m_against.name, m_rowSample) : labels;
    }
    m_view->setAgainst(m_against);
    showMap();
    m_job = session->jobs()->start(
        core::Lane::Work, tr("Comparing %1 clusterings, k = %2").arg(choice.methods.size()).arg(choice.k), this,
        [x = m_rows, labels = labels.labels, spec = specOf(choice, labels)](core::JobContext& job) {
            return std::make_shared<const core::ClusterComparison>(core::compareMethods(x, labels, spec, job));
        },
        [this](std::shared_ptr<const core::ClusterComparison> result) { adopt(std::move(result)); },
        [this](std::shared_ptr<const void> partial) {
            // trainings publish what the map shows too; the comparison is told apart by its job alone
            adopt(std::static_pointer_cast<const core::ClusterComparison>(partial));
        });
    showReady();
}

void Comparison::stop()
{
    if (m_job != 0) {
        m_parts.session->jobs()->cancel(m_job);
        m_job = 0;
        showReady();
    }
}

void Comparison::adopt(std::shared_ptr<const core::ClusterComparison> result)
{
    m_result = std::move(result);
    m_view->setComparison(m_result);
    if (m_against.labels.empty()) {
        const QStringList attributes = labelAttributes(*m_parts.session);
        if (!attributes.isEmpty()) {
            setAgainst(attributes.front());
        }
    }
}

void Comparison::judgeBy(const QString& attribute)
{
    if (!m_result || running()) {
        return;
    }
    const ui::RowLabels labels = rowLabels(*m_parts.session, attribute, m_rowSample);
    Session* session = m_parts.session;
    session->jobs()->cancel(m_judgeJob);
    m_judgeJob = session->jobs()->start(
        core::Lane::Query, tr("Comparing with %1").arg(attribute), this,
        [result = m_result, labels](core::JobContext&) {
            return std::make_shared<const core::ClusterComparison>(ui::judgedBy(*result, labels));
        },
        [this, labels, before = m_result](std::shared_ptr<const core::ClusterComparison> judged) {
            if (m_result != before) {
                return; // run again meanwhile
            }
            m_against = labels.name.isEmpty() ? m_against : labels;
            m_view->setAgainst(m_against);
            adopt(std::move(judged));
        });
}

ui::ComparedMap Comparison::mapNow() const
{
    const core::Document& doc = m_parts.session->document();
    const bool code = doc.layout && doc.layout->spec.method == ui::kCodeMap, before = code && m_ordinary.layout;
    ui::ComparedMap map = before ? ui::comparedMap(m_ordinary.layout, m_ordinarySample, m_rowSample)
                                 : ui::comparedMap(doc.layout, doc.layoutSample, m_rowSample);
    map.camera = before ? m_ordinary.camera : doc.view.camera;
    map.opacity = doc.view.opacity;
    map.favours = code && !before;
    if (map.layout && m_data) {
        map.about =
            map.favours ? ui::favouredText(*map.layout) : tr("on %1").arg(ui::layoutCaption(*m_data, *map.layout));
        map.about += before ? tr(" · the map before the code") : QString();
    }
    return map;
}

/// A code flatters the method whose network learned it, so the map there was before is kept for it.
void Comparison::keepMap()
{
    const core::Document& doc = m_parts.session->document();
    if (doc.layout && doc.layout->spec.method != ui::kCodeMap && doc.layout != m_ordinary.layout) {
        m_ordinary.layout = doc.layout;
        m_ordinary.camera = {};
        m_ordinary.camera.flat = doc.layout->points.cols() < 3;
        m_ordinarySample = doc.layoutSample;
    }
}

void Comparison::showMap()
{
    m_mapOld = false;
    m_view->setMap(mapNow());
}

void Comparison::setAgainst(const QString& attribute)
{
    m_against = rowLabels(*m_parts.session, attribute, m_rowSample);
    m_view->setAgainst(m_against);
}

ui::MeasuredOn Comparison::measuredOn() const
{
    const core::Document& doc = m_parts.session->document();
    ui::MeasuredOn on;
    if (!m_data) {
        return on;
    }
    on.dataset = QString::fromStdString(m_data->name);
    on.encoder = !doc.modelName.empty() ? QString::fromStdString(doc.modelName)
                 : m_embedding          ? tr("vectors, d = %1").arg(m_embedding->rows.cols())
                                        : QString();
    on.cifar10 = ui::isCifar10(*m_data, m_result ? m_result->labelNames : std::vector<std::string>{});
    return on;
}

void Comparison::use(int method)
{
    if (!m_result || method < 0 || static_cast<std::size_t>(method) >= m_result->methods.size()) {
        return;
    }
    const auto run = ui::shownRun(m_result->methods[static_cast<std::size_t>(method)]);
    if (!run) {
        return;
    }
    struct Chosen
    {
        std::shared_ptr<const core::Clustering> clustering;
        std::vector<std::uint32_t> sample;
        std::vector<std::vector<std::uint32_t>> prototypes;
    };
    const std::vector<int> numbers = ui::matchedClusters(*m_result).numbers[static_cast<std::size_t>(method)];
    Session* session = m_parts.session;
    session->jobs()->cancel(m_useJob);
    m_useJob = session->jobs()->start(
        core::Lane::Query, tr("Taking over the clusters"), this,
        [x = m_rows, rowSample = m_rowSample, run, numbers](core::JobContext&) {
            Chosen chosen;
            chosen.clustering = std::make_shared<const core::Clustering>(ui::inSharedNumbers(*run, numbers));
            for (const std::uint32_t row : run->inputRow) {
                chosen.sample.push_back(rowSample[row]);
            }
            chosen.prototypes = clusterPrototypes(x, *chosen.clustering, rowSample);
            return chosen;
        },
        [this, session](Chosen chosen) {
            session->adoptClustering(chosen.clustering, std::move(chosen.sample), {}, std::move(chosen.prototypes));
            session->colourBy("cluster");
            m_parts.explore->showView(m_parts.explore->map(), {}); // where the colours are
        });
}

void Comparison::selectCell(int method, int label, int cluster, Qt::KeyboardModifiers modifiers)
{
    if (!m_result || m_against.labels.size() != m_rowSample.size()) {
        return;
    }
    const auto run = ui::shownRun(m_result->methods[static_cast<std::size_t>(method)]);
    std::vector<std::uint32_t> samples;
    for (std::size_t r = 0; run && r < run->inputRow.size(); ++r) {
        const std::uint32_t row = run->inputRow[r];
        if ((cluster < 0 || run->assignment[r] == cluster) && (label < 0 || m_against.labels[row] == label)) {
            samples.push_back(m_rowSample[row]);
        }
    }
    m_parts.session->select(samples, combineOf(modifiers));
}

} // namespace semascope::app
