#pragma once
#include "app/cli/Command.h"
#include "core/clip/ClipModel.h"
#include "core/clip/Store.h"
#include "core/data/Dataset.h"

namespace semascope::app {

/// The model of --model with its overriding options.
core::ModelSpec modelSpec(const Arguments& args);
std::shared_ptr<core::ClipModel> openModel(CommandContext& c);

/// The dataset of --data (with --pictures, --metadata, --subset); "demo" is the built-in sample.
std::vector<Option> dataOptions();
core::OpenSpec dataSpec(CommandContext& c);
core::Dataset openData(CommandContext& c, bool checkPictures);

/// Where embeddings are kept (--cache-dir); none with --no-cache.
std::vector<Option> storeOptions();
std::optional<core::StoreSpec> storeSpec(const Arguments& args);

/// Skips as JSON: path and reason.
Json skipsJson(const std::vector<core::Skip>& skips);
/// Makes sure that a result can be written where it is asked for, before hours are spent on it. Throws Error(Io).
void checkWritable(const std::string& path);

/// Numbers as the tables show them: six significant digits, always with a point.
std::string number(double value);

} // namespace semascope::app
