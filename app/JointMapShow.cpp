// What the joint map shows: points, legend, lines, captions, and the same as a figure.
#include "app/JointMapPage.h"
#include "widgets/Palette.h"
#include "widgets/panels/Numbers.h"
#include "widgets/vtk/MapView.h"

#include <QCheckBox>
#include <QPushButton>

#include <algorithm>

namespace semascope::app {

using core::JointKind;

namespace {

constexpr std::array kOrder{JointKind::Picture, JointKind::Caption, JointKind::Prompt};
constexpr std::size_t kMaxLines = 20'000; ///< more lines than that are a grey sheet

QRgb colourOf(JointKind kind)
{
    return ui::categoryColour(static_cast<qsizetype>(kind), 3);
}

QString percent(double share)
{
    return QString::number(100 * share, 'f', share < 0.1 ? 1 : 0) + QStringLiteral(" %");
}

} // namespace

/// Prompts are no samples: they are drawn as markers, not as points.
void JointMapPage::showPoints()
{
    m_pointOf.assign(m_map.joint.kind.size(), -1);
    std::vector<std::uint32_t> samples, colours;
    auto shown = std::make_shared<core::Layout>();
    if (m_map.layout) {
        shown->spec = m_map.layout->spec;
        std::vector<std::size_t> rows;
        for (std::size_t p = 0; p < m_map.layout->points.rows(); ++p) {
            const std::uint32_t r = m_map.layout->inputRow[p];
            const JointKind kind = m_map.joint.kind[r];
            if (kind != JointKind::Prompt && shows(kind)) {
                m_pointOf[r] = static_cast<std::int64_t>(rows.size());
                shown->inputRow.push_back(r);
                rows.push_back(p);
                samples.push_back(m_map.sample[r]);
                colours.push_back(colourOf(kind));
            }
        }
        shown->points = core::takeRows(m_map.layout->points, rows);
    }
    m_view->setPoints(samples.empty() ? nullptr : shown, samples, false);
    m_view->setColours(colours);
    m_view->setLegend(m_map.layout ? legend() : ui::Legend{});
    m_view->setFooter(m_map.layout ? caption() : QString());
    m_export->setEnabled(m_map.layout != nullptr);
    m_all->setEnabled(!m_map.joint.pairs.empty());
    showState(m_map.layout ? ownText() : QString());
    showMarkers();
    showLinks();
}

void JointMapPage::showMarkers()
{
    std::vector<ui::MapMarker> markers;
    for (std::size_t p = 0; m_map.layout && shows(JointKind::Prompt) && p < m_map.layout->points.rows(); ++p) {
        const std::uint32_t r = m_map.layout->inputRow[p];
        if (m_map.joint.kind[r] == JointKind::Prompt) {
            const core::Matrix& at = m_map.layout->points;
            markers.push_back({static_cast<double>(at.at(p, 0)), static_cast<double>(at.at(p, 1)),
                               at.cols() > 2 ? static_cast<double>(at.at(p, 2)) : 0, m_map.promptTexts[m_map.sample[r]],
                               QColor::fromRgb(colourOf(JointKind::Prompt))});
        }
    }
    m_view->setMarkers(std::move(markers));
}

std::vector<JointKind> JointMapPage::kindsThere() const
{
    std::vector<JointKind> kinds;
    std::copy_if(kOrder.begin(), kOrder.end(), std::back_inserter(kinds), [this](JointKind kind) {
        return std::find(m_map.joint.kind.begin(), m_map.joint.kind.end(), kind) != m_map.joint.kind.end();
    });
    return kinds;
}

ui::Legend JointMapPage::legend() const
{
    ui::Legend legend;
    for (const JointKind kind : kindsThere()) {
        const auto count = std::count(m_map.joint.kind.begin(), m_map.joint.kind.end(), kind);
        legend.entries.push_back(
            {QLatin1String(core::jointKindName(kind)), colourOf(kind), static_cast<qsizetype>(count), !shows(kind)});
    }
    return legend;
}

/// Pairs between points that are shown, of samples that are wanted (a byte each; empty: of all).
std::vector<std::pair<std::uint32_t, std::uint32_t>>
JointMapPage::pairsOf(const std::vector<std::uint8_t>& wanted) const
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const auto& [picture, caption] : m_map.joint.pairs) {
        const std::int64_t a = m_pointOf[picture], b = m_pointOf[caption];
        const std::uint32_t sample = m_map.sample[picture];
        const bool asked = wanted.empty() || (sample < wanted.size() && wanted[sample] != 0);
        if (asked && a >= 0 && b >= 0 && pairs.size() < kMaxLines) {
            pairs.emplace_back(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b));
        }
    }
    return pairs;
}

void JointMapPage::showLinks()
{
    if (!m_map.layout) {
        m_view->setLinks({});
        return;
    }
    const ui::SelectionModel* selection = m_parts.session->selection();
    std::vector<ui::MapLink> links;
    if (m_all->isChecked()) {
        for (const auto& [a, b] : pairsOf({})) {
            links.push_back({a, b, false});
        }
    }
    std::vector<std::uint8_t> wanted = selection->selectedBytes();
    for (const std::int64_t one : {selection->hovered(), selection->current()}) {
        if (one >= 0 && static_cast<std::size_t>(one) < wanted.size()) {
            wanted[static_cast<std::size_t>(one)] = 1;
        }
    }
    for (const auto& [a, b] : wanted.empty() ? decltype(pairsOf({})){} : pairsOf(wanted)) {
        links.push_back({a, b, true});
    }
    m_view->setLinks(std::move(links));
}

QString JointMapPage::caption() const
{
    const core::Layout& layout = *m_map.layout;
    QStringList parts{
        tr("gap-corrected: per-modality mean subtracted, gap was %1").arg(QString::number(m_map.joint.gap, 'f', 2)),
        ui::methodName(layout.spec.method)};
    if (layout.stress1 >= 0) {
        parts << tr("stress-1 %1").arg(QString::number(layout.stress1, 'g', 3));
    }
    parts << tr("n %1").arg(layout.points.rows()) << tr("seed %1").arg(layout.spec.seed);
    return parts.join(QStringLiteral(" · "));
}

QString JointMapPage::ownText() const
{
    const core::OwnNeighbour& own = m_map.own;
    const QString mean = tr("mean of texts: %1").arg(QString::fromStdString(m_map.joint.textMeanOf));
    return own.pictures == 0 ? mean
                             : tr("own caption nearest: %1 · own picture nearest: %2 · %3")
                                   .arg(percent(own.pictureToCaption), percent(own.captionToPicture), mean);
}

ui::MapFigure JointMapPage::figure() const
{
    ui::MapFigure f;
    f.camera = m_view->camera();
    f.fit = true;
    f.footer = caption();
    f.legend = legend();
    auto shown = std::make_shared<core::Layout>(*m_map.layout);
    std::vector<std::size_t> rows;
    std::vector<std::int64_t> pointOf(m_map.joint.kind.size(), -1);
    shown->inputRow.clear();
    const ui::SelectionModel* selection = m_parts.session->selection();
    for (std::size_t p = 0; p < m_map.layout->points.rows(); ++p) {
        const std::uint32_t r = m_map.layout->inputRow[p];
        const JointKind kind = m_map.joint.kind[r];
        const bool hidden = kind != JointKind::Prompt && !selection->isVisible(m_map.sample[r]);
        if (!shows(kind) || hidden) {
            continue;
        }
        pointOf[r] = static_cast<std::int64_t>(rows.size());
        if (kind == JointKind::Prompt) {
            f.labels.push_back({m_map.promptTexts[m_map.sample[r]], rows.size(), {}});
        }
        shown->inputRow.push_back(r);
        rows.push_back(p);
        f.colours.push_back(colourOf(kind));
    }
    shown->points = core::takeRows(m_map.layout->points, rows);
    f.layout = shown;
    f.pointSize = 0.6 * ui::automaticPointSize(rows.size());
    for (const auto& [picture, words] : m_map.joint.pairs) {
        const bool drawn = m_all->isChecked() || selection->isSelected(m_map.sample[picture]);
        if (drawn && pointOf[picture] >= 0 && pointOf[words] >= 0) {
            f.links.push_back(
                {static_cast<std::uint32_t>(pointOf[picture]), static_cast<std::uint32_t>(pointOf[words])});
        }
    }
    return f;
}

} // namespace semascope::app
