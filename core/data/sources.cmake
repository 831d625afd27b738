# Sources of this room.
target_sources(semascope_core PRIVATE data/Csv.cpp data/SkipList.cpp
  data/ArrayConvert.cpp data/ArrayRead.cpp data/ArrayWrite.cpp data/Attributes.cpp data/Candidates.cpp
  data/ContentHash.cpp data/Dataset.cpp data/DatasetDetect.cpp data/DatasetPictures.cpp data/DatasetSubset.cpp
  data/File.cpp data/FolderWalk.cpp data/Inflate.cpp data/JoinTable.cpp data/JpegDecode.cpp data/Matrix.cpp
  data/NpyHeader.cpp data/OpenArrays.cpp data/OpenBinary.cpp data/OpenCelebA.cpp data/OpenCoco.cpp
  data/OpenFolder.cpp data/OpenTable.cpp data/Paths.cpp data/PictureCheck.cpp data/PictureDecode.cpp
  data/PictureProbe.cpp data/PictureShape.cpp data/PictureUnknown.cpp data/PngCheck.cpp data/PngRepair.cpp
  data/Pnm.cpp data/ProbeJpeg.cpp data/ProbeRaster.cpp data/ProbeTiff.cpp data/RowIds.cpp data/SqliteDb.cpp
  data/Table.cpp data/TableRoles.cpp data/Text.cpp data/Zip.cpp)
