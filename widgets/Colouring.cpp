#include "widgets/Colouring.h"

#include <QHash>
#include <algorithm>

#include <cmath>
#include <cstdlib>

namespace semascope::ui {

namespace {

constexpr QRgb kPlainColour = 0xff4c78a8;

bool startsWith(const std::string& text, const char* prefix)
{
    return text.rfind(prefix, 0) == 0;
}

bool isHidden(const core::Document& doc, const QString& label)
{
    const std::string wanted = label.toStdString();
    return std::find(doc.view.hidden.begin(), doc.view.hidden.end(), wanted) != doc.view.hidden.end();
}

/// The colour that a word says, as it shows on a white page and in a dark window; 0 for any other word.
QRgb colourOfWord(const QString& word)
{
    static const QHash<QString, QRgb> words{
        {QStringLiteral("red"), 0xffd1362f},    {QStringLiteral("blue"), 0xff1f6fc2},
        {QStringLiteral("green"), 0xff2e9e44},  {QStringLiteral("yellow"), 0xffe8c60c},
        {QStringLiteral("orange"), 0xfff28e1c}, {QStringLiteral("purple"), 0xff7d4bb0},
        {QStringLiteral("brown"), 0xff8a5a32},  {QStringLiteral("teal"), 0xff12908e},
        {QStringLiteral("pink"), 0xffec7fb4},   {QStringLiteral("grey"), 0xff8a8a8a},
        {QStringLiteral("gray"), 0xff8a8a8a},   {QStringLiteral("black"), 0xff404040},
        {QStringLiteral("white"), 0xffd8d2c4},
    };
    return words.value(word.trimmed().toLower(), 0);
}

int distance(QRgb a, QRgb b)
{
    return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
}

QVector<QRgb> paletteColours(const QStringList& labels)
{
    QVector<QRgb> colours;
    for (qsizetype i = 0; i < labels.size(); ++i) {
        colours.append(categoryColour(i, labels.size()));
    }
    return colours;
}

/// Where most labels are colours by name they get these, and the others colours unlike them.
QVector<QRgb> coloursOfLabels(const QStringList& labels)
{
    constexpr int unlike = 90;
    QVector<QRgb> colours;
    for (const QString& label : labels) {
        colours.append(colourOfWord(label));
    }
    const auto words = labels.size() - colours.count(0);
    if (words < 2 || 2 * words < labels.size()) {
        return paletteColours(labels);
    }
    const QVector<QRgb> named = colours;
    int next = 0;
    for (QRgb& colour : colours) {
        const auto taken = [&](QRgb candidate) {
            return std::any_of(named.begin(), named.end(),
                               [&](QRgb n) { return n != 0 && distance(n, candidate) < unlike; });
        };
        while (colour == 0) {
            const QRgb candidate = categoryColour(next, kCategoryColours);
            ++next;
            colour = taken(candidate) && next < 2 * kCategoryColours ? 0 : candidate;
        }
    }
    return colours;
}

void colourByCategories(Colouring& c, const core::Document& doc, const std::vector<std::int32_t>& categories,
                        const QStringList& labels, const QVector<QRgb>& colours)
{
    for (qsizetype i = 0; i < labels.size(); ++i) {
        c.legend.entries.push_back({labels[i], colours[i], 0, isHidden(doc, labels[i])});
    }
    const auto missing = std::count(categories.begin(), categories.end(), -1);
    const qsizetype none = labels.size();
    if (missing > 0) {
        const QString label = QStringLiteral("no value");
        c.legend.entries.push_back({label, kMissingColour, 0, isHidden(doc, label)});
    }
    for (std::size_t s = 0; s < categories.size() && s < c.colour.size(); ++s) {
        const qsizetype entry = categories[s] < 0 ? none : categories[s];
        c.entry[s] = static_cast<std::int32_t>(entry);
        c.colour[s] = c.legend.entries[entry].colour;
        ++c.legend.entries[entry].count;
    }
}

/// The ends of a scale; those of the values when hi is not above lo.
struct Limits
{
    double lo = 0, hi = 0;
};

/// Percentiles and probabilities get the whole of their scale, so that two maps can be compared.
template<class Values> void colourByNumbers(Colouring& c, const Values& values, Ramp ramp, const Limits& limits = {})
{
    const bool given = limits.hi > limits.lo;
    double lo = given ? limits.lo : INFINITY, hi = given ? limits.hi : -INFINITY;
    for (const auto v : values) {
        if (std::isfinite(v)) {
            lo = std::min(lo, static_cast<double>(v));
            hi = std::max(hi, static_cast<double>(v));
        }
    }
    if (lo > hi) {
        lo = hi = 0;
    }
    if (ramp == Ramp::Diverging) {
        hi = std::max(std::abs(lo), std::abs(hi));
        lo = -hi;
    }
    c.legend.continuous = true;
    c.legend.ramp = ramp;
    c.legend.lo = lo;
    c.legend.hi = hi;
    for (std::size_t s = 0; s < values.size() && s < c.colour.size(); ++s) {
        c.colour[s] = valueColour(ramp, static_cast<double>(values[s]), lo, hi);
    }
}

void colourByAttribute(Colouring& c, const core::Dataset& data, const core::Document& doc, const std::string& name)
{
    for (const core::Attribute* a : allAttributes(data, doc)) {
        if (a->name != name) {
            continue;
        }
        c.legend.title = QString::fromStdString(name);
        if (a->numeric()) {
            colourByNumbers(c, a->numbers, Ramp::Viridis);
            return;
        }
        QStringList labels;
        for (const std::string& label : a->labels) {
            labels << QString::fromStdString(label);
        }
        colourByCategories(c, doc, a->categories, labels, coloursOfLabels(labels));
        return;
    }
}

void colourByCluster(Colouring& c, const core::Document& doc)
{
    if (!doc.clustering) {
        return;
    }
    const core::Clustering& k = *doc.clustering;
    std::vector<std::int32_t> categories(c.colour.size(), -1);
    for (std::size_t r = 0; r < k.assignment.size() && r < doc.clusterSample.size(); ++r) {
        if (doc.clusterSample[r] < categories.size()) {
            categories[doc.clusterSample[r]] = k.assignment[r];
        }
    }
    QStringList labels;
    for (std::size_t i = 0; i < k.sizes.size(); ++i) { // not spec.k: clusters are merged and split by hand
        labels << (i < doc.clusterNames.size() ? QString::fromStdString(doc.clusterNames[i])
                                               : QStringLiteral("cluster %1").arg(i + 1));
    }
    c.legend.title = QStringLiteral("%1, k = %2").arg(methodName(k.spec.method)).arg(k.sizes.size());
    colourByCategories(c, doc, categories, labels, paletteColours(labels));
}

/// How sure the method is of each sample's cluster.
void colourByConfidence(Colouring& c, const core::Document& doc)
{
    if (!doc.clustering || doc.clustering->confidence.empty()) {
        c.legend.entries.push_back({QStringLiteral("these clusters have no confidence"), kPlainColour, 0, false});
        return;
    }
    const core::Clustering& k = *doc.clustering;
    std::vector<float> values(c.colour.size(), NAN);
    const std::size_t rows = std::min(k.confidence.size(), doc.clusterSample.size());
    for (std::size_t r = 0; r < rows; ++r) {
        if (doc.clusterSample[r] < values.size()) {
            values[doc.clusterSample[r]] = k.confidence[r];
        }
    }
    c.legend.title =
        QStringLiteral("confidence of %1 · n %2 of %3").arg(methodName(k.spec.method)).arg(rows).arg(values.size());
    colourByNumbers(c, values, Ramp::Viridis, {0, 1});
}

void colourByPrompt(Colouring& c, const core::Document& doc, std::size_t index, const PromptValues& values)
{
    const core::Prompt& prompt = doc.prompts[index];
    const ScoreKind kind = shownKind(doc.view, prompt);
    const QString title = kind == ScoreKind::Contrast ? promptTitle(prompt) : QString::fromStdString(prompt.text);
    c.legend.title = title + QStringLiteral(" · ") + QLatin1String(scoreWord(kind));
    if (values.of(kind).empty()) {
        c.legend.entries.push_back({kind == ScoreKind::Contrast ? QStringLiteral("nothing to contrast it with")
                                                                : QStringLiteral("needs two prompts or more"),
                                    kPlainColour, 0, false});
        return;
    }
    colourByNumbers(c, values.of(kind), kind == ScoreKind::Contrast ? Ramp::Diverging : Ramp::Viridis,
                    kind == ScoreKind::Percentile    ? Limits{0, 100}
                    : kind == ScoreKind::Probability ? Limits{0, 1}
                                                     : Limits{});
}

QString figures(double value)
{
    return QString::number(value, 'g', 3);
}

} // namespace

std::vector<const core::Attribute*> allAttributes(const core::Dataset& data, const core::Document& doc)
{
    std::vector<const core::Attribute*> all;
    for (const core::Attribute& a : data.attributes) {
        all.push_back(&a);
    }
    for (const core::Attribute& a : doc.userAttributes) {
        all.push_back(&a);
    }
    return all;
}

Colouring colourSamples(const core::Dataset& data, const core::Document& doc, const std::vector<PromptValues>& values)
{
    Colouring c;
    c.colour.assign(data.samples.size(), kPlainColour);
    c.entry.assign(data.samples.size(), -1);
    const std::string& by = doc.view.colourBy;
    if (startsWith(by, "attribute:")) {
        colourByAttribute(c, data, doc, by.substr(10));
    } else if (by == "cluster") {
        colourByCluster(c, doc);
    } else if (by == "confidence") {
        colourByConfidence(c, doc);
    } else if (startsWith(by, "prompt:")) {
        const auto index = static_cast<std::size_t>(std::strtoul(by.c_str() + 7, nullptr, 10));
        if (index < doc.prompts.size() && index < values.size() && !values[index].cosine.empty()) {
            colourByPrompt(c, doc, index, values[index]);
        }
    }
    return c;
}

QString methodName(const std::string& method)
{
    static const QHash<QString, QString> names{
        {QStringLiteral("pca"), QStringLiteral("PCA")},
        {QStringLiteral("svd"), QStringLiteral("truncated SVD")},
        {QStringLiteral("classical"), QStringLiteral("classical MDS")},
        {QStringLiteral("mds"), QStringLiteral("metric MDS (SMACOF)")},
        {QStringLiteral("kmeans"), QStringLiteral("k-means")},
        {QStringLiteral("spherical-kmeans"), QStringLiteral("spherical k-means")},
        {QStringLiteral("ae-kmeans"), QStringLiteral("autoencoder + k-means")},
        {QStringLiteral("dec"), QStringLiteral("DEC")},
        {QStringLiteral("idec"), QStringLiteral("IDEC")},
    };
    const QString word = QString::fromStdString(method);
    return names.value(word, word);
}

QString layoutCaption(const core::Dataset& data, const core::Layout& layout)
{
    QStringList parts{methodName(layout.spec.method)};
    if (layout.spec.method == kCodeMap) {
        const auto of = layout.spec.options.find("of");
        const bool known = of != layout.spec.options.end();
        parts = {known ? QStringLiteral("code of %1 seen by PCA").arg(methodName(of->second))
                       : QStringLiteral("code seen by PCA")};
        if (!layout.notes.empty()) {
            parts << QString::fromStdString(layout.notes.front());
        }
    }
    if (layout.stress1 >= 0) {
        parts << QStringLiteral("stress-1 %1").arg(figures(layout.stress1));
    }
    if (!layout.explained.empty()) {
        double sum = 0;
        for (const float share : layout.explained) {
            sum += static_cast<double>(share);
        }
        parts << QStringLiteral("%1 % of variance").arg(QString::number(100 * sum, 'f', 1));
    }
    parts << QStringLiteral("n %1 of %2").arg(layout.points.rows()).arg(data.samples.size());
    parts << QStringLiteral("seed %1").arg(layout.spec.seed);
    return parts.join(QStringLiteral(" · "));
}

QString sampleName(const core::Dataset& data, std::size_t sample)
{
    return sample < data.samples.size() ? QString::fromStdString(data.samples[sample].id) : QString();
}

} // namespace semascope::ui
