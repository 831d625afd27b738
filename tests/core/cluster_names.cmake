semascope_test(test_cluster_names core FILES core/TestClusterNames.cpp)
semascope_test(test_cluster_enrichment core FILES core/TestClusterEnrichment.cpp)
semascope_test(test_cluster_edits core FILES core/TestClusterEdits.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_word_vectors core FILES core/TestWordVectors.cpp)
