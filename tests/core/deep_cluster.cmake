semascope_test(test_deep_engine core FILES core/TestDeepEngine.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_deep_cluster core FILES core/TestDeepCluster.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_deep_guards core FILES core/TestDeepGuards.cpp LIBS nlohmann_json::nlohmann_json)
