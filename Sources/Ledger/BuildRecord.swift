import Crypto
import Model

/// The number of a build in its workspace: `42`.
package struct BuildID: TextValue, Comparable {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    package init(parsing text: String) throws(Failure) {
        guard let number = Int64(text), number > 0, String(number) == text else {
            throw Failure(.invalid, "\"\(text)\" is not a build id", hint: "it is a number from 1")
        }
        self.number = number
    }

    package var description: String { String(number) }

    package static func < (a: BuildID, b: BuildID) -> Bool { a.number < b.number }
}

package enum BuildState: String, Sendable, Codable, CaseIterable {
    case running
    /// It made an image.
    case succeeded
    /// Nothing changed since the last image, so it made none.
    case unchanged
    case failed
    case cancelled
}

/// One execution of a pipeline.
package struct BuildRecord: Sendable, Hashable {
    package var id: BuildID
    package var pipeline: ResourceName
    package var recipe: ResourceName
    /// Counts the builds of the pipeline, from 1.
    package var number: Int
    package var state: BuildState
    /// The digest of what was to be built.
    package var source: Digest?
    package var started: Instant
    package var finished: Instant?
    /// Why it failed.
    package var error: String?
    /// The image that it made, or, when nothing changed, the one that it confirmed.
    package var image: ImageID?
    /// The root digest of the sealed tree.
    package var root: Digest?
}

/// How a build ends.
package enum BuildResult: Sendable, Hashable {
    case succeeded(image: ImageID, root: Digest)
    case unchanged(image: ImageID?, root: Digest)
    case failed(String)
    case cancelled
}

/// One stage of one build.
package struct StepRecord: Sendable, Hashable {
    package enum Outcome: String, Sendable, Codable, CaseIterable {
        /// Its checkpoint was there.
        case hit
        case ran
        case failed
    }

    /// Counts the stages of the recipe, from 0.
    package var position: Int
    /// The stage as the recipe's entry names it.
    package var entry: String
    package var key: Digest?
    package var outcome: Outcome
    /// Why it ran, or why it did not.
    package var reason: String
    package var tree: Digest?
    /// Nanoseconds.
    package var duration: Int64

    package init(
        position: Int, entry: String, key: Digest?, outcome: Outcome, reason: String, tree: Digest?, duration: Int64
    ) {
        self.position = position
        self.entry = entry
        self.key = key
        self.outcome = outcome
        self.reason = reason
        self.tree = tree
        self.duration = duration
    }
}
