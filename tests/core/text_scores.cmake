semascope_test(test_text_scores core FILES core/TestTextScores.cpp)
