import ImageStore
import Model

/// Software in an image that no package manager answers for: Python distributions in virtual environments and `/usr/local`, Node packages,
/// Go programs, Java archives.
package struct UnmanagedSoftware: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable, Encodable {
        case python, node
        /// The program itself, and a module that is built into it.
        case goProgram = "go-program"
        case goModule = "go-module"
        case java
    }

    package let kind: Kind
    /// As the ecosystem names it; a Python name in its normal form.
    package let name: String
    package let version: String
    /// The file that says so.
    package let path: TreePath

    package init(kind: Kind, name: String, version: String, path: TreePath) {
        self.kind = kind
        self.name = name
        self.version = version
        self.path = path
    }

    /// The form in which PEP 503 compares names: lower case, one hyphen for runs of hyphens, dots and underscores.
    package static func normalizedPythonName(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }
}

extension UnmanagedSoftware.Kind {
    /// The type in package URLs.
    package var packageURLType: String {
        switch self {
        case .python: "pypi"
        case .node: "npm"
        case .goProgram, .goModule: "golang"
        case .java: "maven"
        }
    }
}

extension InstalledPackage {
    /// The type in package URLs.
    package var packageURLType: String {
        switch manager {
        case .dpkg: "deb"
        case .rpm: "rpm"
        case .apk: "apk"
        }
    }
}
