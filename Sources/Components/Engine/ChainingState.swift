/// What the steps of a document have given so far: what `{{ phase.step.outputs.name }}` means to later steps. Kept between the phase
/// `build` and the phase `validate`, which Image Builder runs as one.
package struct ChainingState: Sendable, Codable, Hashable {
    /// By `phase.step`. Steps that had to do with secrets are not in it.
    var steps: [String: StepMemory] = [:]
}
