import Secrets

/// What was proven of a tree before it became an image. It holds no value that was searched for. Kept with the tree, so that what was
/// proven once is not proven again.
package struct ProofReport: Sendable, Codable {
    /// Findings of the detectors, and what they saw.
    package var detectors = SecretScanReport()
    package var canaries: CanaryRecall
    package var known = KnownValues()
    package var rawImage = RawImage()
    /// How many states were asserted, by code separate from what made them.
    package var assertedStates = 0
    /// States that are not as they should be, each as a sentence.
    package var brokenStates: [String] = []
    /// Milliseconds that it took.
    package var milliseconds: UInt64 = 0

    /// The values that were searched for in the raw image.
    package struct KnownValues: Sendable, Codable {
        /// What each of them is; never the value.
        package var searched: [String] = []
        /// Values that would be found by chance, or were not looked for, and why.
        package var notSearched: [String] = []
        /// Files that were taken out or changed, in which values were looked for.
        package var removedFiles = 0
        package var hits: [Hit] = []
        /// Hits that the recipe accepts.
        package var allowed: [Hit] = []

        package init() {}
    }

    /// A value that is still there.
    package struct Hit: Sendable, Codable, Hashable {
        /// What the value is.
        package var value: String
        package var encoding: String
        /// The path of the file that holds it, as `TreePath.escaped` writes it; nil where no file does.
        package var path: String?
        /// Its place in the raw image.
        package var offset: UInt64
        /// Why it is accepted.
        package var reason: String?

        package init(value: String, encoding: String, path: String?, offset: UInt64, reason: String? = nil) {
            self.value = value
            self.encoding = encoding
            self.path = path
            self.offset = offset
            self.reason = reason
        }
    }

    /// The file system that the tree was written to, for the search.
    package struct RawImage: Sendable, Codable {
        /// All bytes of it, and of these the ones that are not holes, which were searched.
        package var bytes: UInt64 = 0
        package var searchedBytes: UInt64 = 0

        package init() {}
    }

    package init(canaries: CanaryRecall) { self.canaries = canaries }

    /// The rule by which an allowance accepts a hit.
    package static let knownValueRule = "removed-value"

    /// What blocks the image, each as a sentence that says where and what.
    package var problems: [String] {
        var problems = detectors.findings.map { "\($0.place): \($0.title) (\($0.rule))" }
        problems += known.hits.map { hit in
            let place = hit.path ?? "the raw image at byte \(hit.offset), outside of any file"
            return "\(place) still holds the \(hit.value), as \(hit.encoding) (\(Self.knownValueRule))"
        }
        problems += brokenStates
        problems += canaries.missed.map { "the detector \($0) did not find its canary, so that its silence means nothing" }
        return problems
    }

    /// How many findings there are; a canary that was missed is none.
    package var findings: Int { detectors.findings.count + known.hits.count + brokenStates.count }
}
