# Sources of this room.
target_sources(semascope_core PRIVATE
  checkpoint/BareCheckpoint.cpp
  checkpoint/CheckpointFiles.cpp
  checkpoint/ConfigCommon.cpp
  checkpoint/Detect.cpp
  checkpoint/Family.cpp
  checkpoint/HuggingFaceConfig.cpp
  checkpoint/MappedFile.cpp
  checkpoint/OpenClipConfig.cpp
  checkpoint/PickleArena.cpp
  checkpoint/PickleMachine.cpp
  checkpoint/PickleNames.cpp
  checkpoint/PickleObjects.cpp
  checkpoint/ResNetTower.cpp
  checkpoint/Safetensors.cpp
  checkpoint/SafetensorsHeader.cpp
  checkpoint/SafetensorsWrite.cpp
  checkpoint/StateDict.cpp
  checkpoint/Tensor.cpp
  checkpoint/TensorTable.cpp
  checkpoint/TorchFile.cpp
  checkpoint/TorchFlatten.cpp
  checkpoint/TorchTensor.cpp
  checkpoint/Towers.cpp
  checkpoint/ZipArchive.cpp
)
