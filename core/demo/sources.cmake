# Sources of this room.
target_sources(semascope_core PRIVATE
  demo/Face.cpp demo/FaceCaptions.cpp demo/FaceClaims.cpp demo/FaceDataset.cpp demo/FaceEyes.cpp demo/FaceFactors.cpp
  demo/FaceGlasses.cpp demo/FaceHair.cpp demo/FaceHat.cpp demo/FaceHead.cpp demo/FaceLayout.cpp demo/FaceMouth.cpp
  demo/FaceSplit.cpp demo/FaceWords.cpp demo/FaceWordsTable.cpp)
