semascope_test(test_zero_shot_view widgets FILES widgets/panels/TestZeroShotView.cpp LIBS semascope_widgets)
semascope_test(test_zero_shot_flow widgets FILES widgets/TestZeroShotFlow.cpp LIBS semascope_app)
