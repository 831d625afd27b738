# Sources of this room, with the theme and the thumbnails that all panels need.
target_sources(semascope_widgets PRIVATE
  Theme.h Theme.cpp
  ThumbnailCache.h ThumbnailCache.cpp
  panels/CaptionList.h panels/CaptionList.cpp
  panels/CellPainter.h panels/CellPainter.cpp
  panels/ClassNames.h panels/ClassNames.cpp
  panels/ClassTable.h panels/ClassTable.cpp
  panels/ClusterCard.h
  panels/ClusterCardGrid.h panels/ClusterCardGrid.cpp panels/ClusterCardGridInput.cpp panels/ClusterCardPaint.cpp
  panels/ClusterCardLayout.h panels/ClusterCardLayout.cpp
  panels/ClusterCardsView.h panels/ClusterCardsView.cpp
  panels/ClusterDelegate.h panels/ClusterDelegate.cpp
  panels/ClusterModel.h panels/ClusterModel.cpp
  panels/ClusterSetup.h panels/ClusterSetup.cpp
  panels/ClusterWords.h panels/ClusterWords.cpp
  panels/ClustersDrawer.h panels/ClustersDrawer.cpp
  panels/ComparisonDelegate.cpp
  panels/ComparisonMaps.h panels/ComparisonMaps.cpp
  panels/ComparisonSetup.h panels/ComparisonSetup.cpp
  panels/ComparisonTable.h panels/ComparisonTable.cpp
  panels/ComparisonView.h panels/ComparisonView.cpp
  panels/ConfusionPaint.cpp
  panels/ConfusionTable.h panels/ConfusionTable.cpp
  panels/Controls.h panels/Controls.cpp
  panels/DataDrawer.h panels/DataDrawer.cpp
  panels/DetailsPanel.h panels/DetailsPanel.cpp
  panels/Drawer.h panels/Drawer.cpp
  panels/DropOverlay.h panels/DropOverlay.cpp
  panels/EmbedBlock.h panels/EmbedBlock.cpp
  panels/FigurePane.h panels/FigurePane.cpp
  panels/FlowLayout.h panels/FlowLayout.cpp
  panels/FrameScrubber.h panels/FrameScrubber.cpp
  panels/GalleryGrid.h panels/GalleryGrid.cpp panels/GalleryGridInput.cpp
  panels/GalleryView.h panels/GalleryView.cpp
  panels/GuessBars.h panels/GuessBars.cpp
  panels/HeadlineRow.h panels/HeadlineRow.cpp
  panels/HeatmapCard.h panels/HeatmapCard.cpp
  panels/HeatmapControls.h panels/HeatmapControls.cpp panels/HeatmapControlsBuild.cpp
  panels/HeatmapGrid.h panels/HeatmapGrid.cpp panels/HeatmapGridInput.cpp panels/HeatmapGridPaint.cpp
  panels/HeatmapLegend.h panels/HeatmapLegend.cpp
  panels/HeatmapView.h panels/HeatmapView.cpp
  panels/JobStatus.h panels/JobStatus.cpp
  panels/JobView.h panels/JobView.cpp
  panels/JobsPanel.h panels/JobsPanel.cpp
  panels/KSweepView.h panels/KSweepView.cpp
  panels/LeftRail.h panels/LeftRail.cpp
  panels/MapControls.h panels/MapControls.cpp
  panels/ModelCardDialog.h panels/ModelCardDialog.cpp
  panels/ModelCardQuestion.h panels/ModelCardQuestion.cpp
  panels/ModelCardText.h panels/ModelCardText.cpp
  panels/NeighbourPanel.h panels/NeighbourPanel.cpp
  panels/NeighbourStrip.h panels/NeighbourStrip.cpp
  panels/NoticeBar.h panels/NoticeBar.cpp
  panels/Numbers.h panels/Numbers.cpp
  panels/OptionForm.h panels/OptionForm.cpp
  panels/PictureBox.h panels/PictureBox.cpp
  panels/PromptBar.h panels/PromptBar.cpp
  panels/PromptChip.h panels/PromptChip.cpp
  panels/PromptPopover.h panels/PromptPopover.cpp
  panels/PromptText.h panels/PromptText.cpp
  panels/QueryCard.h panels/QueryCard.cpp
  panels/ScoreBars.h panels/ScoreBars.cpp
  panels/ScoreHeader.h panels/ScoreHeader.cpp
  panels/SkipModel.h panels/SkipModel.cpp
  panels/StyleSheet.cpp
  panels/TemplateEditor.h panels/TemplateEditor.cpp
  panels/ThumbnailWorker.h panels/ThumbnailWorker.cpp
  panels/TopBar.h panels/TopBar.cpp
  panels/TrainingCurves.h panels/TrainingCurves.cpp
  panels/TrainingView.h panels/TrainingView.cpp
  panels/ZeroShotSetup.h panels/ZeroShotSetup.cpp
  panels/ZeroShotText.h panels/ZeroShotText.cpp
  panels/ZeroShotView.h panels/ZeroShotView.cpp)
