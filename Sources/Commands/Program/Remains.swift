import Synchronization

/// What a command that only looked leaves to the end of the process. The system frees memory, mappings and files at once; one by one that
/// takes as long as a tenth of a diff.
final class Remains: Sendable {
    private let kept = Mutex<[any Sendable]>([])

    func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }
}
