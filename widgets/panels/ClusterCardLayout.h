#pragma once
#include "widgets/panels/ClusterCard.h"

#include <QRect>

namespace semascope::ui {

/// Which blocks the cards have: the same for all of them, so that rows of cards line up.
struct CardBlocks
{
    bool meta = false, outliers = false, centre = false;
    int prototypes = 0, words = 0, facts = 0; ///< how many at most
    bool operator==(const CardBlocks&) const = default;
};
CardBlocks blocksOf(const std::vector<ClusterCard>& cards);

/// A part of a card and which one of its kind.
struct CardPart
{
    enum Kind { None, Head, Prototype, Outlier, Centre, Word, Fact } kind = None;
    int index = 0;
    bool operator==(const CardPart&) const = default;
};

/// Where things stand on a card of this width; (0, 0) is its corner.
class CardLayout
{
public:
    static constexpr int kLeast = 272, kPad = 12, kGap = 4, kRow = 18, kHead = 24, kSmall = 40;

    CardLayout() = default;
    CardLayout(int width, const CardBlocks& blocks);

    int width() const { return m_width; }
    int height() const { return m_height; }
    const CardBlocks& blocks() const { return m_blocks; }
    QSize cell() const { return m_cell; }
    QRect head() const { return {kPad, kPad - 2, inner(), kHead}; }
    QRect name() const; ///< without swatch and size
    QRect meta() const { return {kPad, head().bottom() + 1, inner(), kRow}; }
    QRect prototype(int i) const;
    QRect outlier(int i) const;
    QRect centre() const;
    QRect word(int i) const { return {kPad, m_words + i * kRow, inner(), kRow}; }
    QRect fact(int i) const { return {kPad, m_facts + i * kRow, inner(), kRow}; }
    /// The small headings; null rectangles where there is no such block.
    QRect outlierTitle() const { return m_blocks.outliers ? title(m_outliers, inner() - kSmall - kPad) : QRect(); }
    QRect centreTitle() const;
    QRect wordTitle() const { return m_blocks.words > 0 ? title(m_words, inner()) : QRect(); }
    QRect factTitle() const { return m_blocks.facts > 0 ? title(m_facts, inner()) : QRect(); }

    CardPart partAt(const QPoint& point) const;
    QRect rectOf(const CardPart& part) const;

private:
    static constexpr int kTitle = 18;
    int inner() const { return m_width - 2 * kPad; }
    static QRect title(int top, int width) { return {kPad, top - kTitle, width, kTitle}; }

    CardBlocks m_blocks;
    int m_width = kLeast, m_height = 0, m_columns = 4;
    QSize m_cell{50, 40};
    int m_prototypes = 0, m_outliers = 0, m_words = 0, m_facts = 0; ///< tops
};

} // namespace semascope::ui
