import Guest
import Model

/// A vulnerability or a missing update of one package, in the fields that Amazon Inspector has for one, with the evidence that it stands on.
package struct Finding: Codable, Hashable, Sendable {
    /// `CVE-2024-1234`, `ALAS2023-2024-500`, or `update:bash` for an update whose vulnerabilities nobody named.
    package var id: String
    /// Other names of the same.
    package var aliases: [String]
    package var title: String
    package var severity: Severity
    /// The highest base score of its CVSS vectors; nil where it has none that is computed.
    package var score: Double?
    /// The vectors as they came.
    package var vectors: [String]
    package var package: Package
    /// The first version without it, in the order of the package manager; nil where there is none.
    package var fixedInVersion: String?
    package var fixAvailable: FixAvailability
    package var status: Status
    /// Why it is suppressed.
    package var suppressedBecause: String?
    /// When it was made known, as the feed says it.
    package var published: String?
    package var references: [String]
    package var evidence: [Evidence]

    /// The package, as Inspector's `vulnerablePackages` has it.
    package struct Package: Codable, Hashable, Sendable {
        package var name: String
        package var version: String
        package var architecture: String
        /// `DEB`, `RPM`, `APK`, `PIP`, `NPM`, `GO`, `JAR`.
        package var packageManager: String
        package var source: String
        package var sourceVersion: String
        package var filePath: String?
    }

    package enum FixAvailability: String, Codable, Hashable, Sendable {
        case yes = "YES"
        case no = "NO"
        case unknown = "UNKNOWN"
    }

    package enum Status: String, Codable, Hashable, Sendable {
        case active = "ACTIVE"
        case suppressed = "SUPPRESSED"
    }

    /// On what a finding stands.
    package struct Evidence: Codable, Hashable, Sendable {
        package enum Level: String, Codable, Hashable, Sendable {
            /// A signed index has a newer version.
            case patchAvailable = "patch-available"
            /// The changelog of the newer version names it.
            case changelog
            /// A feed that the user gave says so.
            case feed
            /// Its distribution gives this release no security updates any more.
            case endOfLife = "end-of-life"
        }

        package var level: Level
        /// The index, the archive or the feed.
        package var source: String
        /// What it says: `resolved in 1.2-3`.
        package var statement: String
    }
}

extension Finding.Package {
    init(_ subject: Subject) {
        name = subject.name
        version = subject.version
        architecture = subject.architecture
        let managers = ["pypi": "PIP", "golang": "GO", "maven": "JAR"]
        packageManager = managers[subject.type] ?? subject.type.uppercased()
        source = subject.sourceName
        sourceVersion = subject.sourceVersion
        filePath = subject.path
    }
}
