#include "widgets/panels/ClusterCardLayout.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kCellAspect = 0.81;
constexpr int kSwatchRoom = 20, kSizeRoom = 96, kBlockGap = 6;
constexpr int kWideCell = 52; ///< all prototypes stand in one row when cells stay at least this wide

int most(int before, std::size_t count)
{
    return std::max(before, static_cast<int>(count));
}

} // namespace

CardBlocks blocksOf(const std::vector<ClusterCard>& cards)
{
    CardBlocks b;
    for (const ClusterCard& c : cards) {
        b.meta = b.meta || std::isfinite(c.confidence);
        b.outliers = b.outliers || !c.outliers.empty();
        b.centre = b.centre || !c.centre.isNull() || c.centreSample >= 0;
        b.prototypes = most(b.prototypes, c.prototypes.size());
        b.words = most(b.words, c.words.size());
        b.facts = most(b.facts, c.facts.size());
    }
    return b;
}

CardLayout::CardLayout(int width, const CardBlocks& blocks) : m_blocks(blocks), m_width(width)
{
    const int count = std::max(1, blocks.prototypes);
    const bool oneRow = (inner() + kGap) / count - kGap >= kWideCell;
    m_columns = oneRow ? std::max(4, count) : 4;
    const int cell = (inner() - (m_columns - 1) * kGap) / m_columns;
    m_cell = QSize(cell, static_cast<int>(cell * kCellAspect));
    int top = meta().top() + (blocks.meta ? kRow : 0) + kGap;
    m_prototypes = top;
    const int rows = blocks.prototypes > 0 ? (count + m_columns - 1) / m_columns : 0;
    top += rows * (m_cell.height() + kGap) - (rows > 0 ? kGap : 0);
    const auto block = [&top](int& at, int height) {
        if (height > 0) {
            at = top + kBlockGap + kTitle;
            top = at + height;
        }
    };
    block(m_outliers, blocks.outliers || blocks.centre ? kSmall : 0);
    block(m_words, blocks.words * kRow);
    block(m_facts, blocks.facts * kRow);
    m_height = top + kPad;
}

QRect CardLayout::name() const
{
    return head().adjusted(kSwatchRoom, 0, -kSizeRoom, 0);
}

QRect CardLayout::prototype(int i) const
{
    return {
        QPoint(kPad + i % m_columns * (m_cell.width() + kGap), m_prototypes + i / m_columns * (m_cell.height() + kGap)),
        m_cell};
}

QRect CardLayout::outlier(int i) const
{
    return {kPad + i * (kSmall + kGap), m_outliers, kSmall, kSmall};
}

QRect CardLayout::centre() const
{
    return {m_width - kPad - kSmall, m_outliers, kSmall, kSmall};
}

QRect CardLayout::centreTitle() const
{
    constexpr int wide = 120;
    return m_blocks.centre ? QRect(m_width - kPad - wide, m_outliers - kTitle, wide, kTitle) : QRect();
}

QRect CardLayout::rectOf(const CardPart& part) const
{
    switch (part.kind) {
    case CardPart::Head:
        return head();
    case CardPart::Prototype:
        return prototype(part.index);
    case CardPart::Outlier:
        return outlier(part.index);
    case CardPart::Centre:
        return centre();
    case CardPart::Word:
        return word(part.index);
    case CardPart::Fact:
        return fact(part.index);
    case CardPart::None:
        break;
    }
    return {0, 0, m_width, m_height};
}

CardPart CardLayout::partAt(const QPoint& point) const
{
    constexpr int outliers = 4;
    if (head().contains(point) || point.y() < head().top()) {
        return {CardPart::Head, 0};
    }
    const std::pair<CardPart::Kind, int> kinds[] = {{CardPart::Prototype, m_blocks.prototypes},
                                                    {CardPart::Outlier, m_blocks.outliers ? outliers : 0},
                                                    {CardPart::Centre, m_blocks.centre ? 1 : 0},
                                                    {CardPart::Word, m_blocks.words},
                                                    {CardPart::Fact, m_blocks.facts}};
    for (const auto& [kind, count] : kinds) {
        for (int i = 0; i < count; ++i) {
            if (rectOf({kind, i}).contains(point)) {
                return {kind, i};
            }
        }
    }
    return {};
}

} // namespace semascope::ui
