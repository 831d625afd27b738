semascope_test(test_camera core FILES core/TestCamera.cpp)
semascope_test(test_picking core FILES core/TestPicking.cpp)
