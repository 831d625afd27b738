semascope_test(test_job core FILES core/TestJob.cpp)
semascope_test(test_scheduler core FILES core/TestScheduler.cpp)
