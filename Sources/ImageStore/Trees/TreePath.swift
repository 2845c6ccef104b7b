import Model

/// A path inside an image, from its root. Symbolic links in it are not followed: `TreeView.resolve` does that.
///
/// Paths are ordered component by component, which is the order in which a tree is walked.
package struct TreePath: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let names: [Name]

    /// Paths deeper or longer than these are refused, wherever they come from.
    package static let maximumDepth = 256
    package static let maximumLength = 4096

    package static let root = TreePath([])

    package init(_ names: [Name]) { self.names = names }

    /// Reads `/etc/passwd`, `etc/passwd` or `./etc/passwd`. A `..` is refused: what it means depends on links.
    package init(parsing bytes: some Sequence<UInt8>) throws(Failure) {
        let bytes = Array(bytes)
        guard bytes.count <= Self.maximumLength else {
            throw Failure(.invalid, "the path \(Self.shown(bytes)) is longer than \(Self.maximumLength) bytes")
        }
        var names: [Name] = []
        for part in bytes.split(separator: 0x2F) where part != [0x2E] {
            guard let name = Name(Array(part)) else {
                throw Failure(
                    .invalid, "the path \(Self.shown(bytes)) has the part '\(Self.shown(Array(part)))', which is no name")
            }
            names.append(name)
        }
        guard names.count <= Self.maximumDepth else {
            throw Failure(.invalid, "the path \(Self.shown(bytes)) is deeper than \(Self.maximumDepth) folders")
        }
        self.names = names
    }

    package init(parsing text: String) throws(Failure) { try self.init(parsing: Array(text.utf8)) }

    /// For paths written in code.
    package init(stringLiteral text: String) {
        names = text.split(separator: "/").map { part in
            guard let name = Name(part) else { preconditionFailure("'\(text)' is no path") }
            return name
        }
    }

    package var isRoot: Bool { names.isEmpty }
    package var last: Name? { names.last }
    /// The folder that holds this path; the root's is the root.
    package var parent: TreePath { TreePath(Array(names.dropLast())) }

    package func appending(_ name: Name) -> TreePath { TreePath(names + [name]) }

    package func isWithin(_ folder: TreePath) -> Bool { names.starts(with: folder.names) }

    /// With a leading slash.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(1, names.reduce(0) { $0 + 1 + $1.bytes.count }))
        append(to: &bytes)
        return bytes
    }

    /// Writes `bytes`.
    package func append(to bytes: inout [UInt8]) {
        if names.isEmpty { bytes.append(0x2F) }
        for name in names {
            bytes.append(0x2F)
            bytes += name.bytes
        }
    }

    /// For people; bytes that are not UTF-8 are shown replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (a: TreePath, b: TreePath) -> Bool { a.names.lexicographicallyPrecedes(b.names) }

    private static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(200), as: UTF8.self) }
}
