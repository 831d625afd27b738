semascope_test(test_clip_model core FILES core/TestClipModel.cpp LIBS nlohmann_json::nlohmann_json)
