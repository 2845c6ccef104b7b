import Guest
import Model

/// Whether the release of an image still gets security updates.
package struct ReleaseSupport: Codable, Hashable, Sendable {
    /// `debian 12`
    package let release: String
    /// The last day, `2028-06-30`; nil where the table does not know the release, so that nobody can tell.
    package let endOfLife: String?

    package init(_ os: OSRelease) {
        release = "\(os.id) \(os.versionID)"
        let known = ReleaseTable.ends[os.id] ?? []
        // Alpine's version has a third number.
        endOfLife = known.first { $0.version == os.versionID || os.versionID.hasPrefix($0.version + ".") }?.day
    }

    /// Whether it has ended by then; false where nobody can tell.
    package func hasEnded(at now: Instant) -> Bool { endOfLife.map { Self.day(now) > $0 } ?? false }

    /// The finding that an image of an ended release has.
    func finding(at now: Instant, _ os: OSRelease) -> Finding? {
        guard let endOfLife, hasEnded(at: now) else { return nil }
        let package = Finding.Package(
            name: os.id, version: os.versionID, architecture: "", packageManager: "OS", source: os.id,
            sourceVersion: os.versionID,
            filePath: "/etc/os-release")
        return Finding(
            id: "end-of-life:\(os.id)-\(os.versionID)", aliases: [],
            title: "\(release) gets no security updates since \(endOfLife)", severity: .high, score: nil, vectors: [],
            package: package, fixedInVersion: nil, fixAvailable: .unknown, status: .active, published: endOfLife, references: [],
            evidence: [
                .init(
                    level: .endOfLife, source: "table of releases", statement: "security updates ended on \(endOfLife)")
            ])
    }

    /// How many releases of the table have ended by then: what follows from the table changes when this does.
    package static func ended(by now: Instant) -> Int {
        let today = day(now)
        return ReleaseTable.ends.values.reduce(0) { $0 + $1.count { $0.day < today } }
    }

    private static func day(_ now: Instant) -> String { String(now.description.prefix(10)) }
}
