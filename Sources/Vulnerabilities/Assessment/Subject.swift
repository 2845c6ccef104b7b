import Guest
import ImageStore

/// Something installed that a feed may speak about: a package of the distribution, or software that no package manager owns.
package struct Subject: Hashable, Sendable {
    /// The ecosystem by the type that package URLs have: `deb`, `rpm`, `apk`, `pypi`, `npm`, `golang`, `maven`.
    package let type: String
    package let name: String
    package let version: String
    package let architecture: String
    /// The name and version by which distributions track vulnerabilities.
    package let sourceName: String
    package let sourceVersion: String
    package let vendor: String?
    package let modularityLabel: String?
    /// Where software lies that no package manager owns.
    package let path: String?
    /// Nil where nobody knows how its versions are ordered.
    package let order: VersionOrder?

    package init(_ package: InstalledPackage) {
        type = package.packageURLType
        name = package.name
        version = package.version.text
        architecture = package.architecture
        sourceName = package.sourceName
        sourceVersion = package.sourceVersion
        vendor = package.vendor
        modularityLabel = package.modularityLabel
        path = nil
        order = VersionOrder(package.manager)
    }

    package init(_ software: UnmanagedSoftware) {
        type = software.kind.packageURLType
        name = software.name
        version = software.version
        architecture = ""
        sourceName = software.name
        sourceVersion = software.version
        vendor = nil
        modularityLabel = nil
        path = software.path.description
        order =
            switch software.kind {
            case .python: .python
            case .node, .goModule, .goProgram: .semantic
            case .java: nil
            }
    }
}
