#include "widgets/panels/PictureBox.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/CellPainter.h"
#include "widgets/panels/Controls.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr double kLargestZoom = 4; ///< tiny pictures grow no further
constexpr qsizetype kLongestCaption = 400;

} // namespace

PictureBox::PictureBox(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("pictureBox"));
    setAccessibleName(tr("Picture"));
}

void PictureBox::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_dataset = std::move(dataset);
    m_thumbnails = thumbnails;
    m_sample = -1;
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, this, [this](const std::vector<std::uint32_t>& samples) {
            if (m_sample >= 0 && std::find(samples.begin(), samples.end(), std::uint32_t(m_sample)) != samples.end()) {
                update();
            }
        });
    }
    update();
}

void PictureBox::setSample(qint64 sample)
{
    m_sample = m_dataset && sample >= 0 && std::size_t(sample) < m_dataset->samples.size() ? sample : -1;
    ask();
    update();
}

void PictureBox::setFramed(bool framed)
{
    m_framed = framed;
    update();
}

int PictureBox::side() const
{
    return int(std::max(width(), height()) * devicePixelRatioF());
}

void PictureBox::ask()
{
    if (m_thumbnails) {
        m_thumbnails->setVisible(
            this, m_sample >= 0 ? std::vector<std::uint32_t>{std::uint32_t(m_sample)} : std::vector<std::uint32_t>{},
            side());
    }
}

void PictureBox::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    ask();
}

void PictureBox::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) {
        Q_EMIT clicked();
    }
}

void PictureBox::paintCard(QPainter& painter) const
{
    const Tokens t = tokens();
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.soft);
    painter.drawRoundedRect(rect(), Tokens::kRadius, Tokens::kRadius);
    const core::Sample& sample = m_dataset->samples[std::size_t(m_sample)];
    const QString text =
        sample.captions.empty() ? tr("no picture") : pathText(sample.captions.front()).left(kLongestCaption);
    painter.setPen(sample.captions.empty() ? t.muted : t.text);
    painter.drawText(rect().adjusted(10, 8, -10, -8), Qt::AlignCenter | Qt::TextWordWrap, text);
}

void PictureBox::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto sample = std::uint32_t(m_sample);
    if (m_sample >= 0 && !m_dataset->hasPicture(sample)) {
        paintCard(painter);
        return;
    }
    const QImage image = m_sample >= 0 && m_thumbnails ? m_thumbnails->findAny(sample, side()) : QImage();
    if (image.isNull()) {
        if (m_sample >= 0 && m_thumbnails && m_thumbnails->state(sample, side()) == ThumbnailCache::State::Broken) {
            drawBroken(painter, rect());
            return;
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens().background);
        painter.drawRoundedRect(rect(), Tokens::kRadius, Tokens::kRadius);
        return;
    }
    const double zoom = std::min({double(width()) / image.width(), double(height()) / image.height(), kLargestZoom});
    const QSizeF size(image.width() * zoom, image.height() * zoom);
    const QRectF box(QPointF((width() - size.width()) / 2, (height() - size.height()) / 2), size);
    drawCropped(painter, box, image);
    if (m_framed) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens().accent, 2));
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4);
    }
}

} // namespace semascope::ui
