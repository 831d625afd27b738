# Vae*.cpp that include torch are listed in semascope_torch.
target_sources(semascope_core PRIVATE
  latent/VaeConfig.cpp latent/VaeDetect.cpp latent/VaeFit.cpp latent/VaeLosses.cpp latent/VaePixels.cpp latent/VaeSpec.cpp)
# The invertible interpretation network.
target_sources(semascope_core PRIVATE
  latent/Flow.cpp latent/FlowAdam.cpp latent/FlowBackward.cpp latent/FlowNet.cpp latent/FlowPass.cpp
  latent/FlowRows.cpp latent/Iin.cpp latent/IinEdits.cpp latent/IinFiles.cpp latent/IinLoss.cpp latent/IinPairs.cpp
  latent/IinRows.cpp latent/IinTrain.cpp)
# Directions, edits and what they are judged by.
target_sources(semascope_core PRIVATE
  latent/BoostedTrees.cpp latent/Directions.cpp latent/Disentanglement.cpp latent/EditTable.cpp
  latent/FactorScores.cpp latent/LatentNames.cpp latent/Lbfgs.cpp latent/LinearSvm.cpp latent/Probe.cpp)
