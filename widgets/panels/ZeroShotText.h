#pragma once
#include "core/clip/ZeroShot.h"

#include <QString>
#include <QStringList>

#include <limits>

namespace semascope::ui {

/// What a zero-shot result says about one class. NaN where there is nothing to divide by.
struct ClassReport
{
    static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

    std::size_t labelled = 0;     ///< rows with this label
    std::size_t predicted = 0;    ///< rows taken for this class, labelled or not
    double recall = kUnknown;     ///< share of the labelled ones that are taken for it
    double precision = kUnknown;  ///< share of the judged ones taken for it that have this label
    double confidence = kUnknown; ///< mean probability of those taken for it
    int confusedWith = -1;        ///< the class that its pictures are most often taken for wrongly; −1: none
    std::size_t confused = 0;     ///< how many
};
/// One a class, in the result's order. O(rows + classes²).
std::vector<ClassReport> classReports(const core::ZeroShotResult& result);

/// One figure of the headline: "71.2 %", "top-1".
struct HeadlineFigure
{
    QString value, caption, tip;
};
/// Top-1, top-5 (only of more than five classes) and chance; without labels the mean probability.
std::vector<HeadlineFigure> headline(const core::ZeroShotResult& result);
/// What the headline is of: "10 000 labelled pictures · 10 classes × 18 templates · ViT-B/32 · zero-shot, nothing
/// trained". `unit` is the plural of a row, such as "pictures".
QString provenance(const core::ZeroShotResult& result, const QString& unit);

/// "Of 100 pictures labelled “cat”, 12 (12.0 %) are taken for “dog”." A side that is −1 stands for all of its kind.
QString cellSentence(const core::ZeroShotResult& result, int label, int prediction);

/// "71.2 %", "100 %", "< 0.1 %"; NaN is "–".
QString shareText(double share);
/// Class names of a text: one a line, blanks trimmed, empty and repeated lines left out. Two lines are the same when
/// they differ only in case, blanks, '_' and '-', as labels are matched.
QStringList classLines(const QString& text);
/// A label as it is put into a template: "fire_truck" becomes "fire truck".
QString classNameOf(const QString& label);
/// What a template set is called in the window.
QString templateSetTitle(const core::TemplateSet& set);

} // namespace semascope::ui
