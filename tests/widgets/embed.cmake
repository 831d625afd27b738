semascope_test(test_embed_block widgets FILES widgets/panels/TestEmbedBlock.cpp LIBS semascope_widgets)
semascope_test(test_embed_flow widgets FILES widgets/TestEmbedFlow.cpp LIBS semascope_app)
