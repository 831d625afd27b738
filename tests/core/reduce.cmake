foreach(part Linear Paired Mds Quality)
  string(TOLOWER ${part} lower)
  semascope_test(test_reduce_${lower} core FILES core/TestReduce${part}.cpp LIBS nlohmann_json::nlohmann_json)
endforeach()
