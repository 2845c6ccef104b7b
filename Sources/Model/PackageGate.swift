/// What packages of an image are judged by, and what they may have: `packages` of a recipe's stage `scan` and of a pipeline's `scan`.
package struct PackageGate: Hashable, Sendable {
    /// A file or folder as a document names it, and where it is.
    package struct Source: Hashable, Sendable {
        package let name: String
        package let path: String

        package init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    /// What is known about vulnerabilities: OSV, Debian's tracker, debsecan, updateinfo.xml, Alpine's secdb.
    package var feeds: [Source]
    /// Folders with signed suites.
    package var indexes: [Source]
    package var policy: VulnerabilityPolicy

    package init(feeds: [Source], indexes: [Source], policy: VulnerabilityPolicy) {
        self.feeds = feeds
        self.indexes = indexes
        self.policy = policy
    }
}
