#pragma once
#include "core/job/Error.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace semascope::core {

/// A prepared statement. Bound bytes are not copied: they must live until the statement has stepped.
class SqliteStatement
{
public:
    SqliteStatement(sqlite3* db, const char* sql);
    ~SqliteStatement();
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    /// Parameters and columns count from 1 and 0, as in SQLite.
    SqliteStatement& bind(int parameter, std::int64_t value);
    SqliteStatement& bindText(int parameter, std::string_view text);
    SqliteStatement& bindBytes(int parameter, const void* data, std::size_t size);
    SqliteStatement& bindBytes(int parameter, std::string_view bytes)
    {
        return bindBytes(parameter, bytes.data(), bytes.size());
    }

    /// True while there is a row. After the last one the statement is ready for new parameters.
    bool step();
    /// Ready for new parameters before the last row.
    void reset();
    std::int64_t integer(int column) const;
    /// Valid until the next step().
    std::string_view bytes(int column) const;

private:
    sqlite3* m_db;
    sqlite3_stmt* m_statement = nullptr;
};

/// Owns a connection; used by one thread at a time. Failures are Error(Io) while writing and Error(BadFormat) while
/// reading, with a clause that follows the file's name.
class SqliteDb
{
public:
    /// For a new file that nobody else knows: no journal, no syncing.
    static SqliteDb create(const std::string& path);
    /// Reads only, takes no locks and leaves no files behind; the schema of the file is not trusted.
    static SqliteDb openReadOnly(const std::string& path);
    /// For a file that several processes use at once: locks are waited for, for `patienceMs` or until a stop. Failures
    /// are Error(BadFormat) where the file is damaged, else Error(Io). The schema of the file is not trusted.
    static SqliteDb openShared(const std::string& path, bool readOnly, int patienceMs, std::stop_token stop = {});

    sqlite3* handle() const noexcept { return m_db.get(); }
    void execute(const char* sql);
    /// The one value that `sql` gives, as a number or as text; 0 or empty without a row.
    std::int64_t number(const char* sql) const;
    std::string text(const char* sql) const;
    /// Ends the connection, reporting what went wrong on the way.
    void close();

private:
    struct Closer
    {
        void operator()(sqlite3* db) const noexcept;
    };
    struct Patience;
    static int waitForLock(void* patience, int tries) noexcept;
    SqliteDb(const std::string& name, int flags);
    std::shared_ptr<Patience> m_patience; ///< outlives the connection
    std::unique_ptr<sqlite3, Closer> m_db;
};

} // namespace semascope::core
