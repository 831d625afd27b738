semascope_test(test_house core FILES core/TestHouse.cpp)
