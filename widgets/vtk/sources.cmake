# Sources of this room.
target_sources(semascope_widgets PRIVATE
  vtk/GlSurface.h vtk/GlSurface.cpp
  vtk/MapBenchmark.h vtk/MapBenchmark.cpp
  vtk/MapGesture.h vtk/MapGesture.cpp
  vtk/MapLegend.h vtk/MapLegend.cpp
  vtk/MapLook.h vtk/MapLook.cpp
  vtk/MapNavigation.h vtk/MapNavigation.cpp
  vtk/MapOverlay.h vtk/MapOverlay.cpp
  vtk/MapPicker.h vtk/MapPicker.cpp
  vtk/MapToolbar.h vtk/MapToolbar.cpp
  vtk/MapTypes.h vtk/MapTypes.cpp
  vtk/MapView.h vtk/MapView.cpp vtk/MapViewEvents.cpp
  vtk/PainterSurface.h vtk/PainterSurface.cpp
  vtk/PointCloud.h vtk/PointCloud.cpp
  vtk/PointCloudMapper.h vtk/PointCloudMapper.cpp
  vtk/PointSurface.h
  vtk/VtkView.h vtk/VtkView.cpp)
