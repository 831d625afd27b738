# Sources of this room, with the theme and the thumbnails that all panels need.
target_sources(semascope_widgets PRIVATE
  Theme.h Theme.cpp
  ThumbnailCache.h ThumbnailCache.cpp
  panels/CellPainter.h panels/CellPainter.cpp
  panels/ClusterDelegate.h panels/ClusterDelegate.cpp
  panels/ClusterModel.h panels/ClusterModel.cpp
  panels/ClustersDrawer.h panels/ClustersDrawer.cpp
  panels/Controls.h panels/Controls.cpp
  panels/DataDrawer.h panels/DataDrawer.cpp
  panels/DetailsPanel.h panels/DetailsPanel.cpp
  panels/Drawer.h panels/Drawer.cpp
  panels/FlowLayout.h panels/FlowLayout.cpp
  panels/GalleryGrid.h panels/GalleryGrid.cpp panels/GalleryGridInput.cpp
  panels/GalleryView.h panels/GalleryView.cpp
  panels/JobStatus.h panels/JobStatus.cpp
  panels/JobView.h panels/JobView.cpp
  panels/JobsPanel.h panels/JobsPanel.cpp
  panels/LeftRail.h panels/LeftRail.cpp
  panels/MapControls.h panels/MapControls.cpp
  panels/NeighbourStrip.h panels/NeighbourStrip.cpp
  panels/NoticeBar.h panels/NoticeBar.cpp
  panels/Numbers.h panels/Numbers.cpp
  panels/PictureBox.h panels/PictureBox.cpp
  panels/PromptBar.h panels/PromptBar.cpp
  panels/PromptChip.h panels/PromptChip.cpp
  panels/PromptText.h panels/PromptText.cpp
  panels/ScoreBars.h panels/ScoreBars.cpp
  panels/SkipModel.h panels/SkipModel.cpp
  panels/StyleSheet.cpp
  panels/ThumbnailWorker.h panels/ThumbnailWorker.cpp
  panels/TopBar.h panels/TopBar.cpp)
