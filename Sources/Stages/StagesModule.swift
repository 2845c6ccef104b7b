// Stages: one file a stage. A new stage is one new file and one line in `StageRegistry.standard`.
