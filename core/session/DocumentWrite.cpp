#include "core/session/DocumentArrays_p.h"
#include "core/session/DocumentJson_p.h"
#include "core/session/DocumentSchema_p.h"
#include "core/session/DocumentTables_p.h"

namespace semascope::core {

namespace {

std::string_view floatBytes(const std::vector<float>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Fills the tables of one document.
class Writer
{
public:
    Writer(SqliteDb& db, const Document& document) : m_db(db), m_doc(document), m_arrays(db) {}

    void writeAll()
    {
        writeMeta();
        m_sampleHash = writeNames("INSERT INTO samples (i, id) VALUES (?, ?)", m_doc.sampleIds);
        m_clusterHash = writeNames("INSERT INTO clusters (i, name) VALUES (?, ?)", m_doc.clusterNames);
        writeResults();
        writePrompts();
        writeAttributes();
        writeSelection();
        putMeta("samplesChecksum", std::to_string(m_sampleHash));
        putMeta("clustersChecksum", std::to_string(m_clusterHash));
        putMeta("labelsChecksum", std::to_string(m_labelHash));
    }

private:
    void putMeta(const std::string& key, const std::string& value)
    {
        SqliteStatement insert(m_db.handle(), "INSERT INTO meta (key, value, checksum) VALUES (?, ?, ?)");
        insert.bindText(1, key).bindBytes(2, value).bind(3, chainHash(chainHash(0, key), value));
        insert.step();
    }

    void writeMeta()
    {
        putMeta("program", "semascope");
        putMeta("dataset", toJson(m_doc.dataset).dump());
        putMeta("datasetHash", m_doc.datasetHash);
        putMeta("modelPath", m_doc.modelPath);
        putMeta("modelName", m_doc.modelName);
        putMeta("modelHash", m_doc.modelHash);
        putMeta("vocabulary", m_doc.vocabulary);
        SpecJson neutral = SpecJson::array(); // beside the table, whose columns are those of the first release
        for (const Prompt& p : m_doc.prompts) {
            neutral.push_back(p.neutral);
        }
        putMeta("neutralPrompts", neutral.dump());
    }

    std::int64_t writeNames(const char* sql, const std::vector<std::string>& names)
    {
        SqliteStatement insert(m_db.handle(), sql);
        std::int64_t hash = 0, i = 0;
        for (const std::string& name : names) {
            insert.bind(1, i++).bindBytes(2, name).step();
            hash = chainHash(hash, name);
        }
        return hash;
    }

    void putResult(const std::string& kind, const SpecJson& json)
    {
        const std::string spec = json.dump();
        SqliteStatement insert(m_db.handle(), "INSERT INTO results (kind, spec, checksum) VALUES (?, ?, ?)");
        insert.bindText(1, kind).bindText(2, spec).bind(3, chainHash(chainHash(0, kind), spec));
        insert.step();
    }

    void writeResults()
    {
        if (m_doc.embedding) {
            putResult("embedding", toJson(*m_doc.embedding));
            m_arrays.write("embedding", m_doc.embedding->rows);
            m_arrays.write("embedding.sampleIndex", m_doc.embedding->sampleIndex);
        }
        if (m_doc.layout) {
            putResult("layout", toJson(*m_doc.layout));
            m_arrays.write("layout", m_doc.layout->points);
            m_arrays.write("layout.inputRow", m_doc.layout->inputRow);
            m_arrays.write("layout.explained", m_doc.layout->explained);
            m_arrays.write("layout.sample", m_doc.layoutSample);
        }
        if (m_doc.clustering) {
            putResult("clustering", toJson(*m_doc.clustering));
            m_arrays.write("clustering", m_doc.clustering->assignment);
            m_arrays.write("clustering.inputRow", m_doc.clustering->inputRow);
            m_arrays.write("clustering.centroids", m_doc.clustering->centroids);
            m_arrays.write("clustering.sample", m_doc.clusterSample);
            m_arrays.write("clustering.confidence", m_doc.clustering->confidence);
        }
        const std::string view = toJson(m_doc.view).dump();
        SqliteStatement insert(m_db.handle(), "INSERT INTO view (i, spec, checksum) VALUES (0, ?, ?)");
        insert.bindText(1, view).bind(2, chainHash(0, view)).step();
    }

    void writePrompts()
    {
        SqliteStatement insert(m_db.handle(), "INSERT INTO prompts (i, text, opposite, vector, opposite_vector, "
                                              "checksum) VALUES (?, ?, ?, ?, ?, ?)");
        std::int64_t i = 0;
        for (const Prompt& p : m_doc.prompts) {
            const std::string_view fields[] = {p.text, p.opposite, floatBytes(p.vector), floatBytes(p.oppositeVector)};
            std::int64_t hash = i;
            for (int f = 0; f < 4; ++f) {
                insert.bindBytes(f + 2, fields[f]);
                hash = chainHash(hash, fields[f]);
            }
            insert.bind(1, i++).bind(6, hash).step();
        }
    }

    void writeAttributes()
    {
        SqliteStatement insert(m_db.handle(), "INSERT INTO attributes (i, name, kind, checksum) VALUES (?, ?, ?, ?)");
        SqliteStatement insertLabel(m_db.handle(), "INSERT INTO attribute_labels (attribute, label) VALUES (?, ?)");
        std::int64_t i = 0;
        for (const Attribute& a : m_doc.userAttributes) {
            const std::string_view kind = a.numeric() ? "numbers" : "categories";
            insert.bind(1, i).bindBytes(2, a.name).bindText(3, kind).bind(4, chainHash(chainHash(i, a.name), kind));
            insert.step();
            for (const std::string& label : a.labels) {
                insertLabel.bind(1, i).bindBytes(2, label).step();
                m_labelHash = chainHash(m_labelHash ^ i, label);
            }
            const std::string name = "attribute." + std::to_string(i++);
            a.numeric() ? m_arrays.write(name, a.numbers) : m_arrays.write(name, a.categories);
        }
    }

    void writeSelection()
    {
        SqliteStatement insert(m_db.handle(), "INSERT INTO selection (i, current, size) VALUES (0, ?, ?)");
        insert.bind(1, m_doc.current).bind(2, static_cast<std::int64_t>(m_doc.selected.size())).step();
        m_arrays.write("selection", m_doc.selected);
    }

    SqliteDb& m_db;
    const Document& m_doc;
    DocumentArrays m_arrays;
    std::int64_t m_sampleHash = 0, m_clusterHash = 0, m_labelHash = 0;
};

} // namespace

void writeTables(SqliteDb& db, const Document& doc)
{
    const std::string application = "PRAGMA application_id=" + std::to_string(kDocumentApplication);
    const std::string version = "PRAGMA user_version=" + std::to_string(kDocumentVersion);
    db.execute("BEGIN IMMEDIATE");
    db.execute(application.c_str());
    db.execute(version.c_str());
    for (const DocumentTable& table : kDocumentTables) {
        db.execute(table.sql);
    }
    Writer(db, doc).writeAll();
    db.execute("COMMIT");
}

} // namespace semascope::core
