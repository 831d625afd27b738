semascope_test(test_document core FILES core/TestDocument.cpp LIBS SQLite::SQLite3)
semascope_test(test_sample core FILES core/TestSample.cpp LIBS Qt6::Gui)
