#pragma once
#include "core/data/Dataset.h"

#include <QWidget>

#include <memory>

namespace semascope::ui {

class ThumbnailCache;

/// One sample's picture, whole, its aspect kept; a caption card where there is none. Shows a smaller thumbnail until
/// the picture of its size is decoded.
class PictureBox : public QWidget
{
    Q_OBJECT

public:
    explicit PictureBox(QWidget* parent = nullptr);
    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    void setSample(qint64 sample);
    /// Draws the accent's frame around the picture.
    void setFramed(bool framed);

Q_SIGNALS:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    int side() const;
    void ask();
    void paintCard(QPainter& painter) const;

    std::shared_ptr<const core::Dataset> m_dataset;
    ThumbnailCache* m_thumbnails = nullptr;
    QMetaObject::Connection m_ready;
    qint64 m_sample = -1;
    bool m_framed = false;
};

} // namespace semascope::ui
