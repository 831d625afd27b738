semascope_test(test_cli_scores cli FILES cli/TestCliScores.cpp cli/Program.cpp LIBS Qt6::Gui)
target_compile_definitions(test_cli_scores PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_scores semascope)
