#include "widgets/panels/NeighbourPanel.h"

#include "widgets/panels/Controls.h"

#include <QHBoxLayout>

namespace semascope::ui {

NeighbourPanel::NeighbourPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("neighbourPanel"));
    setAccessibleName(tr("Nearest neighbours"));
    m_strip = new NeighbourStrip(this);
    m_list = new CaptionList(this);
    m_line = makeCaption(QString(), QStringLiteral("neighbourMeaning"), this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addWidget(makeHeading());
    column->addWidget(m_line);
    column->addWidget(m_strip);
    column->addWidget(m_list);
    connect(m_strip, &NeighbourStrip::activated, this, &NeighbourPanel::activated);
    connect(m_strip, &NeighbourStrip::hovered, this, &NeighbourPanel::hovered);
    connect(m_list, &CaptionList::activated, this, &NeighbourPanel::activated);
    connect(m_list, &CaptionList::hovered, this, &NeighbourPanel::hovered);
    setCaptionsOffered(false);
    turnTo(false);
}

QWidget* NeighbourPanel::makeHeading()
{
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    m_pictures = makeButton({tr("pictures"), QStringLiteral("nearestPictures"), tr("The nearest pictures")},
                            ButtonRole::Link, heading);
    m_captions = makeButton({tr("captions"), QStringLiteral("nearestCaptions"),
                             tr("The nearest captions of the dataset; they are embedded when first asked for")},
                            ButtonRole::Link, heading);
    m_dot = makeSection(QStringLiteral("·"), heading);
    m_like = makeButton(
        {tr("more like this"), QStringLiteral("moreLikeThis"), tr("All samples in the gallery, the most alike first")},
        ButtonRole::Link, heading);
    QLabel* title = makeSection(tr("NEAREST NEIGHBOURS"), heading);
    title->setToolTip(tipText(
        tr("The samples whose embeddings point most nearly the same way (highest cosine), best first. The search is "
           "exact.")));
    row->addWidget(title);
    row->addSpacing(6);
    for (QWidget* part :
         {static_cast<QWidget*>(m_pictures), static_cast<QWidget*>(m_dot), static_cast<QWidget*>(m_captions)}) {
        row->addWidget(part);
    }
    row->addStretch(1);
    row->addWidget(m_like);
    for (QPushButton* button : {m_pictures, m_captions}) {
        button->setCheckable(true);
    }
    connect(m_pictures, &QPushButton::clicked, this, [this] { turnTo(false); });
    connect(m_captions, &QPushButton::clicked, this, [this] {
        turnTo(true);
        Q_EMIT captionsWanted();
    });
    connect(m_like, &QPushButton::clicked, this, &NeighbourPanel::likeThisWanted);
    return heading;
}

void NeighbourPanel::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    m_strip->setSource(std::move(dataset), thumbnails);
    m_list->setItems({});
}

void NeighbourPanel::setNeighbours(std::vector<NeighbourItem> neighbours, const QString& line, const QString& tip)
{
    m_like->setEnabled(!neighbours.empty());
    m_pictureLine = {neighbours.empty() ? QString() : line, tip};
    m_strip->setNeighbours(std::move(neighbours));
    showLine();
}

void NeighbourPanel::setCaptions(std::vector<CaptionItem> captions, const QString& line, const QString& tip)
{
    m_list->setEmptyText(tr("None known: this sample has no embedding yet."));
    m_captionLine = {captions.empty() ? QString() : line, tip};
    m_list->setItems(std::move(captions));
    showLine();
}

void NeighbourPanel::setCaptionsBusy(const QString& text)
{
    m_list->setEmptyText(text);
    m_list->setItems({});
    m_captionLine = {};
    showLine();
}

void NeighbourPanel::setCaptionsOffered(bool offered, const QString& problem)
{
    for (QWidget* part :
         {static_cast<QWidget*>(m_pictures), static_cast<QWidget*>(m_dot), static_cast<QWidget*>(m_captions)}) {
        part->setVisible(offered);
    }
    m_captions->setEnabled(problem.isEmpty());
    m_captions->setToolTip(
        tipText(problem.isEmpty() ? tr("The nearest captions of the dataset; they are embedded when first asked for")
                                  : problem));
    if (!offered || !problem.isEmpty()) {
        turnTo(false);
    }
}

void NeighbourPanel::turnTo(bool captions)
{
    m_captionsShown = captions;
    m_pictures->setChecked(!captions);
    m_captions->setChecked(captions);
    m_strip->setVisible(!captions);
    m_list->setVisible(captions);
    showLine();
}

void NeighbourPanel::showLine()
{
    const Line& line = m_captionsShown ? m_captionLine : m_pictureLine;
    m_line->setText(line.text);
    m_line->setToolTip(tipText(line.tip));
    m_line->setVisible(!line.text.isEmpty());
}

} // namespace semascope::ui
