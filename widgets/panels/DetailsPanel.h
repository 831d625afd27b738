#pragma once
#include "widgets/panels/NeighbourPanel.h"
#include "widgets/panels/ScoreBars.h"
#include "widgets/panels/ScoreHeader.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace semascope::ui {

class ElidedLabel;
class PictureBox;

/// What is known of a sample beside its row in the dataset.
struct SampleFacts
{
    std::vector<std::pair<QString, QString>> attributes; ///< name, value; missing ones left out
    QString cluster;                                     ///< "people playing sport (.82)", or empty
    QStringList notes; ///< what the model sees otherwise: turned by EXIF, colours under alpha, …
};

/// The current sample: picture, name, captions, attributes, cluster, prompt scores and nearest neighbours.
class DetailsPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kCaptions = 3;   ///< shown of a sample; the rest are counted and in the tooltip
    static constexpr int kAttributes = 5; ///< likewise

    explicit DetailsPanel(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// −1 shows that nothing is current.
    void setSample(qint64 sample, const SampleFacts& facts);
    /// `header` says which value is in front.
    void setScores(const std::vector<PromptScore>& scores, int activePrompt, const ScoreHeader::Facts& header);
    NeighbourPanel* neighbours() const { return m_neighbours; }
    qint64 sample() const { return m_sample; }

Q_SIGNALS:
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers); ///< a neighbour was chosen
    void hovered(qint64 sample);
    void promptChosen(int prompt);
    void contrastWanted(int prompt);
    void scoreKindChosen(semascope::ui::ScoreKind kind);
    void pictureClicked();

private:
    QWidget* makeTop();
    void showCaptions(const core::Sample& sample);
    void showAttributes(const SampleFacts& facts);
    void showNotes(const core::Sample& sample, const SampleFacts& facts);
    void showSections();

    std::shared_ptr<const core::Dataset> m_dataset;
    qint64 m_sample = -1;
    PictureBox* m_picture = nullptr;
    ElidedLabel* m_name = nullptr;
    QLabel *m_captions = nullptr, *m_attributes = nullptr, *m_cluster = nullptr, *m_notes = nullptr;
    ScoreHeader* m_scoreHeader = nullptr;
    QLabel* m_noScores = nullptr;
    ScoreBars* m_scores = nullptr;
    QWidget* m_scoreArea = nullptr;
    NeighbourPanel* m_neighbours = nullptr;
    bool m_anyScores = false;
};

} // namespace semascope::ui
