semascope_test(test_clip_text core FILES core/clip_text.cpp LIBS ICU::uc)
semascope_test(test_clip_text_vocabulary core FILES core/clip_text_vocabulary.cpp LIBS ZLIB::ZLIB)
