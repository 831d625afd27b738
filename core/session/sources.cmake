# Sources of this room.
target_sources(semascope_core PRIVATE
  session/Camera.cpp
  session/Picking.cpp
  session/Document.cpp
  session/DocumentArrays.cpp
  session/DocumentJson.cpp
  session/DocumentRead.cpp
  session/DocumentWrite.cpp
  session/Sample.cpp
  session/SampleModel.cpp
  session/SampleShapes.cpp
)
