semascope_test(test_cluster core FILES core/TestCluster.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_cluster_scores core FILES core/TestClusterScores.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_cluster_study core FILES core/TestClusterStudy.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_kmeans core FILES core/TestKMeans.cpp LIBS nlohmann_json::nlohmann_json)
