import Model

/// Reads unified diffs. What stands between the files, such as a mail's text, is passed over.
package struct UnifiedDiffParser {
    private let file: String
    private let lines: [ArraySlice<UInt8>]
    private var position = 0
    private var diffs: [FileDiff] = []

    /// Larger diffs are refused.
    private static let maximumSize = 256 << 20

    /// All files' changes. `file` is the diff's name in errors.
    package static func parse(_ bytes: [UInt8], file: String) throws(Failure) -> [FileDiff] {
        guard bytes.count <= maximumSize else {
            throw Failure(.exhausted, "the diff \(file) is larger than \(maximumSize) bytes")
        }
        var parser = UnifiedDiffParser(bytes, file)
        try parser.run()
        guard !parser.diffs.isEmpty else {
            throw Failure(.invalid, "\(file) holds no unified diff", hint: "make it by 'diff -u' or 'git diff'")
        }
        return parser.diffs
    }

    private init(_ bytes: [UInt8], _ file: String) {
        self.file = file
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        self.lines = lines
    }

    private mutating func run() throws(Failure) {
        while position < lines.count {
            if starts("diff --git ") {
                try readGit()
            } else if starts("--- "), position + 1 < lines.count, lines[position + 1].starts(with: "+++ ".utf8) {
                try readPlain()
            } else if starts("Binary files ") || starts("GIT binary patch") {
                throw refused("a binary change cannot be applied as text", hint: "put the file in by a 'files' stage")
            } else if starts("@@ -") {
                throw refused("a hunk without the names of its file before it")
            } else {
                position += 1
            }
        }
    }

    // MARK: Headers

    private mutating func readPlain() throws(Failure) {
        var diff = FileDiff(
            oldName: nil, newName: nil, change: .modify, newMode: nil, oldMode: nil, hunks: [], line: position + 1)
        try readNames(&diff)
        try readHunks(&diff)
        if diff.hunks.isEmpty { throw refused("the names of a file without a hunk after them") }
        diffs.append(diff)
    }

    /// The two lines `--- old` and `+++ new`.
    private mutating func readNames(_ diff: inout FileDiff) throws(Failure) {
        let old = try name(lines[position].dropFirst(4))
        let new = try name(lines[position + 1].dropFirst(4))
        position += 2
        (diff.oldName, diff.newName) = (old.name, new.name)
        if old.isNothing && new.isNothing { throw refused("both names of the file are /dev/null") }
        if old.isNothing { diff.change = .create }
        if new.isNothing { diff.change = .delete }
        if old.name == nil { diff.change = .create }
        if new.name == nil { diff.change = .delete }
    }

    private mutating func readGit() throws(Failure) {
        var diff = FileDiff(
            oldName: nil, newName: nil, change: .modify, newMode: nil, oldMode: nil, hunks: [], line: position + 1)
        let header = lines[position].dropFirst("diff --git ".utf8.count)
        position += 1
        var hasNames = false
        while position < lines.count {
            if starts("--- "), position + 1 < lines.count, lines[position + 1].starts(with: "+++ ".utf8) {
                let change = diff.change
                try readNames(&diff)
                if change != .modify { diff.change = change }
                hasNames = true
                try readHunks(&diff)
                break
            }
            guard try readExtended(&diff) else { break }
            position += 1
        }
        if diff.change == .rename || diff.change == .copy { hasNames = true }
        if !hasNames { try takeNames(from: header, &diff) }
        diffs.append(diff)
    }

    /// One line of git's extended header; false where it is none.
    private func readExtended(_ diff: inout FileDiff) throws(Failure) -> Bool {
        if let mode = try mode(after: "old mode ") { diff.oldMode = mode; return true }
        if let mode = try mode(after: "new mode ") { diff.newMode = mode; return true }
        if let mode = try mode(after: "new file mode ") { (diff.newMode, diff.change) = (mode, .create); return true }
        if let mode = try mode(after: "deleted file mode ") { (diff.oldMode, diff.change) = (mode, .delete); return true }
        if let name = rest(after: "rename from ") { (diff.oldName, diff.change) = (try prefixed(name), .rename); return true }
        if let name = rest(after: "rename to ") { (diff.newName, diff.change) = (try prefixed(name), .rename); return true }
        if let name = rest(after: "copy from ") { (diff.oldName, diff.change) = (try prefixed(name), .copy); return true }
        if let name = rest(after: "copy to ") { (diff.newName, diff.change) = (try prefixed(name), .copy); return true }
        if let index = rest(after: "index ") {
            // `index 1a2b..3c4d 100644`
            if let space = index.firstIndex(of: 0x20) { diff.oldMode = octal(index[index.index(after: space)...]) }
            return true
        }
        return rest(after: "similarity index ") != nil || rest(after: "dissimilarity index ") != nil
    }

    /// A change of mode only, and an empty file's coming and going, name the file in the first line alone: `a/x b/x`.
    private func takeNames(from header: ArraySlice<UInt8>, _ diff: inout FileDiff) throws(Failure) {
        let header = withoutReturn(header)
        guard header.first != 0x22 else {
            guard let end = header.dropFirst().firstIndex(of: 0x22) else { throw refused("a quoted name without its end") }
            let name = try unquoted(header[...end])
            (diff.oldName, diff.newName) = (name, name)
            return
        }
        let half = header.startIndex + header.count / 2
        let (a, b) = (header[..<half], header[min(half + 1, header.endIndex)...])
        let tails = [a, b].map { $0.drop { $0 != 0x2F } }
        guard header.count % 2 == 1, header[half] == 0x20, tails[0] == tails[1] else {
            throw refused("git's header does not say which file is changed")
        }
        (diff.oldName, diff.newName) = (Array(a), Array(b))
    }

    // MARK: Names and modes

    /// A name with what may follow it: a tab and a time. The time 0 stands for no file, as `diff -N` writes it.
    private func name(_ field: ArraySlice<UInt8>) throws(Failure) -> (name: [UInt8]?, isNothing: Bool) {
        let field = withoutReturn(field)
        if field.first == 0x22 { return (try unquoted(field), false) }
        let end = field.firstIndex(of: 0x09) ?? field.endIndex
        let name = Array(field[..<end])
        if name == Array("/dev/null".utf8) { return (nil, true) }
        guard !name.isEmpty else { throw refused("a file without a name") }
        return (name, Self.isEpoch(String(decoding: field[end...], as: UTF8.self)))
    }

    /// Whether a time such as `1970-01-01 09:00:00.000000000 +0900` is the first second of 1970 in UTC.
    private static func isEpoch(_ text: String) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let zone = Int(words[2]), ["1970-01-01", "1969-12-31"].contains(words[0]) else { return false }
        let clock = words[1].prefix(8).split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, words[1].dropFirst(8).allSatisfy({ $0 == "." || $0 == "0" }) else { return false }
        let day = words[0] == "1970-01-01" ? 0 : -86_400
        return day + clock[0] * 3600 + clock[1] * 60 + clock[2] - (zone / 100 * 3600 + zone % 100 * 60) == 0
    }

    /// A name of a rename has no `a/` before it; it gets one, so that all names are stripped alike.
    private func prefixed(_ name: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
        let name = withoutReturn(name)
        return Array("a/".utf8) + (name.first == 0x22 ? try unquoted(name) : Array(name))
    }

    /// A name in quotes, with the escapes of C.
    private func unquoted(_ field: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
        var name: [UInt8] = []
        var rest = field.dropFirst()
        while let byte = rest.popFirst() {
            if byte == 0x22 { return name }
            guard byte == 0x5C else {
                name.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else { break }
            switch escape {
            case UInt8(ascii: "0")...UInt8(ascii: "3"):
                let digits = [escape] + rest.prefix(2)
                rest = rest.dropFirst(2)
                guard digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
                    throw refused("a quoted name with a wrong escape")
                }
                name.append(value)
            case UInt8(ascii: "n"): name.append(0x0A)
            case UInt8(ascii: "t"): name.append(0x09)
            case UInt8(ascii: "r"): name.append(0x0D)
            case UInt8(ascii: "a"): name.append(0x07)
            case UInt8(ascii: "b"): name.append(0x08)
            case UInt8(ascii: "f"): name.append(0x0C)
            case UInt8(ascii: "v"): name.append(0x0B)
            default: name.append(escape)
            }
        }
        throw refused("a quoted name without its end")
    }

    private func mode(after prefix: StaticString) throws(Failure) -> UInt32? {
        guard let rest = rest(after: prefix) else { return nil }
        guard let mode = octal(rest) else { throw refused("'\(String(decoding: rest, as: UTF8.self))' is no file mode") }
        return mode
    }

    private func octal(_ text: ArraySlice<UInt8>) -> UInt32? {
        UInt32(String(decoding: withoutReturn(text), as: UTF8.self), radix: 8)
    }

    // MARK: Hunks

    private mutating func readHunks(_ diff: inout FileDiff) throws(Failure) {
        while starts("@@ -") {
            let line = position + 1
            let (old, new) = try ranges()
            position += 1
            var hunk = FileDiff.Hunk(oldStart: old.start, newStart: new.start, lines: [], line: line)
            var left = (old: old.count, new: new.count)
            while left.old > 0 || left.new > 0 {
                guard position < lines.count else { throw refused("the diff ends within a hunk") }
                let kind = try readLine(&hunk)
                if kind != .added { left.old -= 1 }
                if kind != .removed { left.new -= 1 }
                guard left.old >= 0, left.new >= 0 else { throw refused("the hunk of line \(line) has more lines than it says") }
            }
            takeMissingLineFeed(&hunk)
            diff.hunks.append(hunk)
        }
    }

    private mutating func readLine(_ hunk: inout FileDiff.Hunk) throws(Failure) -> FileDiff.Line.Kind {
        takeMissingLineFeed(&hunk)
        guard position < lines.count else { throw refused("the diff ends within a hunk") }
        let text = lines[position]
        let kind: FileDiff.Line.Kind
        switch text.first {
        case 0x20, 0x09, nil, 0x0D: kind = .context
        case UInt8(ascii: "-"): kind = .removed
        case UInt8(ascii: "+"): kind = .added
        default: throw refused("a line of a hunk that starts with neither of ' ', '-', '+'")
        }
        // A mailer may have taken the blank off an empty line of context.
        let isBare = text.isEmpty || text.first == 0x0D || text.first == 0x09
        hunk.lines.append(FileDiff.Line(kind: kind, text: (isBare ? Array(text) : Array(text.dropFirst())) + [0x0A]))
        position += 1
        return kind
    }

    /// `\ No newline at end of file`, in whatever language: the line before it has no line feed.
    private mutating func takeMissingLineFeed(_ hunk: inout FileDiff.Hunk) {
        guard position < lines.count, lines[position].first == 0x5C, !hunk.lines.isEmpty else { return }
        hunk.lines[hunk.lines.count - 1].text.removeLast()
        position += 1
    }

    /// `@@ -12,3 +14,4 @@ …`; a count of one may be missing.
    private func ranges() throws(Failure) -> (old: (start: Int, count: Int), new: (start: Int, count: Int)) {
        let words = String(decoding: lines[position], as: UTF8.self).split(separator: " ")
        guard words.count >= 4, words[3].hasPrefix("@@"), let old = Self.range(words[1], "-"), let new = Self.range(words[2], "+")
        else {
            throw refused("a hunk's first line is not like '@@ -1,2 +1,3 @@'")
        }
        return (old, new)
    }

    private static func range(_ word: Substring, _ sign: Character) -> (start: Int, count: Int)? {
        guard word.first == sign else { return nil }
        let numbers = word.dropFirst().split(separator: ",", omittingEmptySubsequences: false)
        guard let start = numbers.first.flatMap({ Int($0) }), numbers.count <= 2, start >= 0 else { return nil }
        guard numbers.count == 2 else { return (start, 1) }
        guard let count = Int(numbers[1]), count >= 0 else { return nil }
        return (start, count)
    }

    // MARK: Lines

    private func starts(_ prefix: StaticString) -> Bool { rest(after: prefix) != nil }

    private func rest(after prefix: StaticString) -> ArraySlice<UInt8>? {
        let prefix = "\(prefix)".utf8
        guard position < lines.count, lines[position].starts(with: prefix) else { return nil }
        return lines[position].dropFirst(prefix.count)
    }

    private func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> { line.last == 0x0D ? line.dropLast() : line }

    private func refused(_ why: String, hint: String? = nil) -> Failure {
        Failure(.invalid, "\(file):\(position + 1): \(why)", hint: hint)
    }
}
