#include "app/cli/Common.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/Store.h"

#include <charconv>
#include <cmath>
#include <ctime>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

/// "4GB", "1.5 GB", "500MB", "4000000000"; "default" is 0. Powers of ten, as disks are sold.
std::uint64_t parseSize(const std::string& text)
{
    if (text == "default") {
        return 0;
    }
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    std::string unit(parsed.ptr, static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
    std::erase(unit, ' ');
    const std::pair<const char*, double> units[] = {{"", 1},     {"B", 1},    {"kB", 1e3},
                                                    {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
    for (const auto& [name, factor] : units) {
        const double bytes = value * factor;
        if (parsed.ec == std::errc() && unit == name && bytes >= 1e6 && bytes < 1e18) {
            return static_cast<std::uint64_t>(bytes);
        }
    }
    throw Error(Code::Misuse, "\"" + text +
                                  "\" is no size for --max-size; write such as 4GB or 500MB (at least 1MB), "
                                  "or default.");
}

std::string dateText(std::int64_t seconds)
{
    const auto time = static_cast<std::time_t>(seconds);
    std::tm local{};
    char text[32] = "";
    if (seconds > 0 && ::localtime_r(&time, &local) != nullptr) {
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
    }
    return text;
}

void tell(CommandContext& c, const std::vector<std::string>& notes)
{
    for (const std::string& sentence : notes) {
        c.job.note(sentence);
    }
}

void show(CommandContext& c, const core::StoreSpec& spec)
{
    const core::StoreSummary s = core::storeSummary(spec, c.job);
    tell(c, s.notes);
    putPath(c.json, "folder", s.folder);
    putPath(c.json, "file", s.file);
    c.json["bytes"] = s.bytes;
    c.json["limit"] = s.limit;
    c.json["limit_chosen"] = s.limitChosen;
    std::size_t rows = 0;
    c.json["models"] = Json::array();
    for (const core::StoreModel& m : s.models) {
        c.json["models"].push_back({{"model", utf8(m.model)},
                                    {"what", utf8(m.what)},
                                    {"precision", utf8(m.precision)},
                                    {"details", utf8(m.details)},
                                    {"rows", m.rows},
                                    {"bytes", m.bytes},
                                    {"last_used", m.lastUsed}});
        rows += m.rows;
    }
    c.json["rows"] = rows;
    c.json["pictures"] = s.pictures;
    c.json["reasons"] = s.reasons;
    if (s.file.empty()) {
        c.line("There is no embedding store in " + s.folder + " yet.");
        return;
    }
    c.line(s.file + ": " + core::bytesText(s.bytes) + " of at most " + core::bytesText(s.limit));
    for (const core::StoreModel& m : s.models) {
        c.line("  " + utf8(m.model) + ", " + m.what + " in " + m.precision + ": " + core::groupedText(m.rows) +
               " rows, " + core::bytesText(m.bytes) + ", last used " + dateText(m.lastUsed));
    }
    c.line("  " + core::groupedText(s.pictures) + " picture files are known by name, size and time; " +
           core::groupedText(s.reasons) + " known not to be decodable");
}

void verify(CommandContext& c, const core::StoreSpec& spec)
{
    const core::StoreCheck check = core::verifyStore(spec, c.job);
    tell(c, check.notes);
    c.json["rows"] = check.rows;
    c.json["damaged"] = check.damagedRows;
    c.json["rebuilt"] = check.rebuilt;
    c.exitCode = check.damagedRows > 0 || check.rebuilt ? 1 : 0; // so that a script can tell
    c.line(core::groupedText(check.rows) + " rows are whole" +
           (check.damagedRows == 0 ? std::string()
                                   : "; " + core::groupedText(check.damagedRows) +
                                         " were damaged and are removed: they are computed again when needed"));
}

void clear(CommandContext& c, const core::StoreSpec& spec)
{
    const core::StoreCleared cleared = core::clearStore(spec, c.job);
    c.json["files"] = Json::array();
    for (const std::string& path : cleared.files) {
        c.json["files"].push_back(utf8(path));
        c.line("deleted " + path);
    }
    c.json["rows"] = cleared.rows;
    c.json["bytes"] = cleared.bytes;
    c.line(cleared.files.empty() ? "There is no embedding store to delete."
                                 : core::groupedText(cleared.rows) + " rows, " + core::bytesText(cleared.bytes));
}

void runStore(CommandContext& c)
{
    if (c.args.positional().size() != 1) {
        throw Error(Code::Misuse, "semascope store takes one of show, verify and clear.");
    }
    core::StoreSpec spec;
    spec.folder = c.args.text("--cache-dir");
    const std::string& what = c.args.positional().front();
    if (what != "show" && what != "verify" && what != "clear") {
        throw Error(Code::Misuse, "semascope store does not know \"" + what + "\"; it takes show, verify or clear.");
    }
    if (what == "clear") {
        clear(c, spec);
    }
    if (c.args.has("--max-size")) {
        const std::uint64_t freed = core::setStoreLimit(spec, parseSize(c.args.text("--max-size")), c.job);
        c.json["freed"] = freed;
        if (freed > 0) {
            c.line("made room: " + core::bytesText(freed) + " of what was used longest ago are gone");
        }
    }
    if (what == "show") {
        show(c, spec);
    } else if (what == "verify") {
        verify(c, spec);
    }
}

} // namespace

Command storeCommand()
{
    return {{"store",
             "What is kept of computed embeddings: show it, verify its checksums (what is damaged is removed; exit 1), "
             "or delete it.",
             "show|verify|clear",
             {{"--cache-dir", "DIR", "its folder; $SEMASCOPE_CACHE or the user's cache folder unless given"},
              {"--max-size", "SIZE",
               "remember a size limit, such as 4GB, or default; what was used longest ago goes first"}},
             "Nothing is lost with the store but time: what is missing is computed again."},
            runStore};
}

} // namespace semascope::app
