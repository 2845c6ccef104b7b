/// Where a suite's packages come from: the archives that apt reads, in the order of `sources.list`.
struct DebianArchives: Sendable, Equatable {
    let archives: [Archive]

    struct Archive: Sendable, Equatable {
        let mirror: String
        let suite: String
        let components: [String]

        /// A line of sources.list(5).
        var line: String { "deb \(mirror) \(suite) \(components.joined(separator: " "))" }
        var releaseURL: String { "\(mirror)/dists/\(suite)/InRelease" }
    }

    /// Suites without an archive of updates or of security updates.
    private static let rolling: Set<String> = ["sid", "unstable", "experimental", "rc-buggy"]

    static let defaultMirror = "http://deb.debian.org/debian"

    /// The suite, and unless it is a rolling one, its updates and its security updates. The security archive stands beside the
    /// mirror, where Debian has it, unless the recipe names another.
    init(suite: String, mirror: String, securityMirror: String?, components: [String], updates: Bool?) {
        var archives = [Archive(mirror: mirror, suite: suite, components: components)]
        if updates ?? !Self.rolling.contains(suite) {
            let security = securityMirror ?? "\(mirror)-security"
            archives.append(Archive(mirror: mirror, suite: "\(suite)-updates", components: components))
            archives.append(Archive(mirror: security, suite: "\(suite)-security", components: components))
        }
        self.archives = archives
    }

    init(_ archives: [Archive]) { self.archives = archives }

    var sourcesList: String { archives.map { $0.line + "\n" }.joined() }
}
