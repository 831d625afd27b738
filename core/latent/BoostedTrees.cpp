#include "core/latent/Disentanglement_p.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

struct Node
{
    std::size_t column = 0, left = 0, right = 0; ///< children 0: a leaf
    double threshold = 0, value = 0;
};
using Tree = std::vector<Node>;

/// The training rows, every column sorted once.
struct Columns
{
    std::size_t n = 0, width = 0;
    std::vector<std::vector<double>> x;            ///< of each column
    std::vector<std::vector<std::uint32_t>> order; ///< rows by each column's value

    explicit Columns(const TableSlice& s) : n(s.last - s.first), width(s.table->latents.cols()), x(width), order(width)
    {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t i = s.first; i < s.last; ++i) {
                x[j].push_back(static_cast<double>(s.table->latents.at(i, j)));
            }
            order[j].resize(n);
            std::iota(order[j].begin(), order[j].end(), 0U);
            std::stable_sort(order[j].begin(), order[j].end(),
                             [&](std::uint32_t a, std::uint32_t b) { return x[j][a] < x[j][b]; });
        }
    }
};

struct Split
{
    bool found = false;
    std::size_t column = 0;
    double threshold = 0, gain = 0; ///< gain: fall of the sum of squared errors
};

/// Grows one regression tree to the residuals, level by level, so that each level passes once over the sorted columns.
class Grower
{
public:
    /// `firstColumn` is looked at first: of columns that split equally well the first wins, and each shall have its
    /// turn.
    Grower(const Columns& columns, const std::vector<double>& residual, std::vector<double>& importance,
           std::size_t firstColumn)
        : m_columns(columns), m_residual(residual), m_importance(importance), m_first(firstColumn), m_node(columns.n, 0)
    {}

    Tree grow(int depth)
    {
        m_tree.resize(1);
        std::size_t first = 0;
        for (int level = 0; level < depth; ++level) {
            const std::size_t last = m_tree.size();
            const std::vector<Split> splits = bestSplits(first, last);
            for (std::size_t node = first; node < last; ++node) {
                divide(node, splits[node - first]);
            }
            if (m_tree.size() == last) {
                break;
            }
            for (std::uint32_t& node : m_node) {
                assign(node, static_cast<std::size_t>(&node - m_node.data()));
            }
            first = last;
        }
        return std::move(m_tree);
    }

    /// The leaf of each training row.
    const std::vector<std::uint32_t>& leaves() const { return m_node; }

private:
    struct Sums
    {
        double count = 0, sum = 0, last = 0;
    };

    std::vector<Split> bestSplits(std::size_t first, std::size_t last) const
    {
        std::vector<Sums> all(last - first);
        for (std::size_t i = 0; i < m_columns.n; ++i) {
            if (m_node[i] >= first) {
                ++all[m_node[i] - first].count;
                all[m_node[i] - first].sum += m_residual[i];
            }
        }
        std::vector<Split> best(last - first);
        for (std::size_t j = 0; j < m_columns.width; ++j) {
            scan((m_first + j) % m_columns.width, first, all, best);
        }
        return best;
    }

    void scan(std::size_t column, std::size_t first, const std::vector<Sums>& all, std::vector<Split>& best) const
    {
        std::vector<Sums> left(all.size());
        for (const std::uint32_t row : m_columns.order[column]) {
            if (m_node[row] < first) {
                continue;
            }
            const std::size_t node = m_node[row] - first;
            Sums& l = left[node];
            const double x = m_columns.x[column][row];
            if (l.count > 0 && x > l.last) {
                const double right = all[node].count - l.count;
                const double gap = l.sum / l.count - (all[node].sum - l.sum) / right;
                const double gain = l.count * right / all[node].count * gap * gap;
                if (gain > best[node].gain * (1 + 1e-12) + 1e-14) {
                    best[node] = {true, column, l.last + (x - l.last) / 2, gain};
                }
            }
            ++l.count;
            l.sum += m_residual[row];
            l.last = x;
        }
    }

    void divide(std::size_t node, const Split& split)
    {
        if (!split.found) {
            return;
        }
        m_importance[split.column] += split.gain / static_cast<double>(m_columns.n);
        m_tree[node] = {split.column, m_tree.size(), m_tree.size() + 1, split.threshold, 0};
        m_tree.resize(m_tree.size() + 2);
    }

    void assign(std::uint32_t& node, std::size_t row) const
    {
        const Node& at = m_tree[node];
        if (at.left != 0) {
            const bool goesLeft = m_columns.x[at.column][row] <= at.threshold;
            node = static_cast<std::uint32_t>(goesLeft ? at.left : at.right);
        }
    }

    const Columns& m_columns;
    const std::vector<double>& m_residual;
    std::vector<double>& m_importance;
    std::size_t m_first;
    std::vector<std::uint32_t> m_node;
    Tree m_tree;
};

double valueAt(const Tree& tree, const float* row)
{
    std::size_t node = 0;
    while (tree[node].left != 0) {
        node = static_cast<double>(row[tree[node].column]) <= tree[node].threshold ? tree[node].left : tree[node].right;
    }
    return tree[node].value;
}

/// Friedman's multinomial boosting (2001), or two-class boosting, of one factor.
class Booster
{
public:
    Booster(const TableSlice& train, const BoostingSpec& spec)
        : m_train(train),
          m_spec(spec),
          m_columns(train),
          m_classes(valueCount(train.table->factors[train.factor])),
          m_importance(m_columns.width)
    {
        m_scores.assign(m_classes, std::vector<double>(m_columns.n));
        std::vector<double> counts(m_classes);
        for (std::size_t i = 0; i < m_columns.n; ++i) {
            ++counts[label(i)];
        }
        for (std::size_t c = 0; c < m_classes; ++c) {
            // A value that the training half lacks starts, and stays, all but impossible.
            m_start.push_back(std::log(std::max(counts[c] / static_cast<double>(m_columns.n), 1e-12)));
            m_fitted.push_back(counts[c] > 0);
            std::fill(m_scores[c].begin(), m_scores[c].end(), m_start[c]);
        }
    }

    void round()
    {
        std::vector<std::vector<double>> probability = m_scores;
        for (std::size_t i = 0; i < m_columns.n; ++i) {
            double top = -INFINITY, sum = 0;
            for (const auto& s : m_scores) {
                top = std::max(top, s[i]);
            }
            for (auto& p : probability) {
                p[i] = std::exp(p[i] - top);
                sum += p[i];
            }
            for (auto& p : probability) {
                p[i] /= sum;
            }
        }
        for (std::size_t c = 0; c < m_classes; ++c) {
            m_trees.push_back(m_fitted[c] ? fitTree(c, probability[c]) : Tree(1));
        }
    }

    std::vector<double> importance() const
    {
        std::vector<double> shares = m_importance;
        const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
        std::for_each(shares.begin(), shares.end(), [&](double& v) { v = total > 0 ? v / total : 0; });
        return shares;
    }

    double accuracy(const TableSlice& test) const
    {
        std::size_t right = 0;
        for (std::size_t i = test.first; i < test.last; ++i) {
            std::vector<double> score = m_start;
            for (std::size_t t = 0; t < m_trees.size(); ++t) {
                score[t % m_classes] += m_spec.rate * valueAt(m_trees[t], test.table->latents.row(i));
            }
            const auto best = std::max_element(score.begin(), score.end()) - score.begin();
            right += best == test.table->factors[test.factor][i] ? 1 : 0;
        }
        return static_cast<double>(right) / static_cast<double>(test.last - test.first);
    }

private:
    std::size_t label(std::size_t i) const
    {
        return static_cast<std::size_t>(m_train.table->factors[m_train.factor][m_train.first + i]);
    }

    Tree fitTree(std::size_t c, const std::vector<double>& probability)
    {
        std::vector<double> residual(m_columns.n);
        for (std::size_t i = 0; i < residual.size(); ++i) {
            residual[i] = (label(i) == c ? 1 : 0) - probability[i];
        }
        Grower grower(m_columns, residual, m_importance, m_trees.size() / m_classes % m_columns.width);
        Tree tree = grower.grow(m_spec.depth);
        std::vector<double> above(tree.size()), below(tree.size());
        for (std::size_t i = 0; i < residual.size(); ++i) {
            const double r = residual[i];
            above[grower.leaves()[i]] += r;
            below[grower.leaves()[i]] += std::abs(r) * (1 - std::abs(r));
        }
        const double k = static_cast<double>(m_classes);
        for (std::size_t node = 0; node < tree.size(); ++node) {
            tree[node].value = below[node] > 1e-150 ? (k - 1) / k * above[node] / below[node] : 0;
        }
        for (std::size_t i = 0; i < residual.size(); ++i) {
            m_scores[c][i] += m_spec.rate * tree[grower.leaves()[i]].value;
        }
        return tree;
    }

    TableSlice m_train;
    BoostingSpec m_spec;
    Columns m_columns;
    std::size_t m_classes;
    std::vector<double> m_start, m_importance;
    std::vector<bool> m_fitted;
    std::vector<std::vector<double>> m_scores;
    std::vector<Tree> m_trees;
};

} // namespace

BoostedFit boost(const TableSlice& train, const TableSlice& test, const BoostingSpec& spec, JobContext& job)
{
    Booster booster(train, spec);
    for (int t = 0; t < spec.trees; ++t) {
        job.checkpoint();
        booster.round();
    }
    return {booster.importance(), booster.accuracy(test)};
}

} // namespace semascope::core
