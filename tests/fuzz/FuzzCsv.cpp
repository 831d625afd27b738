#include "core/data/Table_p.h"
#include "core/job/JobContext.h"
#include "tests/fuzz/Fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace semascope;
    const fuzz::InputFile file(data, size);
    return fuzz::expectOnlyErrors([&] {
        core::JobContext job;
        const core::Table table = core::readTable(file.path(), job);
        core::TableRoles roles = core::rolesOf(table.columns, "", "input");
        core::demoteNumericCaptions(table, roles);
        std::size_t recoded = 0;
        for (const core::TableGroup& group : core::groupRows(table, roles.id)) {
            (void)core::captionsOf(table, roles, group, recoded);
        }
    });
}
