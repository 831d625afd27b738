#pragma once
#include "core/CheckpointBytes.h"

/// Small writers for the formats that the checkpoint tests read, good and bad.
namespace fixture {

/// A pickle, opcode by opcode.
struct Pickle
{
    QByteArray bytes = QByteArray("\x80\x02", 2);

    Pickle& op(const QByteArray& raw)
    {
        bytes += raw;
        return *this;
    }
    Pickle& global(const char* module, const char* name) { return op(QByteArray("c") + module + "\n" + name + "\n"); }
    Pickle& text(const QByteArray& word) { return op("X" + little(static_cast<quint32>(word.size())) + word); }
    Pickle& number(qint32 value) { return op("J" + little(value)); }
    Pickle& numbers(const std::vector<qint32>& values)
    {
        op("(");
        for (const qint32 value : values) {
            number(value);
        }
        return op("t");
    }
    /// A float32 tensor on the storage `key` of `count` elements.
    Pickle& tensor(const QByteArray& key, qint32 count, const std::vector<qint32>& shape,
                   const std::vector<qint32>& stride, qint32 offset = 0, const char* type = "FloatStorage")
    {
        global("torch._utils", "_rebuild_tensor_v2").op("((").text("storage").global("torch", type).text(key);
        text("cpu").number(count).op("tQ").number(offset).numbers(shape).numbers(stride);
        return op("\x89").global("collections", "OrderedDict").op(")RtR");
    }
    QByteArray done() const { return bytes + "."; }
};

struct ZipEntry
{
    QByteArray name, data;
    quint16 flags = 0;
    bool zip64 = false;
};

/// Stored entries only; the checksums are left out, which no reader of checkpoints minds.
inline QByteArray zip(const std::vector<ZipEntry>& entries)
{
    QByteArray file, directory;
    for (const ZipEntry& entry : entries) {
        const auto offset = static_cast<quint32>(file.size());
        const auto size = static_cast<quint32>(entry.data.size());
        const auto nameSize = static_cast<quint16>(entry.name.size());
        const QByteArray extra =
            entry.zip64 ? little<quint16>(1) + little<quint16>(16) + little<quint64>(size) + little<quint64>(size)
                        : QByteArray();
        const quint32 shown = entry.zip64 ? 0xffffffffu : size;
        const QByteArray common = little<quint16>(20) + little(entry.flags) + little<quint16>(0) + little<quint32>(0) +
                                  little<quint32>(0) + little(shown) + little(shown) + little(nameSize);
        file += "PK\x03\x04" + common + little<quint16>(0) + entry.name + entry.data;
        directory += "PK\x01\x02" + little<quint16>(20) + common + little(static_cast<quint16>(extra.size())) +
                     little<quint16>(0) + little<quint16>(0) + little<quint16>(0) + little<quint32>(0) +
                     little(offset) + entry.name + extra;
    }
    const auto count = static_cast<quint16>(entries.size());
    const QByteArray end = "PK\x05\x06" + little<quint32>(0) + little(count) + little(count) +
                           little(static_cast<quint32>(directory.size())) + little(static_cast<quint32>(file.size())) +
                           little<quint16>(0);
    return file + directory + end;
}

/// What torch.save writes: the pickle and its storages "0", "1", …
inline QByteArray torchZip(const QByteArray& pickle, const std::vector<QByteArray>& storages = {})
{
    std::vector<ZipEntry> entries{{"archive/data.pkl", pickle}};
    for (std::size_t i = 0; i < storages.size(); ++i) {
        entries.push_back({"archive/data/" + QByteArray::number(static_cast<int>(i)), storages[i]});
    }
    entries.push_back({"archive/version", "3\n"});
    return zip(entries);
}

/// The five pickles and the storages of the format before 1.6. `counts` are their elements, of four bytes each.
inline QByteArray torchLegacy(const QByteArray& pickle, const std::vector<QByteArray>& storages,
                              bool littleEndian = true)
{
    QByteArray file = QByteArray("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
    file += QByteArray("\x80\x02M\xe9\x03.", 6);
    file += Pickle().op("}").text("little_endian").op(littleEndian ? "\x88s" : "\x89s").done();
    file += pickle;
    Pickle keys;
    keys.op("](");
    for (std::size_t i = 0; i < storages.size(); ++i) {
        keys.text(QByteArray::number(static_cast<int>(i)));
    }
    file += keys.op("e").done();
    for (const QByteArray& storage : storages) {
        file += little<quint64>(static_cast<quint64>(storage.size()) / 4) + storage;
    }
    return file;
}

inline QByteArray safetensors(const QByteArray& header, const QByteArray& data = {})
{
    return little(static_cast<quint64>(header.size())) + header + data;
}

/// The message of the Error that `action` throws; empty when it throws none.
template<class F> QString errorOf(F action)
{
    try {
        action();
    } catch (const semascope::core::Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// Changes every byte of `good` to several values and reads it: anything but a crash or a foreign exception is fine.
template<class F> int flipBytes(const QTemporaryDir& folder, const QString& name, const QByteArray& good, F read)
{
    int accepted = 0;
    for (qsizetype i = 0; i < good.size(); ++i) {
        const auto old = static_cast<unsigned char>(good[i]);
        for (const unsigned value : {0u, 255u, old ^ 1u, old ^ 128u, old + 1u}) {
            QByteArray bad = good;
            bad[i] = static_cast<char>(value);
            const std::string path = save(folder, name, bad);
            accepted += errorOf([&] { read(path); }).isEmpty() ? 1 : 0;
        }
    }
    return accepted;
}

} // namespace fixture
