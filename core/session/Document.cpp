#include "core/session/Document.h"

#include "core/data/Arrays.h"
#include "core/data/File_p.h"
#include "core/session/DocumentTables_p.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace semascope::core {

namespace {

constexpr char kSqliteMagic[] = "SQLite format 3"; // with its NUL: 16 bytes
constexpr std::size_t kHeaderBytes = 100;

std::uint32_t bigEndian(const std::string& header, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(header[i]);
    }
    return value;
}

bool isSqlite(const std::string& header)
{
    return header.size() >= kHeaderBytes && std::memcmp(header.data(), kSqliteMagic, sizeof kSqliteMagic) == 0;
}

std::uint32_t applicationOf(const std::string& header)
{
    return bigEndian(header, 68);
}

/// What the first bytes and the size of the file tell, before SQLite sees it. Throws clauses.
void checkHeader(const std::string& header, std::uint64_t size)
{
    if (!isSqlite(header)) {
        throw Error(Code::BadFormat, "is not a Semascope session (" + std::to_string(size) +
                                         " bytes of something else); a session is a file that Semascope saved");
    }
    if (applicationOf(header) != kDocumentApplication) {
        throw Error(Code::BadFormat, "is an SQLite database of another program, not a Semascope session");
    }
    const std::uint32_t version = bigEndian(header, 60);
    if (version > kDocumentVersion) {
        throw Error(Code::BadFormat, "has session format version " + std::to_string(version) +
                                         ", and this Semascope reads up to version " +
                                         std::to_string(kDocumentVersion) +
                                         "; open it with a newer Semascope (it was left untouched)");
    }
    if (version != kDocumentVersion) {
        throw Error(Code::BadFormat, "has session format version " + std::to_string(version) + ", which never existed");
    }
    const std::uint32_t stored = static_cast<unsigned char>(header[16]) * 256u + static_cast<unsigned char>(header[17]);
    const std::uint64_t pageSize = stored == 1 ? 65536 : stored;
    const std::uint64_t expected = pageSize * bigEndian(header, 28);
    if (size < expected) {
        throw Error(Code::BadFormat, "is cut short: " + std::to_string(size) + " of " + std::to_string(expected) +
                                         " bytes are there; copy it again or open an older copy");
    }
}

std::string outOfRange(const std::vector<std::uint32_t>& samples, std::size_t count, const char* what)
{
    const bool fits = std::all_of(samples.begin(), samples.end(), [count](std::uint32_t s) { return s < count; });
    return fits ? std::string() : std::string("its ") + what + " names samples that it does not have";
}

std::string clusteringProblem(const Document& doc)
{
    if (!doc.clustering) {
        return {};
    }
    const Clustering& c = *doc.clustering;
    if (doc.clusterSample.size() != c.assignment.size() || c.inputRow.size() != c.assignment.size()) {
        return "its clustering has rows without a sample";
    }
    const auto k = static_cast<std::int64_t>(c.sizes.size());
    const bool named =
        std::all_of(c.assignment.begin(), c.assignment.end(), [k](std::int32_t a) { return a >= 0 && a < k; });
    if (!named || (!c.centroids.empty() && c.centroids.rows() != c.sizes.size())) {
        return "its clustering names clusters that it does not have";
    }
    if (!c.confidence.empty() && c.confidence.size() != c.assignment.size()) {
        return "its clustering has another number of confidences than rows";
    }
    return {};
}

std::string attributeProblem(const Attribute& a, std::size_t samples)
{
    if ((a.numeric() ? a.numbers.size() : a.categories.size()) != samples) {
        return "its attribute \"" + a.name + "\" has another number of values than there are samples";
    }
    const auto labels = static_cast<std::int64_t>(a.labels.size());
    const bool named = std::all_of(a.categories.begin(), a.categories.end(),
                                   [labels](std::int32_t c) { return c >= -1 && c < labels; });
    return named ? std::string() : "its attribute \"" + a.name + "\" names categories that it does not have";
}

/// A file beside the target that becomes the target, or disappears.
class Replacement
{
public:
    explicit Replacement(const std::string& target)
        : m_target(target), m_path(joinPath(parentPath(target), ".semascope-XXXXXX"))
    {
        const FileHandle file(::mkostemp(m_path.data(), O_CLOEXEC));
        if (!file.valid()) {
            const int error = errno;
            m_path.clear();
            throw Error(Code::Io, "cannot be saved in its folder: " + std::string(std::strerror(error)));
        }
        struct stat old = {};
        const mode_t mask = ::umask(0);
        ::umask(mask);
        ::fchmod(file.fd(), ::stat(target.c_str(), &old) == 0 ? old.st_mode & 07777 : 0666 & ~mask);
    }
    ~Replacement()
    {
        if (!m_path.empty()) {
            ::unlink(m_path.c_str());
        }
    }
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    const std::string& path() const { return m_path; }

    /// Makes what was written durable and puts it in the target's place.
    void commit()
    {
        const FileHandle file(::open(m_path.c_str(), O_RDWR | O_CLOEXEC));
        if (!file.valid() || ::fsync(file.fd()) != 0 || ::rename(m_path.c_str(), m_target.c_str()) != 0) {
            throw Error(Code::Io, std::string("cannot be written: ") + std::strerror(errno));
        }
        m_path.clear();
        const FileHandle folder(::open(parentPath(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        ::fsync(folder.fd());
    }

private:
    std::string m_target, m_path;
};

/// Where a save must go: through links, so that the link stays one.
std::string finalTarget(const std::string& path)
{
    std::error_code failed;
    const std::filesystem::path real = std::filesystem::canonical(path, failed);
    return failed ? absolutePath(path) : real.string();
}

} // namespace

std::string contradiction(const Document& doc)
{
    const std::size_t n = doc.sampleIds.size();
    if (doc.embedding && doc.embedding->sampleIndex.size() != doc.embedding->rows.rows()) {
        return "its embedding has rows without a sample";
    }
    if (doc.layout && (doc.layoutSample.size() != doc.layout->points.rows() ||
                       doc.layout->inputRow.size() != doc.layout->points.rows())) {
        return "its layout has points without a sample";
    }
    if (const std::string problem = clusteringProblem(doc); !problem.empty()) {
        return problem;
    }
    for (const Attribute& a : doc.userAttributes) {
        if (const std::string problem = attributeProblem(a, n); !problem.empty()) {
            return problem;
        }
    }
    if ((!doc.selected.empty() && doc.selected.size() != n) || doc.current < -1 ||
        doc.current >= static_cast<std::int64_t>(n)) {
        return "its selection does not fit its samples";
    }
    const std::string embedding = doc.embedding ? outOfRange(doc.embedding->sampleIndex, n, "embedding") : "";
    const std::string layout = outOfRange(doc.layoutSample, n, "layout");
    return !embedding.empty() ? embedding : !layout.empty() ? layout : outOfRange(doc.clusterSample, n, "clustering");
}

void saveDocument(const Document& doc, const std::string& path)
{
    if (const std::string problem = contradiction(doc); !problem.empty()) {
        throw Error(Code::Mismatch, quoted(path) + " was not saved, because " + problem + ".");
    }
    const std::string target = finalTarget(path);
    checkReplaceable(path);
    try {
        Replacement file(target);
        SqliteDb db = SqliteDb::create(file.path());
        writeTables(db, doc);
        db.close();
        file.commit();
    } catch (const Error& e) {
        throw Error(e.code(), quoted(path) + " " + e.what() + ".");
    }
}

Document openDocument(const std::string& path)
{
    const OpenedFile file = requireRegular(path);
    try {
        std::string header(kHeaderBytes, '\0');
        header.resize(readAt(file.handle, 0, header.data(), header.size()));
        checkHeader(header, file.facts.size);
        SqliteDb db = SqliteDb::openReadOnly(absolutePath(path));
        Document doc = readTables(db);
        if (const std::string problem = contradiction(doc); !problem.empty()) {
            throw Error(Code::BadFormat, "is damaged: " + problem);
        }
        return doc;
    } catch (const Error& e) {
        throw Error(e.code(), quoted(path) + " " + e.what() + ".");
    }
}

bool isDocument(const std::string& path)
{
    const std::string header = readStart(path, kHeaderBytes);
    return isSqlite(header) && applicationOf(header) == kDocumentApplication;
}

} // namespace semascope::core
