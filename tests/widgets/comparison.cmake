semascope_test(test_comparison widgets FILES widgets/TestComparison.cpp LIBS semascope_app)
