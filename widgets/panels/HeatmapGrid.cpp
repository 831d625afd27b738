#include "widgets/panels/HeatmapGrid.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <unordered_set>

namespace semascope::ui {
namespace {

constexpr int kGroupGap = 10;
constexpr int kHeading = 22;
constexpr int kLeastLabel = 80, kMostLabel = 260;
constexpr int kLabelPadding = 26; // with room for the mark of the order
constexpr int kLeastRow = 22, kMostRow = 44, kTwoLines = 34;
constexpr int kMostThumbnail = 96, kLeastThumbnail = 10;
constexpr int kAutomaticLeast = 30, kAutomaticMost = 96, kScrolledCell = 44;
constexpr double kThumbnailAspect = 0.81;
constexpr double kRowAspect = 0.5;

int gapsOf(const std::vector<int>& gaps)
{
    return gaps.empty() ? 0 : gaps.back();
}

} // namespace

HeatmapGrid::HeatmapGrid(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("heatmapGrid"));
    setAccessibleName(tr("Heatmap"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
}

void HeatmapGrid::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_cells.setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, this, &HeatmapGrid::takeReady);
    }
    setFigure({}, -1, false);
}

void HeatmapGrid::setFigure(const HeatmapFigure& figure, int sortedBy, bool lowFirst)
{
    const bool same =
        m_figure.texts == figure.texts &&
        std::equal(m_figure.pictures.begin(), m_figure.pictures.end(), figure.pictures.begin(), figure.pictures.end(),
                   [](const auto& a, const auto& b) { return a.sample == b.sample; });
    m_figure = figure;
    m_sortedBy = sortedBy;
    m_lowFirst = lowFirst;
    m_ranges = heatmapRanges(m_figure);
    m_gaps.assign(m_figure.pictures.size(), 0);
    qsizetype at = 0;
    for (qsizetype g = 0; g < m_figure.groups.size(); ++g) {
        for (qsizetype i = 0; i < m_figure.groups[g].count; ++i) {
            m_gaps[std::size_t(at++)] = int(g);
        }
    }
    m_asked = {-1, -1};
    relayout();
    if (!same) {
        m_hover = m_pressed = m_cursor = {};
        horizontalScrollBar()->setValue(0);
        verticalScrollBar()->setValue(0);
        Q_EMIT looked(-1, -1);
    }
    setAccessibleDescription(tr("%1 texts, %2 pictures").arg(texts()).arg(pictures()));
}

void HeatmapGrid::setCurrent(qint64 sample)
{
    m_current = sample;
    viewport()->update();
}

void HeatmapGrid::setHovered(qint64 sample)
{
    if (m_hovered != sample) {
        m_hovered = sample;
        viewport()->update();
    }
}

void HeatmapGrid::setCellWidth(int width)
{
    const int wanted = std::clamp(width, kMinCell, kMaxCell);
    if (wanted == m_wantedCell) {
        return;
    }
    const int first = visiblePictures().first;
    m_wantedCell = wanted;
    relayout();
    if (first > 0) { // keep looking at the same columns
        horizontalScrollBar()->setValue(contentX(first));
    }
}

/// Of a column's left edge, from the left edge of the first.
int HeatmapGrid::contentX(int picture) const
{
    return picture * m_cell.width() + m_gaps[std::size_t(picture)] * kGroupGap;
}

void HeatmapGrid::relayout()
{
    const QFontMetrics metrics(font());
    const int width = viewport()->width(), height = viewport()->height();
    int label = 0;
    for (const QString& text : m_figure.texts) {
        label = std::max(label, metrics.horizontalAdvance(text.left(200)));
    }
    m_labelWidth = std::clamp(label + kLabelPadding, kLeastLabel, std::clamp(width * 3 / 10, kLeastLabel, kMostLabel));
    const int gaps = gapsOf(m_gaps) * kGroupGap;
    const int shared = (width - m_labelWidth - gaps) / std::max(1, pictures());
    const int readable = m_figure.numbers && pictures() > 0 ? std::max(kAutomaticLeast, widthFor(2)) : kAutomaticLeast;
    const int automatic = shared < readable ? std::max(kScrolledCell, readable) : std::min(shared, kAutomaticMost);
    const int cell = m_wantedCell > 0 ? m_wantedCell : automatic;
    const bool resized = cell != m_cell.width();
    m_cell.setWidth(cell);
    const int thumbnail = std::min(cell - 2, kMostThumbnail);
    m_thumbnail = thumbnail < kLeastThumbnail ? QSize() : QSize(thumbnail, int(thumbnail * kThumbnailAspect));
    m_headingHeight = m_figure.groups.isEmpty() ? 0 : kHeading;
    m_headHeight = m_headingHeight + std::max(0, m_thumbnail.height()) + 6;
    const bool twoLines = m_figure.scale == HeatmapFigure::Scale::PerRow;
    const int least = std::max(twoLines ? kTwoLines : kLeastRow, std::min(kMostRow, int(cell * kRowAspect)));
    const int room = (height - m_headHeight) / std::max(1, texts());
    m_cell.setHeight(std::clamp(room, least, std::max(least, std::min(kMostRow, cell))));
    m_decimals = m_figure.numbers ? fittingDecimals() : -1;
    const int contentWidth = pictures() > 0 ? contentX(pictures() - 1) + m_cell.width() : 0;
    QScrollBar* across = horizontalScrollBar();
    across->setRange(0, std::max(0, contentWidth - (width - m_labelWidth)));
    across->setPageStep(std::max(1, width - m_labelWidth));
    across->setSingleStep(m_cell.width());
    QScrollBar* down = verticalScrollBar();
    down->setRange(0, std::max(0, texts() * m_cell.height() - (height - m_headHeight)));
    down->setPageStep(std::max(1, height - m_headHeight));
    down->setSingleStep(m_cell.height());
    m_asked = {-1, -1};
    viewport()->update();
    if (resized) {
        Q_EMIT cellWidthChanged(cell);
    }
}

/// Of a cell in which the widest number can be read.
int HeatmapGrid::widthFor(int decimals) const
{
    constexpr int kMargin = 6;
    const QFontMetrics metrics(captionFont());
    HeatmapRange range;
    for (const float value : m_figure.values) {
        range.take(double(value));
    }
    const int lo = metrics.horizontalAdvance(heatmapNumber(m_figure.value, range.lo, decimals));
    const int hi = metrics.horizontalAdvance(heatmapNumber(m_figure.value, range.hi, decimals));
    return range.empty() ? kMaxCell : std::max(lo, hi) + kMargin;
}

/// As many decimals as the widest number leaves room for; −1 for no numbers.
int HeatmapGrid::fittingDecimals() const
{
    if (m_figure.value == ScoreKind::Percentile) {
        return widthFor(0) <= m_cell.width() ? 0 : -1;
    }
    return widthFor(3) <= m_cell.width() ? 3 : widthFor(2) <= m_cell.width() ? 2 : -1;
}

QRect HeatmapGrid::cellRect(int text, int picture) const
{
    const int x = m_labelWidth + contentX(picture) - horizontalScrollBar()->value();
    return {QPoint(x, m_headHeight + text * m_cell.height() - verticalScrollBar()->value()), m_cell};
}

QRect HeatmapGrid::textRect(int text) const
{
    const int y = m_headHeight + text * m_cell.height() - verticalScrollBar()->value();
    return {0, y, m_labelWidth, m_cell.height()};
}

QRect HeatmapGrid::pictureRect(int picture) const
{
    const int x = m_labelWidth + contentX(picture) - horizontalScrollBar()->value();
    return {QPoint(x + (m_cell.width() - m_thumbnail.width()) / 2, m_headingHeight + 2), m_thumbnail};
}

HeatmapGrid::Place HeatmapGrid::placeAt(const QPoint& point) const
{
    if (texts() == 0 || pictures() == 0 || !viewport()->rect().contains(point)) {
        return {};
    }
    int text = -1, picture = -1;
    if (point.y() >= m_headHeight) {
        const int row = (point.y() - m_headHeight + verticalScrollBar()->value()) / m_cell.height();
        text = row < texts() ? row : -1;
    }
    if (point.x() >= m_labelWidth) {
        const auto [first, last] = visiblePictures();
        for (int p = first; p < last && picture < 0; ++p) {
            const QRect cell = cellRect(0, p);
            picture = point.x() >= cell.left() && point.x() <= cell.right() ? p : -1;
        }
    }
    if (text >= 0 && picture >= 0) {
        return {Part::Cell, text, picture};
    }
    if (text >= 0 && point.x() < m_labelWidth) {
        return {Part::Text, text, -1};
    }
    const bool above = picture >= 0 && point.y() >= m_headingHeight && point.y() < m_headHeight;
    return above ? Place{Part::Picture, -1, picture} : Place{};
}

/// The group whose heading is there, −1 for none.
int HeatmapGrid::groupAt(const QPoint& point) const
{
    int first = 0;
    for (qsizetype g = 0; g < m_figure.groups.size() && point.y() < m_headingHeight && point.x() >= m_labelWidth; ++g) {
        const int last = first + int(m_figure.groups[g].count) - 1;
        if (point.x() >= cellRect(0, first).left() && point.x() <= cellRect(0, last).right()) {
            return int(g);
        }
        first = last + 1;
    }
    return -1;
}

std::pair<int, int> HeatmapGrid::visiblePictures() const
{
    const int left = horizontalScrollBar()->value(), right = left + viewport()->width() - m_labelWidth;
    const int most = pictures();
    // Gaps only move columns to the right: without them the first one in sight is never later.
    int first = std::clamp((left - gapsOf(m_gaps) * kGroupGap) / m_cell.width(), 0, most);
    while (first < most && contentX(first) + m_cell.width() <= left) {
        ++first;
    }
    int last = first;
    while (last < most && contentX(last) < right) {
        ++last;
    }
    return {first, last};
}

std::pair<int, int> HeatmapGrid::visibleTexts() const
{
    const int top = verticalScrollBar()->value(), bottom = top + viewport()->height() - m_headHeight;
    const int first = std::min(top / m_cell.height(), texts());
    return {first, std::clamp((bottom + m_cell.height() - 1) / m_cell.height(), first, texts())};
}

void HeatmapGrid::askThumbnails()
{
    const auto range = visiblePictures();
    if (range == m_asked || !m_cells.thumbnails() || m_thumbnail.isEmpty()) {
        return;
    }
    m_asked = range;
    std::vector<std::uint32_t> samples;
    for (int p = range.first; p < range.second; ++p) {
        samples.push_back(m_figure.pictures[p].sample);
    }
    m_cells.thumbnails()->setVisible(this, samples, CellPainter::sideFor(m_thumbnail, devicePixelRatioF()));
}

void HeatmapGrid::takeReady(const std::vector<std::uint32_t>& samples)
{
    const std::unordered_set<std::uint32_t> fresh(samples.begin(), samples.end());
    const auto [first, last] = visiblePictures();
    for (int p = first; p < last; ++p) {
        if (fresh.contains(m_figure.pictures[p].sample)) {
            viewport()->update(pictureRect(p));
        }
    }
}

void HeatmapGrid::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void HeatmapGrid::scrollContentsBy(int, int)
{
    viewport()->update();
}

void HeatmapGrid::showEvent(QShowEvent* event)
{
    QAbstractScrollArea::showEvent(event);
    m_asked = {-1, -1};
}

void HeatmapGrid::hideEvent(QHideEvent* event)
{
    QAbstractScrollArea::hideEvent(event);
    if (m_cells.thumbnails()) {
        m_cells.thumbnails()->setVisible(this, {});
    }
    Q_EMIT looked(-1, -1);
}

void HeatmapGrid::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_cells.clear();
        relayout();
    }
}

} // namespace semascope::ui
