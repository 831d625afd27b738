target_sources(semascope_core PRIVATE
  reduce/Classical.cpp reduce/ExactDistances.cpp reduce/GuttmanKernel.cpp reduce/Layout.cpp reduce/LayoutQuality.cpp
  reduce/Linear.cpp reduce/LinearFit.cpp reduce/PairCorrelation.cpp reduce/PairDistances.cpp reduce/Smacof.cpp
  reduce/SpecOptions.cpp reduce/StressProjector.cpp reduce/SymmetricEigen.cpp)
# The inner loop of MDS: vectorised, and free of errno. NaN still behaves.
set_source_files_properties(reduce/GuttmanKernel.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math;-fopenmp-simd")
