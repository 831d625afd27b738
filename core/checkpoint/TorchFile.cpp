#include "core/checkpoint/TorchFlatten_p.h"

#include "core/checkpoint/StateDict_p.h"
#include "core/job/Error.h"

#include <algorithm>

namespace semascope::core {
namespace {

using Kind = Pickle::Kind;

/// The folder that holds data.pkl, with its slash.
std::string rootFolder(const ZipArchive& zip, const std::string& file)
{
    constexpr std::string_view kPickle = "/data.pkl";
    std::string root;
    for (const ZipArchive::Entry& entry : zip.entries()) {
        const std::size_t slash = entry.name.find('/');
        if (slash == std::string_view::npos || entry.name.substr(slash) != kPickle) {
            continue;
        }
        if (!root.empty()) {
            throw Error(Code::BadFormat, file + " holds two checkpoints in one archive.");
        }
        root = std::string(entry.name.substr(0, slash + 1));
    }
    if (root.empty()) {
        throw Error(Code::BadFormat, file + " is a zip archive, but none that torch.save wrote (it has no data.pkl).");
    }
    return root;
}

void checkByteOrder(const ZipArchive& zip, const std::string& root, const std::string& file, MemoryBudget& budget)
{
    const ZipArchive::Entry* entry = zip.find(root + "byteorder");
    if (!entry || entry->size > 64) {
        return;
    }
    const Bytes bytes = zip.read(*entry, budget);
    const std::string_view word(reinterpret_cast<const char*>(bytes.data), bytes.size);
    if (word.substr(0, 6) != "little") {
        throw Error(Code::Unsupported, file + " was written on a big-endian machine: save it again on a usual one.");
    }
}

StateDict readZip(const std::shared_ptr<const MappedFile>& mapped)
{
    const std::string file = fileName(mapped->path());
    MemoryBudget budget(*mapped);
    const ZipArchive zip(mapped);
    const std::string root = rootFolder(zip, file);
    checkByteOrder(zip, root, file, budget);
    const ZipArchive::Entry& record = *zip.find(root + "data.pkl");
    const Bytes pickled = zip.read(record, budget);
    budget.charge(record.deflated ? 0 : record.size); // it is read where it is mapped
    PickleSource source{{reinterpret_cast<const char*>(pickled.data), static_cast<std::size_t>(pickled.size)}, file, 0};
    const Pickle values = readPickle(source, budget);

    std::unordered_map<std::string, Bytes> inflated; // several tensors may share one storage
    const TorchTensors tensors(values, file, [&](const TorchStorage& storage) {
        const std::string key(storage.key.substr(0, 256));
        if (const auto known = inflated.find(key); known != inflated.end()) {
            return known->second;
        }
        const ZipArchive::Entry* entry = zip.find(root + "data/" + key);
        if (!entry) {
            throw Error(Code::BadFormat, file + " lacks the record data/" + key + " that its tensors refer to.");
        }
        const Bytes bytes = zip.read(*entry, budget);
        if (entry->deflated) {
            inflated.emplace(key, bytes);
        }
        return bytes;
    });
    StateDict state = flattenPickle(values, tensors, file, budget);
    state.container = zip.find(root + "constants.pkl") ? "TorchScript archive" : "torch zip";
    return state;
}

constexpr std::string_view kMagic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12); // LONG1 of the magic number

/// The storages that follow the five pickles, each with its count before it.
class LegacyFile
{
public:
    explicit LegacyFile(std::shared_ptr<const MappedFile> mapped)
        : m_mapped(std::move(mapped)), m_file(fileName(m_mapped->path())), m_budget(*m_mapped)
    {}
    StateDict read();

private:
    Pickle next();
    void checkSystem(const Pickle& info) const;
    void readStorages(const Pickle& keys, const TorchTensors& tensors, const Pickle& values);
    [[noreturn]] void fail(const std::string& sentence) const
    {
        throw Error(Code::BadFormat, m_file + " " + sentence + (sentence.back() == '?' ? "" : "."));
    }

    std::shared_ptr<const MappedFile> m_mapped;
    std::string m_file;
    MemoryBudget m_budget;
    std::uint64_t m_at = 0;
    std::unordered_map<std::string_view, Bytes> m_storages;
};

Pickle LegacyFile::next()
{
    PickleSource source{m_mapped->text(m_at, m_mapped->size() - m_at), m_file, 0};
    Pickle values = readPickle(source, m_budget);
    m_at += source.used;
    m_budget.charge(source.used); // it was read where it is mapped
    return values;
}

void LegacyFile::checkSystem(const Pickle& info) const
{
    const auto little = info.is(info.root(), Kind::Dict) ? info.value(info.root(), "little_endian") : std::nullopt;
    if (!little || !info.is(*little, Kind::Bool)) {
        fail("does not say how its numbers are stored: it is damaged");
    }
    if (!info.truth(*little)) {
        throw Error(Code::Unsupported, m_file + " was written on a big-endian machine: save it again on a usual one.");
    }
}

void LegacyFile::readStorages(const Pickle& keys, const TorchTensors& tensors, const Pickle& values)
{
    std::unordered_map<std::string_view, TorchStorage> declared;
    for (std::size_t i = 0; i < values.nodeCount(); ++i) {
        if (!values.is(static_cast<Pickle::Ref>(i), Kind::Storage)) {
            continue;
        }
        const TorchStorage storage = tensors.storage(static_cast<Pickle::Ref>(i));
        const auto [known, added] = declared.emplace(storage.key, storage);
        if (!added && (known->second.count != storage.count || known->second.type != storage.type)) {
            fail("describes a storage in two ways: it is damaged or hostile");
        }
        m_budget.charge(added ? 2 * sizeof(TorchStorage) + sizeof(Bytes) : 0);
    }
    if (!keys.is(keys.root(), Kind::List)) {
        fail("does not list its storages");
    }
    for (const Pickle::Ref item : keys.items(keys.root())) {
        const auto known = keys.is(item, Kind::Text) ? declared.find(keys.text(item)) : declared.end();
        if (known == declared.end()) {
            fail("lists a storage that nothing refers to");
        }
        const std::uint64_t size = known->second.byteCount(), left = m_mapped->size() - m_at;
        if (left < 8 || size > left - 8) {
            fail("ends within its storages – incomplete download?");
        }
        if (loadLittle<std::uint64_t>(m_mapped->data() + m_at) != known->second.count) {
            fail("holds a storage of another size than declared: it is damaged or hostile");
        }
        m_storages[known->first] = {m_mapped->data() + m_at + 8, size, m_mapped};
        m_at += 8 + size;
    }
}

StateDict LegacyFile::read()
{
    const Pickle magic = next();
    if (!magic.is(magic.root(), Kind::Long) || magic.text(magic.root()) != kMagic.substr(2)) {
        fail("is a pickle, but none that torch.save wrote");
    }
    const Pickle protocol = next();
    if (!protocol.is(protocol.root(), Kind::Int) || protocol.integer(protocol.root()) != 1001) {
        fail("uses a version of torch's legacy format that is not known");
    }
    checkSystem(next());
    const Pickle values = next();
    const TorchTensors tensors(values, m_file, [this](const TorchStorage& storage) {
        const auto known = m_storages.find(storage.key);
        if (known == m_storages.end()) {
            fail("lacks a storage that its tensors refer to");
        }
        return known->second;
    });
    const Pickle keys = next();
    readStorages(keys, tensors, values);
    StateDict state = flattenPickle(values, tensors, m_file, m_budget);
    state.container = "torch legacy";
    return state;
}

} // namespace

StateDict readTorchFileRaw(const std::string& path)
{
    auto mapped = MappedFile::open(path);
    const std::string_view head = mapped->head(512);
    if (head.substr(0, 4) == "PK\x03\x04") {
        return readZip(mapped);
    }
    if (!head.empty() && static_cast<unsigned char>(head[0]) == 0x80) {
        return LegacyFile(std::move(mapped)).read();
    }
    const std::string foreign = foreignContent(head);
    const std::string file = fileName(path);
    if (head.empty()) {
        throw Error(Code::BadFormat, file + " is empty – incomplete download?");
    }
    throw Error(Code::BadFormat, file + " " + (foreign.empty() ? "is no checkpoint of PyTorch" : foreign) + ".");
}

StateDict readTorchFile(const std::string& path)
{
    StateDict state = readTorchFileRaw(path);
    stripPrefixes(state);
    return state;
}

} // namespace semascope::core
