semascope_test(test_job_runner widgets FILES widgets/TestJobRunner.cpp LIBS semascope_widgets)
semascope_test(test_session_flow widgets FILES widgets/TestSessionFlow.cpp LIBS semascope_app)
