semascope_test(test_model_card widgets FILES widgets/TestModelCard.cpp LIBS semascope_app)
