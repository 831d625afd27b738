semascope_test(test_blas core FILES core/TestBlas.cpp LIBS torch_core)
