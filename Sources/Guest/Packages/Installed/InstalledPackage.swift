import Model

/// One package of an image, in the same words for every package manager.
package struct InstalledPackage: Hashable, Sendable {
    /// Who recorded it.
    package enum Manager: String, Hashable, Sendable, CaseIterable, Encodable {
        case dpkg, apk, rpm
    }

    /// Why it is there, where the package manager knows.
    package enum InstallReason: String, Hashable, Sendable, Encodable {
        /// Somebody asked for it.
        case requested
        /// Another package needed it.
        case dependency
    }

    package var manager: Manager
    package var name: String
    /// `amd64`, `x86_64`, `noarch`, as the package manager says it; empty where it does not.
    package var architecture: String = ""
    package var version: Version
    /// The source package that it was built from; its own name where nothing else is recorded.
    package var sourceName: String
    /// The version of the source package, in the order of the package manager, where it differs from the package's own too.
    package var sourceVersion: String
    /// Who distributes it, in the package's own words: dpkg's `Origin`, rpm's `Vendor`; nil where it does not say.
    package var vendor: String?
    package var maintainer: String?
    /// The licence in the package manager's words (rpm and apk); dpkg does not record it.
    package var license: String?
    /// One line.
    package var summary: String = ""
    package var homepage: String?
    /// Bytes on disk, as the package says; 0 where it does not.
    package var installedSize: UInt64 = 0
    package var reason: InstallReason?
    /// rpm's `MODULARITYLABEL`: the module and stream that it was built for.
    package var modularityLabel: String?
    /// What it needs to work: any one of each list. Names of packages, and what packages provide.
    package var requires: [[String]] = []
    /// Names beside its own that it stands for.
    package var provides: [String] = []

    package init(
        manager: Manager, name: String, version: Version, sourceName: String? = nil, sourceVersion: String? = nil
    ) {
        self.manager = manager
        self.name = name
        self.version = version
        self.sourceName = sourceName ?? name
        self.sourceVersion = sourceVersion ?? version.text
    }
}

extension InstalledPackage {
    /// A version and its parts.
    package struct Version: Hashable, Sendable, CustomStringConvertible {
        /// Nil where none is written, which orders as 0.
        package let epoch: Int?
        /// The upstream version.
        package let version: String
        /// dpkg's revision, rpm's release, apk's `r4`; nil where there is none.
        package let release: String?
        /// All of it: `2:1.0-3`. This is what is compared.
        package let text: String

        package var description: String { text }

        package init(epoch: Int?, version: String, release: String?, text: String) {
            self.epoch = epoch
            self.version = version
            self.release = release
            self.text = text
        }

        /// `[epoch:]version[-release]`: the last hyphen splits, as in dpkg, rpm and apk.
        package init(_ text: String) {
            var rest = Substring(text)
            var epoch: Int?
            if let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]), number >= 0 {
                epoch = number
                rest = rest[rest.index(after: colon)...]
            }
            var release: String?
            if let dash = rest.lastIndex(of: "-") {
                release = String(rest[rest.index(after: dash)...])
                rest = rest[..<dash]
            }
            self.init(epoch: epoch, version: String(rest), release: release, text: text)
        }
    }
}
