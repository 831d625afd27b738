semascope_test(test_cli_cluster_figure cli FILES cli/TestCliClusterFigure.cpp cli/Program.cpp LIBS semascope_widgets)
target_compile_definitions(test_cli_cluster_figure PRIVATE SEMASCOPE_PROGRAM="$<TARGET_FILE:semascope>")
add_dependencies(test_cli_cluster_figure semascope)
