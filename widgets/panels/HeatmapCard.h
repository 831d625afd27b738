#pragma once
#include <QImage>
#include <QWidget>

#include <vector>

namespace semascope::ui {

/// The card beside the pointer: a picture, a text, and what the two have to do with each other.
class HeatmapCard : public QWidget
{
    Q_OBJECT

public:
    struct Line
    {
        QString what, value, note;
    };
    struct Content
    {
        QImage picture;
        QString text, name;
        std::vector<Line> lines;
    };

    explicit HeatmapCard(QWidget* parent);
    void setContent(Content content);
    void setPicture(const QImage& picture);
    const Content& content() const { return m_content; }
    /// Shows it inside of the parent, beside `cell` and not over it.
    void showAt(const QRect& cell);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int paintWords(QPainter& painter, int left) const;

    Content m_content;
    QStringList m_textLines;
    int m_valueLeft = 0, m_noteLeft = 0;
};

} // namespace semascope::ui
