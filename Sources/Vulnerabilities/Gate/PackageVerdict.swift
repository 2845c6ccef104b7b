import Guest
import Model

/// What a gate said of the packages of a tree that passed it, and on which evidence: what a certificate says of them.
package struct PackageVerdict: Codable, Sendable {
    /// Whose gate it is: `pipeline nightly`, `stage scan`.
    package var gate: String
    /// When it was judged, in UTC. Evidence that is the same is not judged again.
    package var judgedOn: String
    package var policy: Policy
    package var distribution: String
    package var support: ReleaseSupport
    /// Active findings by severity; every severity is there.
    package var counts: [String: Int]
    /// How many packages are behind what signed suites have; nil where no suite was given.
    package var behind: Int?
    /// Findings that the policy leaves.
    package var ignored: [Ignored]
    package var indexes: [SuiteSummary]
    package var feeds: [FeedSummary]
    /// How many packages and pieces of software some evidence speaks about.
    package var assessed: Int
    package var notAssessed: NotAssessed
    /// `2 high, 1 low; 280 packages assessed, 3 not`
    package var summary: String

    /// What the gate allows, in the words of its document.
    package struct Policy: Codable, Sendable {
        package var maximumSeverity: String
        package var fixAvailable: Bool
        /// Nil for any age.
        package var maximumAge: String?
    }

    package struct Ignored: Codable, Sendable {
        package var id: String
        package var package: String
        package var severity: String
        package var reason: String
    }

    /// What nothing is known of. It is not clean.
    package struct NotAssessed: Codable, Sendable {
        package var count: Int
        /// The first of them, by path or by name and version.
        package var first: [String]
    }

    private static let maximumNames = 100

    /// `assessment` must be one that `packages` let pass.
    package init(_ assessment: Assessment, by packages: PackageGate, of gate: String, at now: Instant) {
        self.gate = gate
        judgedOn = now.description
        let policy = packages.policy
        self.policy = Policy(
            maximumSeverity: policy.maximumSeverity.rawValue, fixAvailable: policy.onlyFixable,
            maximumAge: policy.maximumAge?.description)
        (distribution, support) = (assessment.distribution, assessment.support)
        counts = Dictionary(uniqueKeysWithValues: assessment.counts.map { ($0.severity.rawValue, $0.count) })
        behind = assessment.indexes.isEmpty ? nil : assessment.behind
        ignored = assessment.findings.filter { $0.status == .suppressed }.map { finding in
            Ignored(
                id: finding.id, package: finding.package.name, severity: finding.severity.rawValue,
                reason: finding.suppressedBecause ?? "")
        }
        // Where files lie on the machine that built is nobody's business; their digests say what they are.
        indexes = assessment.indexes.map { index in
            var index = index
            index.files = index.files.map { .init(path: Self.name(of: $0.path), sha256: $0.sha256) }
            return index
        }
        feeds = zip(assessment.feeds, packages.feeds).map { feed, source in
            var feed = feed
            feed.file = source.name
            return feed
        }
        assessed = assessment.assessed
        notAssessed = NotAssessed(
            count: assessment.notAssessed.count,
            first: assessment.notAssessed.prefix(Self.maximumNames).map { $0.path ?? "\($0.name) \($0.version)" })
        summary = assessment.summary
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension Assessment {
    /// How many packages a signed suite has a newer version of.
    var behind: Int {
        Set(findings.filter { $0.evidence.contains { $0.level == .patchAvailable } }.map(\.package)).count
    }
}

/// What the stage `scan` leaves as its detail.
package struct PackageScan: Codable, Sendable {
    package var verdict: PackageVerdict
    package var assessment: Assessment

    package init(verdict: PackageVerdict, assessment: Assessment) {
        self.verdict = verdict
        self.assessment = assessment
    }
}
