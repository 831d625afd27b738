#pragma once
#include "app/ExportDialog.h"
#include "app/Session.h"
#include "core/clip/ZeroShot.h"

namespace semascope::app {

/// What is written of a zero-shot result.
struct ZeroShotFile
{
    std::shared_ptr<const core::Dataset> data;
    std::shared_ptr<const core::ZeroShotResult> result;
    std::vector<std::int32_t> labels; ///< class index a sample; empty without labels
    QString against;                  ///< the attribute that they come from
};

/// A row for each row of the result: id, label and correct (empty without labels), then the most probable classes with
/// probability and cosine.
std::string predictionsCsv(const ZeroShotFile& file);
/// Counts; a row for each label, a column for each prediction.
std::string confusionCsv(const ZeroShotFile& file);

/// Write in the background; the session tells how it went.
void writeZeroShotCsv(Session& session, const ZeroShotFile& file, bool confusion, const QString& path);
void exportConfusion(Session& session, const ZeroShotFile& file, const ExportDialog::Choice& choice, bool shares);

} // namespace semascope::app
