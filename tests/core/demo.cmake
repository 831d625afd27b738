semascope_test(test_face core FILES core/TestFace.cpp)
semascope_test(test_face_captions core FILES core/TestFaceCaptions.cpp)
semascope_test(test_face_factors core FILES core/TestFaceFactors.cpp)
