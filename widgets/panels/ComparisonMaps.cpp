#include "widgets/panels/ComparisonMaps.h"

#include "widgets/Theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kGap = 16, kMostSide = 420;
constexpr std::size_t kSmoothPoints = 4000; ///< more points are drawn as squares: quick, and told apart as well

QFont titleFont()
{
    QFont font = captionFont();
    font.setBold(true);
    return font;
}

int pointSide(int side, std::size_t n)
{
    const double spaced = 0.4 * side / std::sqrt(static_cast<double>(std::max<std::size_t>(1, n)));
    return std::clamp(static_cast<int>(std::lround(spaced)), 1, 4);
}

} // namespace

ComparisonMaps::ComparisonMaps(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("comparisonMaps"));
    setAccessibleName(tr("Maps of the methods"));
    setMouseTracking(true);
}

void ComparisonMaps::setFigure(ComparisonFigure figure, int others)
{
    m_figure = std::move(figure);
    m_others = others;
    m_pictures.clear();
    arrange();
}

void ComparisonMaps::setAbout(const QString& text, bool warning)
{
    m_about = text;
    m_warning = warning;
    setAccessibleDescription(text);
    setToolTip(text);
    arrange();
}

int ComparisonMaps::aboutHeight() const
{
    return m_about.isEmpty() ? 0 : QFontMetrics(captionFont()).height() + 4;
}

void ComparisonMaps::setChosen(int method)
{
    m_chosen = method;
    update();
}

int ComparisonMaps::captionHeight() const
{
    qsizetype lines = 0;
    for (const ComparisonFigure::Panel& panel : m_figure.panels) {
        lines = std::max(lines, panel.caption.size());
    }
    const QFontMetrics small(captionFont());
    return 6 + small.height() * static_cast<int>(lines + 1);
}

void ComparisonMaps::arrange()
{
    const int count = static_cast<int>(m_figure.panels.size()), caption = captionHeight();
    const int space = height() - aboutHeight();
    m_columns = 1;
    m_side = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const int wide = (width() - (columns - 1) * kGap) / columns;
        const int high = (space - (rows - 1) * kGap / 2) / rows - caption;
        const int side = std::min({wide, high, kMostSide});
        if (side > m_side) {
            m_side = side;
            m_columns = columns;
        }
    }
    m_pictures.clear();
    project();
    update();
}

void ComparisonMaps::project()
{
    m_xy.clear();
    if (!m_figure.layout || m_side < 8) {
        return;
    }
    const core::Matrix& points = m_figure.layout->points;
    const int dim = static_cast<int>(points.cols());
    core::Camera camera; // everything, from where the map is looked at
    camera.flat = dim < 3 || m_figure.camera.flat;
    camera.rotation = m_figure.camera.rotation;
    m_xy.resize(2 * points.rows());
    core::projectPoints(points.data(), points.rows(), dim, core::unitBox(points.data(), points.rows(), dim), camera,
                        m_side, m_side, m_xy.data());
}

QRect ComparisonMaps::mapRect(int index) const
{
    const int caption = captionHeight();
    return {(index % m_columns) * (m_side + kGap), (index / m_columns) * (m_side + caption + kGap / 2), m_side, m_side};
}

int ComparisonMaps::panelAt(const QPoint& at) const
{
    for (int i = 0; i < static_cast<int>(m_figure.panels.size()); ++i) {
        if (mapRect(i).adjusted(0, 0, 0, captionHeight()).contains(at)) {
            return i;
        }
    }
    return -1;
}

QImage ComparisonMaps::draw(const ComparisonFigure::Panel& panel) const
{
    const double ratio = devicePixelRatioF();
    QImage image(QSize(m_side, m_side) * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    const std::size_t n = std::min(panel.colours.size(), m_xy.size() / 2);
    QPainter painter(&image);
    const bool smooth = n <= kSmoothPoints;
    const double side = pointSide(m_side, n) + (smooth ? 1.0 : 0.0);
    painter.setRenderHint(QPainter::Antialiasing, smooth);
    painter.setPen(Qt::NoPen);
    painter.setOpacity(m_figure.opacity);
    for (std::size_t p = 0; p < n; ++p) {
        const QPointF at(static_cast<double>(m_xy[2 * p]), static_cast<double>(m_xy[2 * p + 1]));
        if (qAlpha(panel.colours[p]) == 0 || !std::isfinite(at.x())) {
            continue;
        }
        const QColor colour = QColor::fromRgb(panel.colours[p]);
        const QRectF dot(at - QPointF(side / 2, side / 2), QSizeF(side, side));
        if (smooth) {
            painter.setBrush(colour);
            painter.drawEllipse(dot);
        } else {
            painter.fillRect(dot, colour);
        }
    }
    return image;
}

void ComparisonMaps::paintPanel(QPainter& painter, int index) const
{
    const Tokens t = tokens();
    const auto i = static_cast<std::size_t>(index);
    const ComparisonFigure::Panel& panel = m_figure.panels[i];
    const QRect map = mapRect(index);
    const bool chosen = m_chosen >= 0 && index == m_chosen + m_others;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(chosen ? t.accent : t.line, chosen ? 2 : 1));
    painter.drawRoundedRect(QRectF(map).adjusted(1, 1, -1, -1), Tokens::kRadius, Tokens::kRadius);
    if (!panel.problem.isEmpty()) {
        painter.setFont(captionFont());
        painter.setPen(t.muted);
        painter.drawText(map.adjusted(10, 10, -10, -10), Qt::AlignCenter | Qt::TextWordWrap, panel.problem);
    } else {
        m_pictures.resize(m_figure.panels.size());
        if (m_pictures[i].isNull()) {
            m_pictures[i] = draw(panel);
        }
        painter.drawImage(map.topLeft(), m_pictures[i]);
    }
    const QFontMetrics small(captionFont());
    QRect line(map.left(), map.bottom() + 5, map.width(), small.height());
    painter.setFont(titleFont());
    painter.setPen(chosen ? t.accent : t.text);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(panel.title, Qt::ElideRight, line.width()));
    painter.setFont(captionFont());
    painter.setPen(t.muted);
    for (const QString& text : panel.caption) {
        line.translate(0, small.height());
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, small.elidedText(text, Qt::ElideRight, line.width()));
    }
}

/// Under the last row of maps.
void ComparisonMaps::paintAbout(QPainter& painter) const
{
    const QRect line(0, mapRect(static_cast<int>(m_figure.panels.size()) - 1).bottom() + captionHeight(), width(),
                     aboutHeight());
    painter.setFont(m_warning ? titleFont() : captionFont());
    painter.setPen(m_warning ? tokens().text : tokens().muted);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignBottom,
                     painter.fontMetrics().elidedText(m_about, Qt::ElideRight, line.width()));
}

void ComparisonMaps::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < static_cast<int>(m_figure.panels.size()) && m_side >= 8; ++i) {
        paintPanel(painter, i);
    }
    if (!m_figure.panels.empty() && !m_about.isEmpty()) {
        paintAbout(painter);
    }
}

void ComparisonMaps::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ComparisonMaps::mouseMoveEvent(QMouseEvent* event)
{
    const int panel = panelAt(event->pos());
    setCursor(panel >= m_others ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ComparisonMaps::mousePressEvent(QMouseEvent* event)
{
    const int panel = panelAt(event->pos());
    if (event->button() == Qt::LeftButton && panel >= m_others) {
        Q_EMIT methodChosen(panel - m_others);
    }
}

void ComparisonMaps::mouseDoubleClickEvent(QMouseEvent* event)
{
    const int panel = panelAt(event->pos());
    if (event->button() == Qt::LeftButton && panel >= m_others) {
        Q_EMIT methodActivated(panel - m_others);
    }
}

} // namespace semascope::ui
