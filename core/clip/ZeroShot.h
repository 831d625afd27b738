#pragma once
#include "core/clip/ClipModel.h"
#include "core/data/Embedding.h"

namespace semascope::core {

/// A named list of prompt templates; every "{}" stands for the class name.
struct TemplateSet
{
    std::string name;
    std::vector<std::string> templates;
    bool operator==(const TemplateSet&) const = default;
};
/// The sets that ship: "plain", "imagenet-7", "imagenet-80", "cifar-18" (Radford et al. 2021, §3.1.4 and its published
/// prompts), in this order.
const std::vector<TemplateSet>& templateSets();
/// A set by name. Throws Error(NotFound) naming those that there are.
const TemplateSet& templateSet(const std::string& name);
/// A set of one's own from text: one template a line; blank lines and lines that start with '#' are left out. Throws
/// Error(BadFormat) naming a line without "{}", and when there is none at all.
TemplateSet templatesFromText(const std::string& name, const std::string& text);
/// The template with the class name in place of every "{}".
std::string promptOf(const std::string& pattern, const std::string& className);
/// Class names from text: one a line, blank lines left out.
std::vector<std::string> classesFromText(const std::string& text);
/// Class names from an attribute: its labels that occur, in their order; of whole numbers the distinct ones. Throws
/// Error(Mismatch) when they are no classes (other numbers, or over a thousand).
std::vector<std::string> classesOf(const Attribute& attribute);

struct ZeroShotSpec
{
    std::vector<std::string> classes; ///< at least two, distinct
    TemplateSet templates;
    bool operator==(const ZeroShotSpec&) const = default;
};

/// One unit vector a class: every template's text is encoded and normalised, averaged, and normalised again. k×E.
/// Throws Error(Misuse | NotFound | Cancelled).
Matrix zeroShotClassifier(const ClipModel& model, const ZeroShotSpec& spec, JobContext& job);

/// What the classifier says about every row of an embedding, and how that compares with labels where there are any.
struct ZeroShotResult
{
    static constexpr std::size_t kTop = 5;

    ZeroShotSpec spec;
    std::string modelName;
    double logitScale = 100;
    std::size_t top = 0;                    ///< min(kTop, classes)
    std::vector<std::uint32_t> sampleIndex; ///< of each row
    std::vector<std::int32_t> best;         ///< n×top classes, most probable first
    std::vector<float> probability, cosine; ///< n×top: softmax(logitScale · cosine) over all classes, and the cosine
    double seconds = 0;

    std::size_t labelled = 0;             ///< rows with a label among the classes; what follows is about them
    std::size_t unlabelled = 0;           ///< rows whose label is missing or no class, or of no direction: not judged
    double top1 = 0, top5 = 0;            ///< shares of `labelled`; top5 is top-`top`
    std::vector<std::uint32_t> confusion; ///< k×k counts: row = label, column = prediction; empty without labels
};

/// Rows that are not finite, or zero, get −1 and NaN. Throws Error(Mismatch | Cancelled).
ZeroShotResult zeroShot(const Embedding& embedding, const Matrix& classifier, const ZeroShotSpec& spec,
                        double logitScale, JobContext& job);
/// Fills the judgement. `label` is one class index a sample, −1 where there is none.
void judgeZeroShot(ZeroShotResult& result, const std::vector<std::int32_t>& label);
/// Class index of every sample by an attribute: its values (whole numbers as their digits) are matched with `classes`
/// by name, without regard to case, blanks, '_' and '-'.
std::vector<std::int32_t> labelsFor(const Attribute& attribute, const std::vector<std::string>& classes);

} // namespace semascope::core
