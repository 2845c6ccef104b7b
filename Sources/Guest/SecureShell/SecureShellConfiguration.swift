import ImageStore
import Model

/// The lines of sshd's configuration in the order in which it reads them, Include followed (sshd_config(5)).
package struct SecureShellConfiguration: Sendable {
    package static let main: TreePath = "/etc/ssh/sshd_config"
    private static let folder = "/etc/ssh/"
    /// sshd's own limit of Include in Include.
    private static let maximumDepth = 16
    /// Beyond these a configuration is refused: files that include a folder twice grow as powers of two.
    private static let maximumFiles = 2000
    private static let maximumBytes = 8 << 20

    package struct Line: Sendable {
        package let place: LinePlace
        /// In lower case.
        package let key: String
        package let arguments: [String]
        /// All behind the keyword as it stands, for options that take a command.
        package let rest: String
        /// The Match lines that must all hold for the line to count, outermost first: their arguments.
        package let conditions: [SecureShellMatch]

        package var value: String { arguments.joined(separator: " ") }
        package var file: TreePath { place.file }
        /// From 0.
        package var line: Int { place.line }
        /// Whether it stands in a Match block, or in a file that is included from one.
        package var isConditional: Bool { !conditions.isEmpty }
    }

    package private(set) var all: [Line] = []
    /// Lines that sshd refuses to start with.
    package private(set) var broken: [LinePlace] = []
    /// The paths of Include lines outside of Match blocks that come before any other option could hide them.
    private var included: [(folder: TreePath, pattern: NamePattern)] = []

    private var files = 0
    private var bytes = 0

    package init(_ guest: any TreeView) throws(Failure) { try read(Self.main, guest, [], depth: 0) }

    /// What the configuration says under any of the names that distributions have for it, and in files of its folders that nothing
    /// includes: for who must miss nothing.
    package init(everywhereIn guest: any TreeView) throws(Failure) {
        for main in [Self.main, "/usr/etc/ssh/sshd_config"] as [TreePath] {
            if try guest.resolvedNode(main)?.content != nil { try read(main, guest, [], depth: 0) }
            for file in try NamePattern.expand("\(main).d/*.conf", in: guest) where try guest.resolvedNode(file)?.content != nil {
                try read(file, guest, [], depth: 0)
            }
        }
    }

    package func lines(of option: String) -> [Line] { all.filter { $0.key == option.lowercased() } }

    /// Whether an Include outside of Match blocks would read the file.
    package func includes(_ file: TreePath) -> Bool {
        guard let name = file.last else { return false }
        return included.contains { $0.folder == file.parent && $0.pattern.matches(name) }
    }

    private mutating func read(
        _ file: TreePath, _ guest: any TreeView, _ outer: [SecureShellMatch], depth: Int
    ) throws(Failure) {
        guard depth <= Self.maximumDepth else {
            throw Failure(.invalid, "\(file) is included more than \(Self.maximumDepth) levels deep by sshd's configuration")
        }
        let text = try LogicalLines(file, in: guest, joins: false)
        (files, bytes) = (files + 1, bytes + text.size)
        guard files <= Self.maximumFiles, bytes <= Self.maximumBytes else {
            throw Failure(
                .exhausted, "sshd's configuration has more than \(Self.maximumFiles) files or \(Self.maximumBytes) bytes")
        }
        // A Match in an included file ends with the file.
        var conditions = outer
        for line in text.lines where line.text.first != "#" {
            guard let (key, arguments, rest) = SecureShellWords.parse(line.text), !arguments.isEmpty else {
                broken.append(line.place)
                continue
            }
            if key == "match" {
                conditions = outer + [SecureShellMatch(arguments)]
            } else if key == "include" {
                try include(arguments, guest, conditions, depth: depth)
            } else {
                all.append(Line(place: line.place, key: key, arguments: arguments, rest: rest, conditions: conditions))
            }
        }
    }

    private mutating func include(
        _ patterns: [String], _ guest: any TreeView, _ conditions: [SecureShellMatch], depth: Int
    ) throws(Failure) {
        for pattern in patterns {
            let path = pattern.hasPrefix("/") ? pattern : Self.folder + pattern
            let parsed = try TreePath(parsing: path)
            if conditions.isEmpty, let last = parsed.last {
                included.append((parsed.parent, NamePattern(last.description)))
            }
            for file in try NamePattern.expand(path, in: guest) where try guest.resolvedNode(file)?.content != nil {
                try read(file, guest, conditions, depth: depth + 1)
            }
        }
    }

    /// Keyword and arguments of a line.
    package static func parse(_ line: String) -> (key: String, value: String)? {
        SecureShellWords.parse(line).map { ($0.key, $0.arguments.joined(separator: " ")) }
    }
}
