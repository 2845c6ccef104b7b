import ImageStore
import Model

/// A pattern for one name as glob(7) has it: a leading dot is only matched by a dot, and what is no valid pattern means itself.
package struct NamePattern {
    private let text: [UInt8]
    private let wildcard: Wildcard?

    package init(_ text: some StringProtocol) {
        self.text = Array(text.utf8)
        wildcard = try? Wildcard(text.utf8)
    }

    package func matches(_ name: Name) -> Bool {
        if name.bytes.first == UInt8(ascii: ".") && text.first != UInt8(ascii: ".") { return false }
        return wildcard?.matches(name.bytes) ?? (name.bytes == text)
    }

    /// The paths that a path with patterns in its last name means, in order of names.
    package static func expand(_ path: String, in guest: any TreeView) throws(Failure) -> [TreePath] {
        let parsed = try TreePath(parsing: path)
        guard let last = parsed.last, path.contains(where: { "*?[".contains($0) }) else {
            return try guest.node(at: try guest.resolve(parsed, followLast: false)) == nil ? [] : [parsed]
        }
        let pattern = NamePattern(last.description)
        let children = try guest.children(of: try guest.resolve(parsed.parent)) ?? []
        return children.filter { pattern.matches($0.name) }.map { parsed.parent.appending($0.name) }
    }
}
