import Guest

/// A package URL (https://github.com/package-url/purl-spec).
package struct PackageURL: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Of an installed package: `pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12`. An epoch stays in a version of dpkg, and is
    /// a qualifier of rpm's.
    package init(_ package: InstalledPackage, of distribution: OSRelease) {
        var qualifiers: [(String, String)] = []
        if !package.architecture.isEmpty { qualifiers.append(("arch", package.architecture)) }
        let namespace = distribution.id.isEmpty ? nil : distribution.id
        if let namespace {
            qualifiers.append(("distro", distribution.versionID.isEmpty ? namespace : "\(namespace)-\(distribution.versionID)"))
        }
        var version = package.version.text
        if package.manager == .rpm {
            version = package.version.version + (package.version.release.map { "-\($0)" } ?? "")
            if let epoch = package.version.epoch { qualifiers.append(("epoch", String(epoch))) }
        }
        self.init(package.packageURLType, namespace.map { [$0] } ?? [], package.name, version, qualifiers)
    }

    package init(_ software: UnmanagedSoftware) {
        // The coordinates of a Java archive have a group, which its file's name does not say.
        let type = software.kind == .java ? "generic" : software.kind.packageURLType
        var parts = software.name.split(separator: "/").map(String.init)
        let name = parts.popLast() ?? software.name
        self.init(type, parts, name, software.version, [])
    }

    init(_ type: String, _ namespace: [String], _ name: String, _ version: String, _ qualifiers: [(String, String)]) {
        var text = "pkg:\(type)/" + (namespace + [name]).map(Self.encoded).joined(separator: "/")
        if !version.isEmpty { text += "@" + Self.encoded(version) }
        if !qualifiers.isEmpty { text += "?" + qualifiers.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&") }
        description = text
    }

    /// All but unreserved characters (RFC 3986, 2.3) as percent-encoded bytes.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
            default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
