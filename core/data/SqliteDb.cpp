#include "core/data/SqliteDb_p.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <sqlite3.h>
#include <thread>

namespace semascope::core {

namespace {

/// "database or disk is full", with the system's own reason where there is one.
std::string reason(sqlite3* db)
{
    std::string text = sqlite3_errmsg(db);
    if (const int system = sqlite3_system_errno(db); system != 0) {
        text += std::string(" (") + std::strerror(system) + ")";
    }
    return text;
}

[[noreturn]] void fail(sqlite3* db)
{
    switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_NOMEM:
        throw std::bad_alloc();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        throw Error(Code::BadFormat, "is damaged: " + reason(db));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Error(Code::Io, "is in use by another process: " + reason(db));
    default:
        break;
    }
    if (sqlite3_db_readonly(db, "main") == 1) {
        throw Error(Code::BadFormat, "is damaged: " + reason(db));
    }
    throw Error(Code::Io, "cannot be written: " + reason(db));
}

void require(sqlite3* db, int code)
{
    if (code != SQLITE_OK) {
        fail(db);
    }
}

/// A path as the URI that SQLite needs to be told "immutable".
std::string immutableUri(const std::string& path)
{
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char ch : path) {
        const auto c = static_cast<unsigned char>(ch);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::strchr("/._-", ch) != nullptr;
        if (plain) {
            uri += ch;
        } else {
            uri += {'%', kDigits[c >> 4], kDigits[c & 15]};
        }
    }
    return uri + "?mode=ro&immutable=1";
}

} // namespace

SqliteStatement::SqliteStatement(sqlite3* db, const char* sql) : m_db(db)
{
    require(db, sqlite3_prepare_v2(db, sql, -1, &m_statement, nullptr));
}

SqliteStatement::~SqliteStatement()
{
    sqlite3_finalize(m_statement);
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t value)
{
    require(m_db, sqlite3_bind_int64(m_statement, parameter, value));
    return *this;
}

SqliteStatement& SqliteStatement::bindText(int parameter, std::string_view text)
{
    const char* data = text.empty() ? "" : text.data();
    require(m_db, sqlite3_bind_text64(m_statement, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

SqliteStatement& SqliteStatement::bindBytes(int parameter, const void* data, std::size_t size)
{
    // A null pointer would bind NULL, which is not the same as no bytes.
    require(m_db, sqlite3_bind_blob64(m_statement, parameter, size == 0 ? "" : data, size, SQLITE_STATIC));
    return *this;
}

bool SqliteStatement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        fail(m_db);
    }
    sqlite3_reset(m_statement);
    return false;
}

void SqliteStatement::reset()
{
    sqlite3_reset(m_statement);
}

std::int64_t SqliteStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string_view SqliteStatement::bytes(int column) const
{
    const void* data = sqlite3_column_blob(m_statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    if (data == nullptr && sqlite3_errcode(m_db) == SQLITE_NOMEM) {
        throw std::bad_alloc();
    }
    return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

void SqliteDb::Closer::operator()(sqlite3* db) const noexcept
{
    sqlite3_close(db);
}

SqliteDb::SqliteDb(const std::string& name, int flags)
{
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &db, flags, nullptr);
    m_db.reset(db);
    if (db == nullptr) {
        throw std::bad_alloc();
    }
    if (code != SQLITE_OK) {
        throw Error((flags & SQLITE_OPEN_READONLY) != 0 ? Code::BadFormat : Code::Io,
                    "cannot be opened: " + reason(db));
    }
}

SqliteDb SqliteDb::create(const std::string& path)
{
    SqliteDb db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    db.execute("PRAGMA page_size=16384");
    db.execute("PRAGMA journal_mode=OFF");
    db.execute("PRAGMA synchronous=OFF");
    db.execute("PRAGMA locking_mode=EXCLUSIVE");
    return db;
}

SqliteDb SqliteDb::openReadOnly(const std::string& path)
{
    SqliteDb db(immutableUri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX);
    db.execute("PRAGMA trusted_schema=OFF");
    db.execute("PRAGMA cell_size_check=ON");
    return db;
}

struct SqliteDb::Patience
{
    std::chrono::milliseconds most;
    std::stop_token stop;
    std::chrono::steady_clock::time_point start;
};

int SqliteDb::waitForLock(void* patience, int tries) noexcept
{
    auto& p = *static_cast<Patience*>(patience);
    const auto now = std::chrono::steady_clock::now();
    if (tries == 0) {
        p.start = now;
    }
    if (p.stop.stop_requested() || now - p.start > p.most) {
        return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 + tries, 20)));
    return 1;
}

SqliteDb SqliteDb::openShared(const std::string& path, bool readOnly, int patienceMs, std::stop_token stop)
{
    const int flags = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    SqliteDb db(path, flags | SQLITE_OPEN_NOMUTEX);
    db.m_patience = std::make_shared<Patience>(Patience{std::chrono::milliseconds(patienceMs), std::move(stop), {}});
    sqlite3_busy_handler(db.handle(), &waitForLock, db.m_patience.get());
    db.execute("PRAGMA trusted_schema=OFF");
    db.execute("PRAGMA cell_size_check=ON");
    return db;
}

void SqliteDb::execute(const char* sql)
{
    require(handle(), sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr));
}

std::int64_t SqliteDb::number(const char* sql) const
{
    SqliteStatement statement(handle(), sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string SqliteDb::text(const char* sql) const
{
    SqliteStatement statement(handle(), sql);
    return statement.step() ? std::string(statement.bytes(0)) : std::string();
}

void SqliteDb::close()
{
    sqlite3* db = m_db.release();
    if (sqlite3_close(db) != SQLITE_OK) {
        m_db.reset(db);
        fail(db);
    }
}

} // namespace semascope::core
