semascope_test(test_panels widgets FILES widgets/panels/TestPanels.cpp LIBS semascope_widgets)
semascope_test(test_panels_jobs widgets FILES widgets/panels/TestJobs.cpp LIBS semascope_widgets)
semascope_test(test_panels_prompts widgets FILES widgets/panels/TestPrompts.cpp LIBS semascope_widgets)
semascope_test(test_panels_thumbnails widgets FILES widgets/panels/TestThumbnails.cpp LIBS semascope_widgets)
