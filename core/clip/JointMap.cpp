#include "core/clip/JointMap.h"

#include "core/clip/RowProducts_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>

#include <cblas.h>

namespace semascope::core {

namespace {

constexpr double kSmallestOffset = 1e-12; ///< squared distance to the mean from which on a row has a direction from it

/// 1/|row|; 0 when the row has no direction.
double inverseLength(const float* row, std::size_t d)
{
    const double square = squaredLength(row, d);
    return square > 0 && std::isfinite(square) ? 1 / std::sqrt(square) : 0.0;
}

struct Mean
{
    std::vector<double> mean;
    std::size_t count = 0;
};

Mean meanOf(const Matrix& rows)
{
    Mean m{std::vector<double>(rows.cols(), 0.0), 0};
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const double scale = inverseLength(rows.row(i), rows.cols());
        if (scale > 0) {
            addScaled(rows.row(i), rows.cols(), scale, m.mean.data());
            ++m.count;
        }
    }
    for (double& v : m.mean) {
        v /= static_cast<double>(std::max<std::size_t>(m.count, 1));
    }
    return m;
}

std::vector<float> inFloat(const std::vector<double>& values)
{
    return {values.begin(), values.end()};
}

void requireWidth(const Matrix& rows, std::size_t d, const char* what)
{
    if (rows.rows() > 0 && rows.cols() != d) {
        throw Error(Code::Mismatch, "The pictures have " + std::to_string(d) + " dimensions but the " + what +
                                        " have " + std::to_string(rows.cols()) +
                                        "; a joint map takes vectors of one model.");
    }
}

void requireInput(const JointInput& input)
{
    const std::size_t d = input.pictures.cols();
    requireWidth(input.captions, d, "captions");
    requireWidth(input.prompts, d, "prompts");
    requireWidth(input.neutral, d, "neutral texts");
    if (input.pictureSample.size() != input.pictures.rows() || input.captionSample.size() != input.captions.rows()) {
        throw Error(Code::Mismatch, "A joint map needs the sample of every picture and of every caption.");
    }
    if (input.captions.rows() == 0 && input.prompts.rows() == 0) {
        throw Error(Code::Misuse, "A joint map needs captions or prompts beside the pictures; add one.");
    }
}

/// The mean that texts lose: of the captions when there are enough, else of the neutral texts.
Mean meanOfTexts(const JointInput& input, JointMap& map)
{
    const Mean captions = meanOf(input.captions);
    if (captions.count >= JointMap::kMeanCaptions) {
        map.textMeanOf = std::to_string(captions.count) + " captions";
        return captions;
    }
    const Mean neutral = meanOf(input.neutral);
    const std::string few = std::to_string(captions.count) + (captions.count == 1 ? " caption" : " captions");
    const std::string enough = std::to_string(JointMap::kMeanCaptions);
    if (neutral.count < JointMap::kMeanCaptions) {
        throw Error(Code::Misuse, "The mean of texts is not known: there are " + few + " (" + enough +
                                      " are enough) and no model that could encode neutral texts instead; open one, or "
                                      "add captions.");
    }
    map.textMeanOf = std::to_string(neutral.count) + " neutral texts";
    map.notes.push_back("The mean of texts is that of " + map.textMeanOf + ", because there are " + few + " (" +
                        enough + " are enough).");
    return neutral;
}

/// Appends what is left of the unit rows without their mean, scaled to unit length.
class Centring
{
public:
    explicit Centring(JointMap& map) : m_map(map) {}
    void append(const Matrix& rows, const Mean& mean, JointKind kind, JobContext& job)
    {
        const std::size_t d = rows.cols();
        std::vector<double> left(d);
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            if (i % 4096 == 0) {
                job.checkpoint();
            }
            const double scale = inverseLength(rows.row(i), d);
            double square = 0;
            for (std::size_t j = 0; j < d; ++j) {
                left[j] = scale * static_cast<double>(rows.at(i, j)) - mean.mean[j];
                square += left[j] * left[j];
            }
            if (scale == 0 || !(square >= kSmallestOffset)) {
                ++m_map.excluded;
                continue;
            }
            const double unit = 1 / std::sqrt(square);
            std::transform(left.begin(), left.end(), std::back_inserter(m_values),
                           [unit](double v) { return static_cast<float>(v * unit); });
            m_map.kind.push_back(kind);
            m_map.source.push_back(static_cast<std::uint32_t>(i));
        }
    }
    void finish(std::size_t d) { m_map.rows = Matrix::from(std::move(m_values), m_map.kind.size(), d); }

private:
    JointMap& m_map;
    std::vector<float> m_values;
};

void findPairs(const JointInput& input, JointMap& map)
{
    std::unordered_map<std::uint32_t, std::uint32_t> pictureOf;
    for (std::size_t r = 0; r < map.kind.size(); ++r) {
        const auto row = static_cast<std::uint32_t>(r);
        if (map.kind[r] == JointKind::Picture) {
            pictureOf.emplace(input.pictureSample[map.source[r]], row);
        } else if (map.kind[r] == JointKind::Caption) {
            const auto found = pictureOf.find(input.captionSample[map.source[r]]);
            if (found != pictureOf.end()) {
                map.pairs.emplace_back(found->second, row);
            }
        }
    }
}

double distanceOf(const std::vector<double>& a, const std::vector<double>& b)
{
    double square = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
        square += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return std::sqrt(square);
}

/// Rows of one kind stand together: the first and how many.
std::pair<std::size_t, std::size_t> rangeOf(const JointMap& map, JointKind kind)
{
    const auto first = std::find(map.kind.begin(), map.kind.end(), kind);
    const auto count = std::count(first, map.kind.end(), kind);
    return {static_cast<std::size_t>(first - map.kind.begin()), static_cast<std::size_t>(count)};
}

/// Best cosine with one's own and with others, for each row of one side.
struct Contest
{
    std::vector<float> own, other;
    explicit Contest(std::size_t n)
        : own(n, -std::numeric_limits<float>::infinity()), other(n, -std::numeric_limits<float>::infinity())
    {}
    void meet(std::size_t i, float cosine, bool partner)
    {
        float& best = partner ? own[i] : other[i];
        best = std::max(best, cosine);
    }
    std::pair<std::size_t, double> result() const
    {
        std::size_t asked = 0, hits = 0;
        for (std::size_t i = 0; i < own.size(); ++i) {
            const bool has = std::isfinite(own[i]);
            asked += has ? 1U : 0U;
            hits += has && own[i] > other[i] ? 1U : 0U;
        }
        return {asked, asked > 0 ? static_cast<double>(hits) / static_cast<double>(asked) : 0.0};
    }
};

} // namespace

const char* jointKindName(JointKind kind) noexcept
{
    return kind == JointKind::Picture ? "picture" : kind == JointKind::Caption ? "caption" : "prompt";
}

std::vector<float> unitMean(const Matrix& rows)
{
    const Mean mean = meanOf(rows);
    return mean.count > 0 ? inFloat(mean.mean) : std::vector<float>();
}

JointMap jointMap(const JointInput& input, JobContext& job)
{
    requireInput(input);
    job.progress("joining pictures and texts", "", 0, 0);
    JointMap map;
    const Mean pictures = meanOf(input.pictures);
    job.checkpoint();
    if (pictures.count < 2) {
        throw Error(Code::Mismatch, "A joint map needs at least two pictures with vectors: of one nothing is left "
                                    "without the mean.");
    }
    if (pictures.count < JointMap::kMeanCaptions) {
        map.notes.push_back("The mean of pictures is that of only " + std::to_string(pictures.count) +
                            " pictures; the map is rough.");
    }
    const Mean texts = meanOfTexts(input, map);
    map.pictureMean = inFloat(pictures.mean);
    map.textMean = inFloat(texts.mean);
    map.gap = distanceOf(pictures.mean, texts.mean);
    Centring centring(map);
    centring.append(input.pictures, pictures, JointKind::Picture, job);
    centring.append(input.captions, texts, JointKind::Caption, job);
    centring.append(input.prompts, texts, JointKind::Prompt, job);
    centring.finish(input.pictures.cols());
    findPairs(input, map);
    return map;
}

OwnNeighbour ownNeighbour(const JointMap& map, JobContext& job)
{
    const auto [firstPicture, pictures] = rangeOf(map, JointKind::Picture);
    const auto [firstCaption, captions] = rangeOf(map, JointKind::Caption);
    if (map.pairs.empty()) {
        return {};
    }
    constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> pictureOf(captions, kNone);
    for (const auto& [picture, caption] : map.pairs) {
        pictureOf[caption - firstCaption] = static_cast<std::uint32_t>(picture - firstPicture);
    }
    Contest ofPicture(pictures), ofCaption(captions);
    const std::size_t block = std::clamp<std::size_t>((1 << 24) / captions, 1, 1024);
    const auto d = static_cast<int>(map.rows.cols());
    std::vector<float> cosine(block * captions);
    for (std::size_t first = 0; first < pictures; first += block) {
        job.checkpoint();
        const std::size_t count = std::min(block, pictures - first);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count), static_cast<int>(captions), d,
                    1.0F, map.rows.row(firstPicture + first), d, map.rows.row(firstCaption), d, 0.0F, cosine.data(),
                    static_cast<int>(captions));
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t c = 0; c < captions; ++c) {
                const float value = cosine[i * captions + c];
                const bool partner = pictureOf[c] == first + i;
                ofPicture.meet(first + i, value, partner);
                ofCaption.meet(c, value, partner);
            }
        }
        job.progress("finding neighbours", "pictures", first + count, pictures);
    }
    OwnNeighbour result;
    std::tie(result.pictures, result.pictureToCaption) = ofPicture.result();
    std::tie(result.captions, result.captionToPicture) = ofCaption.result();
    return result;
}

} // namespace semascope::core
