#pragma once
#include "core/data/SqliteDb_p.h"
#include "core/session/Document.h"

namespace semascope::core {

inline constexpr std::uint32_t kDocumentApplication = 0x53454D41; ///< "SEMA", SQLite's application id
inline constexpr std::int64_t kDocumentVersion = 1;               ///< SQLite's user version

/// Creates the tables and fills them, in one transaction. Errors are clauses that follow the file's name.
void writeTables(SqliteDb& db, const Document& doc);
/// Reads what writeTables wrote. Lengths are held against the stored bytes before anything is allocated, and every
/// checksum is compared. Throws Error(BadFormat) with a clause.
Document readTables(SqliteDb& db);

/// What does not fit together in `doc`, as a clause; empty when all is well.
std::string contradiction(const Document& doc);

} // namespace semascope::core
