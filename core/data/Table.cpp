#include "core/data/Table_p.h"

#include "core/data/File_p.h"
#include "core/data/Text_p.h"
#include "core/job/JobContext.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::size_t kMaxRecord = 1 << 20;
constexpr std::size_t kMaxColumns = 4096;
constexpr std::uint64_t kMaxTable = std::uint64_t{2} << 30;
constexpr std::size_t kBlock = 1 << 20;

/// Hands out a file byte by byte, in bounded memory.
class ByteStream
{
public:
    ByteStream(const OpenedFile& file, const std::string& name, JobContext* job)
        : m_file(file), m_name(name), m_job(job)
    {}

    /// -1 at the end.
    int peek()
    {
        if (m_at == m_block.size() && !fill()) {
            return -1;
        }
        return static_cast<unsigned char>(m_block[m_at]);
    }
    int next()
    {
        const int c = peek();
        m_at += c >= 0 ? 1 : 0;
        return c;
    }

private:
    bool fill()
    {
        if (m_job != nullptr) {
            m_job->checkpoint();
            m_job->progress("reading the table", "MB", m_offset >> 20, m_file.facts.size >> 20);
        }
        m_block.resize(kBlock);
        m_block.resize(readNamed());
        m_offset += m_block.size();
        m_at = 0;
        return !m_block.empty();
    }

    std::size_t readNamed()
    {
        try {
            return readAt(m_file.handle, m_offset, m_block.data(), m_block.size());
        } catch (const Error& e) {
            throw Error(e.code(), m_name + " " + e.what() + ".");
        }
    }

    const OpenedFile& m_file;
    const std::string& m_name;
    JobContext* m_job;
    std::uint64_t m_offset = 0;
    std::string m_block;
    std::size_t m_at = 0;
};

/// Splits a stream into records.
class RecordReader
{
public:
    RecordReader(ByteStream& bytes, const std::string& name) : m_bytes(bytes), m_name(name) { skipMark(); }

    void setSeparator(char separator) { m_separator = separator; }
    std::size_t line() const noexcept { return m_recordLine; }

    /// False at the end of the file.
    bool next(std::vector<std::string>& cells)
    {
        cells.clear();
        m_recordLine = m_line;
        m_size = 0;
        if (m_bytes.peek() < 0) {
            return false;
        }
        std::string cell;
        while (true) {
            const bool more = readCell(cell);
            if (cells.size() <= kMaxColumns) {
                cells.push_back(std::move(cell));
            }
            cell.clear();
            if (!more) {
                return true;
            }
        }
    }

    /// The first record as it stands, to see what separates it. Only valid before next().
    static char sniff(const std::string& start)
    {
        std::size_t commas = 0, semicolons = 0, tabs = 0;
        bool inQuotes = false;
        for (const char c : start) {
            inQuotes = inQuotes != (c == '"');
            if (!inQuotes && (c == '\n' || c == '\r')) {
                break;
            }
            commas += !inQuotes && c == ',' ? 1 : 0;
            semicolons += !inQuotes && c == ';' ? 1 : 0;
            tabs += !inQuotes && c == '\t' ? 1 : 0;
        }
        if (tabs > commas && tabs >= semicolons) {
            return '\t';
        }
        return semicolons > commas ? ';' : ',';
    }

private:
    void skipMark()
    {
        const int first = m_bytes.peek();
        if (first == 0xff || first == 0xfe) {
            m_bytes.next();
            if (m_bytes.peek() == (first == 0xff ? 0xfe : 0xff)) {
                throw Error(Code::Unsupported, m_name + " is UTF-16; save it as UTF-8.");
            }
            throw Error(Code::BadFormat, m_name + " is not a text table.");
        }
        if (first == 0xef) {
            for (const int expected : {0xef, 0xbb, 0xbf}) {
                if (m_bytes.peek() != expected) {
                    break;
                }
                m_bytes.next();
            }
        }
    }

    int take()
    {
        const int c = m_bytes.next();
        if (c == 0) {
            throw Error(Code::BadFormat, m_name + " holds a NUL byte in line " + std::to_string(m_line) +
                                             ", so it is UTF-16 or no text; save it as UTF-8.");
        }
        if (++m_size > kMaxRecord) {
            throw Error(Code::BadFormat, m_name + " has a line of more than 1 MB at line " +
                                             std::to_string(m_recordLine) + "; perhaps a quote is never closed.");
        }
        if (c == '\n' || (c == '\r' && m_bytes.peek() != '\n')) {
            ++m_line;
        }
        return c;
    }

    /// Reads up to a separator (true) or the end of the record (false).
    bool readCell(std::string& cell)
    {
        if (m_bytes.peek() == '"') {
            take();
            readQuoted(cell);
        }
        while (true) {
            const int c = take();
            if (c == static_cast<unsigned char>(m_separator)) {
                return true;
            }
            if (c < 0 || c == '\n') {
                return false;
            }
            if (c == '\r') {
                if (m_bytes.peek() == '\n') {
                    take();
                }
                return false;
            }
            cell += static_cast<char>(c);
        }
    }

    void readQuoted(std::string& cell)
    {
        while (true) {
            const int c = take();
            if (c < 0) {
                throw Error(Code::BadFormat, m_name + " has a quote that is never closed; it starts in line " +
                                                 std::to_string(m_recordLine) + ".");
            }
            if (c == '"') {
                if (m_bytes.peek() != '"') {
                    return;
                }
                take();
            }
            cell += static_cast<char>(c);
        }
    }

    ByteStream& m_bytes;
    const std::string& m_name;
    char m_separator = ',';
    std::size_t m_line = 1, m_recordLine = 1, m_size = 0;
};

char separatorOf(const std::string& path)
{
    const std::string extension = extensionOf(path);
    return extension == "tsv" || extension == "tab" ? '\t' : RecordReader::sniff(readStart(path, 64 << 10));
}

bool blank(const std::vector<std::string>& cells)
{
    return cells.size() == 1 && trimmed(cells[0]).empty();
}

void readColumns(RecordReader& reader, Table& table, const std::string& name)
{
    std::vector<std::string> cells;
    bool there = reader.next(cells);
    while (there && blank(cells)) {
        there = reader.next(cells);
    }
    if (!there) {
        throw Error(Code::BadFormat, name + " is empty; a table needs a first line with the names of its columns.");
    }
    if (cells.size() > kMaxColumns) {
        throw Error(Code::BadFormat, name + " has more than " + std::to_string(kMaxColumns) + " columns.");
    }
    bool recoded = false;
    for (const std::string& cell : cells) {
        table.columns.push_back(asUtf8(trimmed(cell), recoded));
    }
}

} // namespace

void Table::addRow(const std::vector<std::string>& cells, std::size_t line)
{
    for (const std::string& text : cells) {
        m_text += text;
        m_ends.push_back(m_text.size());
    }
    m_lines.push_back(line);
}

Table readTable(const std::string& path, JobContext& job)
{
    const OpenedFile file = requireRegular(path);
    const std::string name = quoted(path);
    if (file.facts.size > kMaxTable) {
        throw Error(Code::BadFormat, name + " is a table of more than 2 GB; split it.");
    }
    Table table;
    table.path = path;
    ByteStream bytes(file, name, &job);
    RecordReader reader(bytes, name);
    reader.setSeparator(separatorOf(path));
    readColumns(reader, table, name);
    std::vector<std::string> cells;
    while (reader.next(cells)) {
        if (blank(cells) && (table.columns.size() > 1 || cells[0].empty())) {
            continue;
        }
        if (cells.size() == table.columns.size()) {
            table.addRow(cells, reader.line());
        } else {
            table.bad.push_back({path + ":" + std::to_string(reader.line()),
                                 "line " + std::to_string(reader.line()) + " has " +
                                     counted(cells.size(), "cell", "cells") + ", the header has " +
                                     std::to_string(table.columns.size())});
        }
    }
    return table;
}

std::vector<std::string> readTableColumns(const std::string& path)
{
    const OpenedFile file = openRegular(path);
    if (!file.ok()) {
        return {};
    }
    try {
        const std::string name = quoted(path);
        Table table;
        ByteStream bytes(file, name, nullptr);
        RecordReader reader(bytes, name);
        reader.setSeparator(separatorOf(path));
        readColumns(reader, table, name);
        return table.columns;
    } catch (const Error&) {
        return {}; // no table; whoever opens it gets the reason
    }
}

} // namespace semascope::core
