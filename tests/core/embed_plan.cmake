semascope_test(test_batch_encoder core FILES core/TestBatchEncoder.cpp)
semascope_test(test_embed_plan core FILES core/TestEmbedPlan.cpp LIBS opencv_core opencv_imgcodecs)
