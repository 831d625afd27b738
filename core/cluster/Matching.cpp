#include "core/cluster/Matching_p.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace semascope::core {

namespace {

constexpr std::size_t kMostWork = 8000000000ULL; ///< rows²·columns of a part: some ten seconds at worst

class Sets
{
public:
    explicit Sets(std::size_t n) : m_parent(n) { std::iota(m_parent.begin(), m_parent.end(), std::size_t{0}); }
    std::size_t find(std::size_t i)
    {
        while (m_parent[i] != i) {
            i = m_parent[i] = m_parent[m_parent[i]];
        }
        return i;
    }
    void join(std::size_t a, std::size_t b) { m_parent[find(a)] = find(b); }

private:
    std::vector<std::size_t> m_parent;
};

/// Counts of one connected part: rows ≤ columns.
struct Part
{
    std::size_t rows = 0, columns = 0;
    std::vector<std::int64_t> counts;
    bool turned = false;                         ///< rows are the bs
    std::vector<std::uint32_t> as = {}, bs = {}; ///< what the sides are called in the cells

    std::int64_t cost(std::size_t r, std::size_t c) const { return -counts[r * columns + c]; }
};

/// Shorter and longer side of a part.
std::pair<std::size_t, std::size_t> sidesOf(const std::vector<Cell>& cells)
{
    std::set<std::uint32_t> as, bs;
    for (const Cell& cell : cells) {
        as.insert(cell.a);
        bs.insert(cell.b);
    }
    return std::minmax({as.size(), bs.size()});
}

Part makePart(const std::vector<Cell>& cells)
{
    std::map<std::uint32_t, std::size_t> as, bs;
    for (const Cell& cell : cells) {
        as.emplace(cell.a, as.size());
        bs.emplace(cell.b, bs.size());
    }
    const bool turned = as.size() > bs.size();
    Part part{turned ? bs.size() : as.size(), turned ? as.size() : bs.size(), {}, turned};
    part.as.resize(as.size());
    part.bs.resize(bs.size());
    std::for_each(as.begin(), as.end(), [&](const auto& a) { part.as[a.second] = a.first; });
    std::for_each(bs.begin(), bs.end(), [&](const auto& b) { part.bs[b.second] = b.first; });
    part.counts.assign(part.rows * part.columns, 0);
    for (const Cell& cell : cells) {
        const std::size_t a = as[cell.a], b = bs[cell.b];
        part.counts[(turned ? b : a) * part.columns + (turned ? a : b)] = static_cast<std::int64_t>(cell.count);
    }
    return part;
}

/// Rows are matched one after the other, each along a shortest augmenting path in reduced costs.
class Hungarian
{
public:
    explicit Hungarian(Part part)
        : m_part(std::move(part)),
          m_rowPrice(m_part.rows, 0),
          m_columnPrice(m_part.columns, 0),
          m_rowOf(m_part.columns, kFree),
          m_columnOf(m_part.rows, kFree)
    {}

    std::uint64_t total()
    {
        match();
        std::int64_t sum = 0;
        for (std::size_t c = 0; c < m_part.columns; ++c) {
            sum += m_rowOf[c] == kFree ? 0 : -m_part.cost(m_rowOf[c], c);
        }
        return static_cast<std::uint64_t>(sum);
    }
    /// Writes the b of each a of the part; pairs that share nothing are left out.
    void pairs(std::vector<std::int64_t>& bOf)
    {
        match();
        for (std::size_t c = 0; c < m_part.columns; ++c) {
            if (m_rowOf[c] != kFree && m_part.cost(m_rowOf[c], c) < 0) {
                const std::size_t a = m_part.turned ? c : m_rowOf[c], b = m_part.turned ? m_rowOf[c] : c;
                bOf[m_part.as[a]] = m_part.bs[b];
            }
        }
    }

private:
    static constexpr std::size_t kFree = std::numeric_limits<std::size_t>::max();
    static constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();

    void match()
    {
        for (std::size_t r = 0; r < m_part.rows; ++r) {
            augment(r);
        }
    }

    /// Dijkstra from `root` over the columns; then the path to the first free column is flipped.
    void augment(std::size_t root)
    {
        const std::size_t columns = m_part.columns;
        m_distance.assign(columns, kFar);
        m_from.assign(columns, root);
        m_known.assign(columns, 0);
        std::size_t row = root, end = kFree;
        std::int64_t reached = 0;
        while (end == kFree) {
            std::size_t next = kFree;
            for (std::size_t c = 0; c < columns; ++c) {
                if (m_known[c] != 0) {
                    continue;
                }
                const std::int64_t way = reached + m_part.cost(row, c) - m_rowPrice[row] - m_columnPrice[c];
                if (way < m_distance[c]) {
                    m_distance[c] = way;
                    m_from[c] = row;
                }
                if (next == kFree || m_distance[c] < m_distance[next]) {
                    next = c;
                }
            }
            reached = m_distance[next];
            m_known[next] = 1;
            if (m_rowOf[next] == kFree) {
                end = next;
            } else {
                row = m_rowOf[next];
            }
        }
        reprice(root, reached);
        flip(root, end);
    }

    void reprice(std::size_t root, std::int64_t reached)
    {
        m_rowPrice[root] += reached;
        for (std::size_t c = 0; c < m_part.columns; ++c) {
            if (m_known[c] == 0) {
                continue;
            }
            if (m_rowOf[c] != kFree) {
                m_rowPrice[m_rowOf[c]] += reached - m_distance[c];
            }
            m_columnPrice[c] -= reached - m_distance[c];
        }
    }

    void flip(std::size_t root, std::size_t column)
    {
        for (;;) {
            const std::size_t row = m_from[column];
            m_rowOf[column] = row;
            std::swap(column, m_columnOf[row]); // the column it had is the next to hand over
            if (row == root) {
                return;
            }
        }
    }

    Part m_part;
    std::vector<std::int64_t> m_rowPrice, m_columnPrice, m_distance;
    std::vector<std::size_t> m_rowOf, m_columnOf, m_from;
    std::vector<char> m_known;
};

/// The connected parts of a table; none when one is so large that it would take minutes.
std::optional<std::vector<Part>> partsOf(const std::vector<Cell>& cells, std::size_t as, std::size_t bs)
{
    Sets sets(as + bs);
    for (const Cell& cell : cells) {
        sets.join(cell.a, as + cell.b);
    }
    std::map<std::size_t, std::vector<Cell>> groups;
    for (const Cell& cell : cells) {
        groups[sets.find(cell.a)].push_back(cell);
    }
    std::vector<Part> parts;
    for (const auto& [root, members] : groups) {
        const auto [rows, columns] = sidesOf(members);
        if (rows * rows * columns > kMostWork) {
            return std::nullopt;
        }
        parts.push_back(makePart(members));
    }
    return parts;
}

} // namespace

std::optional<std::uint64_t> bestMatching(const std::vector<Cell>& cells, std::size_t as, std::size_t bs)
{
    std::optional<std::vector<Part>> parts = partsOf(cells, as, bs);
    if (!parts) {
        return std::nullopt;
    }
    std::uint64_t total = 0;
    for (Part& part : *parts) {
        total += Hungarian(std::move(part)).total();
    }
    return total;
}

std::optional<std::vector<std::int64_t>> bestPairs(const std::vector<Cell>& cells, std::size_t as, std::size_t bs)
{
    std::optional<std::vector<Part>> parts = partsOf(cells, as, bs);
    if (!parts) {
        return std::nullopt;
    }
    std::vector<std::int64_t> bOf(as, -1);
    for (Part& part : *parts) {
        Hungarian(std::move(part)).pairs(bOf);
    }
    return bOf;
}

} // namespace semascope::core
