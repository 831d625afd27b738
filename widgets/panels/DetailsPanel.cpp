#include "widgets/panels/DetailsPanel.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/PictureBox.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScrollArea>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr QSize kPicture{168, 126};
constexpr qsizetype kCaptionLength = 160;
constexpr int kMostScoreHeight = 196, kLeastScoreHeight = 78;

/// A scroll area as tall as what it holds, up to a limit.
class FittingArea : public QScrollArea
{
public:
    using QScrollArea::QScrollArea;
    QSize sizeHint() const override
    {
        const int wanted = widget() ? widget()->sizeHint().height() : 0;
        return {QScrollArea::sizeHint().width(), std::min(wanted, kMostScoreHeight)};
    }
    QSize minimumSizeHint() const override { return {60, std::min(sizeHint().height(), kLeastScoreHeight)}; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::LayoutRequest) {
            updateGeometry();
        }
        return QScrollArea::eventFilter(watched, event);
    }
};

} // namespace

DetailsPanel::DetailsPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("detailsPanel"));
    setAccessibleName(tr("Current sample"));
    m_scoreHeader = new ScoreHeader(this);
    m_noScores = makeCaption(tr("Add a prompt above to see how much this picture looks like it."),
                             QStringLiteral("detailsNoScores"), this);
    m_scores = new ScoreBars(this);
    auto* area = new FittingArea(this);
    area->setObjectName(QStringLiteral("scoreArea"));
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    area->setWidget(m_scores);
    m_scoreArea = area;
    m_neighbours = new NeighbourPanel(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(makeTop());
    column->addSpacing(Tokens::kGrid);
    column->addWidget(m_scoreHeader);
    column->addWidget(m_noScores);
    column->addWidget(m_scoreArea);
    column->addSpacing(Tokens::kGrid);
    column->addWidget(m_neighbours);
    column->addStretch(1);
    connect(m_scores, &ScoreBars::chosen, this, &DetailsPanel::promptChosen);
    connect(m_scores, &ScoreBars::contrastWanted, this, &DetailsPanel::contrastWanted);
    connect(m_scoreHeader, &ScoreHeader::chosen, this, &DetailsPanel::scoreKindChosen);
    connect(m_neighbours, &NeighbourPanel::activated, this, &DetailsPanel::activated);
    connect(m_neighbours, &NeighbourPanel::hovered, this, &DetailsPanel::hovered);
    connect(m_picture, &PictureBox::clicked, this, &DetailsPanel::pictureClicked);
    setSample(-1, {});
    setScores({}, -1, {});
}

QWidget* DetailsPanel::makeTop()
{
    auto* top = new QWidget(this);
    m_picture = new PictureBox(top);
    m_picture->setFixedSize(kPicture);
    m_name = new ElidedLabel(top);
    m_name->setObjectName(QStringLiteral("detailsName"));
    m_name->setProperty("role", QStringLiteral("title"));
    m_captions = makeCaption(QString(), QStringLiteral("detailsCaptions"), top);
    QFont italic = captionFont();
    italic.setItalic(true);
    m_captions->setFont(italic);
    m_cluster = makeCaption(QString(), QStringLiteral("detailsCluster"), top);
    m_cluster->setToolTip(tipText(tr("The group this sample was put into; a number is how surely")));
    m_attributes = makeCaption(QString(), QStringLiteral("detailsAttributes"), top);
    m_notes = makeCaption(QString(), QStringLiteral("detailsNotes"), top);
    m_notes->setProperty("role", QStringLiteral("warning"));
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_picture, 0, Qt::AlignTop);
    auto* facts = new QVBoxLayout;
    facts->setSpacing(6);
    facts->addStretch(1);
    for (QWidget* label :
         {static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_captions), static_cast<QWidget*>(m_cluster),
          static_cast<QWidget*>(m_attributes), static_cast<QWidget*>(m_notes)}) {
        facts->addWidget(label);
    }
    facts->addStretch(1);
    row->addLayout(facts, 1);
    return top;
}

void DetailsPanel::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    m_dataset = dataset;
    m_picture->setSource(dataset, thumbnails);
    m_neighbours->setSource(std::move(dataset), thumbnails);
    setSample(-1, {});
}

void DetailsPanel::setSample(qint64 sample, const SampleFacts& facts)
{
    const bool known = m_dataset && sample >= 0 && std::size_t(sample) < m_dataset->samples.size();
    m_sample = known ? sample : -1;
    m_picture->setSample(m_sample);
    m_picture->setVisible(known);
    showSections();
    if (!known) {
        m_name->setWhole(tr("No sample chosen"));
        m_captions->setText(tr("Click a point of the map or a picture of the gallery."));
        m_captions->setToolTip(QString());
        for (QLabel* label : {m_cluster, m_attributes, m_notes}) {
            label->hide();
        }
        m_captions->show();
        return;
    }
    const core::Sample& row = m_dataset->samples[std::size_t(sample)];
    m_name->setWhole(shortName(row.id));
    m_picture->setAccessibleName(tr("Picture of %1").arg(shortName(row.id)));
    showCaptions(row);
    m_cluster->setText(tr("cluster: %1").arg(facts.cluster));
    m_cluster->setVisible(!facts.cluster.isEmpty());
    showAttributes(facts);
    showNotes(row, facts);
}

void DetailsPanel::showCaptions(const core::Sample& sample)
{
    QStringList lines, all;
    for (std::size_t i = 0; i < sample.captions.size(); ++i) {
        QString text = pathText(sample.captions[i]).simplified();
        all << text;
        if (text.size() > kCaptionLength) {
            text = text.left(kCaptionLength) + QChar(0x2026);
        }
        if (i < std::size_t(kCaptions)) {
            lines << tr("“%1”").arg(text);
        }
    }
    const int more = int(sample.captions.size()) - kCaptions;
    if (more > 0) {
        lines << tr("… %1 more").arg(more);
    }
    m_captions->setText(lines.join(QLatin1Char('\n')));
    m_captions->setToolTip(more > 0 ? tipText(all.join(QLatin1Char('\n'))) : QString());
    m_captions->setVisible(!lines.isEmpty());
}

void DetailsPanel::showAttributes(const SampleFacts& facts)
{
    QStringList lines, all;
    for (const auto& [name, value] : facts.attributes) {
        all << tr("%1: %2").arg(name, value);
    }
    lines = all.mid(0, kAttributes);
    if (all.size() > kAttributes) {
        lines << tr("… %1 more").arg(all.size() - kAttributes);
    }
    m_attributes->setText(lines.join(QLatin1Char('\n')));
    m_attributes->setToolTip(all.size() > kAttributes ? tipText(all.join(QLatin1Char('\n'))) : QString());
    m_attributes->setVisible(!lines.isEmpty());
}

void DetailsPanel::showNotes(const core::Sample& sample, const SampleFacts& facts)
{
    QStringList notes = facts.notes;
    if (sample.transparent) {
        notes << tr("Transparent: the model sees the colours under it.");
    }
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
}

void DetailsPanel::setScores(const std::vector<PromptScore>& scores, int activePrompt, const ScoreHeader::Facts& header)
{
    m_scores->setScores(scores, activePrompt);
    m_scoreHeader->setFacts(header);
    m_scoreHeader->setAnyScores(!scores.empty());
    m_anyScores = !scores.empty();
    m_scoreArea->updateGeometry();
    showSections();
}

/// Without a sample there is nothing to score: the panel shrinks to its one hint.
void DetailsPanel::showSections()
{
    const bool known = m_sample >= 0;
    for (QWidget* part : {static_cast<QWidget*>(m_scoreHeader), static_cast<QWidget*>(m_neighbours)}) {
        part->setVisible(known);
    }
    m_noScores->setVisible(known && !m_anyScores);
    m_scoreArea->setVisible(known && m_anyScores);
}

} // namespace semascope::ui
