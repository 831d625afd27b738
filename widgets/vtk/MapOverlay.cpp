#include "widgets/vtk/MapOverlay.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextDocument>

#include <array>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kMargin = 14, kThumbnailPx = 44, kCardPicturePx = 96, kCardTextPx = 230, kCardPadding = 8, kTriadPx = 22;
constexpr int kEmptyTextPx = 380;

/// White behind letters, so that they read over points.
void drawHaloedText(QPainter& painter, const QPointF& at, const QString& text, const QColor& ink, const QColor& halo)
{
    QPainterPath letters;
    letters.addText(at, painter.font(), text);
    painter.strokePath(letters, QPen(halo, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.fillPath(letters, ink);
}

/// The first line is the name of what is shown.
QString linesAsHtml(const QString& plain)
{
    QStringList lines = plain.toHtmlEscaped().split(QLatin1Char('\n'));
    lines.first() = QStringLiteral("<b>%1</b>").arg(lines.first());
    return lines.join(QLatin1String("<br>"));
}

} // namespace

MapOverlay::MapOverlay(const PointScene& scene, QWidget* parent) : QWidget(parent), m_scene(scene)
{
    setObjectName(QStringLiteral("mapOverlay"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
}

void MapOverlay::setOutline(const QPainterPath& outline)
{
    m_outline = outline;
    update();
}

void MapOverlay::setBrush(const QPointF& at, double radius)
{
    if (radius > 0 || m_brushRadius > 0) {
        update();
    }
    m_brushAt = at;
    m_brushRadius = radius;
}

void MapOverlay::setFooter(const QString& text)
{
    if (text != m_footer) {
        m_footer = text;
        update();
    }
}

void MapOverlay::setNotice(const QString& text)
{
    m_notice = text;
    update();
}

void MapOverlay::setHoverCard(const QImage& image, const QString& text)
{
    if (image.cacheKey() != m_cardImage.cacheKey() || text != m_cardText) {
        m_cardImage = image;
        m_cardText = text;
        update();
    }
}

void MapOverlay::setThumbnails(std::vector<MapThumbnail> thumbnails)
{
    const double ratio = devicePixelRatioF();
    for (MapThumbnail& thumbnail : thumbnails) {
        thumbnail.image = thumbnail.image.scaled(QSize(kThumbnailPx, kThumbnailPx) * ratio, Qt::KeepAspectRatio,
                                                 Qt::SmoothTransformation);
        thumbnail.image.setDevicePixelRatio(ratio);
    }
    m_thumbnails = std::move(thumbnails);
    update();
}

void MapOverlay::setMarkers(std::vector<MapMarker> markers)
{
    if (markers != m_markers) {
        m_markers = std::move(markers);
        update();
    }
}

void MapOverlay::setLinks(std::vector<MapLink> links)
{
    if (links != m_links) {
        m_links = std::move(links);
        update();
    }
}

void MapOverlay::followCamera()
{
    if (!m_thumbnails.empty() || !m_markers.empty() || !m_links.empty() || m_scene.hovered >= 0) {
        update();
    } else if (!m_scene.camera.flat) {
        update(triadArea());
    }
}

QRect MapOverlay::triadArea() const
{
    constexpr int reach = 38, aboveFooter = 34;
    const QPoint origin(kMargin + kTriadPx + 6, height() - kMargin - kTriadPx - aboveFooter);
    return {origin - QPoint(reach, reach), QSize(2 * reach, 2 * reach)};
}

void MapOverlay::setFocusFrame(bool on)
{
    if (on != m_focusFrame) {
        m_focusFrame = on;
        update();
    }
}

std::vector<QPointF> MapOverlay::toPixels(const std::vector<PointCloud::Position>& places) const
{
    std::vector<float> xy(2 * places.size());
    core::projectPoints(places.empty() ? nullptr : places.front().data(), places.size(), 3, {}, m_scene.camera, width(),
                        height(), xy.data());
    std::vector<QPointF> pixels;
    pixels.reserve(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        pixels.emplace_back(xy[2 * i], xy[2 * i + 1]);
    }
    return pixels;
}

void MapOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    paintLinks(painter);
    paintThumbnails(painter);
    paintMarkers(painter);
    paintTriad(painter);
    paintTexts(painter);
    paintOutline(painter);
    paintHovered(painter);
    if (m_focusFrame) {
        painter.setPen(QPen(m_scene.theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void MapOverlay::paintThumbnails(QPainter& painter) const
{
    std::vector<PointCloud::Position> places;
    std::vector<const MapThumbnail*> shown;
    for (const MapThumbnail& thumbnail : m_thumbnails) {
        if (m_scene.cloud.layout() && thumbnail.point < m_scene.cloud.size() &&
            m_scene.cloud.isRowVisible(thumbnail.point)) {
            places.push_back(m_scene.cloud.placeOfRow(thumbnail.point));
            shown.push_back(&thumbnail);
        }
    }
    const auto pixels = toPixels(places);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (std::isnan(pixels[i].x())) {
            continue;
        }
        const QImage& image = shown[i]->image;
        const QSizeF size = QSizeF(image.size()) / image.devicePixelRatio();
        const QRectF frame(pixels[i] - QPointF(size.width() / 2, size.height() / 2), size);
        painter.drawImage(frame, image);
        painter.setPen(QPen(m_scene.theme.background, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(frame);
    }
}

void MapOverlay::paintLinks(QPainter& painter) const
{
    std::vector<PointCloud::Position> ends;
    std::vector<bool> strong;
    for (const MapLink& link : m_links) {
        const bool there = std::max(link.from, link.to) < m_scene.cloud.size();
        if (there && m_scene.cloud.isRowVisible(link.from) && m_scene.cloud.isRowVisible(link.to)) {
            ends.push_back(m_scene.cloud.placeOfRow(link.from));
            ends.push_back(m_scene.cloud.placeOfRow(link.to));
            strong.push_back(link.strong);
        }
    }
    const auto pixels = toPixels(ends);
    QColor faint = m_scene.theme.muted;
    faint.setAlpha(90);
    for (std::size_t i = 0; i < strong.size(); ++i) {
        if (!std::isnan(pixels[2 * i].x()) && !std::isnan(pixels[2 * i + 1].x())) {
            painter.setPen(strong[i] ? QPen(m_scene.theme.text, 1.6) : QPen(faint, 1));
            painter.drawLine(pixels[2 * i], pixels[2 * i + 1]);
        }
    }
}

void MapOverlay::paintMarkers(QPainter& painter) const
{
    std::vector<PointCloud::Position> places;
    places.reserve(m_markers.size());
    for (const MapMarker& marker : m_markers) {
        places.push_back(m_scene.cloud.place(marker.x, marker.y, marker.z));
    }
    const auto pixels = toPixels(places);
    for (std::size_t i = 1; i < m_markers.size(); ++i) {
        if (m_markers[i].joined && !std::isnan(pixels[i].x()) && !std::isnan(pixels[i - 1].x())) {
            const bool dashed = m_markers[i].dashed;
            painter.setPen(QPen(m_markers[i].colour, dashed ? 1 : 2, dashed ? Qt::DashLine : Qt::SolidLine));
            painter.drawLine(pixels[i - 1], pixels[i]);
        }
    }
    QFont bold = font();
    bold.setPixelSize(12);
    bold.setBold(true);
    painter.setFont(bold);
    for (std::size_t i = 0; i < m_markers.size(); ++i) {
        if (std::isnan(pixels[i].x())) {
            continue;
        }
        const MapMarker& marker = m_markers[i];
        const double radius = marker.label.isEmpty() ? 4 : 5.5;
        painter.setPen(QPen(marker.filled ? m_scene.theme.background : marker.colour, marker.filled ? 1.5 : 2));
        painter.setBrush(marker.filled ? marker.colour : m_scene.theme.background);
        painter.drawEllipse(pixels[i], radius, radius);
        if (!marker.label.isEmpty()) {
            drawHaloedText(painter, pixels[i] + QPointF(radius + 5, 4), marker.label, marker.colour,
                           m_scene.theme.background);
        }
    }
}

/// The three axes of the layout as they are turned now, in the corner above the footer.
void MapOverlay::paintTriad(QPainter& painter) const
{
    if (m_scene.camera.flat || m_scene.cloud.size() == 0) {
        return;
    }
    const auto m = m_scene.camera.matrix(1);
    const double scale = kTriadPx / std::sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2]);
    const QPointF origin = triadArea().center();
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    constexpr std::array names{'x', 'y', 'z'};
    for (std::size_t i = 0; i < 3; ++i) {
        const QPointF tip = origin + QPointF(m[i] * scale, -m[4 + i] * scale);
        painter.setPen(QPen(m_scene.theme.muted, 1.5));
        painter.drawLine(origin, tip);
        painter.setPen(m_scene.theme.muted);
        const QPointF label = origin + (tip - origin) * 1.3;
        painter.drawText(QRectF(label.x() - 6, label.y() - 7, 12, 14), Qt::AlignCenter, QChar(QLatin1Char(names[i])));
    }
}

void MapOverlay::paintTexts(QPainter& painter) const
{
    QFont small = font();
    small.setPixelSize(12);
    painter.setFont(small);
    const QRect inner = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
    painter.setPen(m_scene.theme.muted);
    const int room = m_avoided.isEmpty() ? inner.width() : m_avoided.left() - kMargin - inner.left();
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignBottom,
                     painter.fontMetrics().elidedText(m_footer, Qt::ElideRight, std::max(room, 0)));
    painter.drawText(inner, Qt::AlignRight | Qt::AlignTop, m_notice);
    if (m_scene.cloud.size() == 0) {
        const int side = std::max(0, (width() - kEmptyTextPx) / 2);
        painter.drawText(rect().adjusted(side, 0, -side, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("The map appears here once the samples have vectors:\nopen pictures and a CLIP model, or a "
                            "file of vectors."));
    }
}

void MapOverlay::paintOutline(QPainter& painter) const
{
    painter.setBrush(Qt::NoBrush);
    if (!m_outline.isEmpty()) {
        QColor tint = m_scene.theme.accent;
        tint.setAlpha(20);
        painter.fillPath(m_outline, tint);
        painter.setPen(QPen(m_scene.theme.text, 1.2, Qt::CustomDashLine, Qt::FlatCap, Qt::RoundJoin));
        QPen dashes = painter.pen();
        dashes.setDashPattern({4, 3});
        painter.setPen(dashes);
        painter.drawPath(m_outline);
    }
    if (m_brushRadius > 0) {
        painter.setPen(QPen(m_scene.theme.text, 1));
        painter.drawEllipse(m_brushAt, m_brushRadius, m_brushRadius);
    }
}

/// The hovered point stands out here and not among the points, so that hovering redraws none of them.
void MapOverlay::paintHovered(QPainter& painter) const
{
    const auto drawn = static_cast<std::size_t>(m_scene.hovered);
    if (m_scene.hovered < 0 || drawn >= m_scene.cloud.size() || !m_scene.cloud.visible()[drawn]) {
        return;
    }
    const QPointF at = toPixels({m_scene.cloud.to()[drawn]}).front();
    if (!rect().contains(at.toPoint())) { // neither is NaN
        return;
    }
    const auto& rgba = m_scene.cloud.colours()[drawn];
    const double radius = 0.8 * m_scene.sizePx;
    painter.setPen(QPen(m_scene.cloud.states()[drawn].current ? m_scene.theme.accent : m_scene.theme.text, 1.5));
    painter.setBrush(QColor(rgba[0], rgba[1], rgba[2]));
    painter.drawEllipse(at, radius, radius);
    if (!m_cardImage.isNull() || !m_cardText.isEmpty()) {
        paintCard(painter, at);
    }
}

/// Below right of the point if there is room, never over the legend.
QPointF MapOverlay::cardCorner(const QPointF& at, const QSizeF& size) const
{
    constexpr double offset = 14, edge = 4;
    QPointF corner = at + QPointF(offset, offset);
    if (corner.x() + size.width() > width() - edge) {
        corner.setX(at.x() - offset - size.width());
    }
    if (corner.y() + size.height() > height() - edge) {
        corner.setY(at.y() - offset - size.height());
    }
    if (QRectF(corner, size).intersects(m_avoided)) {
        corner = {m_avoided.left() - edge - size.width(), corner.y()};
        if (QRectF(corner, size).contains(at)) {
            corner.setY(at.y() - offset - size.height());
        }
    }
    return {std::max(edge, corner.x()), std::max(edge, corner.y())};
}

void MapOverlay::paintCard(QPainter& painter, const QPointF& at) const
{
    QTextDocument text;
    QFont body = font();
    body.setPixelSize(12);
    text.setDefaultFont(body);
    text.setDocumentMargin(0);
    text.setHtml(Qt::mightBeRichText(m_cardText) ? m_cardText : linesAsHtml(m_cardText));
    text.setTextWidth(std::min<double>(kCardTextPx, text.idealWidth() + 1));
    const QSizeF picture = m_cardImage.isNull()
                               ? QSizeF(0, 0)
                               : QSizeF(m_cardImage.size()).scaled(kCardPicturePx, kCardPicturePx, Qt::KeepAspectRatio);
    const QSizeF words = m_cardText.isEmpty() ? QSizeF(0, 0) : text.size();
    const double gap = picture.width() > 0 && words.width() > 0 ? kCardPadding : 0;
    const QSizeF size(picture.width() + gap + words.width() + 2 * kCardPadding,
                      std::max(picture.height(), words.height()) + 2 * kCardPadding);
    const QPointF corner = cardCorner(at, size);
    painter.setPen(m_scene.theme.line);
    painter.setBrush(m_scene.theme.panel);
    painter.drawRoundedRect(QRectF(corner, size), 6, 6);
    const QPointF inner = corner + QPointF(kCardPadding, kCardPadding);
    painter.drawImage(QRectF(inner, picture), m_cardImage);
    painter.save();
    painter.translate(inner + QPointF(picture.width() + gap, 0));
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, m_scene.theme.text);
    text.documentLayout()->draw(&painter, context);
    painter.restore();
}

} // namespace semascope::ui
