# Sources of this room; the towers and ClipModel.cpp include torch: see semascope_torch.
target_sources(semascope_core PRIVATE
  clip/Embedder.cpp clip/PictureFeed.cpp
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
