import ImageStore
import Model

/// The lines of sshd's configuration in the order in which it reads them, Include followed.
struct SecureShellConfiguration {
    static let main: TreePath = "/etc/ssh/sshd_config"
    private static let folder = "/etc/ssh/"
    /// sshd's own limit of Include in Include.
    private static let maximumDepth = 16

    struct Line {
        let file: TreePath
        /// From 0.
        let line: Int
        /// In lower case.
        let key: String
        let value: String
        /// Whether it stands in a Match block.
        let isConditional: Bool
    }

    private(set) var all: [Line] = []
    /// The paths of Include lines outside of Match blocks that come before any other option could hide them.
    private var included: [(folder: TreePath, pattern: NamePattern)] = []

    init(_ guest: any TreeView) throws(Failure) { try read(Self.main, guest, conditional: false, depth: 0) }

    func lines(of option: String) -> [Line] { all.filter { $0.key == option.lowercased() } }

    /// Whether an Include outside of Match blocks would read the file.
    func includes(_ file: TreePath) -> Bool {
        guard let name = file.last else { return false }
        return included.contains { $0.folder == file.parent && $0.pattern.matches(name) }
    }

    private mutating func read(_ file: TreePath, _ guest: any TreeView, conditional: Bool, depth: Int) throws(Failure) {
        guard depth <= Self.maximumDepth else {
            throw Failure(.invalid, "\(file) is included more than \(Self.maximumDepth) levels deep by sshd's configuration")
        }
        let text = try LineFile(file, in: guest)
        var conditional = conditional
        for index in text.indices {
            guard let (key, value) = Self.parse(text.text(index)) else { continue }
            if key == "match" {
                // A Match in an included file ends with the file.
                conditional = true
            } else if key == "include" {
                try include(value, guest, conditional: conditional, depth: depth)
            } else {
                all.append(Line(file: file, line: index, key: key, value: value, isConditional: conditional))
            }
        }
    }

    private mutating func include(_ value: String, _ guest: any TreeView, conditional: Bool, depth: Int) throws(Failure) {
        for pattern in value.split(whereSeparator: \.isWhitespace) {
            let path = pattern.hasPrefix("/") ? String(pattern) : Self.folder + pattern
            let parsed = try TreePath(parsing: path)
            if !conditional, let last = parsed.last { included.append((parsed.parent, NamePattern(last.description))) }
            for file in try NamePattern.expand(path, in: guest) where try guest.resolvedNode(file)?.content != nil {
                try read(file, guest, conditional: conditional, depth: depth + 1)
            }
        }
    }

    /// Keyword and arguments of a line: they are parted by blanks or one `=`, quotes do not count.
    static func parse(_ line: String) -> (key: String, value: String)? {
        guard let first = line.first, first != "#" else { return nil }
        let key = line.prefix { !$0.isWhitespace && $0 != "=" }
        var rest = trimmed(line[key.endIndex...])
        if rest.first == "=" { rest = trimmed(rest.dropFirst()) }
        // A comment may follow the arguments.
        if let comment = rest.firstIndex(of: "#"), comment == rest.startIndex || rest[rest.index(before: comment)].isWhitespace {
            rest = trimmed(rest[..<comment])
        }
        return key.isEmpty ? nil : (key.lowercased(), rest.filter { $0 != "\"" })
    }
}
