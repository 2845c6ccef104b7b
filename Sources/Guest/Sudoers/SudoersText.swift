import ImageStore
import Model

/// The lines of sudoers(5) in the order in which sudo reads them, includes followed, continuations joined, comments left out.
struct SudoersText {
    static let main: TreePath = "/etc/sudoers"
    /// sudo's own limit of includes in includes.
    private static let maximumDepth = 128
    /// Beyond these a configuration is refused: files that include each other twice grow as powers of two.
    private static let maximumFiles = 2000
    private static let maximumBytes = 8 << 20

    private(set) var lines: [LogicalLines.Line] = []
    /// The folders that are included.
    private(set) var folders: [TreePath] = []
    private(set) var problems: [SudoersProblem] = []
    private var files = 0
    private var bytes = 0

    init(_ guest: any TreeView) throws(Failure) { try read(Self.main, guest, []) }

    private mutating func read(_ path: TreePath, _ guest: any TreeView, _ callers: [TreePath]) throws(Failure) {
        let text = try LogicalLines(path, in: guest, joins: false)
        (files, bytes) = (files + 1, bytes + text.size)
        guard files <= Self.maximumFiles, bytes <= Self.maximumBytes else {
            throw Failure(.exhausted, "\(Self.main) has more than \(Self.maximumFiles) files or \(Self.maximumBytes) bytes")
        }
        for line in Self.join(text) {
            if let (target, isFolder) = Self.include(line.text) {
                try follow(target, isFolder, guest, callers + [path], line.place)
            } else {
                lines.append(line)
            }
        }
    }

    private mutating func follow(
        _ target: String, _ isFolder: Bool, _ guest: any TreeView, _ callers: [TreePath], _ place: LinePlace
    ) throws(Failure) {
        guard let path = Self.path(target) else {
            return problems.append(SudoersProblem("'\(target.prefix(200))' is no path to include", place))
        }
        if callers.contains(path) { return problems.append(SudoersProblem("\(path) includes itself", place)) }
        guard callers.count < Self.maximumDepth else {
            return problems.append(SudoersProblem("files include each other more than \(Self.maximumDepth) deep", place))
        }
        guard isFolder else {
            if try guest.resolvedNode(path)?.content == nil { problems.append(SudoersProblem("\(path) does not exist", place)) }
            return try read(path, guest, callers)
        }
        folders.append(path)
        for (name, _) in try guest.children(of: try guest.resolve(path)) ?? [] {
            // sudo leaves out names with a dot or a tilde at the end.
            guard !name.bytes.contains(0x2E), name.bytes.last != 0x7E else { continue }
            let file = path.appending(name)
            if try guest.resolvedNode(file)?.content != nil, !callers.contains(file) { try read(file, guest, callers) }
        }
    }

    private static func path(_ target: String) -> TreePath? {
        do throws(Failure) { return try TreePath(parsing: target.hasPrefix("/") ? target : "/etc/" + target) } catch {
            return nil
        }
    }

    /// `@include`, `@includedir` and their old forms with `#`.
    private static func include(_ line: String) -> (target: String, isFolder: Bool)? {
        guard line.first == "@" || line.first == "#" else { return nil }
        let word = line.dropFirst().prefix { !$0.isWhitespace }
        guard word == "include" || word == "includedir" else { return nil }
        let target = trimmed(line[word.endIndex...]).filter { $0 != "\"" && $0 != "\\" }
        return target.isEmpty ? nil : (target, word == "includedir")
    }

    /// Joins lines behind backslashes. A comment does not go on.
    private static func join(_ text: LogicalLines) -> [LogicalLines.Line] {
        var joined: [LogicalLines.Line] = []
        var whole = ""
        var place: LinePlace?
        for line in text.lines {
            if place == nil, line.text.first == "#", include(line.text) == nil, !isUserID(line.text) { continue }
            let goesOn = line.text.utf8.reversed().prefix { $0 == 0x5C }.count % 2 == 1
            whole += goesOn ? line.text.dropLast() + " " : line.text
            place = place ?? line.place
            if goesOn { continue }
            joined.append(LogicalLines.Line(place: place ?? line.place, text: whole))
            (whole, place) = ("", nil)
        }
        if let place { joined.append(LogicalLines.Line(place: place, text: trimmed(whole))) }
        return joined
    }

    /// `#1000` is a user.
    private static func isUserID(_ line: String) -> Bool {
        let digits = line.dropFirst().prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && line[digits.endIndex...].first.map { $0.isWhitespace || $0 == "," } ?? false
    }
}

/// Something in sudoers that sudo refuses, or that does not do what it seems to.
package struct SudoersProblem: Hashable, Sendable {
    package let text: String
    package let place: LinePlace

    init(_ text: String, _ place: LinePlace) {
        self.text = text
        self.place = place
    }
}
