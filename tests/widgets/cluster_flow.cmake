semascope_test(test_cluster_flow widgets FILES widgets/TestClusterFlow.cpp LIBS semascope_app)
semascope_test(test_panels_training widgets FILES widgets/panels/TestTraining.cpp LIBS semascope_widgets)
