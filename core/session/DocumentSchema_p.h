#pragma once
#include "core/data/SqliteDb_p.h"

#include <string>

namespace semascope::core {

struct DocumentTable
{
    const char* name;
    const char* sql;
};

/// Schema version 1. A file whose tables were declared otherwise is refused, so that no view or generated column is
/// ever evaluated.
inline constexpr DocumentTable kDocumentTables[] = {
    {"meta", "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL, checksum INTEGER NOT NULL)"},
    {"samples", "CREATE TABLE samples (i INTEGER PRIMARY KEY NOT NULL, id BLOB NOT NULL)"},
    {"results", "CREATE TABLE results (kind TEXT PRIMARY KEY NOT NULL, spec TEXT NOT NULL, checksum INTEGER NOT NULL)"},
    {"arrays", "CREATE TABLE arrays (name TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, "
               "checksum INTEGER NOT NULL, PRIMARY KEY (name, part))"},
    {"prompts", "CREATE TABLE prompts (i INTEGER PRIMARY KEY NOT NULL, text BLOB NOT NULL, opposite BLOB NOT NULL, "
                "vector BLOB NOT NULL, opposite_vector BLOB NOT NULL, checksum INTEGER NOT NULL)"},
    {"attributes", "CREATE TABLE attributes (i INTEGER PRIMARY KEY NOT NULL, name BLOB NOT NULL, kind TEXT NOT NULL, "
                   "checksum INTEGER NOT NULL)"},
    {"attribute_labels", "CREATE TABLE attribute_labels (i INTEGER PRIMARY KEY NOT NULL, attribute INTEGER NOT NULL, "
                         "label BLOB NOT NULL)"},
    {"clusters", "CREATE TABLE clusters (i INTEGER PRIMARY KEY NOT NULL, name BLOB NOT NULL)"},
    {"selection", "CREATE TABLE selection (i INTEGER PRIMARY KEY NOT NULL, current INTEGER NOT NULL, "
                  "size INTEGER NOT NULL)"},
    {"view", "CREATE TABLE view (i INTEGER PRIMARY KEY NOT NULL, spec TEXT NOT NULL, checksum INTEGER NOT NULL)"},
};

} // namespace semascope::core
