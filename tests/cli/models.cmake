semascope_test(test_cli_models cli FILES cli/TestCliModels.cpp cli/Program.cpp)
target_compile_definitions(test_cli_models PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_models semascope)
