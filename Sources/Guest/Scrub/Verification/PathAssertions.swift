import ImageStore
import Model

/// After `delete`: nothing fits any more.
struct AssertAbsent: ScrubAssertion {
    static let name = "delete"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, node) in look.matched where try Self.isMeant(path, node, look) { look.report("\(path.escaped) is there") }
    }

    static func isMeant(_ path: TreePath, _ node: Node, _ look: ScrubLook) throws(Failure) -> Bool {
        let lines = try look.operation.onlyFiles || !look.operation.containing.isEmpty ? smallLines(path, node, look) : nil
        if look.operation.onlyFiles, lines == nil, node.content == nil { return false }
        if look.operation.containing.isEmpty { return true }
        return lines?.contains { look.operation.containing.matches($0) } ?? false
    }

    /// A file with such a line is small; the contents of a large one are not asked for.
    private static func smallLines(_ path: TreePath, _ node: Node, _ look: ScrubLook) throws(Failure) -> [[UInt8]]? {
        if let content = node.content, content.size > 4 << 20 { return nil }
        return try look.lines(path)
    }
}

/// After `check`: the same.
struct AssertNothingToCheck: ScrubAssertion {
    static let name = "check"

    func check(_ look: ScrubLook) throws(Failure) { try AssertAbsent().check(look) }
}

/// After `truncate`: the files are empty.
struct AssertEmpty: ScrubAssertion {
    static let name = "truncate"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() where lines.contains(where: { !$0.isEmpty }) {
            look.report("\(path.escaped) is not empty")
        }
    }
}

/// After `reset`: the files that are there have the operation's content.
struct AssertContent: ScrubAssertion {
    static let name = "reset"

    func check(_ look: ScrubLook) throws(Failure) {
        let wanted = (look.operation.content ?? "").utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            Array($0)
        }
        for (path, lines) in try look.files() where lines != wanted {
            look.report("\(path.escaped) does not have its neutral content")
        }
    }
}

/// After `edit`: no line is left of those that go.
struct AssertNoLines: ScrubAssertion {
    static let name = "edit"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() {
            for (index, line) in lines.enumerated() where look.operation.drop.matches(line) {
                look.report("\(path.escaped) has the line \(index + 1), which should be gone")
            }
        }
    }
}
