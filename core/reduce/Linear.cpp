#include "core/reduce/LinearFit_p.h"
#include "core/reduce/Prepare_p.h"
#include "core/reduce/SpecOptions_p.h"

#include <algorithm>
#include <chrono>

namespace semascope::core {

namespace {

using Clock = std::chrono::steady_clock;

std::vector<float> shares(const LinearFit& fit)
{
    std::vector<float> explained;
    for (const double square : fit.squares) {
        explained.push_back(fit.total > 0 ? static_cast<float>(square / fit.total) : 0.0F);
    }
    return explained;
}

void noteRank(const LinearFit& fit, std::vector<std::string>& notes)
{
    if (fit.rank == 0) {
        notes.push_back("All rows are equal: every point is at the origin.");
    } else if (fit.rank < fit.dim) {
        notes.push_back("The rows span " + spanWords(fit.rank));
    }
}

/// Rows finite on both sides: a pair stays a pair.
std::vector<std::size_t> finitePairs(const Matrix& image, const Matrix& text)
{
    const std::vector<std::size_t> a = finiteRows(image), b = finiteRows(text);
    std::vector<std::size_t> both;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

/// The origins of both sides for a paired method.
std::pair<std::vector<double>, std::vector<double>> origins(const std::string& method, const Matrix& image,
                                                            const Matrix& text, const std::vector<std::size_t>& rows)
{
    const std::size_t d = image.cols();
    if (method == "svd") {
        return {std::vector<double>(d, 0.0), std::vector<double>(d, 0.0)};
    }
    std::vector<double> a = meanRow(image, rows), b = meanRow(text, rows);
    if (method == "pca-joint") {
        for (std::size_t j = 0; j < d; ++j) {
            a[j] = b[j] = (a[j] + b[j]) / 2;
        }
    }
    return {std::move(a), std::move(b)};
}

} // namespace

Layout linearLayout(const Matrix& x, const std::vector<std::size_t>& rows, const LayoutSpec& spec, JobContext& job)
{
    SpecOptions(spec.method, spec.options, {});
    const bool centred = spec.method == "pca";
    std::vector<double> origin = centred ? meanRow(x, rows) : std::vector<double>(x.cols(), 0.0);
    const StackedRows stacked({RowPart{&x, rows, origin}});
    const LinearFit fit = fitLinear(stacked, static_cast<std::size_t>(spec.dim), job);
    Layout layout;
    layout.points = projectPart(stacked, 0, fit, job);
    layout.projector = linearProjector(std::move(origin), fit, false);
    if (centred) {
        layout.explained = shares(fit);
    }
    noteRank(fit, layout.notes);
    return layout;
}

PairedLayout reducePaired(const Matrix& image, const Matrix& text, const LayoutSpec& spec, JobContext& job)
{
    const auto start = Clock::now();
    const std::vector<std::string> allowed{"svd", "pca-joint", "pca-modality"};
    if (std::find(allowed.begin(), allowed.end(), spec.method) == allowed.end()) {
        throw Error(Code::Misuse, "\"" + spec.method + "\" is no method for pairs: use " + wordList(allowed) + ".");
    }
    SpecOptions(spec.method, spec.options, {});
    if (image.rows() != text.rows() || image.cols() != text.cols()) {
        throw Error(Code::Mismatch, "The pairs do not fit: " + sizeWords(image) + " against " + sizeWords(text) +
                                        "; give as many texts as pictures, from the same model.");
    }
    const std::vector<std::size_t> rows = finitePairs(image, text);
    checkRequest(image, rows, spec);
    auto [imageOrigin, textOrigin] = origins(spec.method, image, text, rows);
    const StackedRows stacked({RowPart{&image, rows, imageOrigin}, RowPart{&text, rows, textOrigin}});
    const LinearFit fit = fitLinear(stacked, static_cast<std::size_t>(spec.dim), job);
    PairedLayout pair;
    pair.image.projector = linearProjector(std::move(imageOrigin), fit, false);
    pair.text.projector = linearProjector(std::move(textOrigin), fit, false);
    std::size_t part = 0;
    for (Layout* side : {&pair.image, &pair.text}) {
        side->points = projectPart(stacked, part++, fit, job);
        if (spec.method != "svd") {
            side->explained = shares(fit);
        }
        noteRank(fit, side->notes);
        describe(*side, spec, rows, image.rows());
        side->seconds = std::chrono::duration<double>(Clock::now() - start).count();
    }
    return pair;
}

} // namespace semascope::core
