#include "core/session/DocumentArrays_p.h"
#include "core/session/DocumentJson_p.h"
#include "core/session/DocumentSchema_p.h"
#include "core/session/DocumentTables_p.h"

#include <algorithm>
#include <map>

namespace semascope::core {

namespace {

[[noreturn]] void damaged(const std::string& how)
{
    throw Error(Code::BadFormat, "is damaged: " + how);
}

std::vector<float> floatsFrom(std::string_view bytes)
{
    std::vector<float> values(bytes.size() / sizeof(float));
    std::copy_n(bytes.data(), values.size() * sizeof(float), reinterpret_cast<char*>(values.data()));
    return values;
}

/// Reads the tables of one document.
class Reader
{
public:
    explicit Reader(SqliteDb& db) : m_db(db), m_arrays(db) {}

    Document readAll()
    {
        requireTables();
        readMeta();
        m_doc.sampleIds = readNames("SELECT i, id FROM samples ORDER BY i", "samplesChecksum");
        m_doc.clusterNames = readNames("SELECT i, name FROM clusters ORDER BY i", "clustersChecksum");
        readEmbedding();
        readLayout();
        readClustering();
        readView();
        readPrompts();
        readAttributes();
        readSelection();
        return std::move(m_doc);
    }

private:
    void requireTables()
    {
        SqliteStatement find(m_db.handle(), "SELECT type, sql FROM sqlite_schema WHERE name = ?");
        for (const DocumentTable& table : kDocumentTables) {
            find.bindText(1, table.name);
            if (!find.step() || find.bytes(0) != "table" || find.bytes(1) != table.sql) {
                damaged("its table \"" + std::string(table.name) + "\" is missing or of another kind");
            }
            while (find.step()) {
                damaged("its table \"" + std::string(table.name) + "\" is there twice");
            }
        }
    }

    void readMeta()
    {
        SqliteStatement rows(m_db.handle(), "SELECT key, value, checksum FROM meta");
        while (rows.step()) {
            const std::string key(rows.bytes(0)), value(rows.bytes(1));
            if (rows.integer(2) != chainHash(chainHash(0, key), value)) {
                damaged("the entry \"" + key + "\" does not match its checksum");
            }
            m_meta[key] = value;
        }
        fromJson(SpecJson::parse(meta("dataset")), m_doc.dataset);
        m_doc.datasetHash = meta("datasetHash");
        m_doc.modelPath = meta("modelPath");
        m_doc.modelName = meta("modelName");
        m_doc.modelHash = meta("modelHash");
        m_doc.vocabulary = meta("vocabulary");
    }

    const std::string& meta(const std::string& key) const
    {
        const auto found = m_meta.find(key);
        if (found == m_meta.end()) {
            damaged("the entry \"" + key + "\" is missing");
        }
        return found->second;
    }

    std::vector<std::string> readNames(const char* sql, const std::string& checksum)
    {
        std::vector<std::string> names;
        SqliteStatement rows(m_db.handle(), sql);
        std::int64_t hash = 0;
        while (rows.step()) {
            if (rows.integer(0) != static_cast<std::int64_t>(names.size())) {
                damaged("names are missing");
            }
            names.emplace_back(rows.bytes(1));
            hash = chainHash(hash, names.back());
        }
        if (std::to_string(hash) != meta(checksum)) {
            damaged("its names do not match their checksum");
        }
        return names;
    }

    /// The description of a result; null when the session has none of this kind.
    SpecJson result(const std::string& kind)
    {
        SqliteStatement row(m_db.handle(), "SELECT spec, checksum FROM results WHERE kind = ?");
        row.bindText(1, kind);
        if (!row.step()) {
            return {};
        }
        const std::string_view spec = row.bytes(0);
        if (row.integer(1) != chainHash(chainHash(0, kind), spec)) {
            damaged("the description of its " + kind + " does not match its checksum");
        }
        return SpecJson::parse(spec);
    }

    void readEmbedding()
    {
        const SpecJson json = result("embedding");
        if (json.is_null()) {
            return;
        }
        auto embedding = std::make_shared<Embedding>();
        fromJson(json, *embedding);
        const auto rows = json.at("rows").get<std::size_t>();
        embedding->rows = m_arrays.readMatrix("embedding", rows, json.at("cols").get<std::size_t>());
        embedding->sampleIndex = m_arrays.read<std::uint32_t>("embedding.sampleIndex", rows);
        m_doc.embedding = std::move(embedding);
    }

    void readLayout()
    {
        const SpecJson json = result("layout");
        if (json.is_null()) {
            return;
        }
        auto layout = std::make_shared<Layout>();
        fromJson(json, *layout);
        const auto rows = json.at("rows").get<std::size_t>();
        layout->points = m_arrays.readMatrix("layout", rows, json.at("cols").get<std::size_t>());
        layout->inputRow = m_arrays.read<std::uint32_t>("layout.inputRow", rows);
        layout->explained = m_arrays.read<float>("layout.explained", json.at("explained").get<std::size_t>());
        m_doc.layoutSample = m_arrays.read<std::uint32_t>("layout.sample", rows);
        m_doc.layout = std::move(layout);
    }

    void readClustering()
    {
        const SpecJson json = result("clustering");
        if (json.is_null()) {
            return;
        }
        auto clustering = std::make_shared<Clustering>();
        fromJson(json, *clustering);
        const auto rows = json.at("rows").get<std::size_t>();
        clustering->assignment = m_arrays.read<std::int32_t>("clustering", rows);
        clustering->inputRow = m_arrays.read<std::uint32_t>("clustering.inputRow", rows);
        clustering->centroids = m_arrays.readMatrix("clustering.centroids", json.at("centroids").get<std::size_t>(),
                                                    json.at("cols").get<std::size_t>());
        m_doc.clusterSample = m_arrays.read<std::uint32_t>("clustering.sample", rows);
        const auto confident = json.value("confidence", std::size_t{0}); // 0 in files of the first release
        clustering->confidence = m_arrays.read<float>("clustering.confidence", confident);
        m_doc.clustering = std::move(clustering);
    }

    void readView()
    {
        SqliteStatement row(m_db.handle(), "SELECT spec, checksum FROM view");
        if (!row.step() || row.integer(1) != chainHash(0, row.bytes(0))) {
            damaged("the view does not match its checksum");
        }
        fromJson(SpecJson::parse(row.bytes(0)), m_doc.view);
    }

    void readPrompts()
    {
        SqliteStatement rows(m_db.handle(),
                             "SELECT text, opposite, vector, opposite_vector, i, checksum FROM prompts ORDER BY i");
        while (rows.step()) {
            std::string fields[4];
            std::int64_t hash = rows.integer(4);
            for (int f = 0; f < 4; ++f) {
                fields[f] = rows.bytes(f);
                hash = chainHash(hash, fields[f]);
            }
            if (hash != rows.integer(5) || rows.integer(4) != static_cast<std::int64_t>(m_doc.prompts.size())) {
                damaged("a prompt does not match its checksum");
            }
            m_doc.prompts.push_back({fields[0], fields[1], floatsFrom(fields[2]), floatsFrom(fields[3])});
        }
        if (m_meta.count("neutralPrompts") == 0) {
            return; // a file of the first release
        }
        const auto neutral = SpecJson::parse(meta("neutralPrompts")).get<std::vector<bool>>();
        if (neutral.size() != m_doc.prompts.size()) {
            damaged("what its prompts are contrasted with does not match them");
        }
        for (std::size_t i = 0; i < neutral.size(); ++i) {
            m_doc.prompts[i].neutral = neutral[i];
        }
    }

    void readAttributes()
    {
        std::int64_t labelHash = 0;
        SqliteStatement rows(m_db.handle(), "SELECT i, name, kind, checksum FROM attributes ORDER BY i");
        SqliteStatement labels(m_db.handle(), "SELECT label FROM attribute_labels WHERE attribute = ? ORDER BY i");
        while (rows.step()) {
            const std::int64_t i = rows.integer(0);
            const std::string name(rows.bytes(1)), kind(rows.bytes(2));
            if (rows.integer(3) != chainHash(chainHash(i, name), kind)) {
                damaged("the attribute \"" + name + "\" does not match its checksum");
            }
            Attribute a;
            a.name = name;
            for (labels.bind(1, i); labels.step();) {
                a.labels.emplace_back(labels.bytes(0));
                labelHash = chainHash(labelHash ^ i, a.labels.back());
            }
            const std::string array = "attribute." + std::to_string(i);
            const std::size_t n = m_doc.sampleIds.size();
            if (kind == "numbers") {
                a.numbers = m_arrays.read<double>(array, n);
            } else {
                a.categories = m_arrays.read<std::int32_t>(array, n);
            }
            m_doc.userAttributes.push_back(std::move(a));
        }
        if (std::to_string(labelHash) != meta("labelsChecksum")) {
            damaged("the names of its categories do not match their checksum");
        }
    }

    void readSelection()
    {
        SqliteStatement row(m_db.handle(), "SELECT current, size FROM selection");
        if (!row.step() || row.integer(1) < 0) {
            damaged("its selection is missing");
        }
        m_doc.current = row.integer(0);
        m_doc.selected = m_arrays.read<std::uint8_t>("selection", static_cast<std::size_t>(row.integer(1)));
    }

    SqliteDb& m_db;
    DocumentArrays m_arrays;
    Document m_doc;
    std::map<std::string, std::string> m_meta;
};

} // namespace

Document readTables(SqliteDb& db)
{
    try {
        return Reader(db).readAll();
    } catch (const nlohmann::json::exception&) {
        damaged("one of its descriptions is not what this program writes");
    }
}

} // namespace semascope::core
