#include "core/reduce/Layout.h"

#include "core/data/Text_p.h"
#include "core/reduce/LinearFit_p.h"
#include "core/reduce/Mds_p.h"
#include "core/reduce/Prepare_p.h"
#include "core/reduce/SpecOptions_p.h"

#include <algorithm>
#include <chrono>

namespace semascope::core {

namespace {

Layout linear(const Matrix& x, const LayoutSpec& spec, JobContext& job)
{
    const std::vector<std::size_t> rows = finiteRows(x);
    checkRequest(x, rows, spec);
    Layout layout = linearLayout(x, rows, spec, job);
    describe(layout, spec, rows, x.rows());
    return layout;
}

} // namespace

std::string sizeWords(const Matrix& x)
{
    return counted(x.rows(), "row", "rows") + " of " + counted(x.cols(), "number", "numbers");
}

std::string excludedWords(std::size_t excluded, std::size_t all)
{
    return std::to_string(excluded) + " of " + counted(all, "row", "rows") +
           (excluded == 1 ? " is left out because it" : " are left out because they") + " cannot be measured.";
}

std::string zeroRowWords(std::size_t count)
{
    return counted(count, "zero row is left out: it has", "zero rows are left out: they have") + " no direction.";
}

std::string spanWords(std::size_t axes)
{
    return "only " + counted(axes, "axis; the others are", "axes; the others are") + " zero.";
}

void checkRequest(const Matrix& x, const std::vector<std::size_t>& rows, const LayoutSpec& spec)
{
    if (spec.dim < 1) {
        throw Error(Code::Misuse,
                    "A layout has at least 1 dimension; " + std::to_string(spec.dim) + " were asked for.");
    }
    if (x.empty() || rows.empty()) {
        throw Error(Code::Mismatch, "There is nothing to reduce: of " + sizeWords(x) +
                                        " none can be used; give rows of finite numbers up to 1e18.");
    }
}

void describe(Layout& layout, const LayoutSpec& spec, const std::vector<std::size_t>& rows, std::size_t all)
{
    layout.spec = spec;
    layout.inputRow.assign(rows.begin(), rows.end());
    layout.excluded = all - rows.size();
    if (layout.excluded > 0) {
        layout.notes.insert(layout.notes.begin(), excludedWords(layout.excluded, all));
    }
}

std::vector<std::string> layoutMethods()
{
    return {"pca", "svd", "classical", "mds"};
}

Layout reduce(const Matrix& x, const LayoutSpec& spec, JobContext& job)
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    job.checkpoint();
    Layout layout;
    if (spec.method == "pca" || spec.method == "svd") {
        layout = linear(x, spec, job);
    } else if (spec.method == "classical") {
        layout = classicalLayout(x, spec, job);
    } else if (spec.method == "mds") {
        layout = smacofLayout(x, spec, job);
    } else if (spec.method == "pca-joint" || spec.method == "pca-modality") {
        throw Error(Code::Misuse, spec.method + " needs pairs of pictures and texts; for one set of rows use pca.");
    } else {
        throw Error(Code::Misuse,
                    "\"" + spec.method + "\" is no layout method: use " + wordList(layoutMethods()) + ".");
    }
    layout.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return layout;
}

} // namespace semascope::core
