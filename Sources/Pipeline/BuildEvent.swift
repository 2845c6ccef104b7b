import Crypto
import Recipes

/// What happens during a build, for whoever watches it.
package enum BuildEvent: Sendable {
    case stageBegan(StageEntry, of: Int, reasons: [String])
    case stageProgress(StageEntry, StageProgress)
    case stageEnded(StageResult)
}

/// One stage of a finished or running build.
package struct StageResult: Sendable {
    package var entry: StageEntry
    package var key: StageKey
    package var outcome: Outcome
    /// The tree after the stage.
    package var tree: Digest
    package var report: StageReport
    /// Nanoseconds that the stage ran in this build; 0 for a cached one.
    package var duration: UInt64

    package enum Outcome: Sendable, Equatable {
        case cached
        /// It ran, for these reasons.
        case ran([String])
    }
}
