semascope_test(test_clip_picture core FILES core/clip_picture.cpp
               LIBS ZLIB::ZLIB opencv_core opencv_imgcodecs opencv_imgproc)
