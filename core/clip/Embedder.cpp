#include "core/clip/Embedder.h"
#include "core/clip/EmbedParts_p.h"
#include "core/clip/EmbedPlan.h"

#include <algorithm>
#include <chrono>

#include <cblas.h>

namespace semascope::core {

Embedding embed(const Dataset& data, const ClipModel& model, Modality what, const EmbedOptions& options,
                JobContext& job)
{
    const auto start = std::chrono::steady_clock::now();
    if (what == Modality::Picture) {
        checkEmbedMemory(model, data.samples.size(), job);
    }
    Embedding e =
        what == Modality::Text ? embedCaptions(data, model, options, job) : embedPictures(data, model, options, job);
    e.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return e;
}

Embedding embed(const Dataset& data, const ClipModel& model, Modality what, bool normalise, JobContext& job)
{
    return embed(data, model, what, EmbedOptions{normalise, std::nullopt}, job);
}

Matrix cosineScores(const Matrix& rows, const Matrix& prompts)
{
    if (rows.cols() != prompts.cols()) {
        throw Error(Code::Mismatch, "The pictures have " + std::to_string(rows.cols()) +
                                        " dimensions but the prompts have " + std::to_string(prompts.cols()) +
                                        "; embed both with the same model.");
    }
    const Matrix unitPrompts = normaliseRows(prompts);
    std::vector<float> out(rows.rows() * prompts.rows());
    constexpr std::size_t kBlock = 4096; // rows are normalised block by block: no second copy of a big matrix
    for (std::size_t first = 0; first < rows.rows(); first += kBlock) {
        const std::size_t count = std::min(kBlock, rows.rows() - first);
        const Matrix unit = normaliseRows(Matrix(rows.row(first), count, rows.cols(), nullptr));
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count), static_cast<int>(prompts.rows()),
                    static_cast<int>(rows.cols()), 1.0f, unit.data(), static_cast<int>(rows.cols()), unitPrompts.data(),
                    static_cast<int>(rows.cols()), 0.0f, out.data() + first * prompts.rows(),
                    static_cast<int>(prompts.rows()));
    }
    return Matrix::from(std::move(out), rows.rows(), prompts.rows());
}

} // namespace semascope::core
