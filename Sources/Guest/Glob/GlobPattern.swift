import ImageStore
import Model

/// A pattern for paths of an image: `/etc/ssh/ssh_host_*`, `<home>/.aws/{config,credentials}`, `/var/cache/**/*.deb`.
///
/// Each part between slashes is a `Wildcard`, or `**` for any number of folders, none too. A pattern starts with `/`, with `<home>`
/// for every home of the image, or with `<user-home>` for those that are no folder of the system.
package struct GlobPattern: Hashable, Sendable {
    package enum Anchor: Hashable, Sendable {
        /// The folder that the pattern names before its first wildcard, and never more than its last part's folder.
        case folder(TreePath)
        case home
        case userHome
    }

    package enum Part: Hashable, Sendable {
        case name(Name)
        case wildcard(Wildcard)
        case anyFolders
    }

    package let anchor: Anchor
    /// What follows the anchor; at least one part.
    package let parts: [Part]
    /// As it was written, with braces expanded.
    package let text: String

    /// The patterns that one text with braces stands for.
    package static func expand(_ text: String) throws(Failure) -> [GlobPattern] {
        var patterns: [GlobPattern] = []
        for text in try BraceExpansion.expand(text) { patterns.append(try GlobPattern(text)) }
        return patterns
    }

    private init(_ text: String) throws(Failure) {
        self.text = text
        if let rest = Self.rest(of: text, after: "<home>/") {
            anchor = .home
            parts = try Self.parts(rest, of: text)
        } else if let rest = Self.rest(of: text, after: "<user-home>/") {
            anchor = .userHome
            parts = try Self.parts(rest, of: text)
        } else if let rest = Self.rest(of: text, after: "/") {
            let all = try Self.parts(rest, of: text)
            var names: [Name] = []
            for part in all.dropLast() {
                guard case .name(let name) = part else { break }
                names.append(name)
            }
            anchor = .folder(TreePath(names))
            parts = Array(all.dropFirst(names.count))
        } else {
            throw Failure(.invalid, "the pattern '\(text)' starts neither with '/' nor with '<home>/'")
        }
    }

    private static func rest(of text: String, after prefix: String) -> Substring? {
        text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : nil
    }

    private static func parts(_ text: Substring, of whole: String) throws(Failure) -> [Part] {
        var parts: [Part] = []
        for piece in text.split(separator: "/", omittingEmptySubsequences: false) {
            if piece == "**" {
                parts.append(.anyFolders)
                continue
            }
            let wildcard = try Wildcard(piece.utf8)
            guard let literal = wildcard.literal else {
                parts.append(.wildcard(wildcard))
                continue
            }
            guard let name = Name(literal) else {
                throw Failure(.invalid, "the pattern '\(whole)' has the part '\(piece)', which is no name")
            }
            parts.append(.name(name))
        }
        // Matching a path takes its length to the power of their number.
        guard parts.count(where: { $0 == .anyFolders }) <= 2 else {
            throw Failure(.invalid, "the pattern '\(whole)' has more than two '**'")
        }
        return parts
    }

    /// Whether names below the anchor fit the pattern.
    package func matches(_ names: ArraySlice<Name>) -> Bool {
        if names.count != parts.count && !parts.contains(.anyFolders) { return false }
        return Self.matches(parts[...], names)
    }

    private static func matches(_ parts: ArraySlice<Part>, _ names: ArraySlice<Name>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        if case .anyFolders = part {
            let rest = parts.dropFirst()
            if rest.isEmpty { return !names.isEmpty }
            return (names.startIndex..<names.endIndex).contains { matches(rest, names[$0...]) }
        }
        guard let name = names.first, part.fits(name) else { return false }
        return matches(parts.dropFirst(), names.dropFirst())
    }
}

extension GlobPattern.Part {
    /// Whether one name fits; a `**` fits every name.
    package func fits(_ name: Name) -> Bool {
        switch self {
        case .name(let wanted): wanted == name
        case .wildcard(let wildcard): wildcard.matches(name.bytes)
        case .anyFolders: true
        }
    }
}
