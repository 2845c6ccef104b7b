import Guest
import Model

/// Which installed packages are behind what signed suites have: what `apt list --upgradable` lists.
///
/// Preferences and holds of the image are not looked at: a package that is held back is behind all the same.
package struct PatchLevel: Sendable {
    private let offers: [String: [SuiteOffer]]

    private struct SuiteOffer: Sendable {
        let offer: SuiteIndex.Offer
        let suite: String
    }

    package init(_ suites: [SuiteIndex]) {
        let all = suites.flatMap { suite in suite.offers.map { SuiteOffer(offer: $0, suite: suite.summary.suite) } }
        offers = Dictionary(grouping: all) { $0.offer.name }
    }

    /// A package that is behind.
    package struct Update: Hashable, Sendable {
        package let installed: InstalledPackage
        package let candidate: String
        /// Where the candidate is.
        package let suite: String
    }

    package func updates(of packages: [InstalledPackage]) -> [Update] {
        let native = packages.first { $0.name == "dpkg" }?.architecture
        return packages.filter { $0.manager == .dpkg }.compactMap { package in
            guard let best = candidate(package.name, package.architecture, native: native),
                VersionOrder.dpkg.isBefore(package.version.text, best.offer.version) == true
            else { return nil }
            return Update(installed: package, candidate: best.offer.version, suite: best.suite)
        }
    }

    /// The newest version that could take a package's place: of its architecture, and of none where it is native.
    private func candidate(_ name: String, _ architecture: String, native: String?) -> SuiteOffer? {
        let isNative = architecture == "all" || architecture == native
        var best: SuiteOffer?
        for next in offers[name] ?? [] {
            let fits = next.offer.architecture == architecture || isNative && ["all", native].contains(next.offer.architecture)
            guard fits else { continue }
            if let now = best, VersionOrder.dpkg.isBefore(now.offer.version, next.offer.version) != true { continue }
            best = next
        }
        return best
    }

    /// What the changelogs of archives name for an update of a package, from the installed version of its source on.
    package static func vulnerabilities(
        in archives: [PackageArchive], of name: String, installed version: String
    ) throws(Failure) -> [String] {
        let changelogs = try Changelogs(archives)
        let subject = Subject(InstalledPackage(manager: .dpkg, name: name, version: .init(version)))
        guard let candidate = archives.first(where: { $0.entry.name == name })?.entry.version else { return [] }
        return changelogs.vulnerabilities(of: subject, candidate: candidate)?.ids ?? []
    }

    /// Adds a finding for each package that is behind; where the changelog of its candidate is at hand, one for each vulnerability that
    /// it names.
    func read(_ archives: [PackageArchive], into collector: inout Collector) throws(Failure) {
        let changelogs = try Changelogs(archives)
        let native = collector.subjects.first { $0.type == "deb" && $0.name == "dpkg" }?.architecture
        for index in collector.indices(ofType: "deb") {
            let subject = collector.subjects[index]
            guard let best = candidate(subject.name, subject.architecture, native: native) else { continue }
            collector.assess(index, by: best.suite)
            guard VersionOrder.dpkg.isBefore(subject.version, best.offer.version) == true else { continue }
            let patch = Finding.Evidence(
                level: .patchAvailable, source: best.suite, statement: "\(best.offer.version) is newer than \(subject.version)")
            let named = changelogs.vulnerabilities(of: subject, candidate: best.offer.version)
            for id in named?.ids ?? [] {
                let advisory = Advisory(id: id, references: ["https://security-tracker.debian.org/tracker/\(id)"])
                for evidence in [
                    patch, .init(level: .changelog, source: named?.file ?? "", statement: "its changelog names \(id)"),
                ] {
                    try collector.add(advisory, of: index, fixedIn: best.offer.version, fix: .yes, evidence: evidence)
                }
            }
            if named?.ids.isEmpty ?? true {
                let advisory = Advisory(id: "update:\(subject.name)", title: "\(best.offer.version) is available")
                try collector.add(advisory, of: index, fixedIn: best.offer.version, fix: .yes, evidence: patch)
            }
        }
    }
}
