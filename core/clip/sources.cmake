# Sources of this room; the towers and ClipModel.cpp include torch: see semascope_torch.
target_sources(semascope_core PRIVATE
  clip/EmbedCaptions.cpp clip/EmbedPictures.cpp clip/EmbedRows.cpp clip/Embedder.cpp clip/PictureFeed.cpp
  clip/StoreAdmin.cpp clip/StoreEvict.cpp clip/StoreFile.cpp clip/StoreIndex.cpp clip/StoreJob.cpp clip/StoreKey.cpp
  clip/StoreOpen.cpp clip/StoreSalvage.cpp clip/StoreSchema.cpp clip/StoreTransact.cpp clip/StoreWriter.cpp
  clip/BatchEncoder.cpp clip/EmbedPlan.cpp clip/EmbedRate.cpp clip/EmbedSample.cpp clip/PrecisionReport.cpp
)
# Kernels of the towers on the CPU; Dnnl.cpp alone knows oneDNN and is listed where that is looked for.
target_sources(semascope_core PRIVATE
  clip/Attention.cpp clip/FilePages.cpp clip/GemmRate.cpp clip/RowKernels.cpp clip/StageTimes.cpp
)
# Texts and pictures as the models read them.
target_sources(semascope_core PRIVATE
  clip/BytePairs.cpp
  clip/HtmlEntities.cpp
  clip/HtmlEntityTable.cpp
  clip/Preprocess.cpp
  clip/Resize.cpp
  clip/ResizeKernels.cpp
  clip/TextClean.cpp
  clip/TextSplit.cpp
  clip/Tokenizer.cpp
  clip/Unicode.cpp
  clip/Vocabulary.cpp
  clip/VocabularyFinder.cpp
  clip/VocabularyJson.cpp
)
# What a score means: templates, search, percentiles, joint maps.
target_sources(semascope_core PRIVATE
  clip/JointMap.cpp
  clip/NeutralTexts.cpp
  clip/PromptTemplates.cpp
  clip/PromptTemplateTable.cpp
  clip/RowProducts.cpp
  clip/ScoreMeaning.cpp
  clip/Search.cpp
  clip/TextScores.cpp
  clip/WordVectors.cpp
  clip/ZeroShot.cpp
)
# One pass over memory: vectorised, and free of errno. NaN still behaves.
set_source_files_properties(clip/RowProducts.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math;-fopenmp-simd")
# Training a small CLIP; ClipNet.cpp and ClipTrain.cpp include torch.
target_sources(semascope_core PRIVATE clip/VocabularyTrain.cpp)
