semascope_test(test_cli_embed cli FILES cli/TestCliEmbed.cpp cli/Program.cpp)
target_compile_definitions(test_cli_embed PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_embed semascope)
