target_sources(semascope_core PRIVATE
  cluster/Assignment.cpp cluster/Cluster.cpp cluster/KMeansStarts.cpp cluster/LabelScores.cpp cluster/Lloyd.cpp
  cluster/Matching.cpp cluster/Prototypes.cpp cluster/Silhouette.cpp)
set_source_files_properties(cluster/Assignment.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")
