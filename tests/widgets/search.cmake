semascope_test(test_search_window widgets FILES widgets/TestSearch.cpp LIBS semascope_app)
semascope_test(test_panels_scores widgets FILES widgets/panels/TestScores.cpp LIBS semascope_widgets)
