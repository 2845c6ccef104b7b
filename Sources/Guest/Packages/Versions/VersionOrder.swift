/// How the versions of an ecosystem are ordered.
package enum VersionOrder: Hashable, Sendable {
    case dpkg, rpm, apk, semantic, python

    package init(_ manager: InstalledPackage.Manager) {
        switch manager {
        case .dpkg: self = .dpkg
        case .rpm: self = .rpm
        case .apk: self = .apk
        }
    }

    /// Whether `a` comes before `b`; nil where one of them is no version in this order, so that nothing can be said.
    package func isBefore(_ a: String, _ b: String) -> Bool? {
        switch self {
        case .dpkg: less(try? PackageVersion(parsing: a), try? PackageVersion(parsing: b))
        case .rpm: RPMVersion(a) < RPMVersion(b)
        case .apk: less(ApkVersion(a), ApkVersion(b))
        case .semantic: less(SemanticVersion(a), SemanticVersion(b))
        case .python: less(PythonVersion(a), PythonVersion(b))
        }
    }

    private func less<V: Comparable>(_ a: V?, _ b: V?) -> Bool? {
        guard let a, let b else { return nil }
        return a < b
    }
}
