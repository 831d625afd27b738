semascope_test(test_clip_model core FILES core/TestClipModel.cpp LIBS nlohmann_json::nlohmann_json)
semascope_test(test_clip_kernels core FILES core/TestClipKernels.cpp LIBS OpenMP::OpenMP_CXX)
semascope_test(test_clip_towers core FILES core/TestClipTowers.cpp)
