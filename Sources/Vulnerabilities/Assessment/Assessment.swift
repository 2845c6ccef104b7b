import Guest
import ImageStore
import Model

/// What is known to be wrong with the packages of an image, on which evidence, and about what nothing is known.
package struct Assessment: Codable, Sendable {
    package var distribution: String
    /// Whether the release still gets security updates.
    package var support: ReleaseSupport
    package var findings: [Finding]
    package var feeds: [FeedSummary]
    package var indexes: [SuiteSummary]
    /// How many packages and pieces of software some evidence speaks about.
    package var assessed: Int
    package var notAssessed: [NotAssessed]

    /// What no evidence speaks about. It is not clean: nobody knows.
    package struct NotAssessed: Codable, Hashable, Sendable {
        package var name: String
        package var version: String
        package var type: String
        package var path: String?
        package var because: String
    }

    /// What the user gave to judge by.
    package struct Evidence: Sendable {
        package var feeds: [FeedFile]
        package var suites: [SuiteIndex]
        /// Debian packages that may be candidates of an update; their changelogs name what it fixes.
        package var archives: [PackageArchive]

        package init(feeds: [FeedFile] = [], suites: [SuiteIndex] = [], archives: [PackageArchive] = []) {
            self.feeds = feeds
            self.suites = suites
            self.archives = archives
        }
    }

    /// Judges the packages of a tree, as they are at a time.
    package init(of view: any TreeView, by evidence: Evidence, at now: Instant) throws(Failure) {
        let distribution = try OSRelease(in: view)
        let unmanaged = try UnmanagedInventory(in: view)
        let subjects = try InstalledPackages(in: view).packages.map { Subject($0) } + unmanaged.software.map { Subject($0) }
        var collector = Collector(subjects, distribution)
        indexes = []
        if !evidence.suites.isEmpty {
            let updates = PatchLevel(evidence.suites)
            try updates.read(evidence.archives, into: &collector)
            indexes = evidence.suites.map(\.summary)
        }
        feeds = []
        for feed in evidence.feeds { feeds.append(try feed.read(into: &collector)) }
        self.distribution = distribution.prettyName.isEmpty ? distribution.id : distribution.prettyName
        support = ReleaseSupport(distribution)
        findings = collector.sortedFindings
        if let ended = support.finding(at: now, distribution) {
            findings.insert(ended, at: findings.firstIndex { $0.severity <= ended.severity } ?? findings.endIndex)
        }
        assessed = collector.assessed.count
        notAssessed = subjects.indices.filter { collector.assessed[$0] == nil }.map { index in
            let subject = subjects[index]
            return NotAssessed(
                name: subject.name, version: subject.version, type: subject.type, path: subject.path,
                because: "no index or feed that was given speaks about it")
        }
        notAssessed += unmanaged.unknownPrograms.map { path in
            NotAssessed(
                name: path.last?.description ?? "", version: "", type: "generic", path: path.description,
                because: "a program of no package, and nothing says what it was built from")
        }
    }

    /// How many active findings there are of each severity, worst first.
    package var counts: [(severity: Severity, count: Int)] {
        Severity.allCases.reversed().map { severity in
            (severity, findings.count { $0.severity == severity && $0.status == .active })
        }
    }
}
