target_sources(semascope_core PRIVATE
  cluster/Assignment.cpp cluster/Cluster.cpp cluster/KMeansData.cpp cluster/KMeansSearch.cpp cluster/KMeansStarts.cpp
  cluster/KMeansSwaps.cpp cluster/LabelScores.cpp cluster/Lloyd.cpp
  cluster/Matching.cpp cluster/Prototypes.cpp cluster/Silhouette.cpp)
# Methods that train a network; the files that include torch are listed in semascope_torch.
target_sources(semascope_core PRIVATE
  cluster/AutoEncoder.cpp cluster/AutoEncoderCpu.cpp cluster/AutoEncoderKernels.cpp cluster/ClusterOptions.cpp
  cluster/DeepCluster.cpp cluster/DeepFrames.cpp cluster/DeepModel.cpp cluster/DeepModelFile.cpp
  cluster/DeepPrepare.cpp cluster/DeepSettings.cpp cluster/StudentT.cpp cluster/StudentTBatch.cpp
  cluster/TrainingPretrain.cpp cluster/TrainingRefine.cpp)
set_source_files_properties(cluster/AutoEncoderKernels.cpp cluster/StudentTBatch.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")
# What is done with clusters: compared, chosen among, named, changed by hand.
target_sources(semascope_core PRIVATE
  cluster/ClusterEdits.cpp cluster/ClusterNames.cpp cluster/ClusterSpace.cpp cluster/CodingLength.cpp
  cluster/Enrichment.cpp cluster/GeneralVocabulary.cpp cluster/NameDirections.cpp
  cluster/NameWords.cpp cluster/Outliers.cpp
  cluster/Statistics.cpp
  cluster/CompareMethods.cpp cluster/ComparisonText.cpp cluster/KSweep.cpp cluster/MatchClusters.cpp cluster/Renumber.cpp
  cluster/StudyRuns.cpp)
set_source_files_properties(cluster/Assignment.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")
