semascope_gl_test(test_main_window FILES widgets/TestMainWindow.cpp LIBS semascope_app)
semascope_gl_test(test_heatmap_tab FILES widgets/TestHeatmapTab.cpp LIBS semascope_app)
