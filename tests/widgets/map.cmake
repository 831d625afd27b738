# semascope_gl_test(NAME FILES... [LIBS...]) : a test that needs a display with OpenGL; it gets a virtual one with software
# rendering. Without xvfb-run it runs on the offscreen platform, where what needs GL is skipped.
function(semascope_gl_test name)
  cmake_parse_arguments(T "" "" "FILES;LIBS" ${ARGN})
  add_executable(${name} ${T_FILES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE project_options qt_options semascope_core openblas_openmp Qt6::Test ${T_LIBS})
  target_compile_definitions(${name} PRIVATE
    SEMASCOPE_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared" SEMASCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(XVFB_RUN)
    add_test(NAME ${name} COMMAND "${XVFB_RUN}" -a -s "-screen 0 1280x1024x24 +extension GLX" $<TARGET_FILE:${name}>)
    set(platform xcb)
  else()
    add_test(NAME ${name} COMMAND ${name})
    set(platform offscreen)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS widgets TIMEOUT 600 SKIP_RETURN_CODE 77
    ENVIRONMENT "QT_QPA_PLATFORM=${platform};LIBGL_ALWAYS_SOFTWARE=1;LC_ALL=C.UTF-8;QT_SCALE_FACTOR=1;OMP_WAIT_POLICY=PASSIVE")
endfunction()

semascope_test(test_selection_model widgets FILES widgets/TestSelectionModel.cpp LIBS semascope_widgets)
semascope_test(test_map_parts widgets FILES widgets/TestMapParts.cpp LIBS semascope_widgets)
semascope_gl_test(test_map FILES widgets/TestMap.cpp LIBS semascope_widgets)
semascope_gl_test(test_map_input FILES widgets/TestMapInput.cpp LIBS semascope_widgets)
