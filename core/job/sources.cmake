# Compute.cpp includes torch: see semascope_torch.
target_sources(semascope_core PRIVATE
  job/Error.cpp job/JobContext.cpp job/Parallel.cpp job/Scheduler.cpp)
