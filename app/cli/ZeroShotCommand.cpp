#include "app/ZeroShotFiles.h"
#include "app/cli/ScoreTools.h"
#include "core/clip/ScoreMeaning.h"
#include "core/clip/ZeroShot.h"
#include "core/data/Arrays.h"

#include <algorithm>
#include <filesystem>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

constexpr const char* kAttribute = "attribute:";

std::string textOfFile(const std::string& path)
{
    const auto bytes = core::readRegularFile(path);
    return {bytes.begin(), bytes.end()};
}

bool isFile(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

const core::Attribute& attributeNamed(const core::Dataset& data, const std::string& name)
{
    std::string known;
    for (const core::Attribute& a : data.attributes) {
        if (a.name == name) {
            return a;
        }
        known += (known.empty() ? "" : ", ") + a.name;
    }
    throw Error(Code::NotFound,
                data.name + " has no attribute \"" + name + "\"; it has " + (known.empty() ? "none" : known) + ".");
}

/// The attribute that "attribute:NAME" names; null for any other word.
const core::Attribute* attributeIn(const core::Dataset& data, const std::string& word)
{
    const std::size_t prefix = std::string(kAttribute).size();
    return word.rfind(kAttribute, 0) == 0 ? &attributeNamed(data, word.substr(prefix)) : nullptr;
}

/// The only attribute of names that a dataset has; null with none or several.
const core::Attribute* onlyAttribute(const core::Dataset& data)
{
    const core::Attribute* only = nullptr;
    for (const core::Attribute& a : data.attributes) {
        if (a.numeric() || a.labels.size() < 2) {
            continue;
        }
        if (only != nullptr) {
            return nullptr;
        }
        only = &a;
    }
    return only;
}

std::vector<std::string> splitAtCommas(const std::string& text)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        const auto first = part.find_first_not_of(" \t"), last = part.find_last_not_of(" \t");
        if (first != std::string::npos) {
            parts.push_back(part.substr(first, last - first + 1));
        }
        begin = end + 1;
    }
    return parts;
}

/// Class names, and where they are from: the attribute, if it is one.
struct Classes
{
    std::vector<std::string> names;
    const core::Attribute* attribute = nullptr;
};

Classes classesFrom(const CommandContext& c, const core::Dataset& data)
{
    const std::vector<std::string> words = c.args.texts("--classes");
    if (words.empty()) {
        const core::Attribute* only = onlyAttribute(data);
        if (only == nullptr) {
            throw Error(Code::Misuse, "Which classes? Give --classes as names, as a text file with one name a line, or "
                                      "as attribute:NAME of the data.");
        }
        return {core::classesOf(*only), only};
    }
    if (words.size() > 1) {
        return {words, nullptr};
    }
    if (const core::Attribute* a = attributeIn(data, words[0])) {
        return {core::classesOf(*a), a};
    }
    return {isFile(words[0]) ? core::classesFromText(textOfFile(words[0])) : splitAtCommas(words[0]), nullptr};
}

core::TemplateSet templatesFrom(const CommandContext& c)
{
    const std::vector<std::string> words = c.args.texts("--templates");
    if (words.empty()) {
        return core::templateSet("plain");
    }
    if (words.front().find("{}") != std::string::npos) {
        std::string lines;
        for (const std::string& word : words) {
            lines += word + "\n";
        }
        return core::templatesFromText("--templates", lines);
    }
    if (words.size() > 1) {
        throw Error(Code::Misuse, "--templates takes one set, one file, or templates with {} in each of them.");
    }
    if (isFile(words[0])) {
        return core::templatesFromText(words[0], textOfFile(words[0]));
    }
    return core::templateSet(words[0]);
}

/// Class index of every sample, and what it is compared with.
struct Labels
{
    std::vector<std::int32_t> ofSample;
    std::string from;
};

Labels labelsOfRows(const std::string& path, const core::Embedding& e, const core::Dataset& data)
{
    const std::vector<std::int64_t> values = core::toLabels(core::readArray(path), path);
    const bool bySample = values.size() == data.samples.size();
    if (!bySample && values.size() != e.rows.rows()) {
        throw Error(Code::Mismatch, path + " has " + std::to_string(values.size()) + " labels but there are " +
                                        std::to_string(e.rows.rows()) + " rows.");
    }
    Labels labels{std::vector<std::int32_t>(data.samples.size(), -1), path};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool inRange = values[i] >= 0 && values[i] <= INT32_MAX;
        labels.ofSample[bySample ? i : e.sampleIndex[i]] = inRange ? static_cast<std::int32_t>(values[i]) : -1;
    }
    return labels;
}

Labels labelsFrom(const CommandContext& c, const core::Dataset& data, const core::Embedding& e, const Classes& classes)
{
    const std::string word = c.args.text("--labels");
    if (!word.empty() && word.ends_with(".npy")) {
        return labelsOfRows(word, e, data);
    }
    const core::Attribute* attribute = classes.attribute;
    if (!word.empty()) {
        attribute = attributeIn(data, word);
        if (attribute == nullptr) {
            throw Error(Code::Misuse, "--labels must be attribute:NAME of the data, or a .npy with the number of the "
                                      "class of each row, not \"" +
                                          word + "\".");
        }
    } else if (attribute == nullptr) {
        attribute = onlyAttribute(data);
    }
    if (attribute == nullptr) {
        return {};
    }
    Labels labels{core::labelsFor(*attribute, classes.names), kAttribute + attribute->name};
    const bool any = std::any_of(labels.ofSample.begin(), labels.ofSample.end(), [](auto l) { return l >= 0; });
    if (!any && !word.empty()) {
        throw Error(Code::Mismatch, "No value of " + attribute->name + " is one of the classes; name them alike.");
    }
    return any ? labels : Labels{};
}

Json perClass(const core::ZeroShotResult& r)
{
    const std::size_t k = r.spec.classes.size();
    Json list = Json::array();
    for (std::size_t i = 0; i < k; ++i) {
        std::size_t n = 0, predicted = 0;
        for (std::size_t j = 0; j < k; ++j) {
            n += r.confusion[i * k + j];
            predicted += r.confusion[j * k + i];
        }
        const double right = static_cast<double>(r.confusion[i * k + i]);
        list.push_back({{"class", r.spec.classes[i]},
                        {"n", n},
                        {"recall", n > 0 ? Json(right / static_cast<double>(n)) : Json()},
                        {"precision", predicted > 0 ? Json(right / static_cast<double>(predicted)) : Json()}});
    }
    return list;
}

void putJudgement(CommandContext& c, const core::ZeroShotResult& r, const std::string& labels)
{
    const std::size_t k = r.spec.classes.size();
    c.json["labels"] = labels.empty() ? Json() : Json(labels);
    c.json["labelled"] = r.labelled;
    c.json["unlabelled"] = r.unlabelled;
    c.json["chance"] = 1.0 / static_cast<double>(k);
    for (const char* key : {"top1", "top5", "confusion", "per_class"}) {
        c.json[key] = Json();
    }
    if (r.labelled == 0) {
        c.line("no labels to compare with; --labels attribute:NAME gives them");
        return;
    }
    c.json["top1"] = r.top1;
    c.json["top5"] = r.top5;
    Json confusion = Json::array();
    for (std::size_t i = 0; i < k; ++i) {
        const auto first = r.confusion.begin() + static_cast<std::ptrdiff_t>(i * k);
        confusion.push_back(std::vector<std::uint32_t>(first, first + static_cast<std::ptrdiff_t>(k)));
    }
    c.json["confusion"] = confusion;
    c.json["per_class"] = perClass(r);
    c.line("top-1 " + number(100 * r.top1) + " %, top-" + std::to_string(r.top) + " " + number(100 * r.top5) +
           " % of " + std::to_string(r.labelled) + " labelled rows (" + labels + "; chance is " +
           number(100.0 / static_cast<double>(k)) + " %)");
}

void writeText(const std::string& path, const std::string& text)
{
    core::writeFileAtomic(path, text.data(), text.size());
}

void writeTables(CommandContext& c, const ZeroShotFile& file)
{
    writeText(c.args.text("--out"), predictionsCsv(file));
    if (!c.args.has("--confusion")) {
        return;
    }
    if (file.result->confusion.empty()) {
        throw Error(Code::Misuse, "A confusion table needs labels; give them with --labels attribute:NAME.");
    }
    writeText(c.args.text("--confusion"), confusionCsv(file));
    c.line("confusion → " + c.args.text("--confusion"));
}

void runZeroShot(CommandContext& c)
{
    for (const char* option : {"--out", "--confusion"}) {
        if (c.args.has(option)) {
            checkWritable(c.args.text(option));
        }
    }
    require(c, "--model", "Classifying needs --model M: it encodes the names of the classes.");
    if (!c.args.has("--data") && !c.args.has("--in")) {
        throw Error(Code::Misuse, "Classifying needs --data D, or --in e.npy with its vectors, or both.");
    }
    const std::string in = c.args.text("--in");
    const VectorFile vectors = in.empty() ? VectorFile() : readVectors(in);
    const auto data =
        std::make_shared<const core::Dataset>(c.args.has("--data") ? openData(c, in.empty()) : datasetOf(vectors, in));
    const Classes classes = classesFrom(c, *data);
    const core::ZeroShotSpec spec{classes.names, templatesFrom(c)};
    const auto model = openModel(c);
    checkVectors(c, vectors, model.get(), "image");
    const core::Matrix classifier = core::zeroShotClassifier(*model, spec, c.job);
    const core::Embedding e = in.empty() ? embeddingOf(c, *data, *model) : embeddingFrom(vectors, in, *data);
    core::ZeroShotResult result = core::zeroShot(e, classifier, spec, model->logitScale(), c.job);
    const Labels labels = labelsFrom(c, *data, e, classes);
    core::judgeZeroShot(result, labels.ofSample);

    std::vector<core::Skip> skipped = data->skipped;
    skipped.insert(skipped.end(), e.skipped.begin(), e.skipped.end());
    c.json["model"] = utf8(model->info().name);
    c.json["logit_scale"] = result.logitScale;
    c.json["templates"] = {{"name", spec.templates.name}, {"count", spec.templates.templates.size()}};
    c.json["classes"] = spec.classes;
    c.json["n"] = e.rows.rows();
    c.json["top"] = result.top;
    c.line(std::to_string(e.rows.rows()) + " rows, " + std::to_string(spec.classes.size()) + " classes × " +
           std::to_string(spec.templates.templates.size()) + " templates (" + spec.templates.name + ") → " +
           c.args.text("--out"));
    putJudgement(c, result, labels.from);
    c.json["meaning"] = core::probabilityMeaning(spec.classes.size(), result.logitScale);
    c.json["skipped"] = skipsJson(skipped);
    c.json["seconds"] = result.seconds;
    writeTables(c, {data, std::make_shared<const core::ZeroShotResult>(std::move(result)), labels.ofSample,
                    QString::fromStdString(labels.from)});
}

std::string setNames()
{
    std::string names;
    for (const core::TemplateSet& set : core::templateSets()) {
        names += (names.empty() ? "" : ", ") + set.name;
    }
    return names;
}

} // namespace

Command zeroShotCommand()
{
    return {{"zeroshot", "Classify pictures by the names of classes; with labels, top-1, top-5 and confusion.", "",
             withModelAndData(
                 {{"--classes", "NAMES",
                   "names (a,b,c or one word each), a text file with one a line, or "
                   "attribute:NAME; the data's only attribute unless given",
                   true},
                  {"--templates", "SET",
                   setNames() + ", a text file with one template a line, or templates with {}; "
                                "plain unless given",
                   true},
                  {"--labels", "attribute:NAME", "what is true, or a .npy with the number of the class of each row"},
                  {"--in", "e.npy", "vectors of the data, from semascope embed, in place of embedding them"},
                  {"--out", "z.csv", "the most probable classes of each picture, at most five", false, true},
                  {"--confusion", "c.csv", "counts: a row for each label, a column for each prediction"}}),
             "A class is the mean of its prompts: every template with the name in place of {}. Probabilities are the\n"
             "softmax over the classes with the model's logit scale. Values of an attribute and names of classes are\n"
             "matched without regard to case, blanks, _ and -."},
            runZeroShot};
}

} // namespace semascope::app
