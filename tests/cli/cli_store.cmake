semascope_test(test_cli_store cli FILES cli/TestCliStore.cpp cli/Program.cpp)
target_compile_definitions(test_cli_store PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_store semascope)
