import Pipeline

/// All stages that a recipe may name.
package enum StageRegistry {
    /// In the order of help: from making a tree to checking it.
    package static let standard: [any Stage.Type] = [
        BootstrapStage.self,
        FilesStage.self,
        PatchStage.self,
        ComponentStage.self,
        HardenStage.self,
        ScanStage.self,
        ScrubStage.self,
        ValidateStage.self,
        TestStage.self,
    ]
}
