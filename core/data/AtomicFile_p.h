#pragma once
#include "core/data/File_p.h"

namespace semascope::core {

/// A file written beside its target and renamed over it by commit(). Without commit() the target stays as it was.
/// Everything throws Error(Io) that names the file.
class AtomicFile
{
public:
    explicit AtomicFile(const std::string& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* data, std::size_t size);
    void commit();

private:
    [[noreturn]] void abandon(int error);
    [[noreturn]] void fail(int error) const;

    std::string m_path, m_target, m_temporary;
    FileHandle m_file;
};

} // namespace semascope::core
