#pragma once
#include "widgets/panels/CaptionList.h"
#include "widgets/panels/NeighbourStrip.h"

class QLabel;
class QPushButton;

namespace semascope::ui {

/// The nearest neighbours of the current sample. Pictures and captions are lists of their own and never mixed; a line
/// says which cosine each shows.
class NeighbourPanel : public QWidget
{
    Q_OBJECT

public:
    explicit NeighbourPanel(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// `line` says what the numbers are, `tip` why.
    void setNeighbours(std::vector<NeighbourItem> neighbours, const QString& line, const QString& tip);
    void setCaptions(std::vector<CaptionItem> captions, const QString& line, const QString& tip);
    /// Shown in place of captions, such as "embedding 500 captions…".
    void setCaptionsBusy(const QString& text);
    /// Whether the dataset has captions at all, and why they cannot be searched (empty when they can).
    void setCaptionsOffered(bool offered, const QString& problem = {});
    bool showsCaptions() const { return m_captionsShown; }

Q_SIGNALS:
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void hovered(qint64 sample);
    void captionsWanted(); ///< the user turned to the captions
    void likeThisWanted(); ///< all samples in order of likeness to this one

private:
    QWidget* makeHeading();
    void turnTo(bool captions);
    void showLine();

    struct Line
    {
        QString text, tip;
    };
    QPushButton *m_pictures = nullptr, *m_captions = nullptr, *m_like = nullptr;
    QLabel *m_dot = nullptr, *m_line = nullptr;
    NeighbourStrip* m_strip = nullptr;
    CaptionList* m_list = nullptr;
    Line m_pictureLine, m_captionLine;
    bool m_captionsShown = false;
};

} // namespace semascope::ui
