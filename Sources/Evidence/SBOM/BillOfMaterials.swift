import Crypto
import Guest
import ImageStore
import Model
import Text

/// What an image is made of, from which documents of both formats are written. Equal images of the same name give equal documents.
package struct BillOfMaterials: Sendable {
    /// The image, as documents name it.
    package struct Subject: Sendable {
        package let name: String
        package let version: String
        /// The root digest of its tree.
        package let root: Digest
        package let created: Instant

        package init(name: String, version: String, root: Digest, created: Instant) {
            self.name = name
            self.version = version
            self.root = root
            self.created = created
        }
    }

    /// One package or piece of software.
    struct Component: Sendable {
        let url: PackageURL
        let type: String
        let name: String
        let version: String
        let supplier: String?
        let license: String?
        let summary: String
        let homepage: String?
        /// The source that it was built from, or the file that it was found in.
        let origin: String
        /// Positions of other components that it needs.
        var dependencies: [Int] = []
    }

    let subject: Subject
    let distribution: OSRelease
    /// The program that writes the documents, with its version.
    let tool: (name: String, version: String)
    let components: [Component]

    package init(
        of view: any TreeView, as subject: Subject, tool: (name: String, version: String)
    ) throws(Failure) {
        self.subject = subject
        self.tool = tool
        distribution = try OSRelease(in: view)
        let packages = try InstalledPackages(in: view).packages
        let software = try UnmanagedInventory(in: view).software
        let distribution = distribution
        var components = packages.map { Component($0, of: distribution) } + software.map { Component($0) }
        let providers = Self.providers(packages)
        for (index, package) in packages.enumerated() {
            // One of alternatives is enough: the first that is there.
            let needed = package.requires.compactMap { names in
                names.lazy.compactMap { providers["\(package.manager.rawValue) \($0)"] }.first
            }
            components[index].dependencies = Set(needed).subtracting([index]).sorted()
        }
        self.components = components
    }

    /// The package of each name, and of what packages provide; a name wins over what others provide under it.
    private static func providers(_ packages: [InstalledPackage]) -> [String: Int] {
        var providers: [String: Int] = [:]
        for (index, package) in packages.enumerated() where providers["\(package.manager.rawValue) \(package.name)"] == nil {
            providers["\(package.manager.rawValue) \(package.name)"] = index
        }
        for (index, package) in packages.enumerated() {
            for name in package.provides where providers["\(package.manager.rawValue) \(name)"] == nil {
                providers["\(package.manager.rawValue) \(name)"] = index
            }
        }
        return providers
    }

    /// A UUID of version 8 (RFC 9562) that follows from the image and the kind of document.
    func identifier(of document: String) -> String {
        let digest = SHA256.digest(of: "ingot \(document) 1\n\(subject.name)\n\(subject.version)\n\(subject.root.hex)\n")
        return UUIDText.text(Array(digest.bytes[..<UUIDText.byteCount]), version: 8)
    }
}

extension BillOfMaterials.Component {
    init(_ package: InstalledPackage, of distribution: OSRelease) {
        url = PackageURL(package, of: distribution)
        type = package.packageURLType
        name = package.name
        version = package.version.text
        supplier = package.vendor ?? package.maintainer
        license = package.license
        summary = package.summary
        homepage = package.homepage
        origin = "source package \(package.sourceName) \(package.sourceVersion)"
    }

    init(_ software: UnmanagedSoftware) {
        url = PackageURL(software)
        type = software.kind.packageURLType
        name = software.name
        version = software.version
        supplier = nil
        license = nil
        summary = ""
        homepage = nil
        origin = "found in \(software.path)"
    }
}
