semascope_test(test_cli_cluster cli FILES cli/TestCliCluster.cpp cli/Program.cpp)
target_compile_definitions(test_cli_cluster PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_cluster semascope)
