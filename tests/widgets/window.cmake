semascope_gl_test(test_main_window FILES widgets/TestMainWindow.cpp LIBS semascope_app)
