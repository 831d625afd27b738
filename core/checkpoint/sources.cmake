# Sources of this room.
target_sources(semascope_core PRIVATE
)
