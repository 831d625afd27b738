#include "core/latent/IinEdits.h"

#include <algorithm>

namespace semascope::core {

namespace {

const FactorBlock& checkedBlock(const Iin& iin, std::size_t block, std::size_t numbers)
{
    if (block >= iin.factors().size()) {
        throw Error(Code::Misuse, "There is no factor " + std::to_string(block) + ": this IIN has " +
                                      std::to_string(iin.factors().size()) + ".");
    }
    const FactorBlock& found = iin.factors()[block];
    if (found.size != numbers) {
        throw Error(Code::Mismatch, "The factor \"" + found.name + "\" has " + std::to_string(found.size) +
                                        " numbers, and " + std::to_string(numbers) + " were given.");
    }
    return found;
}

/// An edit of the block's numbers within factor space.
template<class Change>
LatentEdit editBlock(const std::string& name, std::shared_ptr<const Iin> iin, const FactorBlock& block, Change change)
{
    return {name, [iin = std::move(iin), block, change = std::move(change)](const Matrix& z) {
                JobContext job;
                const Matrix factors = iin->forward(z, job);
                std::vector<float> all(factors.data(), factors.data() + factors.rows() * factors.cols());
                for (std::size_t i = 0; i < factors.rows(); ++i) {
                    float* at = all.data() + i * factors.cols() + block.offset;
                    for (std::size_t j = 0; j < block.size; ++j) {
                        at[j] = change(at[j], j);
                    }
                }
                return iin->inverse(Matrix::from(std::move(all), factors.rows(), factors.cols()), job);
            }};
}

} // namespace

Matrix blockMeans(const Matrix& factors, const FactorBlock& block, const std::vector<std::int32_t>& labels)
{
    const Matrix columns = factorColumns(factors, block);
    if (labels.size() != factors.rows()) {
        throw Error(Code::Mismatch, "The means of \"" + block.name + "\" need one value a row.");
    }
    const std::int32_t most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
    const auto classes = static_cast<std::size_t>(std::max(0, most + 1));
    std::vector<double> sums(classes * block.size);
    std::vector<std::size_t> counts(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] >= 0) {
            const auto c = static_cast<std::size_t>(labels[i]);
            ++counts[c];
            std::transform(columns.row(i), columns.row(i) + block.size,
                           sums.begin() + static_cast<std::ptrdiff_t>(c * block.size),
                           sums.begin() + static_cast<std::ptrdiff_t>(c * block.size),
                           [](float v, double sum) { return sum + static_cast<double>(v); });
        }
    }
    if (classes == 0 || std::count(counts.begin(), counts.end(), 0U) > 0) {
        throw Error(Code::Misuse, "A value of \"" + block.name + "\" has no rows to take the mean of.");
    }
    std::vector<float> means(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
        means[i] = static_cast<float>(sums[i] / static_cast<double>(counts[i / block.size]));
    }
    return Matrix::from(std::move(means), classes, block.size);
}

std::vector<float> meanBetween(const Matrix& means, std::size_t from, std::size_t to, double strength)
{
    std::vector<float> value(means.cols());
    for (std::size_t j = 0; j < value.size(); ++j) {
        const double a = static_cast<double>(means.at(from, j)), b = static_cast<double>(means.at(to, j));
        value[j] = static_cast<float>(a + strength * (b - a));
    }
    return value;
}

LatentEdit setBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& value)
{
    const FactorBlock at = checkedBlock(*iin, block, value.size());
    return editBlock("IIN, " + at.name + " set", std::move(iin), at,
                     [value](float, std::size_t j) { return value[j]; });
}

LatentEdit shiftBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& delta)
{
    const FactorBlock at = checkedBlock(*iin, block, delta.size());
    return editBlock("IIN, " + at.name + " shifted", std::move(iin), at,
                     [delta](float now, std::size_t j) { return now + delta[j]; });
}

LatentEdit copyBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& donor)
{
    if (donor.size() != iin->dim()) {
        throw Error(Code::Mismatch, "The row to copy a factor from has " + std::to_string(donor.size()) +
                                        " numbers, and this IIN works on " + std::to_string(iin->dim()) + ".");
    }
    std::vector<float> factors = donor;
    iin->forward(factors.data());
    const FactorBlock at = checkedBlock(*iin, block, block < iin->factors().size() ? iin->factors()[block].size : 0);
    const auto first = factors.begin() + static_cast<std::ptrdiff_t>(at.offset);
    LatentEdit edit = setBlock(std::move(iin), block, {first, first + static_cast<std::ptrdiff_t>(at.size)});
    edit.name = "IIN, " + at.name + " copied";
    return edit;
}

} // namespace semascope::core
