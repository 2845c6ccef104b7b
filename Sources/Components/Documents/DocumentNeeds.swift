// What a document needs besides a tree, found without running it.

extension ComponentDocument {
    /// Whether a step of one of these phases may start a program in the image.
    package func startsPrograms(in names: Set<String>) -> Bool {
        phases.contains { names.contains($0.name) && $0.steps.contains(where: \.needsPrograms) }
    }
}
