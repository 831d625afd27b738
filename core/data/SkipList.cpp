#include "core/data/Arrays.h"
#include "core/data/Csv.h"
#include "core/data/Dataset.h"
#include "core/data/Embedding.h"

namespace semascope::core {

void writeSkips(const std::string& csv, const Dataset& data, const Embedding* embedding)
{
    std::string text = "path,reason\n";
    const auto add = [&text](const std::vector<Skip>& skips) {
        for (const Skip& s : skips) {
            text += quotedCsvField(s.path) + "," + quotedCsvField(s.reason) + "\n";
        }
    };
    add(data.skipped);
    if (embedding != nullptr) {
        add(embedding->skipped);
    }
    writeFileAtomic(csv, text.data(), text.size());
}

} // namespace semascope::core
