semascope_test(test_cli_names cli FILES cli/TestCliNames.cpp cli/Program.cpp LIBS Qt6::Gui)
target_compile_definitions(test_cli_names PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_names semascope)
