#include "widgets/panels/HeatmapView.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/HeatmapCard.h"
#include "widgets/panels/HeatmapGrid.h"
#include "widgets/panels/HeatmapLegend.h"
#include "widgets/panels/Numbers.h"

#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kCardSide = 160; // of the picture on the card, and what cropping takes away
constexpr int kPauseMs = 120;  // so that a quick pointer does not drag a card along

} // namespace

HeatmapView::HeatmapView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("heatmapView"));
    setAccessibleName(tr("Heatmap of texts and pictures"));
    setAutoFillBackground(true);
    m_controls = new HeatmapControls(this);
    m_pages = new QStackedWidget(this);
    m_grid = new HeatmapGrid(m_pages);
    m_message = makeCaption({}, QStringLiteral("heatmapMessage"), m_pages);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(4 * Tokens::kGrid);
    m_pages->addWidget(m_grid);
    m_pages->addWidget(m_message);
    build();
    m_card = new HeatmapCard(this);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &HeatmapView::showCard);
    connect(m_controls, &HeatmapControls::specChanged, this, &HeatmapView::specChanged);
    connect(m_controls, &HeatmapControls::exportWanted, this, &HeatmapView::exportWanted);
    connect(m_controls, &HeatmapControls::cellWidthChosen, m_grid, &HeatmapGrid::setCellWidth);
    connect(m_grid, &HeatmapGrid::cellWidthChanged, m_controls, &HeatmapControls::setCellWidth);
    connect(m_grid, &HeatmapGrid::hovered, this, &HeatmapView::hovered);
    connect(m_grid, &HeatmapGrid::activated, this, &HeatmapView::activated);
    connect(m_grid, &HeatmapGrid::textClicked, this, &HeatmapView::orderBy);
    connect(m_grid, &HeatmapGrid::looked, this, &HeatmapView::look);
    setMessage({});
}

void HeatmapView::build()
{
    m_legend = new HeatmapLegend(this);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    for (ElidedLabel** label : {&m_said, &m_notes}) {
        *label = new ElidedLabel(this);
        (*label)->setProperty("role", QStringLiteral("caption"));
        words->addWidget(*label);
    }
    m_said->setObjectName(QStringLiteral("heatmapSaid"));
    m_notes->setObjectName(QStringLiteral("heatmapNotes"));
    auto* foot = new QHBoxLayout;
    foot->setSpacing(3 * Tokens::kGrid);
    foot->addWidget(m_legend, 0, Qt::AlignTop);
    foot->addLayout(words, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(Tokens::kGrid, Tokens::kGrid, Tokens::kGrid, 4);
    column->setSpacing(Tokens::kGrid);
    column->addWidget(m_controls);
    column->addWidget(m_pages, 1);
    column->addLayout(foot);
}

void HeatmapView::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_dataset = dataset;
    m_thumbnails = thumbnails;
    m_scores.reset();
    m_table = {};
    m_grid->setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, this, [this] {
            if (m_card->isVisible()) {
                fillCard();
            }
        });
    }
}

void HeatmapView::setTable(HeatmapTable table, std::shared_ptr<const HeatmapScores> scores)
{
    look(-1, -1);
    m_table = std::move(table);
    m_scores = std::move(scores);
    m_grid->setFigure(m_table.figure, m_table.sortedBy, spec().look.lowFirst);
    m_legend->setFigure(m_table.figure);
    m_said->setWhole(m_table.figure.footer);
    m_notes->setWhole(m_table.notes.join(QStringLiteral(" · ")));
    m_pages->setCurrentWidget(m_grid);
}

void HeatmapView::setMessage(const QString& message)
{
    look(-1, -1);
    m_table = {};
    m_scores.reset();
    m_grid->setFigure({}, -1, false);
    m_legend->setFigure({});
    m_said->setWhole({});
    m_notes->setWhole({});
    m_message->setText(message);
    m_pages->setCurrentWidget(m_message);
}

void HeatmapView::setCurrent(qint64 sample)
{
    m_grid->setCurrent(sample);
}

void HeatmapView::setHovered(qint64 sample)
{
    m_grid->setHovered(sample);
}

/// Highest first, then lowest first, then as they were chosen.
void HeatmapView::orderBy(int text)
{
    if (!m_scores) {
        return;
    }
    HeatmapSpec changed = spec();
    HeatmapLook& look = changed.look;
    const QString wanted = QString::fromStdString(m_scores->texts[m_table.rowOf[std::size_t(text)]].text);
    const bool already = look.order == HeatmapLook::Order::Text && look.orderText == wanted;
    look.order = already && look.lowFirst ? HeatmapLook::Order::Chosen : HeatmapLook::Order::Text;
    look.lowFirst = already && !look.lowFirst;
    look.orderText = look.order == HeatmapLook::Order::Text ? wanted : QString();
    m_controls->setSpec(changed);
    Q_EMIT specChanged(changed);
}

void HeatmapView::look(int text, int picture)
{
    m_text = text;
    m_picture = picture;
    if (text < 0 || picture < 0 || !m_scores) {
        m_pause.stop();
        m_card->hide();
    } else if (m_card->isVisible()) {
        showCard();
    } else {
        m_pause.start();
    }
}

void HeatmapView::showCard()
{
    if (m_text < 0 || m_picture < 0 || !m_scores) {
        return;
    }
    fillCard();
    const QRect cell = m_grid->cellRect(m_text, m_picture);
    m_card->showAt({m_grid->viewport()->mapTo(this, cell.topLeft()), cell.size()});
}

void HeatmapView::fillCard()
{
    const HeatmapFigure& figure = m_table.figure;
    const HeatmapFigure::Column& column = figure.pictures[m_picture];
    const HeatmapCell cell = heatmapCellOf(*m_scores, m_table, std::size_t(m_text), std::size_t(m_picture));
    HeatmapCard::Content content;
    content.text = figure.texts[m_text];
    content.name = column.id;
    if (m_thumbnails && m_dataset && m_dataset->hasPicture(column.sample)) {
        content.picture = m_thumbnails->findAny(column.sample, kCardSide);
        m_thumbnails->request(column.sample, kCardSide);
    }
    content.lines.push_back({tr("cosine"), cosineText(cell.cosine), {}});
    content.lines.push_back({tr("percentile"), percentileText(cell.percentile),
                             tr("of %1 pictures").arg(countText(m_scores->scores.among))});
    if (std::isfinite(cell.contrast)) {
        const int other = m_scores->texts[m_table.rowOf[std::size_t(m_text)]].opposite;
        content.lines.push_back({tr("contrast"), contrastText(cell.contrast),
                                 tr("to “%1”").arg(QString::fromStdString(m_scores->texts[std::size_t(other)].text))});
    }
    const auto texts = std::count_if(m_scores->texts.begin(), m_scores->texts.end(),
                                     [](const HeatmapText& text) { return !text.neutral; });
    if (std::isfinite(cell.probability)) {
        content.lines.push_back(
            {tr("probability"), probabilityText(cell.probability), tr("among %1 texts").arg(texts)});
    }
    if (figure.isOwn(m_text, m_picture)) {
        content.lines.push_back({tr("its own caption"), {}, {}});
    }
    m_card->setContent(std::move(content));
}

void HeatmapView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    Q_EMIT shown();
}

} // namespace semascope::ui
